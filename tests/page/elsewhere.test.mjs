// @ts-check
// A reader drops a network that was trained elsewhere.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from './browser.mjs';

/**
 * A safetensors file.
 * @param {Record<string, { shape: number[], values: number[] }>} tensors
 */
function safetensors(tensors) {
  /** @type {Record<string, { dtype: string, shape: number[], data_offsets: number[] }>} */
  const header = {};
  let end = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + 4 * values.length] };
    end += 4 * values.length;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const numbers = Buffer.from(Float32Array.from(Object.values(tensors).flatMap(({ values }) => values)).buffer);
  return Buffer.concat([length, text, numbers]);
}

test('a network trained elsewhere is measured on the data set of the form; another file is refused with the reason', { timeout: 240_000 }, async () => {
  const { page, address, complaints, close } = await openPage({});
  await page.goto(`${address}#dataset=moons`);
  // Two lines cut the plane into four regions: four codes for 1,024 examples.
  const buffer = safetensors({
    '0.weight': { shape: [2, 2], values: [1, 0, 0, 1] },
    '0.bias': { shape: [2], values: [-0.5, -0.25] },
    '2.weight': { shape: [2, 2], values: [1, -1, -1, 1] },
    '2.bias': { shape: [2], values: [0, 0] },
  });
  await page.locator('#load').setInputFiles({ name: 'net.safetensors', mimeType: 'application/octet-stream', buffer });
  await page.locator('#elsewhere', { hasText: 'Hidden layers of 2 ReLUs; 2 bits of the code vary.' }).waitFor();
  const redundancy = await page.locator('#elsewhere tbody tr').first().locator('td').allTextContents();
  assert.deepEqual(redundancy, ['redundancy ratio', (1020 / 1024).toFixed(3), (508 / 512).toFixed(3)]);

  // Neither line says anything about the classes.
  await page.locator('#elsewhere', { hasText: 'The network is right no more often than by guessing' }).waitFor();

  await page.locator('#load').setInputFiles({ name: 'pointer.safetensors', mimeType: 'application/octet-stream', buffer: Buffer.from('version https://git-lfs.github.com/spec/v1') });
  await page.locator('#notice', { hasText: 'a Git LFS pointer to the weights: run `git lfs pull`' }).waitFor();
  await page.locator('#load').setInputFiles({ name: 'wrong.safetensors', mimeType: 'application/octet-stream', buffer: Buffer.from('no tensors') });
  await page.locator('#notice', { hasText: 'wrong.safetensors: not a safetensors file' }).waitFor();
  assert.equal(await page.locator('#elsewhere table').count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

// @ts-check
// What can go wrong on the way to a chart is told by its name, with what to do; no number is made of what did not come whole.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/places.mjs';
import { openPage } from './browser.mjs';

const PATIENCE = 480_000;

/** @param {import('playwright-core').Page} page @param {string} address @param {string} plan */
async function train(page, address, plan) {
  await page.goto(`${address}embed.html?${new URLSearchParams({ plan, controls: 'train' })}`);
  await page.locator('#start:enabled').click();
}

for (const [what, change, says] of /** @type {[string, (file: Buffer) => Buffer, RegExp][]} */ ([
  ['cut off', (file) => file.subarray(0, file.length / 2), /train-images\.gz is cut off or changed .*: reload the page, and tell its owner/],
  ['changed on the way', (file) => Buffer.from(file.map((byte, at) => (at === file.length >> 1 ? byte ^ 255 : byte))), /train-images\.gz is cut off or changed .*: reload the page/],
  ['somebody else’s', () => Buffer.from('<!doctype html><p>Log in first'), /training images/i],
]))
  test(`a data set that is ${what} is refused, and nothing is trained on it`, { timeout: PATIENCE }, async (t) => {
    const opened = await openPage();
    t.after(opened.close);
    const { page, address } = opened;
    // The file as served: packed anew, it would have another checksum.
    const file = readFileSync(join(root, 'www', 'public', 'data', 'mnist-small', 'train-images.gz'));
    await page.route(/train-images\.gz$/, (route) => route.fulfill({ status: 200, contentType: 'application/gzip', body: change(file) }));
    await train(page, address, 'quick mnist-small');
    await page.locator('#notice', { hasText: says }).waitFor();
    await page.locator('#progress-text', { hasText: /^Failed: 0 of 180 squares/ }).waitFor();
    await page.unroute(/train-images\.gz$/);
    await page.locator('#start').click();
    await page.locator('#progress-text', { hasText: /[1-9]\d* of 180 squares/ }).waitFor();
  });

test('a server that goes while networks train is not missed', { timeout: PATIENCE }, async (t) => {
  const opened = await openPage();
  t.after(opened.close);
  const { page, address } = opened;
  await train(page, address, 'dataset=moons&preset=quick&widths=32,64,128,256&epochs=0,1,2,3,4,6,8,10&samples=100,300,1024&seeds=2');
  await page.locator('#progress-text', { hasText: /[1-9]\d* of 192 squares/ }).waitFor();
  await opened.endServer();
  await page.locator('#progress-text', { hasText: 'Done: 192 of 192 squares' }).waitFor({ timeout: PATIENCE });
  assert.equal(await page.locator('#notice').isHidden(), true);
});

test('a chart of any length, from a server that does not say which, is read no further than a chart can be', { timeout: PATIENCE }, async (t) => {
  const opened = await openPage();
  t.after(opened.close);
  const { page, address } = opened;
  await page.addInitScript(() => {
    const real = window.fetch;
    window.fetch = (request, options) => {
      if (!String(request).endsWith('endless.json')) return real(request, options);
      const blanks = new Uint8Array(10_000_000).fill(32);
      return Promise.resolve(new Response(new ReadableStream({ pull: (stream) => stream.enqueue(blanks.slice()) })));
    };
  });
  await page.goto(`${address}#src=${address}endless.json`);
  await page.locator('#notice', { hasText: 'it has more than the 100 MB that are read' }).waitFor();
});

test('no address but those of the web is fetched, and none becomes markup', { timeout: PATIENCE }, async (t) => {
  const opened = await openPage();
  t.after(opened.close);
  const { page, address } = opened;
  for (const source of ['data:application/json,{}', 'javascript:alert(1)', 'blob:nothing', 'file:///etc/passwd', '<img src=x onerror=alert(1)>']) {
    await page.goto('about:blank');
    await page.goto(`${address}embed.html?${new URLSearchParams({ src: source })}`);
    await page.locator('#notice:not([hidden])').waitFor();
    assert.equal(await page.locator('#notice img').count(), 0);
  }
  const [chart, policy] = await page.evaluate(() => [document.querySelector('hash-phase-chart')?.childElementCount, document.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content')]);
  assert.equal(chart, 1);
  assert.match(policy ?? '', /^default-src 'none'; .*require-trusted-types-for 'script'/);
  await assert.rejects(page.evaluate(() => { document.body.innerHTML = '<p>from a text</p>'; }), /TrustedHTML/);
});

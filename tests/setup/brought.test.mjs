// @ts-check
// Data sets whose files somebody has to bring: small files of the same form as the published ones.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { broughtPython, layOutBrought } from '../../scripts/brought.mjs';
import { quietly } from '../../scripts/shell.mjs';
import { readIdx, readRows } from './rows.mjs';

/** Why they cannot be read here; false where they can. */
const lack = await broughtPython().then(() => false, (/** @type {Error} */ error) => error.message);
const folder = () => mkdtempSync(join(tmpdir(), 'hash-phase-brought-'));

test('IMDB: reviews as Keras gives them, whether each of 10,000 words occurs, in Keras’ order', { skip: lack }, async () => {
  const [from, to] = [folder(), folder()];
  const make = `
import numpy as np
texts = np.empty(3, object)
texts[:] = [[1, 5, 5, 20_000], [2], [9_996, 9_997]]
np.savez("${from}/imdb.npz", x_train=texts, y_train=np.array([1, 0, 1]), x_test=texts[::-1], y_test=np.array([1, 0, 1]))
`;
  await quietly(await broughtPython(), ['-c', make], { remedy: 'see above.' });
  await layOutBrought('imdb', to, {}, from);
  const { description, rows, labels } = readRows(to);
  assert.deepEqual(description, { kind: 'words', inputs: 10_000, classes: ['negative', 'positive'] });
  assert.equal(rows.length, 6);
  // 1 begins each, words are counted from 3 on, and what is rarer is 2.
  const sorted = (/** @type {object[]} */ some) => some.map((row) => Object.keys(row).join()).sort();
  const expected = ['1,2,4,8', '1,2,9999', '1,5'];
  assert.deepEqual(sorted(rows.slice(0, 3)), expected);
  assert.deepEqual(sorted(rows.slice(3)), expected);
  for (const [row, label] of labels.entries()) assert.equal(label, Number(Object.keys(rows[row]).join() !== '1,5'));
});

test('SVHN: pictures row by row, in shards, and the digit 0 as 0', { skip: lack }, async () => {
  const [from, to] = [folder(), folder()];
  const make = `
import numpy as np
from scipy.io import savemat
for part, count in (("train", 1_001), ("test", 2)):
    pictures = np.zeros((32, 32, 3, count), np.uint8)
    pictures[0, 1, 2, :] = np.arange(count) % 256
    savemat(f"${from}/{part}_32x32.mat", {"X": pictures, "y": np.array([[10], [7]] * ((count + 1) // 2))[:count]})
`;
  await quietly(await broughtPython(), ['-c', make], { remedy: 'see above.' });
  await layOutBrought('svhn', to, {}, from);
  assert.deepEqual(readdirSync(to).sort(), ['test-images.gz', 'test-labels.gz', 'train-images-00.gz', 'train-images-01.gz', 'train-labels.gz']);
  const { sizes, numbers } = readIdx(to, 'test-images');
  assert.deepEqual(sizes, [2, 32, 96]);
  // The second picture's second pixel, blue.
  assert.equal(numbers[32 * 96 + 5], 1);
  assert.deepEqual(readIdx(to, 'test-labels').numbers, [0, 7]);
  assert.deepEqual(readIdx(to, 'train-images-01').sizes, [1, 32, 96]);
});

test('files that are not there are asked for, and others than the published ones are not laid out', { skip: lack }, async () => {
  const [from, to] = [folder(), folder()];
  await assert.rejects(layOutBrought('svhn', to, {}, from), /svhn is in no package registry, and train_32x32\.mat and test_32x32\.mat are not in/);
  await quietly(await broughtPython(), ['-c', `open("${from}/imdb.npz", "wb").write(b"no archive")`], { remedy: 'see above.' });
  const found = await layOutBrought('imdb', to, { 'imdb.npz': 'another' }, from);
  assert.match(found['imdb.npz'], /^[0-9a-f]{64}$/);
  assert.deepEqual(readdirSync(to), []);
});

// @ts-check
// Which engine trains, and what is done when one fails.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choose } from '../../www/engine/choose.js';
import { createLedger } from '../../www/engine/ledger.js';

const real = { name: 'nvidia ampere', software: false };
const software = { name: 'google swiftshader', software: true };

test('left to itself the page tries a real GPU, and takes the CPU where there is none or only a program', () => {
  assert.deepEqual(choose('auto', real), { engine: 'gpu', why: 'GPU (nvidia ampere) or CPU, whichever trains the plan sooner: both are timed on a few steps of it.' });
  assert.equal(choose('auto', null).engine, 'cpu');
  assert.match(choose('auto', null).why, /offers no GPU/);
  assert.equal(choose('auto', software).engine, 'cpu');
  assert.match(choose('auto', software).why, /google swiftshader.*slower/);
});

test('what the reader chose is done, and the page says what it means', () => {
  assert.equal(choose('cpu', real).engine, 'cpu');
  assert.match(choose('gpu', software).why, /^GPU \(google swiftshader\).*the CPU would be faster/);
  assert.match(choose('gpu', null).why, /offers none/);
});

const plan = /** @type {any} */ ({ axes: { width: [3, 7], epoch: [0, 2], samples: [10, 100], seed: [1] } });
const population = { samples: 100, seed: 1 };
const whole = { population, widths: [3, 7] };

test('after a failure what is encoded is not done again, and what is not is', () => {
  const ledger = createLedger(plan);
  assert.deepEqual(ledger.epochsLeft(whole), [0, 2]);
  assert.equal(ledger.encode({ ...population, epoch: 0, width: 3 }), true);
  assert.deepEqual(ledger.epochsLeft(whole), [0, 2]);
  assert.deepEqual(ledger.epochsLeft({ population, widths: [3] }), [2]);
  assert.equal(ledger.encode({ ...population, epoch: 0, width: 7 }), true);
  assert.deepEqual(ledger.epochsLeft(whole), [2]);
  assert.deepEqual(ledger.epochsLeft({ ...whole, population: { samples: 10, seed: 1 } }), [0, 2]);
  assert.equal(ledger.encode({ ...population, epoch: 0, width: 3 }), false);
});

test('a cell counts once, and the plan is done when all are there', () => {
  const ledger = createLedger(plan);
  for (const samples of [10, 100]) {
    ledger.train({ population: { samples, seed: 1 }, widths: [3] }, 1);
    ledger.train({ population: { samples, seed: 1 }, widths: [7] }, 1);
    for (const epoch of [0, 2]) for (const width of [3, 7]) assert.equal(ledger.measure({ samples, seed: 1, epoch, width }), true);
  }
  assert.equal(ledger.measure({ ...population, epoch: 0, width: 3 }), false);
  assert.equal(ledger.share(), 1);
  assert.equal(ledger.isDone(), true);
  ledger.forget();
  assert.equal(ledger.share(), 0);
  assert.deepEqual(ledger.epochsLeft(whole), [0, 2]);
});

test('what part of a population is given up leaves the rest to be done', () => {
  const ledger = createLedger(plan);
  assert.equal(ledger.giveUp({ population, widths: [7] }), 2);
  assert.equal(ledger.giveUp({ population, widths: [3] }, 2), 1);
  assert.deepEqual(ledger.epochsLeft(whole), [0]);
  assert.equal(ledger.share(), 0.125); // half of one of two populations is not trained any more
});

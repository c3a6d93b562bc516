// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPlan } from '../../www/plan.js';
import { createStore, readHash, writeHash } from '../../www/store.js';

test('a link restores the view and the plan it was made from', () => {
  const store = createStore('');
  store.set({
    metric: 'knn',
    y: 'samples',
    at: { epoch: 3 },
    pin: { width: 20, epoch: 3, samples: 100, factor: 1 },
    reference: 'mnist-label-noise',
    redundancy: 0.1,
    plan: { dataset: 'moons', preset: 'code', widths: '2, 4', epochs: '0, 5', samples: '10, 1024', seeds: '2', factor: 'label_noise', levels: '0, 0.25', random: 'true' },
    engine: 'cpu',
  });
  const restored = createStore(`#${writeHash(store.get())}`).get();
  assert.deepEqual(restored, store.get());
});

test('what a link says wrongly is named and the rest is shown', () => {
  const { metric, plan, notice, pin } = readHash('#metric=knn&dataset=minst&redundancy=2&pin=1-2');
  assert.equal(metric, 'knn');
  assert.equal(plan?.dataset, 'mnist-small');
  assert.equal(pin, undefined);
  for (const wrong of ['dataset=minst', 'redundancy=2', 'pin=1-2']) assert.ok(notice?.includes(wrong), notice);
});

test('the same axis cannot be across and up', () => {
  const { x, y, notice } = readHash('#x=epoch');
  assert.deepEqual([x, y], [undefined, undefined]);
  assert.match(notice ?? '', /same axis/);
});

test('what a reader types is refused with the reason, field by field', () => {
  const form = { dataset: 'moons', preset: 'quick', widths: '0, 3', epochs: '1, 1', samples: '10, 5000', seeds: 'two', factor: 'label_noise', levels: '0, 1.5', random: '' };
  const { problems } = readPlan(form);
  assert.match(problems.widths ?? '', /0 leaves nothing to train/);
  assert.match(problems.epochs ?? '', /1 does not rise above 1/);
  assert.match(problems.samples ?? '', /5000 is more than the 1024/);
  assert.match(problems.levels ?? '', /“1.5” will not do. Give shares from 0 to 1/);
  for (const [factor, levels, said] of [
    ['depth', '1, 2.5', /whole numbers/],
    ['layer', '2', /1 to 1/],
    ['activation', 'relu, sine', /“sine” will not do/],
    ['batch_norm', 'true, true', /each value once/],
    ['dropout', '', /below 1/],
    ['early_stopping', '0, -1', /whole numbers of epochs/],
  ])
    assert.match(readPlan({ ...form, factor: String(factor), levels: String(levels) }).problems.levels ?? '', /** @type {RegExp} */ (said));
  assert.match(problems.seeds ?? '', /1 to 100/);
  assert.match(readPlan({ ...form, widths: '3;4' }).problems.widths ?? '', /“3;4” is no whole number/);
});

test('a sound form is the plan it says', () => {
  const { plan, problems } = readPlan({ dataset: 'moons', preset: 'code', widths: '3, 8', epochs: '0,2', samples: '20', seeds: '2', factor: 'label_noise', levels: '0, 0.2', random: 'true' });
  assert.deepEqual(problems, {});
  assert.deepEqual(plan.axes, { width: [3, 8], epoch: [0, 2], samples: [20], seed: [1, 2], factor: { name: 'label_noise', values: [0, 0.2] } });
  assert.equal(plan.protocol.batch_norm, true);
  assert.equal(plan.protocol.random_inputs, true);
});

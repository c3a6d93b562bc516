// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/places.mjs';
import { publishedPoints, withheld } from '../../www/chart/published.js';
import { presetPlan } from '../../www/state/presets.js';

test('the page and the command line set the same points beside a chart', () => {
  // The Rust test reads the same file.
  const cases = JSON.parse(readFileSync(join(root, 'tests', 'fixtures', 'published.json'), 'utf8'));
  assert.ok(cases.length > 10);
  for (const { dataset, preset, change, over, metric, width, epoch, samples, points, withheld: why } of cases) {
    const plan = presetPlan(preset, dataset);
    const chart = /** @type {any} */ ({ ...plan, dataset: { name: dataset }, protocol: { ...plan.protocol, ...change } });
    const place = { over, metric, width: width ?? undefined, at: { epoch, samples, factor: 0 } };
    const told = `${dataset} over ${over} at epoch ${epoch}, ${JSON.stringify(change)}`;
    assert.deepEqual([...publishedPoints(chart, place)], points, told);
    assert.equal(withheld(chart, place) ?? null, why, told);
  }
});

test('the charts that are shipped have the paper’s points where they claim to land', () => {
  const at = (/** @type {string} */ name, /** @type {any} */ held) => publishedPoints(JSON.parse(readFileSync(join(root, 'www', 'charts', `${name}.json`), 'utf8')), { over: 'width', metric: 'knn', at: { factor: 0, ...held } }).size;
  assert.deepEqual([at('mnist-figure', { epoch: 100, samples: 48000 }), at('mnist-batch-128', { epoch: 100, samples: 48000 }), at('cifar10-code', { epoch: 40, samples: 40000 })], [11, 5, 3]);
});

test('a level of a factor is compared by its own protocol', () => {
  const plan = presetPlan('figure', 'mnist');
  const chart = /** @type {any} */ ({ ...plan, dataset: { name: 'mnist' }, axes: { ...plan.axes, factor: { name: 'batch_norm', values: [false, true] } } });
  const at = (/** @type {number} */ factor) => publishedPoints(chart, { over: 'width', metric: 'knn', at: { epoch: 100, samples: 48000, factor } }).size;
  assert.deepEqual([at(0), at(1)], [11, 0]);
});

// @ts-check
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/places.mjs';
import { unpacked } from '../../www/chart/columns.js';
import { agreement } from '../../www/chart/figures.js';
import { firstView } from '../../www/chart/look.js';
import { publishedPoints, withheld } from '../../www/chart/published.js';
import { startingSettings } from '../../www/state/fields.js';
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

test('the page says how far a chart lies from the paper, and nothing where no value stands beside it', () => {
  const read = (/** @type {string} */ name) => JSON.parse(readFileSync(join(root, 'www', 'charts', `${name}.json`), 'utf8'));
  const of = (/** @type {string} */ name, factor = 0) => {
    const chart = read(name);
    const view = firstView(chart, startingSettings().view);
    return agreement(chart, { ...view, pin: view.pin && { ...view.pin, factor } });
  };
  const figure = of('mnist-figure');
  assert.ok(figure && figure.values > 50 && figure.difference < 0.02, JSON.stringify(figure));
  assert.equal(of('mnist-label-noise', 2), null, 'the paper shuffled no labels there');
  // If the pin is outside the paper's figures, only matching settings are compared.
  const chart = read('mnist-figure');
  const early = agreement(chart, { ...firstView(chart, startingSettings().view), pin: { width: 40, epoch: 0, samples: 48_000, factor: 0 } });
  assert.ok(!early || early.values < figure.values, JSON.stringify(early));
});

test('the charts that the page fetches, stored as columns, are the shipped ones', () => {
  /** @type {{ assets: string[] }} */
  const { assets } = JSON.parse(readFileSync(join(root, 'dist', 'release.json'), 'utf8'));
  const names = readdirSync(join(root, 'www', 'charts'));
  for (const name of names) {
    const { name: chart, ext } = parse(name);
    const isMine = (/** @type {string} */ file) => file.startsWith(`${chart}-`) && file.length === name.length + 9 && file.endsWith(ext);
    const [mine, ...others] = assets.filter(isMine);
    assert.ok(mine && !others.length, `${name}: ${[mine, ...others]}`);
    const bytes = readFileSync(join(root, 'dist', 'assets', mine));
    // Those of thousands of squares are in the form of `hash-phase columns`.
    if (ext === '.arrow') {
      assert.deepEqual(bytes, readFileSync(join(root, 'www', 'charts', name)), name);
      continue;
    }
    const fetched = JSON.parse(String(bytes));
    assert.ok(!('cells' in fetched), `${name} is stored as columns`);
    assert.deepEqual({ ...unpacked(fetched) }, JSON.parse(readFileSync(join(root, 'www', 'charts', name), 'utf8')), name);
  }
  assert.ok(names.length >= 12);
});

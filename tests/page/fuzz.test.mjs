// @ts-check
// Every reader of the page takes whatever it is given: it reads it soundly, or refuses it in words. `FUZZ=1000000 node --test tests/page/fuzz.test.mjs`
// is a million files each.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { root } from '../../scripts/places.mjs';
import { planOf } from '../../www/element/attributes.js';
import { readColumns } from '../../www/chart/read-columns.js';
import { checkChart, parseChart } from '../../www/chart/check.js';
import { readLink } from '../../www/state/link.js';
import { readPlan } from '../../www/state/plan-form.js';
import { squareCount } from '../../www/state/plan-size.js';
import { datasetNames, presetForm, presetNames } from '../../www/state/presets.js';
import { arrowFile } from './arrow-file.mjs';

const bounds = JSON.parse(readFileSync(join(root, 'www', 'bounds.json'), 'utf8'));
const numRuns = Number(process.env.FUZZ ?? 2_000);
/** In `npm test` the same files each time. */
const options = { numRuns, ...(process.env.FUZZ ? {} : { seed: 4242 }) };

/** What readers stumble over. */
const word = fc.oneof(
  fc.constantFrom('0', '-1', '1e999', '1e308', '-1e308', '1e-320', 'NaN', 'Infinity', '0x10', '1_000', '٣', '', ' ', '"', ',', ';', '\t', '\n', '\u0000', '999999999999', '4294967296', '__proto__', 'constructor', 'null', '{}', '[]'),
  fc.string(),
  fc.double().map(String),
  fc.nat().map(String),
);

/** Either a value, or a refusal in words. @template T @param {() => T} read @param {(value: T) => void} sound */
function readOrRefused(read, sound) {
  let value;
  try {
    value = read();
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    // A fault of the reader's own has another name.
    assert.ok(['Error', 'ChartError'].includes(name) && message.length > 10, `${name}: ${message}`);
    return;
  }
  sound(value);
}

test('forms, links and attributes', () => {
  const form = fc.record({ preset: fc.constantFrom(...presetNames), dataset: fc.constantFrom(...datasetNames, 'own'), typed: fc.dictionary(fc.constantFrom('widths', 'epochs', 'samples', 'seeds', 'levels', 'random'), fc.array(word, { maxLength: 4 }).map((words) => words.join(','))), factor: fc.constantFrom('', '', 'depth', 'dropout', 'activation', 'layer', 'label_noise') });
  fc.assert(
    fc.property(form, ({ preset, dataset, typed, factor }) => {
      const { plan, problems } = readPlan({ ...presetForm(preset, dataset), ...typed, factor });
      if (Object.keys(problems).length) return;
      assert.ok(squareCount(plan) <= bounds.squares && plan.axes.width.every((width) => width >= 1 && width <= bounds.width) && plan.axes.seed.length <= bounds.seeds);
      for (const axis of [plan.axes.width, plan.axes.epoch, plan.axes.samples]) assert.ok(axis.every((value, at) => Number.isInteger(value) && (at === 0 || value > axis[at - 1])));
    }),
    options,
  );
  fc.assert(fc.property(fc.array(fc.tuple(fc.oneof(word, fc.constantFrom('x', 'y', 'pin', 'metric', 'dataset', 'preset', 'widths', 'v', 'src', 'reference')), word), { maxLength: 6 }), (pairs) => {
    const read = readLink(new URLSearchParams(pairs).toString(), ['one', 'two']);
    assert.ok(read.view && read.plan && (read.src === '' || /^https?:/.test(read.src)));
  }), options);
  fc.assert(fc.property(fc.oneof(word, fc.json()), (plan) => {
    const [warn, { console }] = [globalThis.console.warn, globalThis];
    console.warn = () => {};
    try {
      planOf(/** @type {any} */ ({ getAttribute: (/** @type {string} */ name) => (name === 'plan' ? plan : null), hasAttribute: (/** @type {string} */ name) => name === 'plan' }));
    } finally {
      console.warn = warn;
    }
  }), options);
});

test('charts', () => {
  const text = readFileSync(join(root, 'www', 'charts', 'mnist-random-inputs.json'), 'utf8').slice(0, 4_000).replace(/,\{[^{]*$/, '').replace(/"cells":\[.*/s, (cells) => `${cells.slice(0, cells.lastIndexOf('},{') + 1)}],"provenance":{"crate":"0","engine":"cpu","backend":"any","seconds":1}}`);
  checkChart({ ...JSON.parse(text) });
  const places = [...text.matchAll(/-?\d+(\.\d+)?|"[^"]*"|true|false/g)].map(({ index, 0: { length } }) => [index, index + length]);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat({ max: places.length - 1 }), word), { minLength: 1, maxLength: 4 }), (changes) => {
      let changed = text;
      for (const [at, word] of changes.sort(([one], [other]) => other - one)) changed = changed.slice(0, places[at][0]) + word + changed.slice(places[at][1]);
      readOrRefused(() => parseChart(changed), (chart) => assert.ok(chart.cells.every(({ redundancy: { train } }) => train >= 0 && train <= 1)));
    }),
    options,
  );
});

test('charts as columns', () => {
  const chart = JSON.parse(readFileSync(join(root, 'www', 'charts', 'mnist-random-inputs.json'), 'utf8'));
  const some = chart.cells.slice(0, 20);
  const split = (/** @type {'redundancy' | 'accuracy' | 'kmeans'} */ name) => ({ [`${name}_train`]: some.map((/** @type {any} */ cell) => cell[name].train), [`${name}_test`]: some.map((/** @type {any} */ cell) => cell[name].test) });
  const plain = (/** @type {string} */ name) => ({ [name]: some.map((/** @type {any} */ cell) => cell[name] ?? 0) });
  const narrow = Object.fromEntries(['width', 'epoch', 'seed', 'level', 'bits'].map((name) => [name, Uint16Array.from(plain(name)[name])]));
  const file = arrowFile(chart, { ...narrow, ...plain('samples'), ...split('redundancy'), ...split('accuracy'), ...split('kmeans'), ...plain('knn'), ...plain('logistic') });
  assert.equal(readColumns(file).cells.length, some.length);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat({ max: file.length - 1 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 }), (changes) => {
      const changed = file.slice();
      for (const [at, byte] of changes) changed[at] = byte;
      readOrRefused(() => readColumns(changed), (read) => assert.ok(read.cells.length <= bounds.squares && read.cells.every(({ redundancy: { train } }) => train >= 0 && train <= 1)));
    }),
    options,
  );
});

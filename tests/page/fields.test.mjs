// @ts-check
// Whatever a reader sets survives a link and the element's attributes; whatever a chart holds survives JSON and CSV.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { root } from '../../scripts/places.mjs';
import { planOf } from '../../www/element/attributes.js';
import { checkChart, parseChart } from '../../www/chart/check.js';
import { grown } from '../../www/chart/grow.js';
import { chartCsv } from '../../www/chart/take/csv.js';
import { readView, startingSettings, writeView } from '../../www/state/fields.js';
import { readLink, writeLink } from '../../www/state/link.js';
import { axisNames, engineNames, factorNames, metricNames } from '../../www/state/names.js';
import { datasetNames, presetForm, presetNames, presetPlan } from '../../www/state/presets.js';

const SEED = 20101;
const REFERENCES = ['mnist-figure', 'mnist-code'];
/**
 * Of plain objects, as the page makes them.
 * @template T
 * @param {{ [Name in keyof T]: fc.Arbitrary<T[Name]> }} fields
 * @param {{ requiredKeys?: (keyof T)[] }} [options] those that are always there, all of them if not said
 * @returns {fc.Arbitrary<T>}
 */
const record = (fields, options = {}) => /** @type {any} */ (fc.record(fields, /** @type {any} */ ({ noNullPrototype: true, ...options })));
const count = fc.integer({ min: 0, max: 999_999_999 });
const share = fc.double({ min: 0, max: 1, noNaN: true }).map((share) => (Object.is(share, -0) ? 0 : share));
const numbers = fc.array(count, { minLength: 1, maxLength: 8 }).map((values) => values.join(', '));

const view = record({
    metric: fc.constantFrom(...metricNames),
    axes: fc.shuffledSubarray(axisNames, { minLength: 2, maxLength: 2 }),
    at: fc.dictionary(fc.constantFrom(...axisNames), count, { noNullPrototype: true }),
    pin: fc.option(record({ width: count, epoch: count, samples: count, factor: count })),
    redundancy: share,
    accuracy: share,
    range: fc.option(fc.tuple(fc.integer({ min: 0, max: 499 }), fc.integer({ min: 500, max: 1000 })).map(([low, high]) => [low / 1000, high / 1000])),
    scale: fc.constantFrom('linear', 'log'),
    spacing: fc.constantFrom('even', 'true'),
    facet: fc.constantFrom('', ...axisNames),
    minus: fc.constantFrom('', 'level-1', 'mnist-figure', 'https://a.example/chart.json'),
  })
  .map(({ axes: [x, y], ...rest }) => ({ ...rest, x, y }));

/** Hyper-parameters as their rules let them be typed. */
const typed = {
  depth: fc.integer({ min: 1, max: 100 }).map(String),
  activation: fc.constantFrom('relu', 'tanh'),
  batch_norm: fc.constantFrom('true', 'false'),
  optimizer: fc.constantFrom('adam', 'sgd'),
  learning_rate: fc.constantFrom('1e-4', '0.5', '.01'),
  schedule: fc.constantFrom('none', '0.5/10'),
  dropout: fc.constantFrom('0', '0.25'),
};

const plan = record({
    preset: fc.constantFrom(...presetNames),
    dataset: fc.constantFrom(...datasetNames),
    more: record(
      { widths: numbers, epochs: numbers, samples: numbers, seeds: fc.integer({ min: 1, max: 100 }).map(String), factor: fc.constantFrom(...factorNames), levels: fc.constantFrom('0, 0.2', 'relu, tanh', 'false, true', '1e-4'), random: fc.constant('true'), ...typed },
      { requiredKeys: [] },
    ),
  })
  .map(({ preset, dataset, more }) => ({ ...presetForm(preset, dataset), ...more }));

const settings = record({ view, plan, engine: fc.constantFrom(...engineNames), reference: fc.constantFrom('', ...REFERENCES), src: fc.constant('') });

test('random states survive a link and back', () => {
  fc.assert(
    fc.property(settings, (state) => {
      const { problems, ...read } = readLink(writeLink(/** @type {any} */ (state), REFERENCES), REFERENCES);
      assert.deepEqual(problems, []);
      assert.deepEqual(read, state);
    }),
    { seed: SEED, numRuns: 500 },
  );
});

test('random views survive the element’s attributes and back', () => {
  fc.assert(
    fc.property(view, (view) => {
      const attributes = new Map(writeView(/** @type {any} */ (view)));
      const { view: read, problems } = readView((name) => attributes.get(name) ?? null, startingSettings().view);
      assert.deepEqual(problems, []);
      assert.deepEqual(read, view);
    }),
    { seed: SEED, numRuns: 500 },
  );
});

test('a plan can be given as words, as in a link, as JSON of a form, or whole', (t) => {
  const warned = t.mock.method(console, 'warn', () => {});
  const given = (/** @type {string} */ plan) => planOf(/** @type {any} */ ({ localName: 'hash-phase-chart', getAttribute: (/** @type {string} */ name) => (name === 'plan' ? plan : null) }));
  assert.deepEqual(given('code moons'), { given: null, plan: presetForm('code', 'moons') });
  const form = { ...presetForm('quick', 'moons'), widths: '3, 8', epochs: '0, 2' };
  assert.deepEqual(given('dataset=moons&widths=3,8&epochs=0,2'), { given: null, plan: form });
  assert.deepEqual(given('{"dataset": "moons", "widths": [3, 8], "epochs": "0, 2"}'), { given: null, plan: form });
  const whole = presetPlan('figure', 'xor');
  assert.deepEqual(given(JSON.stringify(whole))?.given, whole);
  assert.equal(warned.mock.callCount(), 0);
  for (const [wrong, said] of [['moons', /plan="moons">: give “quick moons”/], ['quick mars', /dataset="mars">: give one of/], ['{"dataset": ', /give “quick moons”.*\(.*JSON.*\)/], ['{"dataset": "moons", "protocol": {}, "axes": {"width": 3}}', /a whole plan, whose “axes.width” are whole numbers/], [JSON.stringify({ ...whole, protocol: {} }), /a whole plan, whose “protocol.\w+” is there/], [JSON.stringify({ ...whole, protocol: { ...whole.protocol, optimizer: {} } }), /“protocol.optimizer” has a “name”/], [JSON.stringify({ ...whole, axes: { ...whole.axes, factor: {} } }), /“axes.factor” has a “name”/], ['widths=3;4', /widths="3;4">: give whole numbers/], ['width=3,8', /width="3,8">: give one of dataset, preset, widths/]]) {
    const { notice, ...read } = given(String(wrong)) ?? {};
    assert.deepEqual(read, { given: null, plan: startingSettings().plan });
    assert.match(notice ?? '', /the default is taken/);
    assert.match(warned.mock.calls.at(-1)?.arguments[0], /** @type {RegExp} */ (said));
  }
});

test('nonsense in a link is named, and never thrown', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('metric', 'x', 'pin', 'at-epoch', 'widths', 'redundancy', 'src', 'levels', 'v'), fc.string()), (fields) => {
      const { problems } = readLink(new URLSearchParams(fields).toString(), REFERENCES);
      for (const { name, remedy } of problems) assert.ok(name && remedy);
    }),
    { seed: SEED, numRuns: 500 },
  );
});

const split = record({ train: share, test: share });
const rising = (/** @type {number} */ min) => fc.uniqueArray(fc.integer({ min, max: 100_000 }), { minLength: 1, maxLength: 3 }).map((values) => values.sort((a, b) => a - b));
const factor = fc.constantFrom(null, { name: 'dropout', values: [0, 0.25] }, { name: 'activation', values: ['relu', 'tanh'] }, { name: 'batch_norm', values: [false, true] });
const measured = record(
  { bits: count, redundancy: split, accuracy: split, kmeans: split, knn: share, logistic: share, redundancy_random: share },
  { requiredKeys: ['bits', 'redundancy', 'accuracy'] },
);

/** A chart with a number, a gap or nothing at every place. */
const chart = record({ width: rising(1), epoch: rising(0), samples: rising(1), seed: rising(1), factor }).chain((axes) => {
  const levels = axes.factor?.values.map((_, level) => level) ?? [0];
  const places = levels.flatMap((level) => axes.seed.flatMap((seed) => axes.samples.flatMap((samples) => axes.epoch.flatMap((epoch) => axes.width.map((width) => ({ ...(axes.factor ? { level } : {}), seed, samples, epoch, width }))))));
  return fc.tuple(...places.map((place) => fc.oneof(measured.map((numbers) => ({ cell: { ...place, ...numbers, bits: numbers.bits % (place.width + 1) } })), fc.constant({ gap: { ...place, reason: 'diverged' } }), fc.constant({})))).map((news) => ({
    empty: {
      format: 'hash-phase/chart',
      version: 1,
      title: 'some, "quoted"',
      dataset: { name: 'moons', train: 100_000, test: 1024, classes: 2, digest: 'sha256:0' },
      protocol: { preset: 'quick', depth: 1, optimizer: { name: 'adam', learning_rate: 0.001 } },
      axes,
      cells: [],
      provenance: { crate: '0.1.0', engine: 'cpu', backend: 'any', seconds: 0 },
    },
    news: news.map((one) => ({ ...one, maker: { engine: 'cpu', backend: 'any' } })).filter((one) => 'cell' in one || 'gap' in one),
  }));
});

/** The fields of a line of CSV. @param {string} line */
const fieldsOf = (line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);

test('random charts survive JSON and CSV and back, in whatever order their networks came', () => {
  fc.assert(
    fc.property(chart, fc.infiniteStream(fc.nat()), ({ empty, news }, order) => {
      const whole = grown(/** @type {any} */ (empty), /** @type {any} */ (news));
      const shuffled = news.map((one) => ({ one, at: order.next().value })).sort((a, b) => a.at - b.at).map(({ one }) => one);
      const slowly = shuffled.reduce((chart, one) => grown(chart, /** @type {any} */ ([one])), /** @type {any} */ (empty));
      assert.deepEqual(slowly, whole);
      assert.deepEqual(parseChart(JSON.stringify(whole)), JSON.parse(JSON.stringify(whole)));

      const [head, ...lines] = chartCsv(whole).trimEnd().split('\r\n').map(fieldsOf);
      const rows = lines.map((fields) => Object.fromEntries(head.map((name, at) => [name, fields[at]])));
      const number = (/** @type {string} */ text) => (text === '' ? undefined : Number(text));
      const both = (/** @type {any} */ row, /** @type {string} */ name) => (row[`${name}_train`] === '' ? undefined : { train: Number(row[`${name}_train`]), test: Number(row[`${name}_test`]) });
      const levelOf = (/** @type {any} */ row) => (whole.axes.factor ? { level: whole.axes.factor.values.map(String).indexOf(row.value) } : {});
      const placeOf = (/** @type {any} */ row) => ({ ...levelOf(row), seed: Number(row.seed), samples: Number(row.samples), epoch: Number(row.epoch), width: Number(row.width) });
      const defined = (/** @type {object} */ object) => JSON.parse(JSON.stringify(object));
      const cells = rows.filter(({ gap }) => !gap).map((row) => defined({ ...placeOf(row), bits: number(row.bits), redundancy: both(row, 'redundancy'), accuracy: both(row, 'accuracy'), kmeans: both(row, 'kmeans'), knn: number(row.knn), logistic: number(row.logistic), redundancy_random: number(row.redundancy_random) }));
      assert.deepEqual(cells, defined(whole.cells));
      assert.deepEqual(rows.filter(({ gap }) => gap).map((row) => ({ ...placeOf(row), reason: row.gap })), defined(whole.gaps ?? []));
    }),
    { seed: SEED, numRuns: 150 },
  );
});

test('a chart that would draw a wrong picture is refused with the place and the reason', () => {
  const good = () => JSON.parse(JSON.stringify(fc.sample(chart.filter(({ news }) => news.some((one) => 'cell' in one)), { seed: SEED, numRuns: 1 }).map(({ empty, news }) => grown(/** @type {any} */ (empty), /** @type {any} */ (news)))[0]));
  /** @type {[string, RegExp, (chart: any) => void][]} */
  const wrong = [
    ['another format', /^format: "x" is not/, (chart) => (chart.format = 'x')],
    ['a later version', /^version: 2: this reader knows version 1/, (chart) => (chart.version = 2)],
    ['no axis', /^axes\.width: nothing is no list/, (chart) => delete chart.axes.width],
    ['an axis that falls', /^axes\.epoch\[1\]: 1 is not greater than 2/, (chart) => (chart.axes.epoch = [2, 1])],
    ['a share above 1', /^cells\[0\]\.redundancy\.train: 1\.5 is not between 0 and 1/, (chart) => (chart.cells[0].redundancy.train = 1.5)],
    ['a number that is none', /^cells\[0\]\.accuracy\.test: null is not between 0 and 1/, (chart) => (chart.cells[0].accuracy.test = null)],
    ['a network beside the axes', /^cells\[0\]\.seed: 100001 is not on the axis/, (chart) => (chart.cells[0].seed = 100_001)],
    ['a network twice', /^cells\[1\]: a second network/, (chart) => chart.cells.splice(1, 0, chart.cells[0])],
  ];
  checkChart(good());
  for (const [name, said, spoil] of wrong) {
    const chart = good();
    spoil(chart);
    assert.throws(() => checkChart(chart), { message: said }, name);
  }
  assert.throws(() => parseChart('{"format":'), /^ChartError: file: no JSON/);
});

// The command line's reader refuses the same ones: tests/chart_file.rs.
test('what the command line refuses as a chart is not drawn either', () => {
  const read = (/** @type {string} */ path) => JSON.parse(readFileSync(join(root, ...path.split('/')), 'utf8'));
  const whole = () => read('www/charts/mnist-random-inputs.json');
  checkChart(whole());
  for (const { name, at, value } of read('tests/fixtures/broken-charts.json')) {
    const chart = whole();
    const [last, ...path] = at.split('/').slice(1).reverse();
    const place = path.reverse().reduce((/** @type {any} */ part, /** @type {string} */ key) => part[key], chart);
    const known = (/** @type {any} */ value) => (value === '@/cells/0' ? chart.cells[0] : value);
    if (value === null) delete place[last];
    else place[last] = Array.isArray(value) ? value.map(known) : known(value);
    assert.throws(() => checkChart(chart), { name: 'ChartError' }, name);
  }
});

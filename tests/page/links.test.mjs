// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startingSettings } from '../../www/state/fields.js';
import { linkOf, readLink, saidWrongly, writeLink } from '../../www/state/link.js';
import { readPlan } from '../../www/state/plan-form.js';
import { readPlanText, samePlan, writePlanText } from '../../www/state/plan-text.js';
import { presetForm, presetPlan } from '../../www/state/presets.js';

const REFERENCES = ['mnist-figure', 'mnist-label-noise'];

test('a link restores the view and the plan it was made from', () => {
  const shown = {
    ...startingSettings(),
    view: { ...startingSettings().view, .../** @type {const} */ ({ metric: 'knn', y: 'samples', at: { epoch: 3 }, pin: { width: 20, epoch: 3, samples: 100, factor: 1 }, redundancy: 0.1, range: /** @type {[number, number]} */ ([0.9, 1]), scale: 'log', spacing: 'true', minus: 'mnist-batch-128' }) },
    plan: { ...presetForm('code', 'moons'), widths: '2, 4', epochs: '0, 5', samples: '10, 1024', seeds: '2', factor: 'label_noise', levels: '0, 0.25', random: 'true' },
    engine: /** @type {const} */ ('cpu'),
    reference: 'mnist-label-noise',
    src: '',
  };
  assert.deepEqual(readLink(`#${writeLink(shown, REFERENCES)}`, REFERENCES), { ...shown, problems: [] });
});

test('what a link says wrongly is named and the rest is shown', () => {
  const { view, plan, problems } = readLink('#metric=knn&dataset=minst&redundancy=2&pin=1-2&src=javascript:alert(1)', REFERENCES);
  assert.equal(view.metric, 'knn');
  assert.equal(plan.dataset, 'mnist-small');
  assert.equal(view.pin, null);
  for (const wrong of ['dataset=minst', 'redundancy=2', 'pin=1-2', 'src=javascript:alert(1)']) assert.ok(saidWrongly(problems).includes(wrong), saidWrongly(problems));
});

test('the same axis cannot be across and up', () => {
  const { view, problems } = readLink('#x=epoch', REFERENCES);
  assert.deepEqual([view.x, view.y], ['width', 'epoch']);
  assert.match(saidWrongly(problems), /two different axes/);
});

/** Links of version 1 as they were made, and what they must be read as for good. @type {[link: string, view: object, rest: object][]} */
const version1 = [
  ['', {}, {}],
  ['metric=knn&y=samples&at-epoch=3&pin=20-3-100-1', { metric: 'knn', y: 'samples', at: { epoch: 3 }, pin: { width: 20, epoch: 3, samples: 100, factor: 1 } }, {}],
  ['redundancy=0.1&accuracy=.9&engine=cpu', { redundancy: 0.1, accuracy: 0.9 }, { engine: 'cpu' }],
  ['x=factor&y=width&reference=mnist-label-noise&pin=40-30-48000', { x: 'factor', y: 'width', pin: { width: 40, epoch: 30, samples: 48000, factor: 0 } }, { reference: 'mnist-label-noise' }],
  ['reference=own&dataset=moons&preset=code&widths=2%2C4&epochs=0,5&samples=10,1024&seeds=2&factor=label_noise&levels=0%2C0.25&random=true', {}, { reference: '', plan: { ...presetForm('code', 'moons'), widths: '2, 4', epochs: '0, 5', samples: '10, 1024', seeds: '2', factor: 'label_noise', levels: '0, 0.25', random: 'true' } }],
];

for (const [link, view, rest] of version1)
  test(`a link of version 1 is read as ever: ${link || 'the empty one'}`, () => {
    const start = startingSettings();
    const { problems, ...read } = readLink(link, REFERENCES);
    assert.deepEqual(problems, []);
    assert.deepEqual(read, { ...start, reference: REFERENCES[0], src: '', ...rest, view: { ...start.view, ...view } });
  });

test('what a reader types is refused with the reason, field by field', () => {
  const form = { ...presetForm('figure', 'moons'), widths: '0, 3', epochs: '1, 1', samples: '10, 5000', seeds: 'two', factor: 'label_noise', levels: '0, 1.5' };
  const { problems } = readPlan(form);
  assert.match(problems.widths ?? '', /0 leaves nothing to train/);
  assert.match(problems.epochs ?? '', /1 is not greater than 1/);
  assert.match(problems.samples ?? '', /5000 is more than the 1024/);
  assert.match(problems.levels ?? '', /“1.5” will not do: each is a number from 0 to 1\./);
  for (const [factor, levels, said] of [
    ['depth', '1, 2.5', /a whole number from 1 to 100/],
    ['layer', '2', /a layer of the code, from 1 to 1/],
    ['activation', 'relu, sine', /“sine” will not do/],
    ['batch_norm', 'true, true', /each value once/],
    ['dropout', '', /below 1/],
    ['early_stopping', '0, -1', /a whole number from 0 to/],
  ])
    assert.match(readPlan({ ...form, factor: String(factor), levels: String(levels) }).problems.levels ?? '', /** @type {RegExp} */ (said));
  assert.match(problems.seeds ?? '', /1 to 10000/);
  assert.match(readPlan({ ...form, widths: '3, 100000000' }).problems.widths ?? '', /100000000 is more than the 16384 that are taken/);
  assert.match(readPlan({ ...form, widths: '1', epochs: '0, 1', samples: '10, 1000', seeds: '9999', factor: 'dropout', levels: Array.from({ length: 40 }, (_, at) => at / 100).join() }).problems.seeds ?? '', /These are 1599840 squares, and 1000000 are the most/);
  assert.match(readPlan({ ...form, widths: '3;4' }).problems.widths ?? '', /“3;4” is no whole number/);
});

test('every hyper-parameter is read by its range, and a preset fills the form with its own', () => {
  const preset = presetForm('code', 'moons');
  assert.deepEqual([preset.batch_norm, preset.learning_rate, preset.schedule, preset.weight_decay, preset.layer], ['true', '0.01', '0.1/20', '0.000001', '']);
  assert.ok(samePlan(readPlan(preset).plan, presetPlan('code', 'moons')));
  const typed = { ...preset, depth: '3', activation: 'leaky_relu', batch_norm: 'false', dropout: '.2', optimizer: 'sgd', learning_rate: '5e-2', momentum: '0.8', schedule: 'none', batch: '32', weight_decay: '1e-4', label_noise: '0.1', noise_inputs: 'true', early_stopping: '10', layer: '2', neighbours: '5', kmeans_starts: '4', kmeans_assignment: 'true', logistic_c: '0.5', penalised_intercept: 'true' };
  const { plan, problems } = readPlan(typed);
  assert.deepEqual(problems, {});
  const { preset: name, random_inputs: random, ...protocol } = plan.protocol;
  assert.deepEqual([name, random], ['code', false]);
  assert.deepEqual(protocol, { depth: 3, activation: 'leaky_relu', batch_norm: false, dropout: 0.2, optimizer: { name: 'sgd', learning_rate: 0.05, momentum: 0.8 }, batch: 32, weight_decay: 1e-4, label_noise: 0.1, noise_inputs: true, early_stopping: 10, layer: 2, neighbours: 5, kmeans_starts: 4, kmeans_assignment: true, logistic_c: 0.5, penalised_intercept: true });
  for (const [name, text, said] of /** @type {[keyof typeof typed, string, RegExp][]} */ ([
    ['depth', '101', /whole number from 1 to 100/],
    ['depth', '', /whole number/],
    ['dropout', '1', /from 0 to below 1/],
    ['learning_rate', '0', /above 0/],
    ['learning_rate', '1e999', /above 0/],
    ['momentum', '1', /from 0 to below 1/],
    ['schedule', '0.1', /FACTOR\/EPOCHS, for example 0.1\/20, or none/],
    ['schedule', '0.1/0', /FACTOR\/EPOCHS/],
    ['weight_decay', '-1', /of 0 or more/],
    ['activation', 'sine', /one of relu/],
    ['layer', '4', /The code has 3 layers/],
  ]))
    assert.match(readPlan({ ...typed, [name]: text }).problems[name] ?? '', said, `${name} ${text}`);
  assert.deepEqual(readPlan({ ...typed, optimizer: 'adam', momentum: '' }).problems, {}, 'momentum is of SGD alone');
  assert.match(saidWrongly(readLink('depth=0&learning_rate=fast', REFERENCES).problems), /depth=0, learning_rate=fast.*depth: a whole number from 1 to 100; learning_rate: a number above 0/);
});

test('a sound form is the plan it says', () => {
  const { plan, problems } = readPlan({ ...presetForm('code', 'moons'), widths: '3, 8', epochs: '0,2', samples: '20', seeds: '2', factor: 'label_noise', levels: '0, 0.2', random: 'true' });
  assert.deepEqual(problems, {});
  assert.deepEqual(plan.axes, { width: [3, 8], epoch: [0, 2], samples: [20], seed: [1, 2], factor: { name: 'label_noise', values: [0, 0.2] } });
  assert.equal(plan.protocol.batch_norm, true);
  assert.equal(plan.protocol.random_inputs, true);
});

test('the link of a chart says its plan, whatever the form says; one that no form says is there whole', () => {
  const chart = (/** @type {object} */ change) => {
    const { dataset, protocol, axes } = presetPlan('quick', 'moons');
    return /** @type {any} */ ({ dataset: { name: dataset }, protocol: { ...protocol, ...change }, axes });
  };
  const state = { ...startingSettings(), origin: /** @type {const} */ ({ kind: 'kept', id: 'one' }) };
  const plain = readLink(linkOf({ ...state, chart: chart({}) }, REFERENCES), REFERENCES);
  assert.deepEqual([plain.reference, plain.plan, plain.given], ['', presetForm('quick', 'moons'), undefined]);
  const deep = chart({ depth: 2, dropout: 0.2 });
  const read = readLink(linkOf({ ...state, chart: deep }, REFERENCES), REFERENCES);
  assert.deepEqual([read.given, read.plan, read.problems], [undefined, { ...presetForm('quick', 'moons'), depth: '2', dropout: '0.2' }, []]);
  // No form can state both: the network's depth, and other depths along the factor.
  const both = chart({ depth: 2 });
  both.axes.factor = { name: 'depth', values: [1, 3] };
  const whole = readLink(linkOf({ ...state, chart: both }, REFERENCES), REFERENCES);
  assert.deepEqual(whole.given, { dataset: 'moons', protocol: both.protocol, axes: both.axes });
  assert.deepEqual(whole.problems, []);
});

test('plans are the same whatever the order of their fields, and whether what is off is said', () => {
  const plan = presetPlan('quick', 'moons');
  const { protocol, axes, dataset } = plan;
  assert.ok(samePlan(plan, { axes, dataset, protocol: { label_noise: 0, activation: 'relu', ...protocol, random_inputs: false } }));
  assert.ok(!samePlan(plan, { ...plan, protocol: { ...protocol, dropout: 0.1 } }));
  assert.ok(!samePlan(plan, { ...plan, axes: { ...axes, epoch: [0] } }));
  for (const one of [plan, presetPlan('code', 'cifar10'), { ...plan, protocol: { ...protocol, batch: 32 } }]) {
    const read = readPlanText(writePlanText(one));
    assert.ok(samePlan(read.given ?? readPlan(read.plan).plan, one), writePlanText(one));
  }
});

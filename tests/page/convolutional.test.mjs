// @ts-check
// A reader trains convolutional networks in the page, and passes on what came of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { target } from '../../scripts/places.mjs';
import { codeBits } from '../../www/chart/check.js';
import { sweepCommand } from '../../www/chart/take/command.js';
import { readLink } from '../../www/state/link.js';
import { formOf, samePlan } from '../../www/state/plan-text.js';
import { readPlan } from '../../www/state/plan-form.js';
import { presetForm, refilled } from '../../www/state/presets.js';
import { downloadChart, openPage } from './browser.mjs';

const PATIENCE = 240_000;

test('a form says a network with convolutions, and link, form and command say it again', () => {
  const form = { ...refilled({ ...presetForm('quick', 'cifar10'), dropout: '0.2' }, { network: 'vgg' }), channels: '8', convolutions: '2' };
  assert.deepEqual([form.code, form.depth, form.dropout], ['dense', '1', '0.2'], 'what was typed stays');
  const { plan, problems } = readPlan(form);
  assert.deepEqual(problems, {});
  assert.deepEqual([plan.protocol.network, plan.protocol.code, plan.protocol.depth], [{ name: 'vgg', channels: 8, blocks: 3, convolutions: 2 }, 'dense', 1]);
  assert.deepEqual(formOf(plan), form);
  const read = readLink('dataset=cifar10&network=vgg&channels=8&convolutions=2&dropout=0.2', []);
  assert.deepEqual(read.plan, form);
  const chart = /** @type {any} */ ({ ...plan, dataset: { name: plan.dataset }, provenance: {} });
  assert.match(sweepCommand(chart) ?? '', /--dataset cifar10 .*--network vgg --channels 8 --blocks 3 --convolutions 2 --dropout 0\.2|--dropout 0\.2.*--network vgg --channels 8 --blocks 3 --convolutions 2/);
  const all = readPlan({ ...form, code: 'all', layer: '7' }).plan;
  assert.match(sweepCommand({ ...chart, protocol: all.protocol }) ?? '', /--code all/);
  assert.deepEqual(all.protocol.code, undefined, 'all are what a plan leaves out');
  assert.ok(!samePlan(plan, all));
  assert.deepEqual(readPlan(refilled(form, { network: 'mlp' })).plan.protocol.network, undefined);
});

test('a form says how pictures are augmented, of networks with convolutions alone', () => {
  const form = { ...presetForm('code', 'cifar10', 'vgg'), rotation: '15', shift: '0.1', flip: 'true' };
  const { plan, problems } = readPlan(form);
  assert.deepEqual(problems, {});
  assert.deepEqual([plan.protocol.rotation, plan.protocol.shift, plan.protocol.flip], [15, 0.1, true]);
  assert.deepEqual(formOf(plan), form);
  assert.match(sweepCommand(/** @type {any} */ ({ ...plan, dataset: { name: plan.dataset }, provenance: {} })) ?? '', /--rotation 15 --shift 0.1 --flip -o/);
  assert.match(readPlan({ ...form, shift: '1' }).problems.shift ?? '', /a number from 0 to below 1/);
  const perceptron = readPlan(refilled(form, { network: 'mlp' }));
  assert.deepEqual([perceptron.problems, perceptron.plan.protocol.rotation, perceptron.plan.protocol.flip], [{}, undefined, undefined]);
});

test('the preset quick trains networks with convolutions less far, since they take longer', () => {
  const axes = (/** @type {string} */ preset, /** @type {string} */ network) => { const { widths, epochs } = presetForm(preset, 'mnist-small', network); return [widths, epochs]; };
  assert.deepEqual([axes('quick', 'mlp')[1], axes('quick', 'vgg')[1], axes('quick', 'resnet')], ['0, 1, 2, 4, 8', '0, 1, 2, 4', ['2, 3, 4', '0, 1, 2']]);
  assert.deepEqual([axes('figure', 'vgg')[1], axes('figure', 'resnet')[0]], [axes('figure', 'mlp')[1], '2, 4, 8']);
});

test('a form says a resnet, which has no dense layers, and its widths are channels', () => {
  const form = { ...refilled({ ...presetForm('quick', 'cifar10'), epochs: '0, 1' }, { network: 'resnet' }), blocks: '3' };
  assert.deepEqual([form.widths, form.epochs, form.code, form.depth, form.batch_norm], ['2, 3, 4', '0, 1', 'channels', '0', 'true']);
  const { plan, problems } = readPlan(form);
  assert.deepEqual(problems, {});
  assert.deepEqual([plan.protocol.network, plan.protocol.depth], [{ name: 'resnet', blocks: 3 }, 0]);
  assert.deepEqual(formOf(plan), form);
  const chart = /** @type {any} */ ({ ...plan, dataset: { name: plan.dataset }, provenance: {} });
  assert.match(sweepCommand(chart) ?? '', /--widths 2,3,4 .*--network resnet --blocks 3/);
  assert.match(sweepCommand({ ...chart, protocol: readPlan({ ...form, batch_norm: 'false' }).plan.protocol }) ?? '', /--batch-norm false/);
  assert.deepEqual(readPlan({ ...form, factor: 'layer', levels: '1, 19' }).problems, {});
  for (const [change, field, said] of /** @type {[object, string, RegExp][]} */ ([
    [{ factor: 'layer', levels: '20' }, 'levels', /from 1 to 19/],
    [{ factor: 'depth', levels: '1, 2' }, 'levels', /A network resnet has no hidden layers: choose network mlp or vgg/],
    [{ code: 'dense' }, 'code', /no dense hidden layer/],
    [{ widths: '2, 600' }, 'widths', /600 is more than the 512 that are taken/],
    [{ activation: 'gelu' }, 'activation', /relu or leaky_relu/],
  ]))
    assert.match(/** @type {any} */ (readPlan({ ...form, ...change }).problems)[field] ?? '', said, JSON.stringify(change));
  assert.deepEqual(readPlan({ ...form, depth: 'many', dropout: '0.5' }).plan.protocol.depth, 0, 'what it does not have is not asked for');
  // ReLUs of a digit's maps at 2 channels, as the engine counts them.
  const of = (/** @type {object} */ change) => codeBits(/** @type {any} */ ({ ...plan, protocol: { ...plan.protocol, network: { name: 'resnet', blocks: 1 }, ...change }, dataset: { description: { kind: 'image', height: 28, width: 28 } } }), { width: 2 });
  assert.deepEqual([of({}), of({ code: undefined }), of({ code: undefined, layer: 4 })], [3 * 2 + 2 * 4 + 2 * 8, 3 * 2 * 784 + 2 * 4 * 196 + 2 * 8 * 49, 4 * 196]);
});

test('what a network with convolutions cannot be is said where it is typed', () => {
  const form = presetForm('quick', 'mnist-small', 'vgg');
  for (const [change, field, said] of /** @type {[object, string, RegExp][]} */ ([
    [{ activation: 'tanh' }, 'activation', /relu or leaky_relu/],
    [{ layer: '2' }, 'layer', /The code has 1 layer\./],
    [{ code: 'all', layer: '5' }, 'layer', /The code has 4 layers\./],
    [{ channels: '0' }, 'channels', /from 1 to 512/],
    [{ blocks: '5' }, 'blocks', /4 or fewer for pictures of 28 x 28/],
    [{ network: 'mlp', code: 'dense' }, 'code', /none but dense layers/],
    [{ network: 'mlp', code: 'all', factor: 'channels', levels: '2, 4' }, 'levels', /choose network vgg/],
  ]))
    assert.match(/** @type {any} */ (readPlan({ ...form, ...change }).problems)[field] ?? '', said, JSON.stringify(change));
  assert.deepEqual(readPlan({ ...form, network: 'mlp', code: 'all', channels: 'many' }).problems, {}, 'channels are of vgg alone');
  assert.deepEqual(readPlan({ ...form, factor: 'channels', levels: '2, 4' }).problems, {});
  assert.match(readPlan(presetForm('quick', 'moons', 'vgg')).problems.network ?? '', /pictures/);
  assert.deepEqual(readPlan(presetForm('quick', 'own', 'vgg')).problems, {}, 'what a reader brings is looked at when it is there');
});

/** @type {{ name: string, fill: Record<string, string>, changed: string, network: object, title: RegExp, axis: string, maps: [number, string] }[]} */
const cases = [
  { name: 'vgg', fill: { channels: '3', rotation: '15', flip: 'true' }, changed: 'quick, changed: network vgg, channels 3, augmentation: rotation, degrees 15, augmentation: mirror images', network: { name: 'vgg', channels: 3, blocks: 3, convolutions: 1 }, title: /vgg of 3 channels, 3 blocks/, axis: 'dense layer width', maps: [3, 'Convolution 1: 3 channels of 28 × 28 ReLUs'] },
  { name: 'resnet', fill: { widths: '2, 3' }, changed: 'quick, changed: network resnet', network: { name: 'resnet', blocks: 1 }, title: /resnet of 8 layers/, axis: 'channels', maps: [7, 'Convolution 1: 2 channels of 28 × 28 ReLUs'] },
];
for (const { name, fill, changed, network, title, axis, maps } of cases)
  test(`a reader trains networks of the kind ${name}, and their command makes the same chart to the last digit`, { timeout: 2 * PATIENCE }, async (t) => {
    const { page, address, close } = await openPage({ acceptDownloads: true, viewport: { width: 1280, height: 900 } });
    t.after(close);
    await page.goto(`${address}#reference=mnist-figure&widths=5,20&epochs=0,1&samples=100,1000`);
    await page.locator('#more-settings > summary').click();
    assert.equal(await page.locator('#channels').isVisible(), false);
    await page.locator('#network').selectOption(name);
    for (const [field, value] of Object.entries(fill)) await (value === 'true' ? page.locator(`#${field}`).check() : page.locator(`#${field}`).fill(value));
    await page.locator('#changed', { hasText: changed }).waitFor();
    await page.locator('label:has(#widths)', { hasText: axis }).waitFor();
    await page.locator('#start:enabled').click();
    await page.locator('#progress-text', { hasText: /^Done: 8 of 8/ }).waitFor({ timeout: PATIENCE });
    const { chart } = await downloadChart(page);
    assert.deepEqual(chart.protocol.network, network);
    assert.deepEqual([chart.protocol.rotation, chart.protocol.flip], [fill.rotation && 15, fill.flip && true]);
    assert.match(chart.title, title);
    assert.ok(chart.cells.some((/** @type {any} */ cell) => cell.knn > 0.3), 'codes tell something');
    await page.locator('#chart', { hasText: axis }).waitFor();

    // The network under inspection is trained again by itself.
    await page.locator('hash-phase-chart').evaluate((element, width) => Object.assign(element, { view: { pin: { width, epoch: 1, samples: 100, factor: 0 } } }), chart.axes.width[0]);
    await page.locator('#look-inside').click();
    await page.locator('.firing .layer').first().waitFor({ timeout: PATIENCE });
    const said = await page.locator('.firing .layer > .hint').allTextContents();
    assert.deepEqual([said.length, said[0]], maps);
    assert.equal(await page.locator('.firing button').count(), 10, 'an example of each digit');
    const fires = () => page.locator('.firing .map').first().getAttribute('aria-label');
    const before = await fires();
    assert.match(before ?? '', /^Channel 1: fires at \d+ of 784 places$/);
    await page.locator('.firing button').nth(1).click();
    assert.notEqual(await fires(), before);

    const command = sweepCommand(chart) ?? '';
    const folder = mkdtempSync(join(tmpdir(), 'hash-phase-convolutions-'));
    t.after(() => rmSync(folder, { recursive: true }));
    execFileSync(join(target, 'release', 'hash-phase'), [...command.split(' ').slice(1, -1), join(folder, 'chart.json')], { stdio: 'pipe' });
    const native = JSON.parse(readFileSync(join(folder, 'chart.json'), 'utf8'));
    assert.deepEqual([native.plans, native.cells], [chart.plans, chart.cells]);
  });

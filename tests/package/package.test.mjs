// @ts-check
// The npm package as others get it: a tarball, installed in a project of theirs, with a bundler and without, with its types.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { build, createServer, preview } from 'vite';
import { packageUp } from '../../scripts/package.mjs';
import { root } from '../../scripts/places.mjs';
import { launchOptions } from '../page/browser.mjs';

const PATIENCE = 120_000;
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hash-phase-package-')));
/** @type {import('playwright-core').Browser} */
let browser;
let tarball = '';

before(async () => {
  tarball = await packageUp();
  cpSync(join(root, 'tests', 'package', 'scratch'), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: folder, stdio: 'pipe' });
  browser = await chromium.launch(launchOptions());
}, { timeout: PATIENCE });
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/**
 * What the scratch page says of itself, on a server.
 * @param {string} address
 */
async function said(address) {
  const page = await browser.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && !message.location().url.endsWith('favicon.ico') && complaints.push(message.text()));
  await page.goto(address);
  await page.locator('body', { hasText: 'lines:' }).waitFor({ timeout: PATIENCE }).catch((error) => assert.fail(`${error.message}\n${complaints.join('\n')}`));
  await page.locator('#figure-title', { hasText: 'K-NN accuracy, test' }).waitFor();
  const text = await page.locator('body').evaluate((body) => [...body.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ textContent }) => textContent).join(''));
  assert.deepEqual(complaints, []);
  await page.close();
  return text.replaceAll(/\s+/g, ' ').trim();
}

const expected = /title: mnist-small, one hidden layer; cells: 4; mean: 0\.\d+; lines: 5;/;

test('it holds what is used and nothing else, and says under which licences', () => {
  const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n').map((name) => name.replace('package/', ''));
  const kinds = [/^((index|element|embed|addresses)\.js|embed\.mjs)$/, /^(index|element|types)\.d\.ts$/, /^embed\/(gpu-|network-)?worker\.js$/, /^engines\/(index\.json|(cpu|networks|tensors|gpu)\/hash_phase(_bg)?\.(js|wasm))$/, /^charts\/[\w-]+\.json$/, /^data\/mnist-small\/[\w-]+\.gz$/, /^(package\.json|chart\.schema\.json|custom-elements\.json|README\.md|EMBED\.md|CHANGELOG\.md|LICENSE-(MIT|APACHE))$/];
  assert.deepEqual(files.filter((file) => !kinds.some((kind) => kind.test(file))), []);
  const { license, version } = JSON.parse(readFileSync(join(folder, 'node_modules', 'hash-phase', 'package.json'), 'utf8'));
  assert.equal(license, '(MIT OR Apache-2.0) AND CC-BY-SA-3.0');
  assert.equal(version, JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version);
  assert.ok(statSync(tarball).size < 8e6, `${statSync(tarball).size} bytes`);
});

test('its types are those of a project that uses it', () => {
  execFileSync(join(root, 'node_modules', '.bin', 'tsc'), ['--noEmit', '--strict', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler', '--lib', 'es2022,dom,dom.iterable', '--types', '', 'main.ts'], { cwd: folder, stdio: 'inherit' });
});

test('on a server it is imported and does nothing', () => {
  const script = "const { sweep, presetPlan } = await import('hash-phase'); await import('hash-phase/element'); try { for await (const _ of sweep(presetPlan('quick', 'moons'))); } catch (error) { console.log(error.message); }";
  assert.match(execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, encoding: 'utf8' }), /^hash-phase trains in browsers/);
});

test('a Vite project builds with it, trains and draws', { timeout: PATIENCE }, async () => {
  await build({ root: folder, configFile: false, logLevel: 'error', build: { target: 'es2022' } });
  const server = await preview({ root: folder, configFile: false, preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' });
  assert.match(await said(server.resolvedUrls?.local[0] ?? ''), expected);
  await server.close();
});

test('so does Vite’s development server', { timeout: PATIENCE }, async () => {
  const server = await createServer({ root: folder, configFile: false, logLevel: 'error', server: { port: 0, host: '127.0.0.1' }, optimizeDeps: { exclude: ['hash-phase'] } });
  await server.listen();
  assert.match(await said(server.resolvedUrls?.local[0] ?? ''), expected);
  await server.close();
});

test('without any bundler the browser takes it by an import map', { timeout: PATIENCE }, async () => {
  const at = '/node_modules/hash-phase';
  const plain = join(folder, 'plain.html');
  // The same program without types, which browsers cannot read.
  const program = readFileSync(join(folder, 'main.ts'), 'utf8').replaceAll(/, type \w+/g, '').replaceAll(/: (Cell\[\]|PhaseChart( \| null)?|number \| undefined) =/g, ' =').replace(' as unknown as PhaseChart', '').replace(')!;', ');');
  writeFileSync(plain, `<!doctype html><title>plain</title><script type="importmap">{ "imports": { "hash-phase": "${at}/index.js", "hash-phase/element": "${at}/element.js" } }</script><hash-phase-chart controls="none"></hash-phase-chart><script type="module">${program}</script>`);
  const server = await preview({ root: folder, configFile: false, build: { outDir: '.' }, preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' });
  assert.match(await said(`${server.resolvedUrls?.local[0]}plain.html`), expected);
  await server.close();
});

test('the chart is the same to the bit for one worker, for eight, and for eight that were stopped and gone on with', { timeout: PATIENCE }, async () => {
  writeFileSync(join(folder, 'bits.html'), '<!doctype html><title>bits</title>');
  const server = await preview({ root: folder, configFile: false, build: { outDir: '.' }, preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' });
  const page = await browser.newPage();
  await page.goto(`${server.resolvedUrls?.local[0]}bits.html`);
  const charts = await page.evaluate(async () => {
    const from = '/node_modules/hash-phase/index.js';
    const { sweep, presetPlan } = await import(from);
    const plan = presetPlan('quick', 'moons');
    plan.axes.seed = [1, 2, 3];
    /** @param {any} plan @param {number} workers @param {any} finished @param {number} until so many networks */
    const run = async (plan, workers, finished = null, until = Infinity) => {
      const stop = new AbortController();
      const cells = [...(finished?.cells ?? [])];
      let used = 0;
      let chart = {};
      for await (const event of sweep(plan, { engine: 'cpu', workers, finished, signal: stop.signal })) {
        if (event.kind === 'engine') used = event.workers;
        if (event.kind === 'chart') chart = event.chart;
        if (event.kind === 'cell') cells.push(event.cell);
        if (cells.length >= until) break;
      }
      stop.abort();
      return { used, chart: { ...chart, cells }, lines: cells.map((cell) => JSON.stringify(cell)).sort() };
    };
    const [one, eight, stopped] = [await run(plan, 1), await run(plan, 8), await run(plan, 8, null, 100)];
    const resumed = await run(plan, 8, stopped.chart);
    // One population alone is shared by width.
    const alone = { ...plan, axes: { ...plan.axes, samples: [100], seed: [2] } };
    return [one, eight, stopped, resumed, await run(alone, 4)].map(({ used, lines }) => ({ used, lines }));
  });
  await page.close();
  await server.close();
  const [one, eight, stopped, resumed, shared] = charts;
  assert.deepEqual([one.used, eight.used, shared.used], [1, 8, 4]);
  assert.equal(one.lines.length, 3 * 105);
  assert.deepEqual(eight.lines, one.lines);
  assert.equal(stopped.lines.length, 100);
  assert.deepEqual(resumed.lines, one.lines);
  assert.deepEqual(shared.lines, one.lines.filter((/** @type {string} */ line) => /"samples":100,"seed":2,/.test(line)));
});

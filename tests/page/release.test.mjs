// @ts-check
// A release is published while the page is open: what is open trains on with its own engines, says that there is a new version, and is it after one reload.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { dist } from '../../scripts/build.mjs';
import { root } from '../../scripts/places.mjs';
import { answered, launchOptions } from './browser.mjs';

const PATIENCE = 240_000;
const TYPES = /** @type {Record<string, string>} */ ({ '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.wasm': 'application/wasm', '.gz': 'application/gzip' });

/** The release that follows: the same sources, under another name. */
let next = '';
/** What is published now. */
let published = dist;
const server = createServer(({ url = '/' }, answer) => {
  const path = join(published, new URL(url, 'http://here').pathname.replace(/\/$/, '/index.html'));
  if (!existsSync(path) || !statSync(path).isFile()) return void answer.writeHead(404).end();
  answer.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(readFileSync(path));
});
let address = '';

before(async () => {
  await new Promise((go) => server.listen(0, '127.0.0.1', () => go(undefined)));
  address = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}/`;
  next = mkdtempSync(join(tmpdir(), 'hash-phase-next-'));
  const env = { ...process.env, HASH_PHASE_RELEASE: 'the-next-one' };
  execFileSync(process.execPath, ['-e', `import(${JSON.stringify(join(root, 'scripts', 'build.mjs'))}).then(({ buildPage }) => buildPage(${JSON.stringify(next)})).then(() => process.exit(0), (error) => { console.error(error); process.exit(1); })`, 'build'], { cwd: root, env, stdio: 'pipe' });
  // Its scripts have other names, and its engines are listed as its own.
  const list = join(next, 'engines', 'index.json');
  writeFileSync(list, JSON.stringify({ ...JSON.parse(readFileSync(list, 'utf8')), release: 'the-next-one', before: null }));
  // As the workflow that publishes does it.
  const asked = execFile(process.execPath, [join(root, 'scripts', 'keep-release.mjs'), address, next]);
  assert.match(await asked, /files of release \w+ stay for those who have it open/);
});
after(() => {
  server.close();
  rmSync(next, { recursive: true, force: true });
});

/** Runs beside this process, which serves. @param {string} program @param {string[]} args @returns {Promise<string>} */
async function execFile(program, args) {
  const { execFile: begin } = await import('node:child_process');
  return new Promise((done, failed) => begin(program, args, { cwd: root }, (error, out, err) => (error ? failed(new Error(`${error.message}${err}`)) : done(out))));
}

for (const offline of [false, true])
  test(`a page that is open while another release is published ${offline ? '(kept for readers without a network) ' : ''}trains on, says so, and is the new one after one reload`, { timeout: PATIENCE }, async (t) => {
    published = dist;
    const browser = await chromium.launch(launchOptions());
    t.after(() => browser.close());
    const context = await browser.newContext({ serviceWorkers: offline ? 'allow' : 'block' });
    context.setDefaultTimeout(PATIENCE / 2);
    const page = await context.newPage();
    /** @type {string[]} */
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    let loads = 0;
    page.on('load', () => (loads += 1));
    await page.goto(`${address}#dataset=moons&widths=2,3&epochs=0,1&samples=20`);
    const script = () => page.evaluate(() => /** @type {HTMLScriptElement} */ (document.querySelector('script[type=module]')).src);
    const first = await script();
    const train = async () => {
      await page.locator('#start:enabled').click();
      await page.locator('#progress-text', { hasText: /^Done: 4 of 4/ }).waitFor();
    };
    await train();
    if (offline) await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    assert.equal(await page.locator('#newer').isVisible(), false);

    published = next;
    await train();
    await page.locator('#newer', { hasText: 'There is a new version of this page. What you have trained is kept.' }).waitFor();
    assert.equal(await page.locator('#notice').isVisible(), false, (await page.locator('#notice').textContent()) ?? '');
    assert.equal(await script(), first);
    // A module that only the tensor engine needs comes from the old release, too.
    const before = loads;
    await page.locator('#newer button').click();
    await answered(async () => loads > before && (await script().catch(() => first)) !== first, PATIENCE);
    await page.locator('#start:enabled').waitFor();
    assert.equal(loads, before + 1, 'one reload');
    assert.equal(await page.locator('#newer').isVisible(), false);
    await page.locator('#kept summary', { hasText: '(2)' }).waitFor();
    await train();
    assert.deepEqual(complaints, []);
  });

test('a page of a release that is two behind is told to reload, and nothing is tried with engines of another', { timeout: PATIENCE }, async (t) => {
  published = dist;
  const browser = await chromium.launch(launchOptions());
  t.after(() => browser.close());
  const page = await (await browser.newContext({ serviceWorkers: 'block' })).newPage();
  await page.route('**/engines/index.json', async (route) => route.fulfill({ json: { ...(await (await route.fetch()).json()), release: 'two-ahead', before: null } }));
  await page.goto(`${address}#dataset=moons`);
  await page.locator('#engine-missing', { hasText: 'There is a new version of this page: reload it.' }).waitFor();
  await page.locator('#newer button').waitFor();
});

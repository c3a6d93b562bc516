// @ts-check
// The chart in other people's pages: from another origin, under the policy that the example states, in a sandbox, by a frame.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { root, target } from '../../scripts/places.mjs';
import { meanDifference, openPage, sizesBeforeChart } from './browser.mjs';

/** @typedef {import('../../www/element/hash-phase-chart.js').HashPhaseChart} HashPhaseChart */

const PATIENCE = 240_000;
const example = readFileSync(join(root, 'examples', 'blog.html'), 'utf8');

/**
 * Pages of another origin than ours, by path; ours stands in for the example's host.
 * @param {import('node:test').TestContext} t after which all is closed
 * @param {Record<string, string>} pages
 */
async function openBlog(t, pages) {
  const opened = await openPage({ viewport: { width: 1000, height: 900 } });
  const ours = opened.address.replace(/\/$/, '');
  const blog = createServer(({ url = '' }, answer) => {
    const page = pages[url];
    // A browser asks for an icon by itself.
    answer.writeHead(page ? 200 : url === '/favicon.ico' ? 204 : 404, { 'content-type': 'text/html; charset=utf-8' }).end((page ?? '').replaceAll('https://hash-phase.example', ours));
  });
  await new Promise((go) => blog.listen(0, '127.0.0.1', () => go(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (blog.address());
  t.after(async () => {
    await opened.close();
    blog.close();
  });
  /** @type {string[]} */
  const asked = [];
  opened.page.on('request', (request) => asked.push(request.url()));
  return { ...opened, ours, asked, blog: `http://127.0.0.1:${port}` };
}

/** The chart that the element of a page has. @param {import('playwright-core').Locator} element */
const chartOf = (element) => element.evaluate((element) => /** @type {HashPhaseChart} */ (element).chart);

test('a post with three lines of ours draws two charts and trains one, as the command line does, and so it does in a sandbox', { timeout: 2 * PATIENCE }, async (t) => {
  const { page, blog, complaints } = await openBlog(t, { '/post': example, '/sandbox': '<iframe title="post" sandbox="allow-scripts" src="/post" width="900" height="2600"></iframe>' });
  const folder = mkdtempSync(join(tmpdir(), 'hash-phase-embed-'));
  const output = join(folder, 'native.json');
  execFileSync(join(target, 'release', 'hash-phase'), ['sweep', '--dataset', 'moons', '--widths', '3,8,20', '--epochs', '0,2,30', '--samples', '100,1024', '-o', output], { stdio: 'pipe' });
  const native = JSON.parse(readFileSync(output, 'utf8'));
  for (const path of ['/post', '/sandbox']) {
    await page.goto(blog + path);
    const post = path === '/post' ? page : page.frameLocator('iframe');
    const [still, live] = [post.locator('hash-phase-chart').first(), post.locator('hash-phase-chart').last()];
    await still.locator('#figure-title', { hasText: 'mnist, one hidden layer: redundancy ratio, train' }).waitFor();
    assert.equal(await still.locator('[role=gridcell]').count(), 84);
    await still.locator('#inspector', { hasText: 'Layer width 40, epoch 30' }).waitFor();
    await live.scrollIntoViewIfNeeded();
    await live.locator('#start:enabled').click();
    await live.locator('#progress-text', { hasText: /^Done: 18 of 18/ }).waitFor({ timeout: PATIENCE });
    await live.locator('#figure-title', { hasText: 'moons, 3 hidden layers: K-NN accuracy, test' }).waitFor();
    const difference = meanDifference(await chartOf(live), native);
    assert.ok(difference < 0.0015, `${path}: ${difference} apart from the command line on average`);
    assert.deepEqual(complaints, [], path);
  }
});

test('embed.js is at most 60 kB gzipped, and the page with its chart at most 150', { timeout: PATIENCE }, async (t) => {
  const size = (/** @type {Buffer} */ bytes) => gzipSync(bytes, { level: 9 }).length;
  const script = size(readFileSync(join(root, 'dist', 'embed.js')));
  const { page, address, close } = await openPage({});
  t.after(close);
  const before = await sizesBeforeChart(page);
  await page.goto(address);
  await page.locator('#inspector table').waitFor();
  const all = await before();
  console.log(`embed.js: ${script} bytes gzipped; the page with its chart: ${all}`);
  assert.ok(script <= 60_000 && all <= 150_000, `${script} and ${all}`);
});

test('nothing is fetched before a chart is near, no engine before Train, and a second copy of the script leaves the first', { timeout: PATIENCE }, async (t) => {
  const { page, blog, asked, complaints } = await openBlog(t, {
    '/long': '<script src="https://hash-phase.example/embed.js"></script><script src="https://hash-phase.example/embed.js?again"></script><div style="height: 4000px"></div><hash-phase-chart src="mnist-code"><p id="before">Not yet.</p></hash-phase-chart>',
  });
  await page.goto(`${blog}/long`);
  await page.locator('#before').waitFor();
  await page.waitForFunction(() => customElements.get('hash-phase-chart'));
  assert.deepEqual(asked.filter((address) => !/long$|embed\.js|favicon/.test(address)), []);
  await page.locator('hash-phase-chart').scrollIntoViewIfNeeded();
  await page.locator('#figure-title', { hasText: 'mnist' }).waitFor();
  assert.equal(await page.locator('#before').isVisible(), false);
  assert.deepEqual(asked.filter((address) => /wasm|worker|engines/.test(address)), []);
  assert.deepEqual(complaints, []);
});

test('as a module the script works as well; attributes, properties, methods and events are what README says', { timeout: PATIENCE }, async (t) => {
  const { page, blog, ours } = await openBlog(t, { '/module': '<script type="module" src="https://hash-phase.example/embed.js"></script><hash-phase-chart controls="none" metric="knn" x="samples" redundancy="many" loading="soon"></hash-phase-chart>' });
  /** @type {string[]} */
  const warned = [];
  page.on('console', (message) => message.type() === 'warning' && warned.push(message.text()));
  await page.goto(`${blog}/module`);
  const element = page.locator('hash-phase-chart');
  await element.locator('#figure-title', { hasText: 'K-NN accuracy' }).waitFor();
  assert.ok(warned.some((words) => words.includes('redundancy="many"') && words.includes('give a number from 0 to 1')), warned.join('\n'));
  assert.ok(warned.some((words) => words.includes('loading="soon"') && words.includes('lazy, eager')), warned.join('\n'));
  assert.equal(await element.locator('#metric').isVisible(), false, 'controls="none" shows none');
  assert.deepEqual(await element.evaluate((element) => { const { x, y, metric } = /** @type {HashPhaseChart} */ (element).view; return { x, y, metric }; }), { x: 'samples', y: 'epoch', metric: 'knn' });

  const events = await element.evaluate(async (element) => {
    const chart = /** @type {HashPhaseChart} */ (element);
    /** @type {string[]} */
    const heard = [];
    for (const name of ['ready', 'cell', 'progress', 'done', 'error', 'pin']) chart.addEventListener(name, () => heard.push(name));
    chart.setAttribute('plan', 'dataset=moons&widths=3,8&epochs=0,2&samples=100');
    await chart.train();
    chart.setAttribute('pin', '8-0-100');
    const { pin } = chart.view;
    chart.removeAttribute('metric');
    return { heard: [...new Set(heard)].sort(), cells: chart.chart?.cells.length, pin, metric: chart.view.metric };
  });
  assert.deepEqual(events, { heard: ['cell', 'done', 'pin', 'progress', 'ready'], cells: 4, pin: { width: 8, epoch: 0, samples: 100, factor: 0 }, metric: 'redundancy-train' });

  await element.evaluate((element, address) => element.setAttribute('src', address), `${ours}/charts/mnist-label-noise.json`);
  await element.locator('#figure-title', { hasText: 'by label noise' }).waitFor();
  await element.evaluate((element) => element.setAttribute('src', 'nothing/here.json'));
  await element.locator('#notice', { hasText: 'The chart nothing/here.json cannot be loaded (the server answered 404)' }).waitFor();
  await element.locator('#figure-title', { hasText: 'by label noise' }).waitFor();
});

test('two elements of a document train one after the other, and one that leaves the page ends', { timeout: PATIENCE }, async (t) => {
  const plan = 'plan="dataset=moons&widths=3,8,20&epochs=0,2,30&samples=100,400,1024"';
  const { page, blog } = await openBlog(t, { '/two': `<script src="https://hash-phase.example/embed.js"></script><hash-phase-chart ${plan} controls="train"></hash-phase-chart><hash-phase-chart ${plan} controls="train"></hash-phase-chart>` });
  await page.goto(`${blog}/two`);
  const [one, other] = [page.locator('hash-phase-chart').first(), page.locator('hash-phase-chart').last()];
  await other.scrollIntoViewIfNeeded();
  for (const element of [one, other]) await element.locator('#start:enabled').click();
  await other.locator('#progress-text', { hasText: /^Waiting until another chart/ }).waitFor();
  await one.evaluate((element) => element.remove());
  await other.locator('#progress-text', { hasText: /^Done: 27 of 27/ }).waitFor({ timeout: PATIENCE });
});

test('embed.html shows the element alone, all by its query, and tells its height, in a sandbox too', { timeout: PATIENCE }, async (t) => {
  const { page, blog } = await openBlog(t, {
    '/frame': '<script>addEventListener("message", ({ data }) => (window.heard = data))</script><iframe title="chart" sandbox="allow-scripts" width="800" height="700" src="https://hash-phase.example/embed.html?src=mnist-code&metric=logistic&controls=none"></iframe>',
  });
  await page.goto(`${blog}/frame`);
  await page.frameLocator('iframe').locator('#figure-title', { hasText: 'logistic regression accuracy' }).waitFor();
  await page.waitForFunction(() => /** @type {any} */ (window).heard?.type === 'hash-phase/height' && /** @type {any} */ (window).heard.height > 400);
});

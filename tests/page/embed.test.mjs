// @ts-check
// The chart in other people's pages: from another origin, under the policy that the example states, in a sandbox, by a frame.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { root, target } from '../../scripts/places.mjs';
import { attributes } from '../../www/element/attributes.js';
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

test('the whole grid as small multiples takes the script and the columns, and nothing else', { timeout: PATIENCE }, async (t) => {
  const post = '<!doctype html><title>post</title><script src="https://hash-phase.example/embed.js" async></script><hash-phase-chart src="mnist-grid" facet="samples" loading="eager"></hash-phase-chart>';
  const { page, blog, ours, asked, complaints } = await openBlog(t, { '/post': post });
  await page.goto(`${blog}/post`);
  await page.locator('.facet').nth(13).waitFor();
  assert.deepEqual(await page.locator('.facet .name').allTextContents(), ['10', '20', '50', '100', '200', '500', '1k', '2k', '5k', '10k', '20k', '30k', '40k', '48k']);
  assert.deepEqual(asked.filter((address) => !address.startsWith(blog)), [`${ours}/embed.js`, `${ours}/charts/mnist-grid.arrow`]);
  assert.ok(statSync(join(root, 'dist', 'charts', 'mnist-grid.arrow')).size < 2_000_000);
  assert.deepEqual(complaints, []);
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
  await other.locator('#progress-text', { hasText: /^Waiting for another chart/ }).waitFor();
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

test('the element waits behind its poster until its reader or a program reveals it, and gives its picture', { timeout: PATIENCE }, async (t) => {
  const { page, address, close } = await openPage({ viewport: { width: 900, height: 800 } });
  t.after(close);
  await page.route('**/post', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>post</title><hash-phase-chart id="one" reveal="manual" poster="card.png" src="mnist-figure">before</hash-phase-chart><hash-phase-chart id="two" reveal="manual" src="mnist-batch-norm"></hash-phase-chart>' }));
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`${address}post`);
  // As a notebook imports it.
  await page.evaluate(() => import(/** @type {any} */ ('/embed.mjs')));
  await page.locator('#one img').waitFor();
  await page.locator('#one').getByText('before').waitFor();
  assert.equal(asked.some((address) => /charts\//.test(address)), false, 'nothing is fetched');
  assert.ok(asked.some((address) => address.endsWith('card.png')));
  await page.locator('#one').getByRole('button', { name: 'Show the chart' }).click();
  await page.locator('#one #figure-title', { hasText: 'redundancy ratio' }).waitFor();
  const titles = await page.evaluate(async () => {
    const [one, two] = /** @type {any[]} */ ([...document.querySelectorAll('hash-phase-chart')]);
    two.reveal();
    const charts = await Promise.all([one.ready, two.ready]);
    const blob = await two.toBlob();
    return [...charts.map(({ title }) => title), (await one.toSVG()).includes('layer width'), blob.type, blob.size > 10_000];
  });
  assert.deepEqual(titles, ['mnist, one hidden layer', 'mnist, one hidden layer, by batch norm', true, 'image/png', true]);
});

test('editors and chats are told what there is', { timeout: PATIENCE }, async (t) => {
  const { page, address, close, complaints } = await openPage({});
  t.after(close);
  const manifest = await (await fetch(`${address}custom-elements.json`)).json();
  const [{ attributes: told, tagName }] = manifest.modules[0].declarations;
  assert.equal(tagName, 'hash-phase-chart');
  assert.deepEqual(told.map((/** @type {any} */ { name }) => name).sort(), [...attributes].sort());
  await page.goto(address);
  const head = await page.evaluate(() => Object.fromEntries([...document.querySelectorAll('meta[property], meta[name]')].map((meta) => [meta.getAttribute('property') ?? meta.getAttribute('name'), meta.getAttribute('content')])));
  for (const name of ['og:title', 'og:description', 'og:image', 'twitter:card', 'description', 'theme-color']) assert.ok(head[name], name);
  assert.equal((await fetch(new URL(head['og:image'] ?? '', address))).headers.get('content-type'), 'image/png');
  const app = await (await fetch(`${address}manifest.webmanifest`)).json();
  assert.equal(app.display, 'standalone');
  assert.equal((await fetch(`${address}${app.icons[0].src}`)).ok, true);
  assert.equal((await fetch(`${address}docs/embed.html`)).ok, true);
  assert.deepEqual(complaints, []);
});

test('a host page replaces texts by a dictionary, numbers and all; what it does not know stays English', { timeout: PATIENCE }, async (t) => {
  const { page, address, close } = await openPage({ viewport: { width: 900, height: 800 } });
  t.after(close);
  await page.route('**/post', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>post</title><hash-phase-chart src="mnist-figure" reveal="manual"></hash-phase-chart><script src="embed.js"></script>' }));
  await page.goto(`${address}post`);
  await page.evaluate(() => {
    /** @type {any} */ (customElements.get('hash-phase-chart')).texts = { lang: 'de', 'layer width': 'Schichtbreite', 'Pinned network': 'Gewähltes Netz', 'Layer width {}, epoch {}, {} training examples': 'Breite {}, Epoche {}, {} Beispiele' };
    /** @type {any} */ (document.querySelector('hash-phase-chart')).reveal();
  });
  await page.locator('#pinned-title', { hasText: 'Gewähltes Netz' }).waitFor();
  await page.locator('#inspector', { hasText: /^Breite 33, Epoche 100, 48,000 Beispiele/ }).waitFor();
  assert.equal(await page.locator('.frame').getAttribute('lang'), 'de');
  assert.equal(await page.locator('#x option').first().textContent(), 'Schichtbreite');
  assert.equal(await page.locator('#numbers summary').textContent(), 'All numbers of this view as a table');
});

// @ts-check
// The element in other people's pages: whatever they do to it, it shows what it was told, or says in a sentence what is in its way.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/places.mjs';
import { openPage } from './browser.mjs';

const PATIENCE = 240_000;
const chart = JSON.parse(readFileSync(join(root, 'www', 'charts', 'mnist-batch-norm.json'), 'utf8'));

/** @typedef {import('../../www/element/hash-phase-chart.js').HashPhaseChart} HashPhaseChart */

/**
 * A page on our own server, with this in it.
 * @param {string} body
 * @param {{ policy?: string, name?: string }} [how] its policy, and what embed.js is called there
 */
async function open(body, { policy, name = 'embed.js' } = {}) {
  const opened = await openPage({ viewport: { width: 1000, height: 900 } });
  const { page, address } = opened;
  await page.route('**/post', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', headers: policy ? { 'content-security-policy': policy } : {}, body: `<!doctype html><title>post</title>${body}` }));
  if (name !== 'embed.js') await page.route(`**/${name}`, async (route) => route.fulfill({ response: await route.fetch({ url: `${address}embed.js` }) }));
  await page.goto(`${address}post`);
  return { ...opened, element: page.locator('hash-phase-chart').first() };
}

test('properties that are set before the script has come count', { timeout: PATIENCE }, async () => {
  const { page, element, address } = await open('<hash-phase-chart></hash-phase-chart>');
  await page.evaluate((chart) => Object.assign(/** @type {any} */ (document.querySelector('hash-phase-chart')), { chart, view: { metric: 'knn' } }), chart);
  await page.addScriptTag({ url: `${address}embed.js` });
  await element.locator('#figure-title', { hasText: `${chart.title}: K-NN` }).waitFor();
});

test('of a server that falls silent the reader is told, and what to do', { timeout: PATIENCE }, async () => {
  const { page, element } = await open('<hash-phase-chart src="/silent.json" loading="eager"></hash-phase-chart>');
  await page.clock.install();
  const asked = page.waitForRequest('**/silent.json');
  await page.route('**/silent.json', () => {});
  await page.addScriptTag({ url: '/embed.js' });
  await asked;
  await page.clock.runFor(61_000);
  await element.locator('#notice', { hasText: 'has sent nothing for 60 seconds: try again later' }).waitFor();
});

test('in a page that is scaled, a click pins the square that is under it', { timeout: PATIENCE }, async () => {
  const { page, element } = await open('<script src="embed.js"></script><div style="transform: scale(.6); transform-origin: 0 0; width: 1200px"><hash-phase-chart src="mnist-figure"></hash-phase-chart></div>');
  const square = element.locator('#chart [aria-label^="width 3, epoch 100,"]');
  const box = await square.boundingBox();
  assert.ok(box);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await element.locator('#inspector', { hasText: /^Layer width 3, epoch 100,/ }).waitFor();
});

test('in a page that is read from right to left the chart is drawn as ever, and its words are said to be English', { timeout: PATIENCE }, async () => {
  const texts = async (/** @type {string} */ dir) => {
    const { element } = await open(`<script src="embed.js"></script><div dir="${dir}" lang="ar"><hash-phase-chart src="mnist-figure"></hash-phase-chart></div>`);
    await element.locator('#chart svg').first().waitFor();
    return element.evaluate((element) => {
      const frame = element.shadowRoot?.querySelector('#chart');
      const { left } = /** @type {Element} */ (frame).getBoundingClientRect();
      return { lang: frame?.closest('[lang]')?.getAttribute('lang'), places: [...(frame?.querySelectorAll('svg text') ?? [])].map((text) => Math.round(text.getBoundingClientRect().left - left)) };
    });
  };
  const [there, here] = [await texts('rtl'), await texts('ltr')];
  assert.deepEqual(there, here);
  assert.equal(there.lang, 'en');
});

test('one attribute that changes leaves what a reader has chosen; axes stay two; what is no view is left out with a word', { timeout: PATIENCE }, async () => {
  const { page, element } = await open('<script src="embed.js"></script><hash-phase-chart src="mnist-figure" metric="knn" x="epoch" y="width"></hash-phase-chart>');
  /** @type {string[]} */
  const warned = [];
  page.on('console', (message) => message.type() === 'warning' && warned.push(message.text()));
  await element.locator('#metric').selectOption('logistic');
  const view = (/** @type {(chart: HashPhaseChart) => void} */ act) => element.evaluate((element, act) => {
    new Function('chart', `(${act})(chart)`)(element);
    const { metric, x, y, redundancy } = /** @type {HashPhaseChart} */ (element).view;
    return { metric, x, y, redundancy };
  }, String(act));
  assert.deepEqual(await view((chart) => chart.setAttribute('redundancy', '0.2')), { metric: 'logistic', x: 'epoch', y: 'width', redundancy: 0.2 });
  assert.deepEqual(await view((chart) => chart.removeAttribute('x')), { metric: 'logistic', x: 'width', y: 'epoch', redundancy: 0.2 });
  assert.deepEqual(await view((chart) => (chart.view = /** @type {any} */ ({ x: 'epoch' }))), { metric: 'logistic', x: 'epoch', y: 'width', redundancy: 0.2 });
  assert.deepEqual(await view((chart) => (chart.view = /** @type {any} */ ({ metric: 'acc', redundancy: 7 }))), { metric: 'logistic', x: 'epoch', y: 'width', redundancy: 0.2 });
  assert.ok(warned.some((words) => words.includes('metric is "acc"')) && warned.some((words) => words.includes('redundancy is 7')), warned.join('\n'));
});

test('another chart that is named while the element is out of the page is shown when it is back, and what its reader chose stays', { timeout: PATIENCE }, async () => {
  const { page, element } = await open('<script src="embed.js"></script><hash-phase-chart src="mnist-figure" metric="knn"></hash-phase-chart>');
  await element.locator('#metric').selectOption('logistic');
  await page.evaluate(async () => {
    const chart = /** @type {HashPhaseChart} */ (document.querySelector('hash-phase-chart'));
    chart.remove();
    await new Promise((go) => setTimeout(go));
    chart.src = 'mnist-batch-norm';
    document.body.append(chart);
  });
  await element.locator('#figure-title', { hasText: `${chart.title}: logistic` }).waitFor();
});

test('a plan that is none, or says what nobody knows, is named on the element', { timeout: PATIENCE }, async () => {
  const { page } = await open(`<script src="embed.js"></script>${['dataset=moons&width=3,8', '{"dataset":"moons","protocol":{},"axes":{"width":[3],"epoch":[0],"samples":[10],"seed":[1]}}'].map((plan) => `<hash-phase-chart plan='${plan}' controls="train" loading="eager"></hash-phase-chart>`).join('')}`);
  await page.locator('hash-phase-chart').first().locator('#notice', { hasText: 'The plan says width=3,8: give one of dataset, preset, widths' }).waitFor();
  await page.locator('hash-phase-chart').last().locator('#notice', { hasText: /a whole plan, whose “protocol\.\w+” is there/ }).waitFor();
});

test('a copied script, a server without CORS and a policy that forbids say so, each with its remedy', { timeout: PATIENCE }, async (t) => {
  const copied = await open('<script src="cache/all.js"></script><hash-phase-chart></hash-phase-chart>', { name: 'cache/all.js' });
  await copied.element.locator('#notice', { hasText: 'This page serves embed.js under another name' }).waitFor();
  // A server of another origin that does not send this header.
  const server = createServer((_, answer) => answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(chart)));
  await new Promise((go) => server.listen(0, '127.0.0.1', () => go(undefined)));
  t.after(() => server.close());
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const other = await openPage();
  await other.page.goto(`${other.address}embed.html?src=http://127.0.0.1:${port}/one.json`);
  await other.page.locator('#notice', { hasText: `its server, 127.0.0.1:${port}, must send Access-Control-Allow-Origin` }).waitFor();
  const forbidden = await open('<script src="embed.js"></script><hash-phase-chart></hash-phase-chart>', { policy: "connect-src 'none'" });
  await forbidden.element.locator('#notice', { hasText: /the policy of this page forbids it: add http:\/\/127\.0\.0\.1:\d+ to its connect-src/ }).waitFor();
});

test('a policy of workers from its own address alone trains all the same', { timeout: PATIENCE }, async () => {
  const { element } = await open('<script src="embed.js"></script><hash-phase-chart plan="dataset=moons&widths=3&epochs=0,1&samples=20" controls="train" loading="eager"></hash-phase-chart>', { policy: "worker-src 'self'; script-src 'self' 'wasm-unsafe-eval'" });
  await element.locator('#start:enabled').click();
  await element.locator('#progress-text', { hasText: /^Done: 2 of 2/ }).waitFor();
});

test('whose chart an address shows stands under its title, and a host hears of its own changes alone', { timeout: PATIENCE }, async () => {
  const { page, address } = await openPage();
  await page.route('http://charts.example/**', (route) => route.fulfill({ json: chart, headers: { 'access-control-allow-origin': '*' } }));
  await page.route('**/post', (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><title>post</title><script src="${address}embed.js"></script><hash-phase-chart src="http://charts.example/one.json"><select slot="choose"><option>a</option><option>b</option></select></hash-phase-chart>` }));
  await page.goto(`${address}post`);
  const element = page.locator('hash-phase-chart');
  await element.locator('#whose', { hasText: 'This chart and its words are from charts.example.' }).waitFor();
  await element.evaluate((element) => {
    Object.assign(window, { heard: [] });
    element.addEventListener('change', (event) => /** @type {any} */ (window).heard.push(event instanceof CustomEvent));
  });
  await page.locator('select[slot=choose]').selectOption('b');
  await element.locator('#metric').selectOption('knn');
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).heard), [true]);
});

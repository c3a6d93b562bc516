// @ts-check
// The page on a browser that offers no GPU, and on one that offers a program that plays one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { downloadChart, meanDifference, openPage } from './browser.mjs';

/** Milliseconds within which a program that plays GPU trains a toy on two slow processors. */
const PATIENCE = 600_000;
/** Networks that a program that plays GPU trains in a minute. */
const ONE_LAYER = 'dataset=moons&preset=figure&seeds=1';

/** Lets a test reach the devices of the worker on the GPU, and know of errors that nobody caught. */
const reach = `
  globalThis.devices = [];
  globalThis.uncaught = [];
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...given) {
    const device = await request.apply(this, given);
    devices.push(device);
    device.addEventListener('uncapturederror', ({ error }) => uncaught.push(error.message));
    return device;
  };
`;

/** Clocks of the workers, so many times as fast: what is timed by them takes so many times as long. @typedef {{ cpu: number, gpu: number }} Clocks */

/** Holds a worker's training until the page says on. */
const hold = `{
  const held = [];
  let on = false;
  new BroadcastChannel('train on').addEventListener('message', () => {
    on = true;
    for (const data of held) dispatchEvent(new MessageEvent('message', { data }));
  });
  addEventListener('message', (event) => {
    if (on || event.data.type !== 'run') return;
    event.stopImmediatePropagation();
    held.push(event.data);
  });
}`;

/** @param {{ webgpu: boolean, link: string, clocks?: Clocks | null, holds?: boolean }} how with `clocks` the program that plays GPU is taken for a real one; `holds`: the CPU trains nothing until `trainOn` */
async function open({ webgpu, link, clocks = null, holds = false }) {
  const opened = await openPage({ webgpu, acceptDownloads: true });
  const { page, address } = opened;
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  const clock = (/** @type {keyof Clocks} */ engine) => (clocks ? `{ const now = performance.now.bind(performance); performance.now = () => ${clocks[engine]} * now(); }` : '');
  const begin = (/** @type {RegExp} */ worker, /** @type {string} */ first) =>
    page.route(worker, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: first + (await answer.text()) });
    });
  await begin(/gpu-worker.*\.js/, reach + clock('gpu'));
  await begin(/\/worker.*\.js/, clock('cpu') + (holds ? hold : ''));
  if (clocks) await page.addInitScript(() => Object.defineProperty(GPUAdapter.prototype, 'info', { get: () => ({ vendor: 'acme', architecture: 'one', description: '' }) }));
  await page.goto(`${address}#${link}`);
  const why = page.locator('#engine-why', { hasText: /^[CG]PU/ });
  await why.waitFor();
  const gpuWorker = () => page.workers().find((worker) => worker.url().includes('gpu-worker'));
  return {
    ...opened,
    why: await why.textContent(),
    asked,
    train: () => page.locator('#start').click(),
    trainOn: () => page.evaluate(() => new BroadcastChannel('train on').postMessage('')),
    until: (/** @type {RegExp} */ text) => page.locator('#progress-text', { hasText: text }).waitFor({ timeout: PATIENCE }),
    uncaught: async () => (await gpuWorker()?.evaluate(() => /** @type {any} */ (globalThis).uncaught)) ?? [],
    loseDevice: () => gpuWorker()?.evaluate(() => /** @type {any} */ (globalThis).devices.at(-1).destroy()),
    refuse: () => gpuWorker()?.evaluate(() => void (/** @type {any} */ (globalThis).devices.at(-1).createShaderModule({ code: 'no shader' }))),
  };
}

test('where the browser offers no GPU the CPU trains, and the GPU engine is never fetched', async () => {
  const { why, asked, train, until, close } = await open({ webgpu: false, link: 'dataset=moons' });
  assert.match(why ?? '', /CPU, since this browser offers no GPU/);
  await train();
  await until(/^Done: 105 of 105 squares .*CPU/);
  assert.equal(asked.some((address) => address.includes('gpu-worker')), false);
  assert.equal(asked.filter((address) => address.endsWith('.wasm')).every((address, _, all) => address === all[0]), true);
  await close();
});

test('a GPU that was chosen and is not there is an error that says what to do', async () => {
  const { page, why, train, until, close } = await open({ webgpu: false, link: 'dataset=moons&engine=gpu' });
  assert.match(why ?? '', /this browser offers none/);
  await train();
  await until(/^Failed/);
  assert.match((await page.locator('#notice').textContent()) ?? '', /^No GPU is available .*use the CPU engine/);
  await close();
});

test('left to itself the page does not take a program for a GPU', async () => {
  const { why, close } = await open({ webgpu: true, link: 'dataset=moons' });
  assert.match(why ?? '', /CPU, since the GPU offered \(.*swiftshader.*\) is emulated in software/);
  await close();
});

test('a plan that the CPU trains at once does not fetch the GPU’s engine, real or not', async () => {
  const { page, why, asked, train, until, close } = await open({ webgpu: true, link: 'dataset=moons', clocks: { cpu: 0.01, gpu: 1 } });
  assert.match(why ?? '', /^GPU \(acme one\) or CPU, whichever trains the plan sooner/);
  await train();
  await until(/^Done: 105 of 105 squares .*CPU/);
  assert.match((await page.locator('#notice').textContent()) ?? '', /^The CPU trains this plan within about \d+(\.\d+)? s, sooner than the GPU’s engine could be fetched and readied\.$/);
  assert.equal(asked.some((address) => /gpu/.test(address)), false);
  await close();
});

test('while the GPU is tried the CPU trains, and a trial that never ends holds nothing up', { timeout: PATIENCE }, async () => {
  // With a clock that stands still, the trial of the GPU never ends.
  const { train, until, page } = await open({ webgpu: true, link: 'dataset=moons', clocks: { cpu: 1e4, gpu: 0 } });
  await train();
  await until(/^Done: 105 of 105 squares .*CPU/);
  const { chart } = await downloadChart(page);
  assert.equal(chart.provenance.engine, 'cpu');
});

for (const [faster, clocks] of /** @type {[string, Clocks][]} */ ([['CPU', { cpu: 1e4, gpu: 1e8 }], ['GPU', { cpu: 1e8, gpu: 1 }]]))
  test(`of two engines the one that is timed to be the faster trains, and the page says both times: the ${faster}`, { timeout: PATIENCE }, async () => {
    const { page, train, trainOn, until, complaints } = await open({ webgpu: true, link: `${ONE_LAYER}&widths=3,6&epochs=0,1,2&samples=64,128`, clocks, holds: true });
    await train();
    await page.locator('#notice', { hasText: new RegExp(`^Timed on steps of this plan’s own networks, what is left to train takes the CPU about [\\d.]+ (s|min) and the GPU [\\d.]+ (s|min): the ${faster} trains it\\.$`) }).waitFor({ timeout: PATIENCE });
    await trainOn();
    await until(new RegExp(`^Done: 12 of 12 squares .*${faster}`));
    const { chart } = await downloadChart(page);
    assert.equal(chart.provenance.engine, faster.toLowerCase());
    assert.deepEqual(complaints, []);
  });

test('a chart of the GPU is that of the CPU, and the GPU refuses nothing', { timeout: PATIENCE }, async () => {
  const charts = [];
  for (const engine of ['gpu', 'cpu']) {
    const { page, train, until, uncaught, complaints, close } = await open({ webgpu: true, link: `${ONE_LAYER}&widths=2,3,5,8,12,20,32&epochs=0,1,3,10&samples=10,30,100,300,1024&engine=${engine}` });
    await train();
    if (engine === 'gpu') {
      await until(/^1[0-3]\d of 140/); // the worker is still there to be asked
      assert.deepEqual(await uncaught(), []);
    }
    await until(/^Done: 140 of 140/);
    const { chart } = await downloadChart(page);
    assert.equal(chart.provenance.engine, engine);
    assert.deepEqual(complaints, []);
    charts.push(chart);
    await close();
  }
  const mean = meanDifference(charts[0], charts[1]);
  console.log(`mean difference between GPU and CPU over ${8 * charts[0].cells.length} numbers: ${mean.toFixed(5)}`);
  assert.ok(mean < 0.02, `mean difference ${mean}`);
});

test('every level is trained only after its own first steps were held against the CPU’s', { timeout: PATIENCE }, async () => {
  const { page, train, until, complaints, close } = await open({ webgpu: true, link: `${ONE_LAYER}&engine=gpu&widths=3,6&epochs=0,1&samples=64&factor=activation&levels=relu,tanh` });
  await page.evaluate(() => {
    const post = Worker.prototype.postMessage;
    Object.assign(window, { sent: [] });
    Worker.prototype.postMessage = function (/** @type {any} */ message, /** @type {any} */ ...rest) {
      if (['check', 'train'].includes(message.type)) /** @type {any} */ (window).sent.push(`${message.type} ${message.populations[0].level}`);
      return post.call(this, message, ...rest);
    };
  });
  await train();
  await until(/^Done: 8 of 8/);
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).sent), ['check 0', 'train 0', 'check 1', 'train 1']);
  assert.deepEqual(complaints, []);
  await close();
});

test('a device that is lost on the way costs no finished square: another takes over, and then the CPU', { timeout: PATIENCE }, async () => {
  const link = `${ONE_LAYER}&engine=gpu&widths=4,12&epochs=0,1,2,3,4,60&samples=100,1024`;
  const { page, train, until, loseDevice, close } = await open({ webgpu: true, link });
  const notice = (/** @type {RegExp} */ text) => page.locator('#notice', { hasText: text }).waitFor({ timeout: PATIENCE });
  await train();
  await until(/^([4-9]|1\d) of 24/);
  const { chart: early } = await downloadChart(page);
  await loseDevice();
  await notice(/GPU was lost .* A new device takes over; finished squares are kept/);
  await until(/^(1[2-9]|2\d) of 24/);
  const { chart: late } = await downloadChart(page);
  await loseDevice();
  await notice(/GPU was lost .* The CPU takes over; finished squares are kept/);
  await until(/^Done: 24 of 24 squares .*CPU/);
  const { chart } = await downloadChart(page);
  assert.ok(early.cells.length >= 4 && early.cells.length < late.cells.length && late.cells.length < 24);
  for (const cell of [...early.cells, ...late.cells])
    assert.ok(chart.cells.some((/** @type {any} */ kept) => JSON.stringify(kept) === JSON.stringify(cell)), `lost: ${JSON.stringify(cell)}`);
  assert.equal(chart.provenance.engine, 'gpu, then cpu');
  assert.equal(chart.provenance.backend, 'burn-wgpu 0.22, then own kernels in WebAssembly');
  await close();
});

test('a command that the GPU refuses voids what it counted, and the CPU does it all again', { timeout: PATIENCE }, async () => {
  const link = `${ONE_LAYER}&widths=4,12&epochs=0,1,60&samples=100,1024&engine=`;
  const { page, train, until, refuse, close } = await open({ webgpu: true, link: `${link}gpu` });
  await train();
  await until(/^[4-8] of 12/);
  await refuse();
  await page.locator('#notice', { hasText: /GPU refused a command .* The CPU takes over; what it counted is thrown away/ }).waitFor({ timeout: PATIENCE });
  await until(/^Done: 12 of 12 squares .*CPU/);
  const { chart } = await downloadChart(page);
  await close();
  const alone = await open({ webgpu: true, link: `${link}cpu` });
  await alone.train();
  await alone.until(/^Done/);
  const { chart: onCpu } = await downloadChart(alone.page);
  await alone.close();
  assert.deepEqual(chart.cells, onCpu.cells);
  assert.deepEqual([chart.provenance.engine, chart.provenance.backend], ['cpu', onCpu.provenance.backend]);
});

test('networks with convolutions train on a GPU, too, and come to what the CPU comes to', { timeout: PATIENCE }, async () => {
  const charts = [];
  for (const engine of ['gpu', 'cpu']) {
    const { page, train, until, uncaught, complaints, close } = await open({ webgpu: true, link: `dataset=mnist-small&network=vgg&channels=1&blocks=2&batch=400&widths=6,12&epochs=0,1&samples=400&engine=${engine}` });
    await train();
    await until(new RegExp(`^Done: 4 of 4 squares .*${engine.toUpperCase()}`));
    if (engine === 'gpu') assert.deepEqual(await uncaught(), []);
    assert.deepEqual(complaints, []);
    charts.push((await downloadChart(page)).chart);
    await close();
  }
  assert.deepEqual(charts.map(({ provenance }) => provenance.engine), ['gpu', 'cpu']);
  const difference = meanDifference(charts[0], charts[1]);
  assert.ok(difference < 0.02, `${difference} apart on average`);
});

// @ts-check
// Two hundred runs in one page: begun, paused, resumed, stopped, changed at random, always in the same way; memory and all that could be left
// behind are counted. `npm run soak` writes docs/figures/soak.svg and fails where anything grows; the page must be built.
// `-- --firefox` does it in Firefox, which tells its memory alone, `-- --gpu` on the GPU engine as well.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, firefox } from 'playwright-core';
import { preview } from 'vite';
import { browser, firefox as findFirefox } from './browser.mjs';
import { root } from './places.mjs';
import { SetupError, say, script } from './shell.mjs';

const RUNS = 200;
const EVERY = 10;
/** Runs after which nothing may grow any more, and what a browser may hold more at the end, in MB: it frees when it likes. */
const SETTLED = 20;
const SLACK = 60;
const PATIENCE = 60_000;

/** Numbers that are the same each time. */
function random(state = 2026) {
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Memory of a process and all that it has started, in MB; what they share is counted once (Pss). @param {number} pid */
function memoryOf(pid) {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const name of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const parent = Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1].split(' ')[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // It has ended in between.
    }
  }
  /** @param {number} pid @returns {number} */
  const of = (pid) => {
    let own = 0;
    try {
      own = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024;
    } catch {
      // It has ended in between.
    }
    return (children.get(pid) ?? []).reduce((sum, child) => sum + of(child), own);
  };
  return of(pid);
}

/** @param {{ run: number, memory: number }[]} counted @param {string} title */
function picture(counted, title) {
  const [width, height, left, bottom] = [640, 260, 48, 36];
  const most = Math.ceil(Math.max(...counted.map(({ memory }) => memory)) / 100) * 100;
  const x = (/** @type {number} */ run) => left + (run / RUNS) * (width - left - 12);
  const y = (/** @type {number} */ memory) => height - bottom - (memory / most) * (height - bottom - 34);
  const ticks = Array.from({ length: 5 }, (_, at) => (most / 4) * at);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12"><rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${left}" y="18" font-weight="bold">${title}</text>`,
    ...ticks.map((tick) => `<line x1="${left}" x2="${width - 12}" y1="${y(tick)}" y2="${y(tick)}" stroke="#ddd"/><text x="${left - 6}" y="${y(tick) + 4}" text-anchor="end">${Math.round(tick)}</text>`),
    ...[0, 50, 100, 150, 200].map((run) => `<text x="${x(run)}" y="${height - bottom + 16}" text-anchor="middle">${run}</text>`),
    `<text x="${width / 2}" y="${height - 4}" text-anchor="middle">runs</text><text x="4" y="30">MB</text>`,
    `<polyline fill="none" stroke="#1d5fbf" stroke-width="2" points="${counted.map(({ run, memory }) => `${x(run).toFixed(1)},${y(memory).toFixed(1)}`).join(' ')}"/></svg>\n`,
  ].join('\n');
}

await script(async () => {
  const inFirefox = process.argv.includes('--firefox');
  const onGpu = process.argv.includes('--gpu');
  const env = { ...process.env, ...(await browser()), ...(await findFirefox()) };
  const server = await preview({ root, preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' });
  const args = ['--no-sandbox', '--js-flags=--expose-gc', ...(onGpu ? ['--enable-unsafe-webgpu'] : [])];
  const opened = inFirefox ? await firefox.launch({ executablePath: env.FIREFOX }) : await chromium.launch({ executablePath: env.CHROMIUM, args });
  const pid = Number(execFileSync('pgrep', ['-P', String(process.pid)], { encoding: 'utf8' }).trim().split('\n').at(-1));
  try {
    const page = await opened.newPage();
    await page.goto(`${server.resolvedUrls?.local[0]}embed.html?${new URLSearchParams({ plan: 'quick moons', controls: 'train' })}`);
    await page.locator('#start:enabled').waitFor();
    const session = inFirefox ? null : await page.context().newCDPSession(page);
    await session?.send('Performance.enable');
    const next = random();
    const pick = (/** @type {unknown[]} */ from) => from[Math.floor(next() * from.length)];
    /** @type {{ run: number, memory: number, workers: number, listeners: number, nodes: number }[]} */
    const counted = [];
    for (let run = 1; run <= RUNS; run++) {
      // Every run is deleted again: what a reader keeps may grow.
      const what = { widths: pick(['3,8', '16,64', '32,128,256']), samples: pick(['20', '100,300', '1024']), epochs: pick(['0,1', '0,1,2,4']), end: pick(['done', 'stop', 'again']), pauses: next() < 0.4, engine: onGpu ? pick(['cpu', 'gpu']) : 'cpu' };
      await page.evaluate(async ({ widths, samples, epochs, end, pauses, engine, patience }) => {
        const chart = /** @type {any} */ (document.querySelector('hash-phase-chart'));
        // What is listened to here ends with the run, so that the page's own listeners alone are counted.
        const over = new AbortController();
        const settled = new Promise((go, fail) => {
          setTimeout(() => fail(new Error('a run has not ended in time')), patience);
          for (const event of ['done', 'error']) chart.addEventListener(event, () => go(event), { once: true, signal: over.signal });
          chart.addEventListener('cell', () => {
            if (pauses) {
              chart.pause();
              setTimeout(() => chart.resume(), 20);
            }
            if (end === 'done') return;
            chart.stop();
            go(end);
          }, { once: true, signal: over.signal });
        });
        chart.setAttribute('plan', `dataset=moons&preset=quick&widths=${widths}&samples=${samples}&epochs=${epochs}&seeds=1&engine=${engine}`);
        chart.train();
        if (end === 'again') chart.train(); // before the first one has begun
        const how = await settled;
        over.abort();
        if (how === 'error') throw new Error(chart.notice);
      }, { ...what, patience: PATIENCE });
      await page.locator('#kept').evaluate((kept) => void (/** @type {HTMLDetailsElement} */ (kept).open = true));
      await page.getByRole('button', { name: /^Delete/ }).first().click();
      await page.locator('#kept').evaluate((kept) => void (/** @type {HTMLDetailsElement} */ (kept).open = false));
      if (run % EVERY) continue;
      if (session) await session.send('HeapProfiler.collectGarbage');
      const metrics = session ? (await session.send('Performance.getMetrics')).metrics : [];
      const metric = (/** @type {string} */ name) => metrics.find((one) => one.name === name)?.value ?? 0;
      counted.push({ run, memory: memoryOf(pid), workers: page.workers().length, listeners: metric('JSEventListeners'), nodes: metric('Nodes') });
      const last = /** @type {typeof counted[number]} */ (counted.at(-1));
      say(`${run} runs: ${last.memory.toFixed(0)} MB, ${last.workers} workers, ${last.listeners} listeners, ${last.nodes} nodes`);
    }
    const name = inFirefox ? 'Firefox' : onGpu ? 'Chromium, both engines' : 'Chromium';
    if (!inFirefox && !onGpu) writeFileSync(join(root, 'docs', 'figures', 'soak.svg'), picture(counted, `Memory of a browser (${name}) over ${RUNS} runs in one page`));
    const settled = counted.filter(({ run }) => run >= SETTLED);
    const [first, last] = [settled[0], settled[settled.length - 1]];
    const half = (/** @type {number} */ from) => settled.slice(from).reduce((sum, { memory }) => sum + memory, 0) / settled.slice(from).length;
    const grown = half(Math.floor(settled.length / 2)) - settled.slice(0, Math.floor(settled.length / 2)).reduce((sum, { memory }) => sum + memory, 0) / Math.floor(settled.length / 2);
    say(`${name}: the second half of the runs took ${grown.toFixed(1)} MB more than the first`);
    if (grown > SLACK / 4 || last.memory > first.memory + SLACK) throw new SetupError(`memory grows: ${first.memory.toFixed(0)} MB after ${first.run} runs, ${last.memory.toFixed(0)} after ${last.run}.`, 'find what is kept (the browser’s memory panel).');
    if (last.workers > 0) throw new SetupError(`${last.workers} workers are left.`, 'end them.');
    if (last.listeners > first.listeners * 1.2 + 20) throw new SetupError(`listeners grow from ${first.listeners} to ${last.listeners}.`, 'take them away with what they are on.');
  } finally {
    await opened.close();
    await server.close();
  }
});

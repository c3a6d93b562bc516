// @ts-check
// Two hundred runs in one page: begun, paused, resumed, stopped, changed at random, always in the same way; memory and all that could be left
// behind are counted. `npm run soak` writes docs/figures/soak.svg and fails where anything grows; the page must be built.
// `-- --firefox` and `-- --webkit` do it there, which tell their memory alone, `-- --gpu` on the GPU engine as well.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { picture } from './picture.mjs';
import { root } from './places.mjs';
import { servePage } from './serve-page.mjs';
import { SetupError, say, script } from './shell.mjs';
import { runOnce } from './soak-run.mjs';
import { inChromium, inFirefox, inWebKit } from './three-browsers.mjs';

/** @typedef {import('./three-browsers.mjs').Counts} Counts */

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

await script(async () => {
  const asked = (/** @type {string} */ word) => process.argv.includes(`--${word}`);
  const gpu = asked('gpu');
  const { name, go, evaluate, count, end } = await (asked('firefox') ? inFirefox() : asked('webkit') ? inWebKit() : inChromium(gpu));
  const { address, close } = await servePage();
  try {
    await go(`${address}embed.html?${new URLSearchParams({ plan: 'quick moons', controls: 'train' })}`);
    const next = random();
    const pick = (/** @type {string[]} */ ...from) => from[Math.floor(next() * from.length)];
    /** @type {(Counts & { run: number })[]} */
    const counted = [];
    for (let run = 1; run <= RUNS; run++) {
      await evaluate(runOnce, {
        widths: pick('3,8', '16,64', '32,128,256'),
        samples: pick('20', '100,300', '1024'),
        epochs: pick('0,1', '0,1,2,4'),
        end: pick('done', 'stop', 'again'),
        pauses: next() < 0.4,
        engine: gpu ? pick('cpu', 'gpu') : 'cpu',
        patience: PATIENCE,
      });
      if (run % EVERY) continue;
      const counts = await count();
      counted.push({ run, ...counts });
      say(`${run} runs: ${counts.memory.toFixed(0)} MB, ${counts.workers} workers, ${counts.listeners} listeners, ${counts.nodes} nodes`);
    }
    if (name === 'Chromium') writeFileSync(join(root, 'docs', 'figures', 'soak.svg'), picture({ title: `Memory of a browser (${name}) over ${RUNS} runs in one page`, across: 'runs', up: 'MB', lines: [{ name, points: counted.map(({ run, memory }) => [run, memory]) }] }));
    hold(name, counted.filter(({ run }) => run >= SETTLED));
  } finally {
    await end();
    await close();
  }
});

/** Refuses what grows. @param {string} name @param {(Counts & { run: number })[]} counted */
function hold(name, counted) {
  const [first, last] = [counted[0], counted[counted.length - 1]];
  const mean = (/** @type {Counts[]} */ some) => some.reduce((sum, { memory }) => sum + memory, 0) / some.length;
  const half = Math.floor(counted.length / 2);
  const grown = mean(counted.slice(half)) - mean(counted.slice(0, half));
  say(`${name}: the second half of the runs took ${grown.toFixed(1)} MB more than the first`);
  if (grown > SLACK / 4 || last.memory > first.memory + SLACK) throw new SetupError(`memory grows: ${first.memory.toFixed(0)} MB after ${first.run} runs, ${last.memory.toFixed(0)} after ${last.run}.`, 'find what is kept (the browser’s memory panel).');
  if (last.workers > 0) throw new SetupError(`${last.workers} workers are left.`, 'end them.');
  if (last.listeners > first.listeners * 1.2 + 20) throw new SetupError(`listeners grow from ${first.listeners} to ${last.listeners}.`, 'take them away with what they are on.');
}

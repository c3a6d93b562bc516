// @ts-check
// A plan in, a stream of events out.
import { whyNot } from './catalogue.js';
import { choose } from './choose.js';
import { cpuModule, modulesFor } from './cpu-module.js';
import { measureProcessors } from './processors.js';
import { train } from './train.js';

/** @typedef {import('../types.d.ts').Plan} Plan */
/** @typedef {import('./train.js').Maker} Maker */
/**
 * @typedef {(
 *   | { kind: 'engine', engine: 'cpu' | 'gpu', name: string, workers: number }
 *   | { kind: 'loading', share: number, what: string }
 *   | { kind: 'chart', chart: import('../types.d.ts').PhaseChart }
 *   | { kind: 'cell', cell: import('../types.d.ts').Cell, maker: Maker }
 *   | { kind: 'gap', gap: import('../types.d.ts').Gap, maker: Maker }
 *   | { kind: 'progress', share: number }
 *   | { kind: 'fallback', note: string, engine: string, discard: boolean }
 *   | { kind: 'notice', note: string }
 * )} SweepEvent
 * which engine was taken; how much of a large module or data set is there; the chart without cells; a network with its numbers; one
 * whose training diverged; the share of all work that is done; another engine that takes over, and whether the cells so far are void; something that a reader
 * should know, and that costs no finished network
 */
/**
 * @typedef {{
 *   home: import('./home.js').Home,
 *   catalogue: import('./catalogue.js').Catalogue,
 *   adapter: import('./choose.js').Adapter | null,
 *   engine?: import('./choose.js').Wanted,
 *   signal?: AbortSignal,
 *   processors?: number,
 *   finished?: import('../types.d.ts').PhaseChart | null,
 * }} SweepOptions `processors`: how many workers this machine bears, measured if not said; `finished`: the chart of an earlier run of the plan,
 * which is gone on with where its networks are those that the plan would come to here, and refused where they are not
 */

/**
 * Trains a plan. The stream ends when all is done, and throws what went wrong (with a `code`), or the signal's reason. Leaving
 * the loop ends the training.
 * @param {Plan} plan
 * @param {SweepOptions} options
 * @returns {AsyncIterable<SweepEvent> & { pause: () => void, resume: () => void }}
 */
export function sweep(plan, { home, catalogue, adapter, engine: wish = 'auto', signal, processors, finished = null }) {
  /** @type {SweepEvent[]} */
  let waiting = [];
  let over = false;
  /** @type {unknown} */
  let failure = null;
  let wake = () => {};
  const told = (/** @type {SweepEvent} */ event) => {
    waiting.push(event);
    wake();
  };
  const end = (/** @type {unknown} */ error = null) => {
    over = true;
    failure = error;
    wake();
  };
  /** @type {ReturnType<typeof train> | null} */
  let run = null;
  const named = (/** @type {'cpu' | 'gpu'} */ engine) => (engine === 'gpu' ? `GPU (${adapter?.name ?? 'none'})` : 'CPU');

  async function start() {
    const choice = choose(wish, adapter, catalogue.gpu !== null);
    const lack = whyNot(catalogue, ...modulesFor(plan, choice.engine));
    const cpu = catalogue[cpuModule(plan)];
    if (lack || !cpu) throw Object.assign(new Error(lack), { code: 'engine/missing' });
    const bears = processors ?? (await measureProcessors());
    signal?.throwIfAborted();
    run = train(plan, { engine: choice.engine, chosen: wish !== 'auto', finished }, home, { cpu, gpu: catalogue.gpu }, bears, {
      loading: (share, what) => told({ kind: 'loading', share, what }),
      chart: (chart) => told({ kind: 'chart', chart }),
      cell: (cell, maker) => told({ kind: 'cell', cell, maker }),
      gap: (gap, maker) => told({ kind: 'gap', gap, maker }),
      progress: (share) => told({ kind: 'progress', share }),
      engine: (engine, workers) => told({ kind: 'engine', engine, name: named(engine), workers }),
      fallback: (what) => told({ kind: 'fallback', ...what }),
      notice: (note) => told({ kind: 'notice', note }),
      done: () => end(),
      failed: ({ code, message }) => end(Object.assign(new Error(message), { code })),
    });
    told({ kind: 'engine', engine: choice.engine, name: named(choice.engine), workers: run.workers });
  }

  async function* events() {
    const aborted = () => end(signal?.reason);
    try {
      signal?.throwIfAborted();
      signal?.addEventListener('abort', aborted);
      await start();
      for (;;) {
        const now = waiting;
        waiting = [];
        for (const event of now) {
          signal?.throwIfAborted();
          yield event;
        }
        if (waiting.length) continue;
        if (failure) throw failure;
        if (over) return;
        await new Promise((go) => (wake = () => go(undefined)));
      }
    } finally {
      signal?.removeEventListener('abort', aborted);
      run?.stop();
    }
  }
  return Object.assign(events(), { pause: () => run?.pause(), resume: () => run?.resume() });
}

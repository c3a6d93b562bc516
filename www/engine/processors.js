// @ts-check
// How many workers this machine bears. Browsers say how many processors there are, but not all of them the truth (WebKit says 4
// where there are 2, others hide or halve them), and some are busy: so what is claimed is tried.
import { scriptAddress } from './script-address.js';

/** Workers at most: each holds what it trains, and where pages may not share memory a data set of its own, 26 MB of MNIST and 154 MB of CIFAR-10. */
const MOST_WORKERS = 8;
/** Milliseconds that each trial counts, and how many there are. */
const TRIAL = 15;
const TRIALS = 3;
/** As many are believed: fewer than two are hardly built any more, and one worker too many costs little. */
const SURE = 2;
/** Share of a processor below which there is none. */
const LOST = 0.35;

/** How many workers would be started by what the browser says. */
export function claimedProcessors() {
  // Not available in every browser; a phone that does not report it has few processors anyway.
  const memory = /** @type {{ deviceMemory?: number }} */ (navigator).deviceMemory ?? 4;
  return memory < 2 ? 1 : Math.min(navigator.hardwareConcurrency || 1, MOST_WORKERS);
}

/**
 * How many workers get something done at the same time: what all of them count together, by what one counts alone.
 * @param {number} [claimed]
 * @returns {Promise<number>} at least 1, at most as claimed
 */
export async function measureProcessors(claimed = claimedProcessors()) {
  if (claimed <= SURE) return claimed;
  const script = URL.createObjectURL(new Blob([`onmessage = ({ data }) => postMessage((${count})(data))`], { type: 'text/javascript' }));
  /** @type {Worker[]} */
  const counters = [];
  try {
    // A policy of `worker-src 'self'` forbids blob workers; some browsers throw at once.
    for (let started = 0; started < claimed; started++) counters.push(new Worker(scriptAddress(script)));
    const all = () => Promise.all(counters.map(trial));
    await all(); // the workers have started and compiled their loop
    // The best of several, since the machine may be busy for a moment.
    let [alone, together] = [0, 0];
    for (let time = 0; time < TRIALS; time++) {
      alone = Math.max(alone, await trial(counters[0]));
      together = Math.max(together, (await all()).reduce((sum, counted) => sum + counted, 0));
    }
    // The missing fraction of a processor was used by other programs.
    return Math.max(1, Math.min(claimed, Math.ceil(together / alone - LOST)));
  } catch {
    return claimed; // if a policy forbids the test, the claim is believed
  } finally {
    counters.forEach((counter) => counter.terminate());
    URL.revokeObjectURL(script);
  }
}

/**
 * @param {Worker} counter
 * @returns {Promise<number>}
 */
const trial = (counter) =>
  new Promise((resolve, reject) => {
    counter.onmessage = ({ data }) => resolve(data);
    counter.onerror = reject;
    counter.postMessage(TRIAL);
  });

/**
 * How far it counts in so many milliseconds; written out in the worker's script.
 * @param {number} milliseconds
 */
function count(milliseconds) {
  const end = performance.now() + milliseconds;
  let counted = 0;
  for (let sum = 0; performance.now() < end; counted++) for (let step = 0; step < 5000; step++) sum = (sum * 31 + step) | 0;
  return counted;
}

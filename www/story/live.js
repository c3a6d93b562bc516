// @ts-check
// A section's own network: a worker trains it while it is seen, and while nothing that a reader asked for trains.
import { scriptAddress } from '../engine/script-address.js';

/** @typedef {import('../element/room.js').Room} Room */

/** What is looked at lies in the middle of the window, not at its edges. */
const MIDDLE = '-30% 0px';

/**
 * @typedef {{
 *   room: Room,
 *   address: string,
 *   place: Element,
 *   first: () => Promise<[message: object, handedOver?: Transferable[]][]>,
 *   hear: (message: any) => void,
 *   failed: (error: Error) => void,
 *   waits?: () => void,
 * }} Options `address` is the worker's; `place`: what must be seen; `first`: what the worker is told first, one after the other; `waits` is told
 * where something else trains
 */

/** @param {Options} options */
export function createLive({ room, address, place, first, hear, failed, waits = () => {} }) {
  /** @type {Worker | null} */
  let worker = null;
  let seen = false;
  /** Whether there is something left to train. */
  let wanted = false;
  let asking = false;
  /** Ends its turn. @type {(() => void) | null} */
  let end = null;
  const may = () => wanted && seen && !document.hidden;

  async function settle() {
    if (!may()) return rest();
    if (end || asking) return;
    asking = true;
    const turn = await room.turn(waits, giveWay);
    asking = false;
    if (!may()) return turn();
    end = turn;
    if (worker) return worker.postMessage({ type: 'resume' });
    start();
  }

  function rest() {
    if (!end) return;
    worker?.postMessage({ type: 'pause' });
    end();
    end = null;
  }

  function giveWay() {
    rest();
    settle();
  }

  async function start() {
    try {
      const messages = await first();
      worker = new Worker(scriptAddress(address), { type: 'module' });
      worker.addEventListener('message', ({ data }) => (data.type === 'failed' ? fail(new Error(data.message)) : hear(data)));
      worker.addEventListener('error', ({ message }) => fail(new Error(message || 'the worker could not start')));
      for (const [message, handedOver = []] of messages) worker.postMessage(message, handedOver);
      if (!end) worker.postMessage({ type: 'pause' });
    } catch (error) {
      fail(/** @type {Error} */ (error));
    }
  }

  /** @param {Error} error */
  function fail(error) {
    stop();
    failed(error);
  }

  function stop() {
    wanted = false;
    worker?.terminate();
    worker = null;
    rest();
  }

  new IntersectionObserver(([{ isIntersecting }]) => {
    seen = isIntersecting;
    settle();
  }, { rootMargin: MIDDLE }).observe(place);
  document.addEventListener('visibilitychange', settle);

  return {
    /** There is something to train. */
    begin() {
      wanted = true;
      settle();
    },
    /** Nothing is left to train; the worker stays, to be asked. */
    done() {
      wanted = false;
      settle();
    },
    stop,
    /** Whether its worker has been started. */
    lives: () => worker !== null,
    /**
     * @param {object} message
     * @param {Transferable[]} [handedOver]
     */
    tell(message, handedOver = []) {
      worker?.postMessage(message, handedOver);
    },
  };
}

/** Whether a page may load and train what nobody asked for: not where data are to be spared. */
export const maySpend = () => !(/** @type {{ connection?: { saveData?: boolean } }} */ (/** @type {unknown} */ (navigator)).connection?.saveData);

// @ts-check
// A section's own network: a worker trains it while it is seen, and while nothing that a reader asked for trains. What a reader asked for
// trains at once, wherever it stands. One machine of named states owns the worker: there is never more than one, and none after `stop`.
import { RELEASE } from '../engine/release.js';
import { scriptAddress } from '../engine/script-address.js';

/** @typedef {import('../element/room.js').Room} Room */
/** @typedef {import('../engine/compiled.js').Compiled} Compiled */
/**
 * @typedef {'idle' | 'engine' | 'turn' | 'training' | 'resting' | 'failed'} State nothing to train, or not seen yet; waiting for an engine; for
 *   its turn; a worker trains; it pauses, or the turn is still to be asked for; it cannot go on
 */

/** What is looked at lies in the middle of the window, not at its edges. */
const MIDDLE = '-30% 0px';

/**
 * @typedef {{
 *   room: Room,
 *   address: string,
 *   place: Element,
 *   engine: () => Promise<Compiled>,
 *   first: (engine: Compiled) => [message: object, handedOver?: Transferable[]][],
 *   hear: (message: any) => void,
 *   failed: (error: Error) => void,
 *   waits?: () => void,
 *   changed?: () => void,
 * }} Options `address` is the worker's; `place`: what must be seen; `engine` comes when there is one; `first`: what a new worker is told first, one
 * after the other; `waits` is told where something else trains; `changed` whenever its state is another one
 */

/** @param {Options} options */
export function createLive({ room, address, place, engine, first, hear, failed, waits = () => {}, changed = () => {} }) {
  /** @type {State} */
  let state = 'idle';
  /** What was begun, counted: what comes of something earlier no longer counts. */
  let work = 0;
  /** @type {Worker | null} */
  let worker = null;
  /** @type {Compiled | null} */
  let module = null;
  /** Ends its turn, which it has while it trains. @type {(() => void) | null} */
  let endTurn = null;
  /** Whether there is something left to train, whether a reader asked for it, and whether one has paused it. */
  let [wanted, asked, paused] = [false, false, false];
  let seen = false;
  const may = () => wanted && !paused && (asked || (seen && !document.hidden));

  /** @param {State} next */
  function become(next) {
    if (state === next) return;
    state = next;
    changed();
  }

  /** Does what is to be done, as things stand now. What waits for something looks again when it has come. */
  function settle() {
    if (state === 'training' && !may()) rest();
    else if (state === 'idle' && may()) load();
    else if (state === 'resting' && may()) takeTurn();
  }

  async function load() {
    become('engine');
    const mine = work;
    try {
      const found = await engine();
      if (mine !== work) return;
      module = found;
      become('resting');
      settle();
    } catch (error) {
      if (mine === work) fail(/** @type {Error} */ (error));
    }
  }

  async function takeTurn() {
    become('turn');
    const mine = work;
    const end = await room.turn(waits, giveWay, asked);
    if (mine !== work) return end();
    if (!may()) {
      end();
      return become('resting');
    }
    endTurn = end;
    become('training');
    if (worker) return worker.postMessage({ type: 'resume' });
    start();
    // Now there is a listener.
    changed();
  }

  function start() {
    try {
      const mine = (worker = new Worker(scriptAddress(address), { type: 'module' }));
      mine.addEventListener('message', ({ data }) => mine === worker && (data.type === 'failed' ? fail(new Error(data.message)) : hear(data)));
      mine.addEventListener('error', ({ message }) => mine === worker && fail(new Error(message || 'the worker could not start')));
      for (const [message, handedOver = []] of first(/** @type {Compiled} */ (module))) mine.postMessage({ ...message, release: RELEASE }, handedOver);
    } catch (error) {
      fail(/** @type {Error} */ (error));
    }
  }

  function rest() {
    worker?.postMessage({ type: 'pause' });
    endTurn?.();
    endTurn = null;
    become('resting');
  }

  function giveWay() {
    if (state !== 'training') return;
    rest();
    settle();
  }

  /** @param {Error} error */
  function fail(error) {
    stop();
    become('failed');
    failed(error);
  }

  function stop() {
    work += 1;
    [wanted, asked, paused] = [false, false, false];
    worker?.terminate();
    [worker, module] = [null, null];
    endTurn?.();
    endTurn = null;
    become('idle');
  }

  new IntersectionObserver((entries) => {
    seen = entries[entries.length - 1].isIntersecting;
    settle();
  }, { rootMargin: MIDDLE }).observe(place);
  document.addEventListener('visibilitychange', settle);

  return {
    /** There is something to train. @param {boolean} [byReader] whether a reader asked for it */
    begin(byReader = false) {
      wanted = true;
      paused = paused && !byReader;
      // Work that no reader asked for waits behind work that a reader did ask for.
      if (byReader && !asked && state === 'turn') {
        work += 1;
        become('resting');
      }
      asked ||= byReader;
      if (state === 'failed') become('idle');
      settle();
    },
    /** Nothing is left to train; the worker stays, to be asked. */
    done() {
      [wanted, asked] = [false, false];
      settle();
    },
    /** A reader stops it for a while, or lets it go on. @param {boolean} pauses */
    pause(pauses) {
      paused = pauses;
      settle();
      changed();
    },
    stop,
    /** What it does now. */
    state: () => state,
    isPaused: () => paused,
    /** Whether there is something left to train. */
    isWanted: () => wanted,
    /** Whether its worker has been started. */
    lives: () => worker !== null,
    /** The engine that its worker has, once there is one. */
    module: () => module,
    /**
     * @param {object} message
     * @param {Transferable[]} [handedOver]
     */
    tell(message, handedOver = []) {
      worker?.postMessage(message, handedOver);
    },
  };
}

/** Whether a reader has asked that data be spared. */
export const sparesData = () => Boolean(/** @type {{ connection?: { saveData?: boolean } }} */ (/** @type {unknown} */ (navigator)).connection?.saveData);

/** Why a page may not load, train and move what nobody asked for, as the start of a sentence; nothing where it may. */
export function whyWait() {
  if (sparesData()) return 'To spare your data';
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 'Since you asked for reduced motion' : '';
}

// @ts-check
// What the elements of one document share: the engines there are, the browser's GPU, and one training at a time, so that there is
// one copy of the data set and nobody's processors are asked twice.
import { watchCatalogue } from '../engine/catalogue.js';
import { findAdapter } from '../engine/choose.js';
import { measureProcessors } from '../engine/processors.js';

/** @typedef {import('./take-away.js').Home} Home */
/** @typedef {import('../engine/catalogue.js').Catalogue} Catalogue */
/** @typedef {import('../engine/choose.js').Adapter} Adapter */

/** @param {Home} home */
export function createRoom(home) {
  /** Trainings that wait for their turn. @type {(() => void)[]} */
  const queue = [];
  let busy = false;
  /** @type {Promise<Adapter | null> | null} */
  let adapter = null;
  /** @type {Promise<number> | null} */
  let processors = null;
  /** @type {Catalogue | null} */
  let catalogue = null;
  /** @type {Set<(catalogue: Catalogue) => void>} */
  const watchers = new Set();
  let watching = false;
  return {
    home,
    /** The GPU that the browser offers, asked for once. */
    adapter: () => (adapter ??= findAdapter()),
    /** How many workers this machine bears, measured once. */
    processors: () => (processors ??= measureProcessors()),
    /**
     * Tells of the engines that are there, now and when there are more.
     * @param {(catalogue: Catalogue) => void} told
     * @returns {() => void} ends it
     */
    watch(told) {
      watchers.add(told);
      if (catalogue) told(catalogue);
      if (!watching) {
        watching = true;
        watchCatalogue(home, (found) => {
          catalogue = found;
          watchers.forEach((told) => told(found));
        });
      }
      return () => void watchers.delete(told);
    },
    /** The engines, once it is known which there are. @returns {Promise<Catalogue>} */
    engines() {
      return new Promise((found) => {
        const end = this.watch((catalogue) => {
          found(catalogue);
          queueMicrotask(() => end());
        });
      });
    },
    /**
     * Waits until no other training is on.
     * @param {() => void} waits told where it must
     * @returns {Promise<() => void>} what ends the turn
     */
    async turn(waits) {
      if (busy) {
        waits();
        await new Promise((go) => queue.push(() => go(undefined)));
      }
      busy = true;
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        const next = queue.shift();
        if (next) next();
        else busy = false;
      };
    },
  };
}

/** @typedef {ReturnType<typeof createRoom>} Room */

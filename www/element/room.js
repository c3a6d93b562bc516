// @ts-check
// What the elements of one document share: the engines there are, the browser's GPU, and one training at a time, so that there is
// one copy of the data set and nobody's processors are asked twice.
import { look, watchCatalogue, whyNot } from '../engine/catalogue.js';
import { findAdapter } from '../engine/choose.js';
import { compiled } from '../engine/compiled.js';
import { cpuModule } from '../engine/cpu-module.js';
import { measureProcessors } from '../engine/processors.js';

/** @typedef {import('./take-away.js').Home} Home */
/** @typedef {import('../engine/catalogue.js').Catalogue} Catalogue */
/** @typedef {import('../engine/choose.js').Adapter} Adapter */

/**
 * @param {Home} home
 * @param {import('../kept/runs.js').Runs | null} [runs] where what is trained is kept; in pages of others it is not
 * @param {import('../kept/own-data.js').OwnShelf | null} [own] where the reader's own data are kept
 */
export function createRoom(home, runs = null, own = null) {
  /** @typedef {{ go: () => void, giveWay?: () => void, weight: number }} Turn `weight`: 0 what began by itself, 1 what a reader asked for beside a chart, 2 a chart */
  /** Trainings that wait for their turn. @type {Turn[]} */
  const queue = [];
  /** The one that is on. @type {Turn | null} */
  let holder = null;
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
    runs,
    /**
     * Makes the reader's own data those of a run that is kept.
     * @param {string | undefined} digest
     */
    async bringOwn(digest) {
      // Runs from before data were kept do not say it: the engine compares the present data with the run's chart.
      if (!digest || home.data.own?.digest === digest) return;
      const found = await own?.read(digest);
      if (!found) throw new Error('the data of this run are not kept in this browser any more: drop their files on the page, and go on then');
      home.data.own = found;
      own?.changed();
    },
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
    /** Looks again which engines there are: a page may be open while another release is published. Where nobody answers it is as it was. */
    async look() {
      if (typeof home.engines !== 'string' || !catalogue || catalogue.making) return;
      const found = await look(home.engines);
      if (found.failed && !found.newer) return;
      const known = catalogue;
      catalogue = found;
      if (JSON.stringify(found) !== JSON.stringify(known)) watchers.forEach((told) => told(found));
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
     * The CPU's module for a plan, as soon as it is there.
     * @param {import('../types.d.ts').Plan} plan
     * @param {(words: string) => void} waits told why it is not there yet
     * @returns {Promise<import('../engine/compiled.js').Compiled>}
     */
    cpu(plan, waits) {
      return this.module(cpuModule(plan), waits);
    },
    /**
     * A module by its name, as soon as it is there.
     * @param {import('../engine/catalogue.js').Name} name
     * @param {(words: string) => void} waits told why it is not there yet
     * @returns {Promise<import('../engine/compiled.js').Compiled>}
     */
    module(name, waits) {
      return new Promise((found, failed) => {
        const end = this.watch((catalogue) => {
          const engine = catalogue[name];
          if (!engine && catalogue.making) return waits(whyNot(catalogue, name));
          if (engine) found(compiled(engine));
          else failed(new Error(whyNot(catalogue, name)));
          queueMicrotask(() => end());
        });
      });
    },
    /**
     * Waits until no other training is on.
     * @param {() => void} waits told where it must
     * @param {() => void} [giveWay] of one that is no chart's: told when another of more weight wants the turn
     * @param {boolean} [asked] whether a reader asked for one that gives way: it does so for charts alone
     * @returns {Promise<() => void>} what ends the turn
     */
    async turn(waits, giveWay, asked = false) {
      const place = { go: () => {}, giveWay, weight: giveWay ? Number(asked) : 2 };
      if (holder) {
        waits();
        const turn = new Promise((go) => (place.go = () => go(undefined)));
        queue.push(place);
        if (place.weight > holder.weight) holder.giveWay?.();
        await turn;
      }
      holder = place;
      return () => {
        if (holder !== place) return;
        const most = Math.max(...queue.map(({ weight }) => weight));
        [holder = null] = queue.splice(Math.max(0, queue.findIndex(({ weight }) => weight === most)), 1);
        holder?.go();
      };
    },
  };
}

/** @typedef {ReturnType<typeof createRoom>} Room */

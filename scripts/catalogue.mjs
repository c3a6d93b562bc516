// @ts-check
// What the page may train with, and what is still being made: `engines/index.json` beside the page, which asks for it
// until every engine is there.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { release } from './release.mjs';

/** @typedef {import('../www/engine/catalogue.js').Catalogue} Catalogue */
/** @typedef {import('../www/engine/catalogue.js').Name} Engine */

const SCRIPT = 'hash_phase.js';
const MODULE = 'hash_phase_bg.wasm';

/**
 * @param {string[]} folders from which pages are served
 */
export function createCatalogue(folders) {
  /** @type {Catalogue} */
  const catalogue = { release: release(), before: null, cpu: null, reader: null, networks: null, tensors: null, gpu: null, datasets: null, making: null, failed: null };
  /** What the release before has of each folder: who has it open trains on. @type {Map<string, Catalogue['before']>} */
  const before = new Map(folders.map((folder) => [folder, earlier(join(folder, 'engines', 'index.json'), catalogue.release)]));
  /** @type {{ engine: Engine, steps: [name: string, seconds: number][], since: number }} */
  let journey = { engine: 'cpu', steps: [], since: 0 };
  let written = 0;
  function write() {
    written = Date.now();
    for (const folder of folders) {
      const list = join(folder, 'engines', 'index.json');
      mkdirSync(join(folder, 'engines'), { recursive: true });
      writeFileSync(`${list}.new`, JSON.stringify({ ...catalogue, before: before.get(folder) ?? null }));
      renameSync(`${list}.new`, list);
    }
  }
  write();
  return {
    /**
     * The way to an engine: its steps, with the seconds that each is expected to take.
     * @param {Engine} engine
     * @param {[name: string, seconds: number][]} steps
     */
    begin(engine, steps) {
      journey = { engine, steps, since: Date.now() };
      this.at(steps[0][0]);
    },
    /**
     * @param {string} step that is now done
     * @param {number} [left] seconds that it still takes
     */
    at(step, left) {
      const { engine, steps, since } = journey;
      const place = steps.findIndex(([name]) => name === step);
      const seconds = (Date.now() - since) / 1000;
      const total = steps.slice(place + 1).reduce((sum, [, more]) => sum + more, seconds + (left ?? steps[place][1]));
      catalogue.making = { engine, seconds: Math.round(seconds), total: Math.round(total) };
      if (left === undefined || Date.now() - written > 1000) write();
    },
    /** @param {string[]} names of the data sets that are served */
    hasDatasets(names) {
      catalogue.datasets = names;
      write();
    },
    /**
     * Serves an engine from now on.
     * @param {Engine} engine
     * @param {string} built the folder that wasm-bindgen wrote
     */
    add(engine, built) {
      const hash = createHash('sha256').update(readFileSync(join(built, MODULE))).update(readFileSync(join(built, SCRIPT)));
      // A name of its own for each content, so that servers may let browsers keep it for good.
      const name = `${engine}-${hash.digest('hex').slice(0, 10)}`;
      for (const folder of folders) serve(built, join(folder, 'engines'), engine, [name, before.get(folder)?.[engine]?.script.split('/')[0]]);
      catalogue[engine] = { script: `${name}/${SCRIPT}`, module: `${name}/${MODULE}`, bytes: statSync(join(built, MODULE)).size };
      catalogue.making = null;
      write();
    },
    /** @param {string} why nothing more will come */
    fail(why) {
      catalogue.making = null;
      catalogue.failed = why;
      write();
    },
  };
}

/**
 * The engines of the release before, as a list of engines has them.
 * @param {string} list its file
 * @param {string} release the one that is made now
 * @returns {Catalogue['before']}
 */
function earlier(list, release) {
  if (!existsSync(list)) return null;
  /** @type {Partial<Catalogue>} */
  const { before = null, cpu = null, reader = null, networks = null, tensors = null, gpu = null, ...there } = JSON.parse(readFileSync(list, 'utf8'));
  if (!there.release || there.release === release || !cpu) return before;
  return { release: there.release, cpu, reader, networks, tensors, gpu };
}

/**
 * Puts an engine beside the page; of its earlier ones that of the release before stays.
 * @param {string} built
 * @param {string} engines
 * @param {Engine} engine
 * @param {[string, string | undefined]} names its own, and that of the one before
 */
function serve(built, engines, engine, [name, before]) {
  const place = join(engines, name);
  if (!existsSync(place)) {
    const scratch = `${place}.new`;
    rmSync(scratch, { recursive: true, force: true });
    cpSync(built, scratch, { recursive: true, filter: (file) => !/\.d\.ts$|\.made-of\.json$|package\.json$|\.gitignore$/.test(file) });
    renameSync(scratch, place);
  }
  for (const old of readdirSync(engines)) if (old.startsWith(`${engine}-`) && old !== name && old !== before) rmSync(join(engines, old), { recursive: true, force: true });
}

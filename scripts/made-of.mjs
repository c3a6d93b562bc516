// @ts-check
// Whether an engine was made of the sources that are there now. Cargo knows it, too, but keeps one engine at a time: both have
// one file name, so that it would compile each of them anew at every start.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';

/** What every engine depends on, whatever cargo lists. */
const ALWAYS = ['Cargo.toml', 'Cargo.lock', '.cargo/config.toml', 'package-lock.json'].map((file) => join(root, file));

/** @typedef {{ files: string[], digest: string, compiled: string }} Stamp `digest` of the files' contents and of how they were made, `compiled` of what the compiler made of them */

/**
 * @param {string} stamp
 * @returns {Stamp | null}
 */
export const readStamp = (stamp) => (existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : null);

/**
 * Whether what was stamped would be made again just so.
 * @param {string} stamp
 * @param {string[]} how compiler, features and the like
 */
export function isCurrent(stamp, how) {
  const made = readStamp(stamp);
  return made !== null && made.files.every((file) => existsSync(file)) && made.digest === digestOf(made.files, how);
}

/**
 * @param {string} stamp
 * @param {string} depInfo the file in which cargo lists what it has read, beside what it has made
 * @param {string[]} how
 * @param {string} compiled
 */
export function writeStamp(stamp, depInfo, how, compiled) {
  const listed = readFileSync(depInfo, 'utf8').split('\n')[0].split(/(?<!\\) /).slice(1).map((file) => file.replaceAll('\\ ', ' '));
  const files = [...ALWAYS, ...listed].filter((file) => existsSync(file));
  writeFileSync(stamp, JSON.stringify({ files, digest: digestOf(files, how), compiled }));
}

/**
 * @param {string[]} files
 * @param {string[]} how
 */
function digestOf(files, how) {
  const hash = createHash('sha256').update(JSON.stringify([how, files]));
  for (const file of files) hash.update(createHash('sha256').update(readFileSync(file)).digest());
  return hash.digest('hex');
}

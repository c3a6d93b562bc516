// @ts-check
// What programs hold of this machine's memory (Linux).
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What `look` finds; a process may have ended in between. @template T @param {() => T} look @param {T} otherwise */
function ifThere(look, otherwise) {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

/** The processes that each process has started. @returns {Map<number, number[]>} */
function processes() {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const name of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = ifThere(() => Number(stat(Number(name))[1]), -1);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  return children;
}

/** What the system says of a process, from its state on. @param {number} pid */
const stat = (pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');

/**
 * The process of a page and its workers: the one that a loop of the page keeps busy. A browser has others of its kind, for its own windows
 * and for pages to come.
 * @param {import('playwright-core').Page} page
 * @param {number} browser
 */
export async function processOf(page, browser) {
  const children = processes();
  /** @param {number} pid @returns {number[]} */
  const below = (pid) => (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  const busy = () => new Map(below(browser).map((pid) => [pid, ifThere(() => Number(stat(pid)[11]), 0)]));
  const before = busy();
  await page.evaluate(() => {
    const end = performance.now() + 500;
    while (performance.now() < end);
  });
  const after = [...busy()].map(([pid, ticks]) => /** @type {const} */ ([ticks - (before.get(pid) ?? 0), pid]));
  return after.reduce((most, one) => (one[0] > most[0] ? one : most))[1];
}

/**
 * Memory of a process and of all that it has started and they in turn, in MB; what they share is counted once (Pss).
 * @param {number} pid
 * @param {(command: string, pid: number) => boolean} counts which of them
 */
export function memoryOf(pid, counts = () => true) {
  const children = processes();
  /** @param {number} pid @returns {number} */
  const of = (pid) => {
    const command = ifThere(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '), '');
    const own = counts(command, pid) ? ifThere(() => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024, 0) : 0;
    return (children.get(pid) ?? []).reduce((sum, child) => sum + of(child), own);
  };
  return of(pid);
}

/** The process that this one has started last: a browser, of which its driver does not tell. */
export const lastStarted = () => Number(execFileSync('pgrep', ['-P', String(process.pid)], { encoding: 'utf8' }).trim().split('\n').at(-1));

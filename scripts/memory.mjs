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

/**
 * Memory of a process and of all that it has started and they in turn, in MB; what they share is counted once (Pss).
 * @param {number} pid
 * @param {(command: string, pid: number) => boolean} counts which of them
 */
export function memoryOf(pid, counts = () => true) {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const name of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = ifThere(() => Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1].split(' ')[1]), -1);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
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

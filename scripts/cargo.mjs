// @ts-check
// Cargo with one line of progress in place of its hundreds; what the compiler says of a fault is shown in full.
import { join } from 'node:path';
import { root, target } from './places.mjs';
import { SetupError, start } from './shell.mjs';

/** @typedef {{ done: number, total: number, seconds: number, left: number }} Progress crates, and seconds gone and to go */

/** Milliseconds between two lines where the terminal keeps every line, as continuous integration's does. */
const SELDOM = 60_000;
/** Cargo's own words on what it is doing, which the progress line stands for. */
const CHATTER = /^\s*(Adding|Blocking|Building|Checking|Compiling|Downloaded|Downloading|Executable|Fetch|Finished|Fresh|Ignored|Installed|Installing|Locking|Removing|Replaced|Replacing|Running|Updating|Unpacking)\b/;
// eslint-disable-next-line no-control-regex -- what colours a terminal
const COLOUR = /\x1b\[[0-9;]*[A-Za-z]/g;

/**
 * @param {string[]} args
 * @param {{
 *   what: string, minutes: number, remedy: string,
 *   env?: NodeJS.ProcessEnv, cwd?: string, program?: string, silent?: boolean, told?: (progress: Progress) => void,
 * }} options `minutes` it takes from nothing on two cores; `told` is called as crates are done; `silent` where a failure is no fault
 */
export async function cargo(args, { what, minutes, remedy, env, cwd, program = 'cargo', silent = false, told = () => {} }) {
  const line = progressLine(what);
  const asked = { CARGO_TERM_PROGRESS_WHEN: 'always', CARGO_TERM_PROGRESS_WIDTH: '80', CARGO_FUTURE_INCOMPAT_REPORT_FREQUENCY: 'never', CARGO_TERM_COLOR: process.stderr.isTTY ? 'always' : 'never' };
  const { child, ended } = start(program, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd, env: { ...env, ...asked } });
  const since = Date.now();
  /** Crates that were done before, since they are not compiled now. */
  let before = -1;
  /** What is no progress: warnings and errors. @type {string[]} */
  const said = [];
  const hear = (/** @type {string} */ text) => {
    const plain = text.replace(COLOUR, '');
    if (/^\s*Blocking waiting/.test(plain)) console.log(`[hash-phase] ${what}: waits for another cargo to end`);
    const count = /Building \[[=> ]*\] (\d+)\/(\d+)/.exec(plain);
    if (!count) return CHATTER.test(plain) || !(plain.trim() || said.length) ? undefined : void said.push(text);
    const [done, total] = [Number(count[1]), Number(count[2])];
    if (before < 0) before = done;
    const seconds = (Date.now() - since) / 1000;
    const progress = { done, total, seconds, left: left((done - before) / (total - before || 1), seconds, ((total - before) / total) * minutes * 60) };
    line.show(progress);
    told(progress);
  };
  for (const stream of [child.stdout, child.stderr]) lines(/** @type {import('node:stream').Readable} */ (stream), hear);
  const why = await ended;
  line.end();
  if (said.length && !silent) console.error(said.join('\n'));
  if (why) throw new SetupError(`${what} failed (${program} ${args.join(' ')}: ${why}).`, remedy);
}

/**
 * Seconds to go: as long as the same work takes elsewhere at first, as this machine has needed so far towards the end.
 * @param {number} share done
 * @param {number} seconds gone
 * @param {number} expected seconds for all of it
 */
const left = (share, seconds, expected) => (1 - share) * (seconds + (1 - share) * expected);

/** @param {string} what */
function progressLine(what) {
  const started = Date.now();
  let last = 0;
  let shown = false;
  return {
    /** @param {Progress} progress */
    show({ done, total, seconds, left }) {
      const text = `[hash-phase] ${what}: ${done} of ${total} crates, ${clock(seconds)}, about ${clock(left)} to go`;
      if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${text.slice(0, (process.stdout.columns || 80) - 1)}`);
      else if (Date.now() - Math.max(last, started) >= SELDOM) console.log(text);
      else return;
      last = Date.now();
      shown = true;
    },
    end() {
      if (process.stdout.isTTY && shown) process.stdout.write('\r\x1b[K');
      const seconds = (Date.now() - started) / 1000;
      if (seconds >= 2) console.log(`[hash-phase] ${what}: ${clock(seconds)}`);
    },
  };
}

/** @param {number} seconds */
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/**
 * Calls for each line of a stream; one that is written over is a line, too.
 * @param {import('node:stream').Readable} stream
 * @param {(line: string) => void} hear
 */
function lines(stream, hear) {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text) => {
    const parts = (rest + text).split(/[\r\n]/);
    rest = parts.pop() ?? '';
    parts.forEach(hear);
  });
  stream.on('end', () => rest && hear(rest));
}

/**
 * Compiles the command line.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} the program
 */
export async function commandLine(env) {
  await cargo(['build', '--release', '--features', 'gpu'], { what: 'compiling the command line', minutes: 5, env, cwd: root, remedy: "mend what the compiler's message names." });
  return join(target, 'release', 'hash-phase');
}

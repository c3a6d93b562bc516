// @ts-check
// Running other programs: one that talks to the user, one that is heard only where it fails, one whose output is read.
// None of them blocks: the page is served meanwhile.
import { spawn } from 'node:child_process';

/** A step that cannot go on: what failed and why, and what the user should do. */
export class SetupError extends Error {
  /**
   * @param {string} what
   * @param {string} remedy
   */
  constructor(what, remedy) {
    super(`${what}\n  What to do: ${remedy}`);
    this.what = what;
    this.remedy = remedy;
  }
}

/** @typedef {{ env?: NodeJS.ProcessEnv, cwd?: string }} Where */

/** Programs at work, which end with this one. @type {Set<import('node:child_process').ChildProcess>} */
const working = new Set();
process.on('exit', () => working.forEach((child) => child.kill()));
for (const [signal, code] of /** @type {const} */ ([['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]])) process.on(signal, () => process.exit(code));

/**
 * Starts a program, and tells how it ended.
 * @param {string} program
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {{ child: import('node:child_process').ChildProcess, ended: Promise<string | null> }} null where it ended well, else why not
 */
export function start(program, args, { env, ...options }) {
  const child = spawn(program, args, { ...options, env: { ...process.env, ...env } });
  working.add(child);
  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (status, signal) => resolve(status === 0 ? null : signal ? `stopped by ${signal}` : `exit code ${status}`));
  }).finally(() => working.delete(child));
  return { child, ended: /** @type {Promise<string | null>} */ (ended) };
}

/**
 * Runs a program with its output on the user's terminal.
 * @param {string} program
 * @param {string[]} args
 * @param {Where & { remedy: string }} options
 */
export async function run(program, args, { remedy, ...where }) {
  const why = await start(program, args, { stdio: 'inherit', ...where }).ended;
  if (why) throw new SetupError(`${program} ${args.join(' ')} failed (${why}).`, remedy);
}

/**
 * Runs a program in silence; where it fails, everything that it said is shown.
 * @param {string} program
 * @param {string[]} args
 * @param {Where & { remedy: string }} options
 */
export async function quietly(program, args, { remedy, ...where }) {
  const { output, why } = await hear(program, args, where);
  if (!why) return;
  process.stderr.write(output.endsWith('\n') ? output : `${output}\n`);
  throw new SetupError(`${program} ${args.join(' ')} failed (${why}).`, remedy);
}

/**
 * Runs a program with its complaints on the user's terminal, and keeps what it prints, even where it fails.
 * @param {string} program
 * @param {string[]} args
 * @param {Where} [where]
 * @returns {Promise<{ stdout: string, why: string | null }>} `why` it failed, where it did
 */
export async function printed(program, args, where = {}) {
  const { child, ended } = start(program, args, { stdio: ['ignore', 'pipe', 'inherit'], ...where });
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => (stdout += text));
  const why = await ended;
  return { stdout, why };
}

/**
 * What a program prints, or null where it is missing or fails.
 * @param {string} program
 * @param {string[]} args
 * @param {Where & { timeout?: number }} [where] `timeout` in milliseconds
 * @returns {Promise<string | null>}
 */
export async function read(program, args, where = {}) {
  const { printed, why } = await hear(program, args, where);
  return why ? null : printed.trim();
}

/**
 * Runs a program and keeps what it says.
 * @param {string} program
 * @param {string[]} args
 * @param {Where & { timeout?: number }} where
 * @returns {Promise<{ printed: string, output: string, why: string | null }>} `printed` on standard output, `output` on either
 */
export async function hear(program, args, where) {
  const { child, ended } = start(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...where });
  let printed = '';
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => ((printed += text), (output += text)));
  child.stderr?.setEncoding('utf8').on('data', (text) => (output += text));
  const why = await ended;
  return { printed, output, why };
}

/** @param {string} line */
export const say = (line) => console.log(`[hash-phase] ${line}`);

/** @param {unknown} error a SetupError is one message without a stack trace; anything else is a fault of these scripts */
export function complain(error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`[hash-phase] ${error.message}`);
}

/**
 * Runs a script's main function.
 * @param {() => void | Promise<void>} main
 */
export async function script(main) {
  try {
    await main();
  } catch (error) {
    complain(error);
    process.exit(1);
  }
}

/**
 * Whether an error is the system's.
 * @param {unknown} error
 * @returns {error is NodeJS.ErrnoException & { code: string }}
 */
export const hasCode = (error) => error instanceof Error && typeof (/** @type {NodeJS.ErrnoException} */ (error).code) === 'string';

// @ts-check
// Running other programs: one that talks to the user, one whose output is read.
import { spawnSync } from 'node:child_process';

/** A step that cannot go on: what failed, and what the user should do. */
export class SetupError extends Error {
  /**
   * @param {string} what
   * @param {string} remedy
   */
  constructor(what, remedy) {
    super(`${what}\n  What to do: ${remedy}`);
  }
}

/**
 * Runs a program with its output on the user's terminal.
 * @param {string} program
 * @param {string[]} args
 * @param {{ remedy: string, env?: NodeJS.ProcessEnv, cwd?: string }} options
 */
export function run(program, args, { remedy, env, cwd }) {
  const done = spawnSync(program, args, { stdio: 'inherit', env: { ...process.env, ...env }, cwd });
  if (done.status !== 0) {
    const why = done.error ? done.error.message : done.signal ? `stopped by ${done.signal}` : `exit code ${done.status}`;
    throw new SetupError(`${program} ${args.join(' ')} failed (${why}).`, remedy);
  }
}

/**
 * What a program prints, or null where it is missing or fails.
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, timeout?: number }} [options] `timeout` in milliseconds
 * @returns {string | null}
 */
export function read(program, args, { env, timeout } = {}) {
  const done = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, ...env }, timeout });
  return done.status === 0 ? done.stdout.trim() : null;
}

/** @param {string} line */
export const say = (line) => console.log(`[hash-phase] ${line}`);

/**
 * Runs a script's main function; a SetupError is one message without a stack trace.
 * @param {() => void | Promise<void>} main
 */
export async function script(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`[hash-phase] ${error.message}`);
    process.exit(1);
  }
}

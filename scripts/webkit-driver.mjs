// @ts-check
// WebKit by its own driver, as Debian has it: a browser that is asked over HTTP.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, read, say } from './shell.mjs';

const REMEDY = 'on Debian: apt-get install webkit2gtk-driver xvfb xauth dbus, then this again.';
/** Milliseconds between two looks, and how many there are at most. */
const LOOK_EVERY = 250;
const MOST_LOOKS = 1200;

export async function openWebKit() {
  for (const program of ['WebKitWebDriver', 'xvfb-run', 'dbus-run-session']) if ((await read(program, ['--help'])) === null) throw new SetupError(`${program} is not installed.`, REMEDY);
  const libraries = ['/usr/lib', ...readdirSync('/usr/lib').map((name) => join('/usr/lib', name))];
  const browser = libraries.flatMap((folder) => ['4.1', '4.0', '6.0'].map((version) => join(folder, `webkit2gtk-${version}`, 'MiniBrowser'))).find((path) => existsSync(path));
  if (!browser) throw new SetupError("WebKit's MiniBrowser is not installed.", REMEDY);
  const port = 20_000 + (process.pid % 10_000);
  const driver = spawn('xvfb-run', ['-a', 'dbus-run-session', '--', 'WebKitWebDriver', `--port=${port}`], { env: { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' }, stdio: 'ignore', detached: true });
  let session = '';
  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   */
  const ask = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${value?.message ?? answer.status}`);
    return value;
  };
  /** Looks until there is an answer. @template T @param {string} what @param {() => Promise<T | null>} look @returns {Promise<T>} */
  const until = async (what, look) => {
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      const found = await look().catch(() => null);
      if (found) return found;
      await new Promise((go) => setTimeout(go, LOOK_EVERY));
    }
    throw new Error(`${what}: not within ${(LOOK_EVERY * MOST_LOOKS) / 1000} s`);
  };
  const made = await until('the driver', () => ask('POST', '/session', { capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] } } } }));
  session = made.sessionId;
  return {
    name: `WebKit (${made.capabilities.browserName} ${made.capabilities.browserVersion})`,
    pid: driver.pid,
    /** What belongs to the session. @param {string} method @param {string} path @param {object} [body] */
    ask: (method, path, body) => ask(method, `/session/${session}${path}`, body),
    /** What a script in the page returns. @param {string} body */
    run: (body) => ask('POST', `/session/${session}/execute/sync`, { script: body, args: [] }),
    until,
    async end() {
      await ask('DELETE', `/session/${session}`).catch(() => say('the browser ended by itself'));
      if (driver.pid) process.kill(-driver.pid);
    },
  };
}

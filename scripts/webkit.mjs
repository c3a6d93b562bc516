// @ts-check
// The page in a third browser, WebKit, where Debian's driver of it is installed: it opens the built page, trains a small plan and the quick
// chart, and holds what comes against what the page says. `apt-get install webkit2gtk-driver xvfb dbus` brings what is needed.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { preview } from 'vite';
import { root } from './places.mjs';
import { SetupError, read, say, script } from './shell.mjs';

const REMEDY = 'on Debian: apt-get install webkit2gtk-driver xvfb xauth dbus, then this again.';
/** Milliseconds between two looks, and how many there are at most. */
const LOOK_EVERY = 250;
const MOST_LOOKS = 1200;
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

await script(async () => {
  for (const program of ['WebKitWebDriver', 'xvfb-run', 'dbus-run-session']) if ((await read(program, ['--help'])) === null) throw new SetupError(`${program} is not installed.`, REMEDY);
  const libraries = ['/usr/lib', ...readdirSync('/usr/lib').map((name) => join('/usr/lib', name))];
  const browser = libraries.flatMap((folder) => ['4.1', '4.0', '6.0'].map((version) => join(folder, `webkit2gtk-${version}`, 'MiniBrowser'))).find((path) => existsSync(path));
  if (!browser) throw new SetupError("WebKit's MiniBrowser is not installed.", REMEDY);
  if (!existsSync(join(root, 'dist', 'index.html'))) throw new SetupError('the page is not built.', 'run `npm run build`, then this again.');

  const server = await preview({ root, preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' });
  const address = server.resolvedUrls?.local[0] ?? '';
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
  /** What a script in the page returns. @param {string} body */
  const run = (body) => ask('POST', `/session/${session}/execute/sync`, { script: body, args: [] });
  /** Looks until there is an answer. @template T @param {string} what @param {() => Promise<T | null>} look @returns {Promise<T>} */
  const until = async (what, look) => {
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      const found = await look().catch(() => null);
      if (found) return found;
      await new Promise((go) => setTimeout(go, LOOK_EVERY));
    }
    throw new Error(`${what}: not within ${(LOOK_EVERY * MOST_LOOKS) / 1000} s`);
  };
  const INSIDE = "const chart = document.querySelector('hash-phase-chart'); const inside = (s) => chart.shadowRoot.querySelector(s);";
  try {
    const made = await until('the driver', () => ask('POST', '/session', { capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] } } } }));
    session = made.sessionId;
    say(`${made.capabilities.browserName} ${made.capabilities.browserVersion}`);
    for (const [what, link] of [['a small plan', 'dataset=moons&widths=3,8,20&epochs=0,2,30&samples=100,1024'], ['the quick chart', 'dataset=mnist-small']]) {
      await ask('POST', `/session/${session}/url`, { url: 'about:blank' });
      await ask('POST', `/session/${session}/url`, { url: `${address}#${link}` });
      await until('Train', () => run(`${INSIDE} return inside('#start') && !inside('#start').disabled`));
      const start = await run(`${INSIDE} return inside('#start')`);
      await ask('POST', `/session/${session}/element/${start[ELEMENT]}/click`, {});
      const end = await until(what, () => run(`${INSIDE} const text = inside('#progress-text').textContent; return /^(Done|Failed)/.test(text) ? text : null`));
      const cells = await run(`${INSIDE} return chart.chart.cells.length`);
      const notice = await run(`${INSIDE} return inside('#notice').textContent`);
      say(`${what}: ${end}${notice ? ` (${notice})` : ''}`);
      if (!end.startsWith(`Done: ${cells} of ${cells} `)) throw new SetupError(`${what} ended otherwise in WebKit.`, 'mend what the line above says.');
    }
  } finally {
    if (session) await ask('DELETE', `/session/${session}`).catch(() => say('the browser ended by itself'));
    if (driver.pid) process.kill(-driver.pid);
    await server.close();
  }
});

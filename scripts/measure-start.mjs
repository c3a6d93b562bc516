// @ts-check
// What the README says of a newcomer's first start: a fresh clone of what is committed, with empty cache folders for this
// project, cargo and npm, watched by a headless Chromium. A quarter of an hour; nothing else should run meanwhile.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browser as findBrowser } from './browser.mjs';
import { root } from './places.mjs';
import { nodePackages } from './setup.mjs';
import { quietly, script } from './shell.mjs';

/** Milliseconds that the slowest of it may take. */
const PATIENCE = 45 * 60_000;

await script(async () => {
  await nodePackages();
  Object.assign(process.env, await findBrowser());
  const { launchOptions } = await import('../tests/page/browser.mjs');
  const { chromium } = await import('playwright-core');
  const folder = mkdtempSync(join(tmpdir(), 'hash-phase-cold-'));
  const checkout = join(folder, 'checkout');
  await quietly('git', ['clone', '--quiet', root, checkout], { remedy: 'see the message above.' });
  const started = Date.now();
  const tell = (/** @type {string} */ what) => console.log(`${what}: ${((Date.now() - started) / 1000).toFixed(0)} s`);
  const empty = { XDG_CACHE_HOME: join(folder, 'cache'), CARGO_HOME: join(folder, 'cargo'), npm_config_cache: join(folder, 'npm'), CARGO_TARGET_DIR: undefined };
  const child = spawn('npm', ['start'], { cwd: checkout, env: { ...process.env, ...empty, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const browser = await chromium.launch(launchOptions());
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto(await new Promise((found) => child.stdout.on('data', (text) => {
      const address = /http:\/\/localhost:\d+\//.exec(String(text).replaceAll(/\x1b\[[0-9;]*m/g, ''))?.[0]; // eslint-disable-line no-control-regex -- colours
      if (address) found(address);
      process.stdout.write(text);
    })));
    await page.locator('#chart svg').first().waitFor();
    tell('the chart is there');
    await page.locator('#start:enabled').waitFor();
    tell('Train is alive, on the CPU');
    await page.locator('#engine').selectOption('gpu');
    await page.locator('#start:enabled').waitFor();
    tell('the GPU engine is there, and with it everything');
  } finally {
    await browser.close();
    if (child.pid) process.kill(-child.pid, 'SIGINT');
    rmSync(folder, { recursive: true, force: true });
  }
});

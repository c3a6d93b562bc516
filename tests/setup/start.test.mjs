// @ts-check
// What a newcomer sees of `npm start` in a fresh clone: the page at once, whatever becomes of the engines.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { root } from '../../scripts/places.mjs';
import { launchOptions } from '../page/browser.mjs';

/** Milliseconds after which a newcomer has the chart before them, the Node packages installed on the way. */
const PROMISED = 60_000;

test('npm start in a fresh clone shows the chart within a minute; a compiler that fails is told of on the page and in full in the terminal', { timeout: 300_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hash-phase-start-'));
  const checkout = join(folder, 'checkout');
  const files = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).stdout.split('\0');
  for (const file of files.filter(Boolean)) cpSync(join(root, file), join(checkout, file));
  const compiler = join(folder, 'compiler');
  writeFileSync(compiler, '#!/bin/sh\necho "this compiler fails, as the test wants it to" >&2\nexit 1\n');
  chmodSync(compiler, 0o755);

  const started = Date.now();
  const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), RUSTC_WRAPPER: compiler, PORT: '0', CARGO_TARGET_DIR: undefined };
  const child = spawn('npm', ['start'], { cwd: checkout, env, detached: true });
  let terminal = '';
  const address = new Promise((resolve, reject) => {
    const hear = (/** @type {Buffer} */ text) => {
      terminal += text;
      const found = /http:\/\/localhost:\d+\//.exec(terminal.replace(/\x1b\[[0-9;]*m/g, '')); // eslint-disable-line no-control-regex -- colours
      if (found) resolve(found[0]);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('exit', () => reject(new Error(terminal)));
  });
  const browser = await chromium.launch(launchOptions());
  try {
    const page = await browser.newPage();
    await page.goto(await address);
    await page.locator('#chart svg').first().waitFor();
    const seconds = (Date.now() - started) / 1000;
    console.log(`the chart is there ${seconds.toFixed(1)} s after npm start in a fresh clone`);
    assert.ok(seconds * 1000 < PROMISED);
    assert.equal(await page.locator('#start').isDisabled(), true);
    await page.locator('#engine-missing', { hasText: /^There is no CPU engine: compiling .* failed/ }).waitFor({ timeout: 200_000 });
    // Everything that needs no engine keeps working.
    await page.locator('#metric').selectOption('knn');
    await page.locator('#figure-title', { hasText: 'K-NN' }).waitFor();
    assert.match(terminal, /this compiler fails, as the test wants it to/);
    assert.match(terminal, /compiling .* failed .*\n {2}What to do: /);
    assert.ok(terminal.split('\n').length < 60, terminal);
  } finally {
    await browser.close();
    if (child.pid) process.kill(-child.pid, 'SIGINT');
    await new Promise((ended) => (child.exitCode === null ? child.on('exit', ended) : ended(undefined)));
    rmSync(folder, { recursive: true, force: true });
  }
});

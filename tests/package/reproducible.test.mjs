// @ts-check
// What is built in one folder is built in any other, to the byte: whoever doubts a release makes it anew and compares. The engines are
// compared by hand (docs/safety.md), since each takes minutes; here is that they hold no place of this machine's folders.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { constants, cpSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root, target } from '../../scripts/places.mjs';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hash-phase-reproducible-')));
after(() => rmSync(folder, { recursive: true }));

/** Builds the page and the package in a folder, and gives the digest of every file of both. @param {string} name */
function built(name) {
  const there = join(folder, name);
  const sources = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  for (const file of [...sources, 'www/pkg', 'www/pkg-reader', 'www/pkg-networks', 'www/pkg-tensors', 'www/pkg-gpu', 'www/public']) cpSync(join(root, file), join(there, file), { recursive: true });
  cpSync(join(root, 'node_modules'), join(there, 'node_modules'), { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
  // Called directly: the commands would check packages and engines first.
  const make = "await (await import('./scripts/build.mjs')).buildPage(); await (await import('./scripts/package.mjs')).packageUp();";
  execFileSync(process.execPath, ['--input-type=module', '-e', make, 'x'], { cwd: there, stdio: 'pipe' });
  const files = ['dist', 'dist-package'].flatMap((part) => readdirSync(join(there, part), { recursive: true, encoding: 'utf8' }).map((file) => join(part, file))).filter((file) => statSync(join(there, file)).isFile());
  return Object.fromEntries(files.sort().map((file) => [file, createHash('sha256').update(readFileSync(join(there, file))).digest('hex')]));
}

test('the page and the package are the same bytes from any folder', { timeout: 300_000 }, () => {
  const [one, other] = [built('one'), built(join('an', 'other'))];
  assert.ok(Object.keys(one).some((file) => file.endsWith('.tgz')) && 'dist/index.html' in one, Object.keys(one).join(' '));
  assert.deepEqual(other, one);
});

test('the engines hold no place of the project’s folders', () => {
  for (const engine of ['pkg', 'pkg-reader', 'pkg-networks', 'pkg-tensors', 'pkg-gpu']) {
    const module = readFileSync(join(root, 'www', engine, 'hash_phase_bg.wasm'), 'latin1');
    for (const place of [root, target]) assert.ok(!module.includes(`${place}/`), `${engine} holds ${place}`);
  }
});

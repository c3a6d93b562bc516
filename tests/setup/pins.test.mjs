// @ts-check
// What identifies a download is in a lock file that a program wrote, and is what the registries say.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/places.mjs';
import { hasApt, published } from '../../scripts/sources.mjs';
import { aptRefresh, canInstall } from '../../scripts/toolchain.mjs';
import { pins } from './fresh.mjs';

for (const [name, pin] of Object.entries(pins())) {
  if (pin.registry === 'brought') continue;
  test(`the pin of ${name} is what the ${pin.registry} registry says`, async (context) => {
    if (pin.registry === 'debian' && !(await hasApt())) return context.skip('there is no apt-get to ask');
    if (pin.registry === 'debian' && (await canInstall())) await aptRefresh();
    // Basic set-up takes nothing from PyPI, so a machine need not reach it.
    const said = await (pin.registry === 'pypi' ? published(pin).catch((/** @type {Error} */ error) => context.skip(error.message)) : published(pin));
    if (said !== undefined) assert.equal(said, pin.integrity);
  });
}

test('no digest stands outside lock files and the charts that programs wrote', () => {
  const files = spawnSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
  assert.ok(files.includes('scripts/data.lock.json'));
  const written = /(^|\/)(Cargo\.lock|package-lock\.json|data\.lock\.json)$|^www\/charts\/|^tests\/fixtures\/own\/|\.(bits|weights)$/;
  const found = files.filter((file) => !written.test(file)).filter((file) => /sha\d+-[\w+/=]{20,}|\b[0-9a-f]{32,}\b/.test(readFileSync(join(root, file), 'latin1')));
  assert.deepEqual(found, []);
});

// @ts-check
// An engine is compiled anew when anything that it was made of has changed, and not otherwise.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isCurrent, writeStamp } from '../../scripts/made-of.mjs';

test('what was made of other sources, by another compiler or not at all is not current', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hash phase made of '));
  const [one, other, stamp, depInfo] = ['lib.rs', 'types.d.ts', 'stamp', 'lib.d'].map((name) => join(folder, name));
  writeFileSync(one, 'fn one() {}');
  writeFileSync(other, 'type Other = 1;');
  writeFileSync(depInfo, `${folder.replaceAll(' ', '\\ ')}/lib.wasm: ${[one, other].map((file) => file.replaceAll(' ', '\\ ')).join(' ')}\n`);
  const how = ['rustc 1.95.0', '-O3'];
  assert.equal(isCurrent(stamp, how), false);
  const make = () => writeStamp(stamp, depInfo, how, '');
  make();
  assert.equal(isCurrent(stamp, how), true);
  utimesSync(one, new Date(), new Date());
  assert.equal(isCurrent(stamp, how), true, 'a fresh clone has new times and the same sources');
  assert.equal(isCurrent(stamp, ['rustc 1.96.0', '-O3']), false);
  writeFileSync(other, 'type Other = 2;');
  assert.equal(isCurrent(stamp, how), false, 'what a source includes counts');
  make();
  rmSync(one);
  assert.equal(isCurrent(stamp, how), false);
  rmSync(folder, { recursive: true });
});

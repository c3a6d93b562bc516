// @ts-check
// The shares of a plan are about as much work, by instructions, which no busy machine disturbs.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { root, target } from '../../scripts/places.mjs';

const SHARES = 16;
const MOST = 1.15;
const PLAN = '--dataset mnist-small --preset quick --widths 10,20 --epochs 0,1 --samples 10,100,1000 --seeds 16'.split(' ');
const { VALGRIND } = process.env;

test(`the largest of ${SHARES} shares takes at most ${MOST} times the mean`, { skip: !VALGRIND && 'valgrind is not here' }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'hash-phase-balance-'));
  t.after(() => rmSync(folder, { recursive: true }));
  /** Instructions of one share. @param {number} number */
  async function count(number) {
    const args = ['sweep', ...PLAN, '--shard', `${number}/${SHARES}`, '--threads', '1', '-o', join(folder, `${number}.json`)];
    const { stderr } = await promisify(execFile)(VALGRIND ?? '', ['--tool=callgrind', `--callgrind-out-file=${join(folder, `${number}.profile`)}`, join(target, 'release', 'hash-phase'), ...args], { cwd: root, maxBuffer: 1 << 26 });
    return Number(/Collected : (\d+)/.exec(stderr)?.[1]);
  }
  const numbers = Array.from({ length: SHARES }, (_, at) => at + 1);
  /** @type {number[]} */
  const counted = [];
  await Promise.all(Array.from({ length: availableParallelism() }, async () => {
    for (let number = numbers.pop(); number; number = numbers.pop()) counted.push(await count(number));
  }));
  const mean = counted.reduce((sum, share) => sum + share, 0) / SHARES;
  console.log(`${SHARES} shares of ${(mean / 1e9).toFixed(2)} billion instructions, the largest ${(Math.max(...counted) / mean).toFixed(3)} times the mean`);
  assert.ok(Math.max(...counted) <= MOST * mean, counted.map((share) => (share / mean).toFixed(2)).join(' '));
});

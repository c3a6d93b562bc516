// @ts-check
// A guard of speed that no busy machine disturbs: how many instructions it takes, by valgrind's callgrind, with one thread. Each limit is
// what was counted when it was set and a tenth more; who makes something faster lowers its limit.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { root, target } from '../../scripts/places.mjs';

const { VALGRIND } = process.env;
/** Limits are those of vectors of 256 bits; with narrower ones more instructions do the same. */
const isWide = existsSync('/proc/cpuinfo') && /\bavx2\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));
const skip = (!VALGRIND && 'valgrind is not here') || (!isWide && 'this machine has no AVX2, for which the limits are');
const program = join(target, 'release', 'hash-phase');
const folder = mkdtempSync(join(tmpdir(), 'hash-phase-guard-'));
after(() => rmSync(folder, { recursive: true }));

const fixture = (/** @type {string} */ name) => join(root, 'tests', 'fixtures', `${name}.json`);
const small = ['--epochs', '0,1', '--threads', '1', '-o', join(folder, 'chart.json')];
/** Billions of instructions. @type {{ what: string, limit: number, args: string[] }[]} */
const plans = [
  { what: 'a small quick chart of MNIST', limit: 1.67, args: ['sweep', '--dataset', 'mnist-small', '--widths', '10,40,100', '--samples', '1000', ...small] },
  { what: 'one of ten examples, which come up again and again', limit: 0.81, args: ['sweep', '--dataset', 'mnist-small', '--widths', '10,40,100', '--samples', '10', ...small] },
  { what: 'a small quick chart of spirals, three layers', limit: 0.115, args: ['sweep', '--dataset', 'spirals', '--widths', '16,64', '--samples', '100', ...small] },
  { what: 'a small chart of MNIST with batch norm', limit: 1.71, args: ['sweep', '--dataset', 'mnist-small', '--batch-norm', 'true', '--widths', '10,40,100', '--samples', '1000', ...small] },
  { what: 'the properties of 40-bit codes', limit: 0.415, args: ['properties', fixture('mnist-w40-plain')] },
];

for (const { what, limit, args } of plans)
  test(`${what} takes at most ${limit} billion instructions`, { skip }, async () => {
    rmSync(join(folder, 'chart.json'), { force: true });
    const { stderr } = await promisify(execFile)(VALGRIND ?? '', ['--tool=callgrind', `--callgrind-out-file=${join(folder, 'profile')}`, program, ...args], { maxBuffer: 1 << 26 });
    const counted = Number(/Collected : (\d+)/.exec(stderr)?.[1]) / 1e9;
    console.log(`${what}: ${counted.toFixed(3)} billion instructions`);
    assert.ok(counted <= limit, `${counted} billion instructions, and ${limit} are allowed: find what grew (callgrind_annotate), or say in the commit why it is worth it`);
    assert.ok(counted > 0.7 * limit, `${counted} billion instructions are far below the limit of ${limit}: lower it, so that it guards what was won`);
  });

// @ts-check
// A plan on Slurm, as README says it, with tasks that are killed and put back in the middle: its chart is that of a single machine. Runs where
// Slurm is installed and this is root (Debian: `apt-get install slurm-wlm munge`); it brings up a Slurm of its own.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { root, target } from '../../scripts/places.mjs';

const SHARES = 8;
/** 240 populations. */
const PLAN = '--dataset moons --preset quick --widths 16,64,128 --epochs 0,1,2,4 --samples 100,200,300,400,500 --seeds 48'.split(' ');
const PATIENCE = 600_000;
/** Milliseconds between two looks. */
const LOOK_EVERY = 20;

const PATH = `${process.env.PATH}${delimiter}/usr/sbin${delimiter}/sbin`;
const has = (/** @type {string} */ program) => PATH.split(delimiter).some((folder) => existsSync(join(folder, program)));
const missing = ['slurmctld', 'slurmd', 'munged', 'sbatch', 'pgrep'].filter((program) => !has(program));
const skip = missing.length ? `${missing.join(', ')} not here` : process.getuid?.() !== 0 && 'a Slurm is brought up by root';

test('240 populations on four slots, a task killed and one put back, are the chart of a single machine', { skip, timeout: PATIENCE }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'hash-phase-slurm-'));
  const program = join(target, 'release', 'hash-phase');
  const env = { ...process.env, PATH, SLURM_CONF: join(folder, 'slurm', 'slurm.conf'), HASH_PHASE: program };
  const work = join(folder, 'work');
  mkdirSync(work);
  const run = (/** @type {string} */ command, /** @type {string[]} */ ...args) => execFileSync(command, args, { cwd: work, env, encoding: 'utf8' });
  const slurm = (/** @type {string} */ what) => run(join(root, 'tests', 'cluster', 'slurm-here.sh'), join(folder, 'slurm'), what);
  slurm('start');
  t.after(() => {
    slurm('stop');
    rmSync(folder, { recursive: true, maxRetries: 5, retryDelay: 200 });
  });
  const until = async (/** @type {() => boolean} */ is) => {
    while (!is()) await wait(LOOK_EVERY);
  };
  const networks = (/** @type {number} */ share) => {
    const journal = join(work, 'shares', `${share}.json.journal`);
    return existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length - 2 : 0;
  };
  const ended = () => run('squeue', '--noheader').trim() === '';
  await until(() => /idle/.test(run('sinfo', '--noheader')));

  const submitted = run(join(root, 'examples', 'slurm', 'submit.sh'), String(SHARES), ...PLAN);
  const [, array] = /job (\d+);/.exec(submitted) ?? assert.fail(submitted);
  await until(() => networks(2) >= 3);
  run('pkill', '-KILL', '-f', '--', `--shard 2/${SHARES} `);
  await until(() => networks(3) >= 3);
  run('scontrol', 'requeue', `${array}_3`);
  // A requeued task waits two minutes, in case its node has failed.
  await until(() => /PENDING/.test(run('squeue', '--noheader', '--format=%T', `--jobs=${array}_3`)));
  run('scontrol', 'update', `JobId=${array}_3`, 'StartTime=now');
  await until(ended);

  const part = JSON.parse(readFileSync(join(work, 'chart.json'), 'utf8'));
  assert.equal(readFileSync(join(work, 'missing'), 'utf8').trim(), '2', readFileSync(join(work, 'merge.log'), 'utf8'));
  assert.ok(part.cells.length > 0);
  run(join(root, 'examples', 'slurm', 'submit.sh'), String(SHARES), '--only', '2', ...PLAN);
  await until(ended);
  assert.equal(existsSync(join(work, 'missing')), false, readFileSync(join(work, 'merge.log'), 'utf8'));

  run(program, 'sweep', ...PLAN, '-o', 'single.json');
  const [merged, single] = ['chart.json', 'single.json'].map((name) => JSON.parse(readFileSync(join(work, name), 'utf8')));
  assert.equal(single.cells.length, 240 * 3 * 4);
  for (const chart of [merged, single]) delete chart.provenance;
  assert.deepEqual(merged, single);
});

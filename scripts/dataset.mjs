// @ts-check
// The reference charts as one archive to cite: each as a chart file and as columns, with what they are, how to cite them, the licences, and digests.
// `npm run dataset`; the archive is the same from the same charts.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { zipSync } from 'fflate';
import { commandLine } from './cargo.mjs';
import { root } from './places.mjs';
import { SetupError, printed, say, script } from './shell.mjs';
import { wasmToolchain } from './toolchain.mjs';

export const archives = join(root, 'dist-dataset');
/** When every file in it was made, so that the archive tells nothing of when it was. */
const MADE = new Date(2000, 0, 1);

/**
 * Makes the archive.
 * @param {string} program the command line
 * @returns {Promise<string>} its path
 */
export async function pack(program) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const name = `hash-phase-charts-${version}`;
  /** @type {Record<string, Uint8Array>} */
  const files = {};
  for (const [to, from] of [['README.md', 'docs/dataset.md'], ['CITATION.cff', 'CITATION.cff'], ['LICENSE-MIT', 'LICENSE-MIT'], ['LICENSE-APACHE', 'LICENSE-APACHE'], ['chart.schema.json', 'www/chart.schema.json']]) files[to] = readFileSync(join(root, from));
  /** @type {{ name: string, format?: string }[]} */
  const charts = JSON.parse(readFileSync(join(root, 'www', 'charts.json'), 'utf8'));
  const folder = mkdtempSync(join(tmpdir(), 'hash-phase-dataset-'));
  try {
    for (const { name, format = 'json' } of charts) {
      const source = join(root, 'www', 'charts', `${name}.${format}`);
      files[`charts/${name}.${format}`] = readFileSync(source);
      if (format === 'arrow') continue;
      const columns = join(folder, `${name}.arrow`);
      const { why } = await printed(program, ['columns', source, '-o', columns]);
      if (why) throw new SetupError(`${name} cannot be written as columns (${why}).`, 'see the message above.');
      files[`charts/${name}.arrow`] = readFileSync(columns);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const digests = Object.entries(files).map(([file, bytes]) => `${createHash('sha256').update(bytes).digest('hex')}  ${file}`);
  files['SHA256SUMS'] = new TextEncoder().encode(`${digests.sort((one, other) => (one.slice(66) < other.slice(66) ? -1 : 1)).join('\n')}\n`);
  const inside = Object.fromEntries(Object.entries(files).sort().map(([file, bytes]) => [`${name}/${file}`, bytes]));
  mkdirSync(archives, { recursive: true });
  const archive = join(archives, `${name}.zip`);
  writeFileSync(archive, zipSync(inside, { level: 9, mtime: MADE }));
  return archive;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  await script(async () => {
    const { env } = await wasmToolchain();
    say(await pack(await commandLine(env)));
  });

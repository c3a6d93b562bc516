// @ts-check
// What other people's pages take: scripts of fixed names, each whole in itself.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';
import { customElements } from './custom-elements.mjs';
import { release } from './release.mjs';

/**
 * What is imported later in the page is imported at once where all is one file: Rolldown would wrap each module that such an import
 * reaches in a function of its own, 2 kB of the compressed script.
 * @param {typeof import('vite').Visitor} Visitor
 * @returns {import('vite').Plugin}
 */
const oneFile = (Visitor) => ({
  name: 'one-file',
  transform(code, id) {
    if (!id.startsWith(join(root, 'www')) || !id.endsWith('.js')) return null;
    /** @type {{ start: number, end: number, source: string }[]} */
    const found = [];
    new Visitor({ ImportExpression: ({ start, end, source }) => source.type === 'Literal' && found.push({ start, end, source: source.raw ?? '' }) }).visit(this.parse(code));
    if (!found.length) return null;
    const changed = found.reduceRight((text, { start, end }, at) => `${text.slice(0, start)}Promise.resolve(later${at})${text.slice(end)}`, code);
    return found.map(({ source }, at) => `import * as later${at} from ${source};\n`).join('') + changed;
  },
});

/**
 * Bundles one entry of www/ into one file.
 * @param {string} entry
 * @param {string} folder
 * @param {{ format?: 'es' | 'iife', name?: string, external?: Record<string, string>, define?: Record<string, string> }} [options] `external`: what is not bundled, and where it lies;
 *   `define`: what is written in the place of names
 */
export async function bundle(entry, folder, { format = 'es', name = entry, external = {}, define = {} } = {}) {
  const { build, Visitor } = await import('vite');
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [oneFile(Visitor)],
    define: { __RELEASE__: JSON.stringify(release()), ...define },
    build: {
      target: 'es2022',
      outDir: folder,
      emptyOutDir: false,
      lib: { entry: join(root, 'www', entry), formats: [format], name: 'hashPhase', fileName: () => name },
      // One file, including what the page imports later.
      rollupOptions: { external: Object.keys(external), output: { paths: external, codeSplitting: false } },
    },
  });
}

/**
 * embed.js, its workers and the reference charts.
 * @param {string} folder
 */
export async function buildEmbed(folder) {
  await bundle('embed.js', folder, { format: 'iife' });
  await bundle('embed-module.js', folder, { name: 'embed.mjs' });
  writeFileSync(join(folder, 'custom-elements.json'), customElements());
  for (const worker of ['worker.js', 'gpu-worker.js']) await bundle(`engine/${worker}`, join(folder, 'embed'), { name: worker });
  mkdirSync(join(folder, 'charts'), { recursive: true });
  cpSync(join(root, 'www', 'charts'), join(folder, 'charts'), { recursive: true });
}

/**
 * sw.js, which keeps the page's own files for readers without a network.
 * @param {string} folder with the built page
 */
export async function buildOffline(folder) {
  const revision = createHash('sha256').update(readFileSync(join(folder, 'index.html'))).digest('hex').slice(0, 16);
  // The other files' names change with their contents.
  const assets = JSON.parse(readFileSync(join(folder, 'release.json'), 'utf8')).assets.map((/** @type {string} */ name) => ({ url: `assets/${name}`, revision: null }));
  const files = JSON.stringify([{ url: 'index.html', revision }, ...assets]);
  await bundle('sw.js', folder, { format: 'iife', define: { 'self.__WB_MANIFEST': files, 'process.env.NODE_ENV': '"production"', __DATA__: JSON.stringify(createHash('sha256').update(readFileSync(join(root, 'scripts', 'data.lock.json'))).digest('hex').slice(0, 12)) } });
}

// @ts-check
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { withHead } from './scripts/head.mjs';
import { packedCharts } from './scripts/packed-charts.mjs';
import { policy, withPolicy } from './scripts/policy.mjs';
import { release } from './scripts/release.mjs';
import { isolation } from './www/engine/isolation.js';

const embedded = fileURLToPath(new URL('www/embed-page.js', import.meta.url));
/** @type {Set<string>} */
const shared = new Set();

/**
 * What both pages import at once is one file. By default there is a file for each set of pages and later parts that share something: a
 * dozen, which take a tenth of a second longer to come.
 * @param {string} id
 * @param {{ getModuleInfo(id: string): { importedIds: readonly string[] } | null }} modules
 */
function withElement(id, modules) {
  const found = shared.size ? [] : [embedded];
  for (let next = found.pop(); next; next = found.pop()) {
    for (const imported of modules.getModuleInfo(next)?.importedIds ?? []) {
      if (shared.has(imported)) continue;
      shared.add(imported);
      found.push(imported);
    }
  }
  return shared.has(id) ? 'element' : null;
}

const page = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig(({ command, isPreview }) => ({
  // Relative addresses: the built page works from any folder of any server.
  base: './',
  publicDir: 'www/public',
  define: command === 'build' && !isPreview ? { __RELEASE__: JSON.stringify(release()) } : {},
  build: { target: 'es2022', outDir: 'dist', assetsInlineLimit: 0, modulePreload: { polyfill: false }, rolldownOptions: { input: [page('index.html'), page('embed.html')], output: { codeSplitting: { groups: [{ name: withElement }] } } } },
  worker: { format: 'es' },
  plugins: [withPolicy(), withHead(), packedCharts()],
  // Elements in other people's pages fetch from here, as they will from the published page.
  preview: { cors: { origin: '*' }, headers: { 'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff', ...isolation } },
  // The engines are no part of the bundle: they are made while the page is served, and found by `engines/index.json`.
}));

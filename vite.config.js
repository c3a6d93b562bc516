// @ts-check
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { withHead } from './scripts/head.mjs';
import { packedCharts } from './scripts/packed-charts.mjs';
import { policy, withPolicy } from './scripts/policy.mjs';
import { release } from './scripts/release.mjs';
import { isolation } from './www/engine/isolation.js';

const page = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig(({ command, isPreview }) => ({
  // Relative addresses: the built page works from any folder of any server.
  base: './',
  publicDir: 'www/public',
  define: command === 'build' && !isPreview ? { __RELEASE__: JSON.stringify(release()) } : {},
  build: { target: 'es2022', outDir: 'dist', assetsInlineLimit: 0, rollupOptions: { input: [page('index.html'), page('embed.html')] } },
  worker: { format: 'es' },
  plugins: [withPolicy(), withHead(), packedCharts()],
  // Elements in other people's pages fetch from here, as they will from the published page.
  preview: { cors: { origin: '*' }, headers: { 'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff', ...isolation } },
  // The engines are no part of the bundle: they are made while the page is served, and found by `engines/index.json`.
}));

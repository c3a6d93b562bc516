// @ts-check
import { defineConfig } from 'vite';

export default defineConfig({
  // Relative addresses: the built page works from any folder of any server.
  base: './',
  publicDir: 'www/public',
  build: { target: 'es2022', outDir: 'dist', assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  worker: { format: 'es' },
  // The engines are no part of the bundle: they are made while the page is served, and found by `engines/index.json`.
});

// @ts-check
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const gpuModule = fileURLToPath(new URL('www/pkg-gpu/hash_phase_bg.wasm', import.meta.url));

export default defineConfig({
  // Relative addresses: the built page works from any folder of any server.
  base: './',
  publicDir: 'www/public',
  build: { target: 'es2022', outDir: 'dist', assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  worker: { format: 'es' },
  // For the progress of its download; a page built without the module says that it is not there.
  define: { __GPU_MODULE_BYTES__: existsSync(gpuModule) ? statSync(gpuModule).size : 1 },
});

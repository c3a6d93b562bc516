// @ts-check
// What other people's pages take: scripts of fixed names, each whole in itself.
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';

/**
 * Bundles one entry of www/ into one file.
 * @param {string} entry
 * @param {string} folder
 * @param {{ format?: 'es' | 'iife', name?: string, external?: Record<string, string> }} [options] `external`: what is not bundled, and where it lies
 */
export async function bundle(entry, folder, { format = 'es', name = entry, external = {} } = {}) {
  const { build } = await import('vite');
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      target: 'es2022',
      outDir: folder,
      emptyOutDir: false,
      lib: { entry: join(root, 'www', entry), formats: [format], name: 'hashPhase', fileName: () => name },
      rollupOptions: { external: Object.keys(external), output: { paths: external } },
    },
  });
}

/**
 * embed.js, its workers and the reference charts.
 * @param {string} folder
 */
export async function buildEmbed(folder) {
  await bundle('embed.js', folder, { format: 'iife' });
  for (const worker of ['worker.js', 'gpu-worker.js']) await bundle(`engine/${worker}`, join(folder, 'embed'), { name: worker });
  mkdirSync(join(folder, 'charts'), { recursive: true });
  cpSync(join(root, 'www', 'charts'), join(folder, 'charts'), { recursive: true });
}

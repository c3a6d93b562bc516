// @ts-check
// The built page on a server of this machine, at a port that is free.
import { preview } from 'vite';
import { root } from './places.mjs';

/** @param {{ bare?: boolean }} [how] `bare`: by a server that can be told nothing, and sends no headers of ours */
export async function servePage({ bare = false } = {}) {
  const server = await preview({ root, configFile: bare ? false : undefined, preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' });
  return { address: server.resolvedUrls?.local[0] ?? '', close: () => server.close() };
}

// @ts-check
// The built page on a server of this machine, at a port that is free.
import { preview } from 'vite';
import { root } from './places.mjs';

export async function servePage() {
  const server = await preview({ root, preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' });
  return { address: server.resolvedUrls?.local[0] ?? '', close: () => server.close() };
}

// @ts-check
// Sets up, builds and serves the page. With --dev, from the sources, reloading as they change.
import { buildModules, buildPage } from './build.mjs';
import { root } from './places.mjs';
import { setup } from './setup.mjs';
import { say, script } from './shell.mjs';

await script(async () => {
  const started = Date.now();
  const dev = process.argv.includes('--dev');
  buildModules(setup().env, { optimise: !dev });
  // Only now is vite sure to be installed.
  const { createServer, preview } = await import('vite');
  const port = Number(process.env.PORT ?? 5173);
  if (dev) {
    const server = await createServer({ root, server: { port } });
    await server.listen();
    server.printUrls();
  } else {
    buildPage();
    const server = await preview({ root, preview: { port } });
    server.printUrls();
  }
  say(`ready after ${Math.round((Date.now() - started) / 1000)} s; Ctrl+C stops it`);
});

// @ts-check
// Serves the page within seconds, and makes the engines it trains with meanwhile. With --dev, the page from its sources,
// reloading as they change.
import { createCatalogue } from './catalogue.mjs';
import { buildEngines, buildPage, dist, served } from './build.mjs';
import { root } from './places.mjs';
import { nodePackages } from './setup.mjs';
import { complain, say, script } from './shell.mjs';

await script(async () => {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const dev = process.argv.includes('--dev');
  await nodePackages();
  // Engines of an earlier run may come from other sources: the page waits until they are known to be current.
  createCatalogue([served]);
  // Imported here, after vite has been installed.
  const { createServer, preview } = await import('vite');
  const port = Number(process.env.PORT ?? 5173);
  const server = dev ? await (await createServer({ root, server: { port } })).listen() : (await buildPage(), await preview({ root, preview: { port } }));
  server.printUrls();
  say(`the page is there after ${seconds()} s; Ctrl+C stops it. Training follows, within a quarter of an hour the first time`);
  try {
    await buildEngines({ folders: dev ? [served] : [served, dist], optimise: !dev });
    say(`everything is ready after ${seconds()} s`);
  } catch (error) {
    complain(error);
    process.exitCode = 1;
    say('the page goes on without the engines; Ctrl+C stops it');
  }
});

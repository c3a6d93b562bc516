// @ts-check
// Builds the engines' WebAssembly modules (www/pkg, www/pkg-reader, www/pkg-networks, www/pkg-tensors, www/pkg-gpu) and the page (dist).
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cargo } from './cargo.mjs';
import { buildHead } from './head.mjs';
import { createCatalogue } from './catalogue.mjs';
import { datasets, servedDatasets } from './datasets.mjs';
import { buildEmbed, buildOffline } from './library.mjs';
import { isCurrent, readStamp, writeStamp } from './made-of.mjs';
import { root, target } from './places.mjs';
import { keepAssets } from './release.mjs';
import { checkRoom, nodePackages, wasmBindgen } from './setup.mjs';
import { quietly, say, script } from './shell.mjs';
import { wasmToolchain } from './toolchain.mjs';

/** @typedef {ReturnType<typeof createCatalogue>} EngineCatalogue */
/** @typedef {{ name: import('./catalogue.mjs').Engine, title: string, folder: string, features: string[], minutes: number }} Engine */

/** The CPU's own kernels; the reader of the user's own data; the reader of networks trained elsewhere; the module that has tensor programs, too; the GPU engine. @type {Engine[]} */
export const engines = [
  { name: 'cpu', title: 'CPU engine', folder: 'pkg', features: ['--no-default-features'], minutes: 2 },
  { name: 'reader', title: 'reader', folder: 'pkg-reader', features: ['--no-default-features', '--features', 'reader'], minutes: 1 },
  { name: 'networks', title: 'reader of networks', folder: 'pkg-networks', features: ['--no-default-features', '--features', 'networks'], minutes: 2 },
  { name: 'tensors', title: 'tensor engine', folder: 'pkg-tensors', features: [], minutes: 3 },
  { name: 'gpu', title: 'GPU engine', folder: 'pkg-gpu', features: ['--no-default-features', '--features', 'gpu'], minutes: 6 },
];
/** More (-O3, measured) takes 5% off the bytes and nothing off them gzipped, and training then takes a sixth longer: it carries constants into the hot
 * loops, which the browser's compiler must hold in registers. */
const OPTIMISATION = '-O1';
/** Where data sets and engines lie beside the sources of the page. */
export const served = join(root, 'www', 'public');
export const dist = join(root, 'dist');

/** What is expected of each step in a page's words: seconds on two cores from nothing, and where it was done before. */
const STEPS = /** @type {const} */ ({ data: [15, 0], tools: [110, 1], compile: [75, 10], optimise: [20, 10] });

/**
 * Data, tools and all engines, each offered to the page as soon as it is there.
 * @param {{ folders?: string[], optimise?: boolean }} [options] `folders` that pages are served from; without `optimise`, a
 *   change is minutes sooner in the browser
 * @returns {Promise<{ env: NodeJS.ProcessEnv }>} the environment for cargo and wasm-bindgen
 */
export async function buildEngines({ folders = [served], optimise = true } = {}) {
  const catalogue = createCatalogue(folders);
  try {
    const [cpu, ...others] = engines;
    const seconds = (/** @type {keyof typeof STEPS} */ step, warm = existsSync(stampOf(cpu))) => STEPS[step][warm ? 1 : 0];
    catalogue.begin('cpu', [['data', seconds('data')], ['tools', seconds('tools')], ['compile', seconds('compile')], ['optimise', seconds('optimise')]]);
    for (const folder of folders) await datasets([], { served: join(folder, 'data') });
    catalogue.hasDatasets(servedDatasets(join(folders[0], 'data')));
    catalogue.at('tools');
    const { env, version } = await wasmToolchain();
    await wasmBindgen(env, ({ left }) => catalogue.at('tools', left));
    await buildModule(cpu, env, version, optimise, catalogue);
    for (const engine of others) {
      const warm = existsSync(stampOf(engine));
      const compile = warm ? seconds('compile', warm) : 60 * engine.minutes;
      catalogue.begin(engine.name, [['compile', compile], ['optimise', seconds('optimise', warm)]]);
      await buildModule(engine, env, version, optimise, catalogue);
    }
    return { env };
  } catch (error) {
    const { what, message } = /** @type {Error & { what?: string }} */ (error);
    catalogue.fail(what ?? message);
    throw error;
  }
}

/**
 * An engine's module: cargo, wasm-bindgen, wasm-opt.
 * @param {Engine} engine
 * @param {NodeJS.ProcessEnv} env
 * @param {string} compiler
 * @param {boolean} optimise
 * @param {EngineCatalogue} catalogue
 */
async function buildModule(engine, env, compiler, optimise, catalogue) {
  const { name, title, folder, features, minutes } = engine;
  const built = join(root, 'www', folder);
  const stamp = stampOf(engine);
  const how = [compiler, process.env.RUSTFLAGS ?? '', ...features, optimise ? OPTIMISATION : 'as compiled'];
  if (isCurrent(stamp, how)) return catalogue.add(name, built);
  checkRoom();
  catalogue.at('compile');
  const what = `compiling the ${title}`;
  const args = ['build', '--release', '--lib', '--target', 'wasm32-unknown-unknown', ...features];
  await cargo(args, { what, minutes, env, cwd: root, told: ({ left }) => catalogue.at('compile', left), remedy: "mend what the compiler's message names, then run this again." });
  const release = join(target, 'wasm32-unknown-unknown', 'release');
  const compiled = join(release, 'hash_phase.wasm');
  const hash = createHash('sha256').update(readFileSync(compiled)).update(String(optimise)).digest('hex');
  if (readStamp(stamp)?.compiled !== hash) {
    catalogue.at('optimise');
    await quietly('wasm-bindgen', [compiled, '--target', 'web', '--out-dir', built], { env, remedy: 'remove the tools folder of the cache and run this again.' });
    if (optimise) await optimiseModule(title, join(built, 'hash_phase_bg.wasm'));
  }
  writeStamp(stamp, join(release, 'hash_phase.d'), how, hash);
  catalogue.add(name, built);
}

/** What an engine's module was last made of.
 * @param {Engine} engine
 */
const stampOf = ({ folder }) => join(root, 'www', folder, '.made-of.json');

/**
 * @param {string} title
 * @param {string} module
 */
async function optimiseModule(title, module) {
  say(`optimising the ${title} with wasm-opt`);
  // The features that rustc may use, named explicitly so that wasm-opt accepts them.
  const features = ['--enable-simd', '--enable-bulk-memory', '--enable-nontrapping-float-to-int', '--enable-sign-ext', '--enable-mutable-globals', '--enable-reference-types', '--enable-multivalue'];
  await quietly(join(root, 'node_modules', '.bin', 'wasm-opt'), [OPTIMISATION, ...features, module, '-o', module], { remedy: 'run `npm ci` and then this again.' });
}

/** The pages, bundled into dist/ with the data sets and engines that are there, and what other people's pages take. */
export async function buildPage(folder = dist) {
  const putBack = keepAssets(folder);
  await quietly(join(root, 'node_modules', '.bin', 'vite'), ['build', '--logLevel', 'warn', '--outDir', folder, '--emptyOutDir'], { cwd: root, remedy: 'mend what the message above names.' });
  putBack();
  await buildEmbed(folder);
  // Imported here, after its packages have been installed.
  const { buildGuides } = await import('./guides.mjs');
  buildGuides(folder);
  buildHead(folder);
  await buildOffline(folder);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  await script(async () => {
    await nodePackages();
    await buildEngines();
    await buildPage();
    say('built: dist/ can be put on any static server');
  });

// @ts-check
// The npm package: engine, element, embed.js, reference charts and mnist-small, as a tarball in dist-package/.
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildEngines } from './build.mjs';
import { buildEmbed, bundle } from './library.mjs';
import { root } from './places.mjs';
import { nodePackages } from './setup.mjs';
import { quietly, say, script } from './shell.mjs';

export const packed = join(root, 'dist-package');
const DATASET = 'mnist-small';
const ENGINES = /** @type {const} */ ({ cpu: 'pkg', networks: 'pkg-networks', tensors: 'pkg-tensors', gpu: 'pkg-gpu' });

/** @returns {Promise<string>} the tarball, made of engines that are built */
export async function packageUp() {
  const folder = join(packed, 'package');
  rmSync(packed, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await buildEmbed(folder);
  // Those stored as columns are as large as an engine; a page that wants one names its address.
  for (const file of readdirSync(join(folder, 'charts')).filter((file) => !file.endsWith('.json'))) rmSync(join(folder, 'charts', file));
  await bundle('engine/network-worker.js', join(folder, 'embed'), { name: 'network-worker.js' });
  for (const name of ['index', 'element']) {
    await bundle(`npm/${name}.js`, folder, { name: `${name}.js`, external: { 'hash-phase/addresses': './addresses.js' } });
    copyFileSync(join(root, 'www', 'npm', `${name}.d.ts`), join(folder, `${name}.d.ts`));
  }
  for (const [engine, built] of Object.entries(ENGINES)) {
    const to = join(folder, 'engines', engine);
    mkdirSync(to, { recursive: true });
    for (const file of ['hash_phase.js', 'hash_phase_bg.wasm']) copyFileSync(join(root, 'www', built, file), join(to, file));
  }
  cpSync(join(root, 'www', 'public', 'data', DATASET), join(folder, 'data', DATASET), { recursive: true, filter: (file) => !/\.json$/.test(file) });
  for (const file of ['www/types.d.ts', 'www/chart.schema.json', 'CHANGELOG.md', 'LICENSE-MIT', 'LICENSE-APACHE']) copyFileSync(join(root, file), join(folder, file.replace('www/', '')));
  // The package's own guide comes first.
  const guide = (/** @type {string} */ name) => readFileSync(join(root, 'docs', `${name}.md`), 'utf8').replaceAll(/^!\[.*$\n/gm, '').replaceAll('](embed.md', '](EMBED.md').replaceAll(/\[([^\]]*)\]\((?!https?:|#|EMBED)[^)]*\)/g, '$1');
  writeFileSync(join(folder, 'README.md'), guide('package'));
  writeFileSync(join(folder, 'EMBED.md'), guide('embed'));
  const engine = (/** @type {keyof typeof ENGINES} */ name) => ({ script: `${name}/hash_phase.js`, module: `${name}/hash_phase_bg.wasm`, bytes: statSync(join(folder, 'engines', name, 'hash_phase_bg.wasm')).size });
  const catalogue = { cpu: engine('cpu'), reader: null, networks: engine('networks'), tensors: engine('tensors'), gpu: engine('gpu'), datasets: [DATASET], making: null, failed: null };
  writeFileSync(join(folder, 'engines', 'index.json'), JSON.stringify(catalogue));
  writeFileSync(join(folder, 'addresses.js'), addresses(folder, catalogue));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
  await quietly('npm', ['pack', '--pack-destination', packed], { cwd: folder, remedy: 'mend what the message above names.' });
  const tarball = readdirSync(packed).find((name) => name.endsWith('.tgz'));
  return join(packed, tarball ?? '');
}

/**
 * The addresses of all files, each written out, so that bundlers find them.
 * @param {string} folder
 * @param {Record<keyof typeof ENGINES, { bytes: number }>} catalogue
 */
function addresses(folder, { cpu, networks, tensors, gpu }) {
  const at = (/** @type {string} */ path) => `new URL('./${path}', import.meta.url).href`;
  const list = (/** @type {string} */ under, /** @type {(name: string) => string} */ key) =>
    readdirSync(join(folder, under)).map((name) => `    '${key(name)}': ${at(`${under}/${name}`)},`).join('\n');
  const engine = (/** @type {string} */ name, /** @type {number} */ bytes) => `{ script: ${at(`engines/${name}/hash_phase.js`)}, module: ${at(`engines/${name}/hash_phase_bg.wasm`)}, bytes: ${bytes} }`;
  /** @type {{ name: string, format?: string }[]} */
  const charts = JSON.parse(readFileSync(join(root, 'www', 'charts.json'), 'utf8'));
  const names = charts.filter(({ format }) => !format).map(({ name }) => name);
  return `// Where everything lies in this package, each address written out, so that bundlers find it.
export const home = {
  workers: { cpu: ${at('embed/worker.js')}, gpu: ${at('embed/gpu-worker.js')}, networks: ${at('embed/network-worker.js')} },
  engines: {
    cpu: ${engine('cpu', cpu.bytes)},
    reader: null,
    networks: ${engine('networks', networks.bytes)},
    tensors: ${engine('tensors', tensors.bytes)},
    gpu: ${engine('gpu', gpu.bytes)},
    datasets: ['${DATASET}'],
    making: null,
    failed: null,
  },
  data: { base: '', files: {
${list(`data/${DATASET}`, (name) => `${DATASET}/${name}`)}
  } },
  charts: {
${names.map((/** @type {string} */ name) => `    '${name}': ${at(`charts/${name}.json`)},`).join('\n')}
  },
};
`;
}

function manifest() {
  const { version, description, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const entry = (/** @type {string} */ name) => ({ types: `./${name}.d.ts`, default: `./${name}.js` });
  return {
    name: 'hash-phase',
    version,
    description,
    license: `(${license}) AND CC-BY-SA-3.0`,
    keywords: ['neural networks', 'neural code', 'phase chart', 'WebAssembly', 'WebGPU', 'web component'],
    type: 'module',
    exports: { '.': entry('index'), './element': entry('element'), './embed.js': './embed.js', './embed.mjs': './embed.mjs', './custom-elements.json': './custom-elements.json', './charts/*': './charts/*', './chart.schema.json': './chart.schema.json', './package.json': './package.json' },
    types: './index.d.ts',
    customElements: 'custom-elements.json',
    sideEffects: ['./element.js', './embed.js', './embed.mjs'],
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  await script(async () => {
    await nodePackages();
    if (!Object.values(ENGINES).every((folder) => existsSync(join(root, 'www', folder, 'hash_phase_bg.wasm'))) || !process.argv.includes('--built')) await buildEngines();
    const tarball = await packageUp();
    say(`${tarball}: ${(statSync(tarball).size / 1e6).toFixed(1)} MB`);
  });

// @ts-check
// Before a page is published in the place of another one: takes over what the published one has, so that who has it open reads and trains on.
// `node scripts/keep-release.mjs ADDRESS [FOLDER]`, once the page is built, into dist/ if nothing else is said; where nothing is published yet there is nothing to take over.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dist } from './build.mjs';
import { SetupError, say, script } from './shell.mjs';

await script(async () => {
  const [, , address, folder = dist] = process.argv;
  if (!address || !URL.canParse(address)) throw new SetupError('The address of the published page is missing.', 'run `node scripts/keep-release.mjs https://…/`.');
  const at = (/** @type {string} */ path) => new URL(path, address.endsWith('/') ? address : `${address}/`);
  const get = async (/** @type {string} */ path) => {
    const answer = await fetch(at(path));
    return answer.ok && !/text\/html/.test(answer.headers.get('content-type') ?? '') ? Buffer.from(await answer.arrayBuffer()) : null;
  };
  const json = async (/** @type {string} */ path) => JSON.parse((await get(path))?.toString() ?? 'null');
  const [there, engines] = [await json('release.json'), await json('engines/index.json')];
  if (!there || !engines) return say(`nothing is published at ${address} yet: nothing is taken over`);
  const list = join(folder, 'engines', 'index.json');
  const own = JSON.parse(readFileSync(list, 'utf8'));
  if (there.release === own.release) return say('the same release is published: nothing is taken over');
  const { release, cpu, reader = null, tensors, gpu } = engines;
  const modules = [cpu, reader, tensors, gpu].flatMap((engine) => (engine ? [engine.script, engine.module] : []));
  let kept = 0;
  for (const path of [...there.assets.map((/** @type {string} */ name) => `assets/${name}`), ...modules.map((file) => `engines/${file}`)]) {
    const place = join(folder, path);
    // File names come from the server: they must stay within the folder.
    if (existsSync(place) || !/^(assets|engines)(\/[\w.-]+){1,2}$/.test(path) || path.includes('..')) continue;
    const file = await get(path);
    if (!file) throw new SetupError(`${at(path)} is named by the published page and does not come.`, 'check the address, and run this again.');
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, file);
    kept += 1;
  }
  writeFileSync(list, JSON.stringify({ ...own, before: { release, cpu, reader, tensors, gpu } }));
  say(`${kept} files of release ${release} stay for those who have it open`);
});

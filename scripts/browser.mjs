// @ts-check
// What the tests and the pictures look with: a Chromium with its driver and fonts, something that plays GPU, and what counts instructions.
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { dist } from './build.mjs';
import { nodePackages } from './setup.mjs';
import { SetupError, read, say } from './shell.mjs';
import { aptInstall, canInstall } from './toolchain.mjs';

const REMEDY = 'install Chromium (or Chrome) and the chromedriver of its version, and put both on PATH or name them by CHROMIUM and CHROMEDRIVER.';

/**
 * A Chromium and its driver, installed where apt can; the tests find them by these variables.
 * @returns {Promise<{ CHROMIUM: string, CHROMEDRIVER: string }>}
 */
export async function browser() {
  if (!found() && (await canInstall())) await aptInstall(['chromium', 'chromium-driver'], REMEDY);
  const programs = found();
  if (!programs) throw new SetupError('the tests need Chromium and chromedriver, and they are not on PATH.', REMEDY);
  const [one, other] = await Promise.all([programs.CHROMIUM, programs.CHROMEDRIVER].map(major));
  if (one !== other) throw new SetupError(`Chromium is of version ${one}, and chromedriver of ${other}.`, REMEDY);
  // Without any font, no text is drawn.
  if ((await canInstall()) && !(await read('fc-list', []))) await aptInstall(['fontconfig', 'fonts-dejavu-core'], 'install a font.');
  return programs;
}

const FIREFOX_REMEDY = 'install Firefox and put it on PATH, or name it by FIREFOX.';

/**
 * A Firefox, installed where apt can.
 * @returns {Promise<{ FIREFOX: string }>}
 */
export async function firefox() {
  const find = () => process.env.FIREFOX ?? onPath(['firefox-esr', 'firefox']);
  if (!find() && (await canInstall())) await aptInstall(['firefox-esr'], FIREFOX_REMEDY);
  const FIREFOX = find();
  if (!FIREFOX) throw new SetupError('the tests need Firefox, and it is not on PATH.', FIREFOX_REMEDY);
  return { FIREFOX };
}

/**
 * For the scripts that open the built page.
 * @returns {Promise<typeof import('../tests/page/browser.mjs')>}
 */
export async function readyToLook() {
  await nodePackages();
  if (!existsSync(join(dist, 'index.html')) || !existsSync(join(dist, 'engines', 'index.json'))) throw new SetupError('the page is not built.', 'run `npm run build`, then this again.');
  Object.assign(process.env, await browser());
  return import('../tests/page/browser.mjs');
}

function found() {
  const CHROMIUM = process.env.CHROMIUM ?? onPath(['chromium', 'chromium-browser', 'google-chrome']);
  const CHROMEDRIVER = process.env.CHROMEDRIVER ?? onPath(['chromedriver']);
  return CHROMIUM && CHROMEDRIVER ? { CHROMIUM, CHROMEDRIVER } : null;
}

/** @param {string} program */
async function major(program) {
  const version = /\d+/.exec((await read(program, ['--version'])) ?? '')?.[0];
  if (!version) throw new SetupError(`${program} does not start.`, REMEDY);
  return version;
}

/**
 * A program that plays GPU for the native tests, where Debian's can be had; elsewhere a machine has a real one, or none.
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
export async function gpu() {
  if (process.platform !== 'linux' || hasVulkan()) return {};
  if (await canInstall()) await aptInstall(['libvulkan1', 'mesa-vulkan-drivers'], 'install a Vulkan driver.');
  if (hasVulkan()) return {};
  say("no Vulkan driver is here, and none can be installed: the native GPU tests are left out, the browser's are not");
  return { HASH_PHASE_NO_GPU: '1' };
}

/**
 * Valgrind, which counts instructions, where Debian's can be had; elsewhere that guard is left out.
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
export async function valgrind() {
  const find = () => process.env.VALGRIND ?? onPath(['valgrind']);
  if (!find() && (await canInstall())) await aptInstall(['valgrind'], 'install valgrind.');
  const VALGRIND = find();
  if (!VALGRIND) say('no valgrind is here, and none can be installed: instructions are not counted');
  return VALGRIND ? { VALGRIND } : {};
}

/** Whether Vulkan's loader would find a driver. */
function hasVulkan() {
  const folders = ['/usr/share', '/usr/local/share', '/etc'].map((folder) => join(folder, 'vulkan', 'icd.d'));
  return Boolean(process.env.VK_ICD_FILENAMES ?? process.env.VK_DRIVER_FILES) || folders.some((folder) => existsSync(folder) && readdirSync(folder).some((file) => file.endsWith('.json')));
}

/**
 * @param {string[]} programs
 * @returns {string | undefined} the first that is on PATH, as a path
 */
function onPath(programs) {
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    for (const program of programs) if (existsSync(join(folder, program))) return join(folder, program);
}

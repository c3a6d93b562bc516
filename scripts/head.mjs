// @ts-check
// What is said of the page to chats, search engines and home screens: its picture, its own address where that is told, its manifest.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';

const CARD = 'card.png';
const head = /** @type {const} */ ('head');

/** The address of the published page, with a slash at its end; nothing where `HASH_PHASE_URL` does not tell it. */
function toldAddress() {
  const told = process.env.HASH_PHASE_URL;
  if (!told) return null;
  if (!URL.canParse(told)) throw new Error(`HASH_PHASE_URL is '${told}', which is no address: give that of the published page, as https://you.github.io/hash-phase/`);
  return new URL(told.endsWith('/') ? told : `${told}/`).href;
}

/** Tags of the page's head that name files beside it, which the bundler would rename. @returns {import('vite').Plugin} */
export const withHead = () => ({
  name: 'head',
  apply: 'build',
  transformIndexHtml(_html, { filename }) {
    if (!filename.endsWith('index.html')) return;
    const page = toldAddress();
    const meta = (/** @type {Record<string, string>} */ attrs) => ({ tag: 'meta', attrs, injectTo: head });
    const link = (/** @type {Record<string, string>} */ attrs) => ({ tag: 'link', attrs, injectTo: head });
    return [
      meta({ property: 'og:image', content: page ? new URL(CARD, page).href : CARD }),
      link({ rel: 'manifest', href: 'manifest.webmanifest' }),
      ...(page ? [link({ rel: 'canonical', href: page }), meta({ property: 'og:url', content: page })] : []),
    ];
  },
});

/** The files that they name. @param {string} folder of the built page */
export const buildHead = (folder) => cpSync(join(root, 'www', 'head'), folder, { recursive: true });

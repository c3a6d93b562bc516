// @ts-check
// The guides of docs/ as pages of the published site: the same words, in the page's own style.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
// CommonMark with tables, by the library that most editors use; heading ids as GitHub makes them.
import markdownIt from 'markdown-it';
import anchor from 'markdown-it-anchor';
import { root } from './places.mjs';

/** Where files of the repository are read that are no guides, where that is told; as on GitHub's runners. */
const { GITHUB_SERVER_URL = 'https://github.com', GITHUB_REPOSITORY } = process.env;
const POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:";

/** A heading's address, as GitHub makes it. @param {string} heading */
export const slug = (heading) => heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').trim().replaceAll(/\s/g, '-');

/**
 * A guide's links as its page has them: guides are pages beside it, other files are read in the repository. Where that is not known, their names stand alone.
 * @param {string} text in Markdown
 */
export const published = (text) =>
  text.replaceAll(/(!?)\[([^\]]*)\]\(([^)\s]+)\)/g, (whole, picture, words, link) => {
    if (picture || /^(https?:|#)/.test(link)) return whole;
    if (/^[\w-]+\.md(#|$)/.test(link)) return `[${words}](${link.replace('.md', '.html')})`;
    return GITHUB_REPOSITORY ? `[${words}](${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/blob/main/${link.replace(/^\.\.\//, '')})` : words;
  });

const markdown = markdownIt({ html: false }).use(anchor, { slugify: slug });

/** @param {string} text in Markdown @returns {string} a whole page */
export function guidePage(text) {
  const title = /^# (.+)$/m.exec(text)?.[1] ?? 'hash-phase';
  return `<!doctype html>
<html lang="en">
<head>
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · hash-phase</title>
<link rel="icon" href="../icon.svg">
<link rel="stylesheet" href="guide.css">
</head>
<body>
<nav><a href="../">The activation hash phase chart</a></nav>
<main>
${markdown.render(published(text)).replaceAll(' style="text-align:right"', ' class="number"').replaceAll('<table>', '<div class="scrolled" tabindex="0"><table>').replaceAll('</table>', '</table></div>')}</main>
</body>
</html>
`;
}

/** @param {string} folder of the built page */
export function buildGuides(folder) {
  const [from, to] = [join(root, 'docs'), join(folder, 'docs')];
  mkdirSync(join(to, 'figures'), { recursive: true });
  for (const name of readdirSync(from)) {
    if (name.endsWith('.md')) writeFileSync(join(to, name.replace(/\.md$/, '.html')), guidePage(readFileSync(join(from, name), 'utf8')));
    else if (name.endsWith('.png')) copyFileSync(join(from, name), join(to, name));
  }
  for (const name of readdirSync(join(from, 'figures'))) copyFileSync(join(from, 'figures', name), join(to, 'figures', name));
  const shared = readFileSync(join(root, 'www', 'element', 'shared.css'), 'utf8').replaceAll(':host', ':root');
  writeFileSync(join(to, 'guide.css'), `${shared}\n${readFileSync(join(root, 'www', 'guide.css'), 'utf8')}`);
}

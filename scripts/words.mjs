// @ts-check
// Every sentence that a reader can meet, one a line, to be read through: the page, the element, errors, the command line's help.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root, target } from './places.mjs';

/** @param {string} folder @param {RegExp} ending @returns {string[]} */
const filesOf = (folder, ending) =>
  readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !/^www\/(public|pkg)/.test(path))
    .sort();

/** Texts of a script that read like words: what has a space between letters. @param {string} source */
function texts(source) {
  const plain = source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
  const found = [...plain.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)].map(([, single, double, template]) => single ?? double ?? template);
  return found.filter((text) => /[a-z]{2,} [a-z“{$(]/i.test(text) && !/^[\w-]+(: [^;]+; ?)+$|[{;]\n|^(M|\.)|=>/.test(text)).map((text) => text.replaceAll(/\s+/g, ' ').trim());
}

const html = (/** @type {string} */ path) =>
  readFileSync(join(root, path), 'utf8')
    .replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<[^>]+>/g, (tag) => (/^<\/?(a|i|b|cite)\b/.test(tag) ? '' : '\n'))
    .split(/\n\s*\n/)
    .map((text) => text.replaceAll(/\s+/g, ' ').trim())
    .filter((text) => / /.test(text));

const program = join(target, 'release', 'hash-phase');
const help = (/** @type {string[]} */ args) => spawnSync(program, [...args, '--help'], { encoding: 'utf8' }).stdout ?? '';
const commands = [...help([]).matchAll(/^ {2}(\w+) {2,}/gm)].map(([, name]) => name);

const listed = [
  ...['index.html', 'embed.html'].flatMap((path) => html(path).map((text) => `${path}: ${text}`)),
  ...filesOf('www', /\.js$/).flatMap((path) => texts(readFileSync(join(root, path), 'utf8')).map((text) => `${path}: ${text}`)),
  ...filesOf('src', /\.rs$/).flatMap((path) => texts(readFileSync(join(root, path), 'utf8').replace(/#\[cfg\((all\()?test[\s\S]*$/, '').replaceAll("'", '’')).map((text) => `${path}: ${text}`)),
  ...[[], ...commands.map((name) => [name])].flatMap((args) => help(args).split('\n').map((line) => line.trim()).filter((line) => / /.test(line)).map((line) => `hash-phase ${args.join('')}: ${line}`)),
];
console.log([...new Set(listed)].join('\n'));

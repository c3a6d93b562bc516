// @ts-check
// Every link, command, option and file that README and guides name is there.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { guidePage, slug } from '../../scripts/guides.mjs';
import { root, target } from '../../scripts/places.mjs';
import { attributes } from '../../www/element/attributes.js';

const read = (/** @type {string} */ path) => readFileSync(join(root, path), 'utf8');
const guides = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
const { scripts } = JSON.parse(read('package.json'));
const program = join(target, 'release', 'hash-phase');
const helpOf = (/** @type {string[]} */ args) => spawnSync(program, [...args, '--help'], { encoding: 'utf8' }).stdout;
/** What a command of the program takes. @type {Map<string, string>} */
const help = new Map();
const commands = [...helpOf([]).matchAll(/^ {2}(\w+) {2,}/gm)].map(([, name]) => name).filter((name) => name !== 'help');

test('README is short: at most 150 lines and 10 kB, of lines that fit a window', () => {
  const text = read('README.md');
  assert.ok(Buffer.byteLength(text) <= 10_000 && text.split('\n').length <= 150, `${Buffer.byteLength(text)} bytes`);
  for (const line of text.split('\n')) assert.ok(line.length <= 120 || /^[|!]/.test(line), line);
});

for (const guide of guides)
  test(`every link of ${guide} leads somewhere`, () => {
    for (const [, link] of read(guide).replaceAll(/```[\s\S]*?```/g, '').matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(link)) continue;
      const [path, heading] = link.split('#');
      const file = path ? join(dirname(guide), path) : guide;
      assert.ok(existsSync(join(root, file)), `${link} in ${guide}`);
      if (heading) assert.ok([...read(file).matchAll(/^#+ (.+)$/gm)].some(([, words]) => slug(words) === heading), `${link} in ${guide}`);
    }
  });

for (const guide of guides.filter((name) => name !== 'CHANGELOG.md'))
  test(`every command that ${guide} names is there, with its options`, () => {
    assert.ok(commands.includes('sweep') && commands.length >= 8, String(commands));
    const text = read(guide);
    for (const [, name] of text.matchAll(/npm run ([\w:-]+)/g)) assert.ok(Object.hasOwn(scripts, name), `npm run ${name} in ${guide}`);
    // In shell blocks and between backticks; arguments in a scheduler's script belong to a command, too.
    const calls = [...text.matchAll(/(?:hash-phase|cargo run --release(?: --features gpu)? --|^\S*submit\.sh \d+) ([^`\n#|&]*)/gm)].map(([, call]) => call);
    for (const call of calls) {
      const words = call.trim().split(/\s+/);
      const name = words[0].startsWith('--') ? 'sweep' : words[0];
      if (!commands.includes(name)) continue;
      if (!help.has(name)) help.set(name, helpOf([name]));
      for (const [option] of call.matchAll(/--[a-z][a-z-]*/g)) assert.ok(option === '--only' || help.get(name)?.includes(option), `${name} ${option} in ${guide}`);
    }
  });

for (const guide of guides.filter((name) => name !== 'CHANGELOG.md'))
  test(`every file that ${guide} names is there`, () => {
    for (const [, path] of read(guide).matchAll(/`((?:src|www|tests|scripts|examples|docs)\/[\w./-]+)`/g)) {
      // Files made by set-up and builds are not part of a checkout.
      if (/^www\/(public|pkg)/.test(path)) continue;
      assert.ok(existsSync(join(root, path)), `${path} in ${guide}`);
    }
  });

test('every option of the command line is in its guide', () => {
  const text = `${read('docs/command-line.md')}${read('docs/cluster.md')}${read('docs/how-it-works.md')}${read('docs/own-data.md')}`;
  const options = [...helpOf(['sweep']).matchAll(/^ +(?:-\w, )?(--[a-z-]+)/gm)].map(([, option]) => option).filter((option) => option !== '--help');
  assert.ok(options.length > 20);
  for (const option of options) assert.ok(text.includes(option), option);
});

test('every attribute of the element is in its guide', () => {
  for (const name of attributes) assert.ok(read('docs/embed.md').includes(`\`${name}\``), name);
});

test('a guide is a page: its links lead to pages, its headings can be linked, and nothing in it is markup', () => {
  const page = guidePage('# One\n\n## Two words\n\n[other](embed.md#attributes) <script>alert(1)</script> ![picture](hook.png)');
  assert.match(page, /<title>One · hash-phase<\/title>/);
  assert.match(page, /<h2 id="two-words"/);
  assert.match(page, /<a href="embed\.html#attributes">other<\/a> &lt;script&gt;/);
  assert.match(page, /<img src="hook\.png"/);
  // Its policy forbids inline styles.
  for (const guide of guides.filter((name) => name.startsWith('docs/'))) assert.doesNotMatch(guidePage(read(guide)), / style=/, guide);
});

test('every recipe of docs/your-network.md is the one that is run', () => {
  const guide = read('docs/your-network.md');
  const recipes = readdirSync(join(root, 'tests', 'recipes')).filter((name) => name !== 'digits.py');
  assert.equal(recipes.length, 5);
  for (const name of recipes) {
    const [, recipe] = /(# The recipe:[\s\S]*?)\n# The end\./.exec(read(`tests/recipes/${name}`)) ?? [];
    assert.ok(recipe && guide.includes(recipe.trim()), name);
    assert.ok(recipe.split('\n').length <= 14, name);
  }
});

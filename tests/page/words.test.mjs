// @ts-check
// The page says little: at most 900 words, ten terms, each explained and linked where it first stands.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/places.mjs';
import { stops } from '../../www/story/tour.js';
import { openPage } from './browser.mjs';

test('the whole text is at most 900 words, and every term is linked where it first stands', { timeout: 480_000 }, async (t) => {
  const { page, address, close } = await openPage({ viewport: { width: 1280, height: 900 } });
  t.after(close);
  await page.goto(address);
  await page.locator('#hook-state', { hasText: /^Trained/ }).waitFor();
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
  // Axis names and numbers of the figures, and what stands on buttons and fields, are not read as text.
  const text = await page.evaluate(() => [...document.querySelectorAll('h1, h2, p, dt, dd, figcaption, summary')].filter((element) => !element.closest('#paper-figures, .space')).map(({ textContent }) => textContent).join(' '));
  const tour = stops(JSON.parse(readFileSync(join(root, 'www', 'charts', 'mnist-figure.json'), 'utf8'))).map(({ text }) => text).join(' ');
  const words = `${text} ${tour}`.split(/\s+/).filter((word) => /\p{L}|\d/u.test(word)).length;
  t.diagnostic(`${words} words`);
  assert.ok(words <= 900, `${words} words`);

  const terms = await page.locator('#glossary dt').allTextContents();
  assert.ok(terms.length <= 10);
  const links = await page.locator('a[href^="#term-"]').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  assert.equal(new Set(links).size, links.length, 'each is linked once');
  assert.deepEqual([...links].sort(), (await page.locator('#glossary dt').evaluateAll((terms) => terms.map(({ id }) => `#${id}`))).sort());
});

test('a link to a term opens the glossary there and leaves the page’s address alone', { timeout: 240_000 }, async (t) => {
  const { page, address, close } = await openPage({});
  t.after(close);
  await page.goto(address);
  await page.locator('#chart svg').first().waitFor();
  const before = page.url();
  await page.locator('a[href="#term-hamming"]').click();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'term-hamming');
  assert.equal(await page.locator('#term-hamming').isVisible(), true);
  assert.equal(page.url(), before);
});

// @ts-check
// Pictures of the built page, desktop and phone, and of the element, light and dark, into test-results/: look at them after every change.
// With --readme those of the README, into docs/.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readyToLook } from './browser.mjs';
import { root } from './places.mjs';
import { script } from './shell.mjs';

await script(async () => {
  const { openPage } = await readyToLook();
  if (process.argv[2] === '--readme') return pictureReadme(openPage);
  const folder = join(root, 'test-results');
  mkdirSync(folder, { recursive: true });
  for (const [size, viewport] of Object.entries({ desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } }))
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      const { page, address, close, complaints } = await openPage({ viewport, colorScheme, deviceScaleFactor: 1, hasTouch: size === 'phone' });
      await page.goto(address + (process.argv[2] ?? ''));
      await page.locator('#chart svg').first().waitFor();
      // A section starts once it has been in view.
      for (const [stage, state, done] of [['#hook', '#hook-state', /^Trained/], ['#plane', '#plane-state', /^Epoch 250/], ['#codes .stage', '#codes [role=status]', /^Width/]]) {
        await page.locator(String(stage)).evaluate((element) => element.scrollIntoView({ block: element.clientHeight > innerHeight ? 'start' : 'center' }));
        await page.locator(String(state), { hasText: done }).waitFor({ timeout: 120_000 });
      }
      await page.screenshot({ path: join(folder, `${size}-${colorScheme}.png`), fullPage: true });
      complaints.forEach((complaint) => console.error(complaint));
      await close();
    }
  // The element by itself, as others embed it.
  for (const width of [320, 768, 1280])
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      const { page, address, close } = await openPage({ viewport: { width, height: 800 }, colorScheme, deviceScaleFactor: 1 });
      await page.goto(`${address}embed.html?pin=40-30-48000&controls=${width === 768 ? 'none' : 'view'}`);
      await page.locator('#chart svg').first().waitFor();
      await page.screenshot({ path: join(folder, `element-${width}-${colorScheme}.png`), fullPage: true });
      await close();
    }
  console.log(`pictures in ${folder}`);
});

/** @param {typeof import('../tests/page/browser.mjs').openPage} openPage */
async function pictureReadme(openPage) {
  const { page, address, close } = await openPage({ viewport: { width: 1280, height: 900 }, deviceScaleFactor: 1 });
  await page.goto(address);
  await page.locator('#hook-state', { hasText: /^Trained/ }).waitFor({ timeout: 120_000 });
  await page.locator('#lamps .on').nth(5).waitFor();
  await page.locator('#hook .stage').screenshot({ path: join(root, 'docs', 'hook.png'), animations: 'disabled' });
  await page.locator('#plane').evaluate((plane) => plane.scrollIntoView({ block: 'center' }));
  await page.locator('#plane-width').fill('24');
  await page.locator('#plane-data').selectOption('spirals');
  await page.locator('#plane-numbers', { hasText: /regions/ }).waitFor();
  await page.locator('#plane-state', { hasText: /^Epoch 250/ }).waitFor({ timeout: 120_000 });
  await page.locator('#regions .stage').screenshot({ path: join(root, 'docs', 'regions.png') });
  await page.locator('#figure').screenshot({ path: join(root, 'docs', 'page.png') });
  // The card that chats show: the chart alone, at their size.
  await page.setViewportSize({ width: 1200, height: 630 });
  await page.goto('about:blank');
  await page.goto(`${address}embed.html?controls=none&metric=redundancy-train`);
  await page.locator('#chart svg').first().waitFor();
  await page.evaluate(() => Object.assign(document.body.style, { padding: '16px 60px', zoom: '0.9' }));
  await page.screenshot({ path: join(root, 'www', 'head', 'card.png') });
  // And embedded in the dark, on a desk and on a phone.
  await page.emulateMedia({ colorScheme: 'dark' });
  for (const [name, width, height] of /** @type {const} */ ([['embed', 900, 720], ['phone', 390, 660]])) {
    await page.setViewportSize({ width, height });
    await page.goto('about:blank');
    await page.goto(`${address}embed.html?controls=none&pin=40-30-48000`);
    await page.locator('#chart svg').first().waitFor();
    await page.locator('#figure').screenshot({ path: join(root, 'docs', `${name}.png`) });
  }
  await close();
  console.log('docs/hook.png, docs/regions.png, docs/page.png, docs/embed.png, docs/phone.png, www/head/card.png');
}

// @ts-check
// Pictures of the built page, desktop and phone, and of the element, light and dark, into test-results/: look at them after every change.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readyToLook } from './browser.mjs';
import { root } from './places.mjs';
import { script } from './shell.mjs';

await script(async () => {
  const { openPage } = await readyToLook();
  const folder = join(root, 'test-results');
  mkdirSync(folder, { recursive: true });
  for (const [size, viewport] of Object.entries({ desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } }))
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      const { page, address, close, complaints } = await openPage({ viewport, colorScheme, deviceScaleFactor: 1, hasTouch: size === 'phone' });
      await page.goto(address + (process.argv[2] ?? ''));
      await page.locator('#chart svg').first().waitFor();
      await page.screenshot({ path: join(folder, `${size}-${colorScheme}.png`), fullPage: true });
      complaints.forEach((complaint) => console.error(complaint));
      await close();
    }
  // The element alone, as others embed it.
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

import { chromium } from 'playwright-core';
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium' });
for (const [name, viewport, colorScheme] of [['desk', { width: 1280, height: 1100 }, 'light'], ['phone', { width: 390, height: 900 }, 'dark']]) {
  const page = await browser.newPage({ viewport, colorScheme });
  page.on('console', (m) => console.log(m.type(), m.text())); page.on('pageerror', (e) => console.log('ERR', e.message));
  await page.goto(process.argv[2]);
  await page.locator('#facets .facet').first().waitFor({ timeout: 20000 });
  const box = await page.locator('#facets .facet canvas').nth(2).boundingBox();
  if (name === 'desk') await page.mouse.move(box.x + 30, box.y + 20);
  await page.waitForTimeout(300);
  await page.locator('#figure').screenshot({ path: `/tmp/facet-${name}.png` });
  await page.close();
}
await browser.close();

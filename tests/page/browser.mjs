// @ts-check
// The built page on a local server, and a headless Chromium to open it in.
import { chromium } from 'playwright-core';
import { preview } from 'vite';
import { root } from '../../scripts/places.mjs';

/** @param {import('playwright-core').BrowserContextOptions} [options] */
export async function openPage(options) {
  const server = await preview({ root, preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' });
  const address = server.resolvedUrls?.local[0] ?? '';
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const context = await browser.newContext(options);
  const page = await context.newPage();
  /** @type {string[]} What the console and the page complained of. */
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  const close = async () => {
    await browser.close();
    await server.close();
  };
  return { page, browser, address, complaints, close };
}

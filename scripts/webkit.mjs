// @ts-check
// The page in a third browser, WebKit, where Debian's driver of it is installed: it opens the built page, trains a small plan and the quick
// chart, holds what comes against what the page says, and opens the chart out of a link. `apt-get install webkit2gtk-driver xvfb dbus` brings what is needed.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';
import { packChart } from '../www/chart/take/carried.js';
import { servePage } from './serve-page.mjs';
import { SetupError, say, script } from './shell.mjs';
import { openWebKit } from './webkit-driver.mjs';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
const INSIDE = "const chart = document.querySelector('hash-phase-chart'); const inside = (s) => chart.shadowRoot.querySelector(s);";

await script(async () => {
  if (!existsSync(join(root, 'dist', 'index.html'))) throw new SetupError('the page is not built.', 'run `npm run build`, then this again.');
  const { name, ask, run, until, end } = await openWebKit();
  const { address, close } = await servePage();
  try {
    say(name);
    for (const [what, link] of [['a small plan', 'dataset=moons&widths=3,8,20&epochs=0,2,30&samples=100,1024'], ['the quick chart', 'dataset=mnist-small']]) {
      await ask('POST', '/url', { url: 'about:blank' });
      await ask('POST', '/url', { url: `${address}#${link}` });
      await until('Train', () => run(`${INSIDE} return inside('#start') && !inside('#start').disabled`));
      const start = await run(`${INSIDE} return inside('#start')`);
      await ask('POST', `/element/${start[ELEMENT]}/click`, {});
      const ended = await until(what, () => run(`${INSIDE} const text = inside('#progress-text').textContent; return /^(Done|Failed)/.test(text) ? text : null`));
      const cells = await run(`${INSIDE} return chart.chart.cells.length`);
      const notice = await run(`${INSIDE} return inside('#notice').textContent`);
      say(`${what}: ${ended}${notice ? ` (${notice})` : ''}`);
      if (!ended.startsWith(`Done: ${cells} of ${cells} `)) throw new SetupError(`${what} ended otherwise in WebKit.`, 'mend what the line above says.');
    }
    // The last chart again, from a link that carries it.
    const text = await packChart(JSON.parse(await run(`${INSIDE} return JSON.stringify(chart.chart)`)));
    await ask('POST', '/url', { url: 'about:blank' });
    await ask('POST', '/url', { url: `${address}#chart=${text}` });
    const words = await until('the chart of a link', () => run(`${INSIDE} return /^This chart/.test(inside('#whose').textContent) && inside('#figure-title').textContent`));
    say(`out of a link of ${address.length + 7 + text.length} characters: ${words}`);
  } finally {
    await end();
    await close();
  }
});

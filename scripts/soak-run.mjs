// @ts-check
// One run in a page: begun, paused, stopped or begun anew, and what it leaves among what is kept deleted, since that may grow.

/**
 * Runs in the page, with nothing of this file around it.
 * @param {{ widths: string, samples: string, epochs: string, end: string, pauses: boolean, engine: string, patience: number }} what `end`: `done`, `stop` after the first square, or `again` before the first
 */
export async function runOnce({ widths, samples, epochs, end, pauses, engine, patience }) {
  /** @param {() => unknown} look */
  const until = async (look) => {
    const begun = performance.now();
    while (!look()) {
      if (performance.now() - begun > patience) throw new Error(`never: ${look}`);
      await new Promise((go) => setTimeout(go, 20));
    }
  };
  const chart = /** @type {any} */ (document.querySelector('hash-phase-chart'));
  const inside = (/** @type {string} */ selector) => chart.shadowRoot?.querySelector(selector);
  await until(() => inside('#start:enabled'));
  // Listeners added here end with the run, so that only the page's own are counted.
  const over = new AbortController();
  const settled = new Promise((go, fail) => {
    setTimeout(() => fail(new Error('a run has not ended in time')), patience);
    for (const event of ['done', 'error']) chart.addEventListener(event, () => go(event), { once: true, signal: over.signal });
    chart.addEventListener('cell', () => {
      if (pauses) {
        chart.pause();
        setTimeout(() => chart.resume(), 20);
      }
      if (end === 'done') return;
      chart.stop();
      go(end);
    }, { once: true, signal: over.signal });
  });
  chart.setAttribute('plan', `dataset=moons&preset=quick&widths=${widths}&samples=${samples}&epochs=${epochs}&seeds=1`);
  chart.set({ engine });
  chart.train();
  if (end === 'again') chart.train(); // before the first one has started
  const how = await settled;
  over.abort();
  if (how === 'error') throw new Error(chart.notice);
  // Count only runs on the requested engine.
  if (how === 'done' && chart.chart.provenance.engine !== engine) throw new Error(`${chart.chart.provenance.engine} has trained, and ${engine} was asked for: ${chart.notice}`);
  const kept = inside('#kept');
  kept.open = true;
  const remove = () => inside('#kept-charts button[aria-label^="Delete"]');
  await until(remove);
  remove().click();
  await until(() => !remove());
  kept.open = false;
}

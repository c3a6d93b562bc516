// @ts-check
// How far training is.
import { h } from '../../chart/elements.js';
import { duration } from '../../chart/provenance.js';
import { write } from './form.js';

/** @typedef {import('../state.js').State} State */

/** Shares of the work at which a listener is told how far it is: every change would be hundreds. */
const MILESTONES = [0.25, 0.5, 0.75];

export function progressView() {
  /** What was told last: nothing is told twice. */
  let told = '';
  const heard = h('p', { className: 'unseen', id: 'progress-heard', role: 'status' });
  const bar = h('progress', { max: 1, 'aria-label': 'share of the work that is done' });
  const text = h('div', { id: 'progress-text' });
  return {
    elements: [bar, text, heard],
    /** @param {State} state */
    show({ run }) {
      bar.hidden = run.status === 'idle';
      bar.value = run.fraction;
      write(text, words(run));
      const reached = run.status === 'running' ? MILESTONES.filter((share) => run.fraction >= share).length : 0;
      const milestone = `${run.status} ${reached}`;
      if (milestone === told) return;
      told = milestone;
      heard.textContent = reached ? `${Math.round(100 * MILESTONES[reached - 1])}% of the work is done.` : words({ ...run, fraction: 0 });
    },
  };
}

/** @param {State['run']} run */
function words({ status, cells, gaps, total, fraction, seconds, engine, loaded, what }) {
  const done = `${cells} of ${total} squares${gaps ? `, ${gaps} where training diverged` : ''}`;
  const left = fraction > 0.01 ? `, about ${duration((seconds / fraction) * (1 - fraction))} to go` : '';
  switch (status) {
    case 'idle':
      return '';
    case 'loading':
      if (what === 'another chart') return 'Waiting for another chart on this page to finish training …';
      return loaded < 1 ? `Loading ${what}: ${Math.round(100 * loaded)}% …` : 'Loading the engine and the data set …';
    case 'running':
      return `${done}, ${duration(seconds)}${left} (${engine})`;
    case 'paused':
      return `Paused: ${done}, ${duration(seconds)}`;
    case 'stopped':
      return `Stopped: ${done}, ${duration(seconds)}. Finished squares are kept.`;
    case 'failed':
      return `Failed: ${done}. Finished squares are kept.`;
    case 'done':
      return `Done: ${done} in ${duration(seconds)} (${engine})`;
  }
}

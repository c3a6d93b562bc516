// @ts-check
// The words that lead back to the chart on show, all of them functions of where it is from: its link, its embed code.
import { embedCode } from '../chart/take/embed-code.js';
import { linkOf } from '../state/link.js';
import { OWN } from '../state/names.js';
import { writePlanText } from '../state/plan-text.js';
import { datasetNames } from '../state/presets.js';

/** @typedef {import('./state.js').State} State */

/**
 * @param {State} state
 * @param {import('./take-away.js').Home} home
 */
export function wordsOf(state, home) {
  const { origin, chart, view } = state;
  const page = home.page ?? '';
  const fields = linkOf(state, Object.keys(home.charts));
  const link = `${page}${fields ? `#${fields}` : ''}`;
  const lack = lackOf(state);
  return {
    /** What stands behind the number sign. */
    fields,
    /** The whole address. */
    link,
    /**
     * The address with the chart in it, where nobody else has it.
     * @returns {Promise<{ link: string, fits: boolean }>} an empty one where others have the chart
     */
    async carrying() {
      if (!chart || ['reference', 'address', 'carried'].includes(origin.kind)) return { link: '', fits: true };
      const { LONGEST, packChart } = await import('../chart/take/carried.js');
      const text = await packChart(chart);
      const link = `${page}#${linkOf({ ...state, origin: { kind: 'carried', text } }, Object.keys(home.charts))}`;
      return { link, fits: link.length <= LONGEST };
    },
    /** Why nobody else can see this chart by words alone; nothing where they can. */
    lack,
    /** @returns {string} the embed code, or it says why there is none */
    embed() {
      if (lack) throw new Error(`${lack}: save it as JSON, put the file on a server, and write its address as src="…"`);
      const source = origin.kind === 'reference' ? origin.name : origin.kind === 'address' ? origin.address : '';
      return embedCode(home.embed ?? '', source, view, source || !chart ? '' : writePlanText({ dataset: chart.dataset.name, protocol: chart.protocol, axes: chart.axes }), link);
    },
  };
}

/** @param {State} state */
function lackOf({ origin, chart }) {
  if (!chart || origin.kind === 'reference' || origin.kind === 'address') return '';
  const { name } = chart.dataset;
  if (name === OWN) return 'this chart is of data of your own, which no other page has';
  return datasetNames.includes(name) ? '' : `this chart is of the data set ${name}, which this page does not have`;
}

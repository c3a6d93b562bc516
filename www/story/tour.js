// @ts-check
// A tour through the three regimes: four stops, each one sentence and one view. Every number in it is the chart's.
import { h } from '../chart/elements.js';
import { squares } from '../chart/look.js';
import { regimeNames, summaryAt } from '../chart/summary.js';
import { startingSettings } from '../state/fields.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/fields.js').View} View */
/** @typedef {{ title: string, text: string, view: View }} Stop */

/** The chart that the tour is of. */
const CHART = 'mnist-figure';

/** @type {{ title: string, width: number, epoch: number, metric: View['metric'], say: (numbers: { images: string, codes: string, right: string, regime: string }) => string }[]} */
const places = [
  { title: 'Few ReLUs', width: 10, epoch: 100, metric: 'redundancy-train', say: ({ images, codes, regime }) => `Ten ReLUs, fully trained: ${images} training images share ${codes} codes, far too few to tell them apart. Such networks are ${regime}.` },
  { title: 'Many, untrained', width: 60, epoch: 0, metric: 'redundancy-train', say: ({ codes, right, regime }) => `Sixty random ReLUs: already ${codes} codes, nearly one for each image. But look for the nine nearest codes and let them vote, and only ${right} of new images are named right: ${regime}.` },
  { title: 'One epoch', width: 50, epoch: 1, metric: 'redundancy-train', say: ({ codes, regime }) => `The first epoch makes images alike before it tells them apart: fifty ReLUs are down to ${codes} codes, and for a while ${regime} again. More epochs bring them back.` },
  { title: 'Many, trained', width: 80, epoch: 100, metric: 'knn', say: ({ codes, right, regime }) => `Eighty ReLUs, trained: ${codes} codes, and a vote among the nearest names ${right} of new images right. This is ${regime}: more width or time buys little.` },
];

/**
 * The stops, in the words of a chart.
 * @param {PhaseChart} chart
 * @returns {Stop[]}
 */
export function stops(chart) {
  const samples = chart.axes.samples[chart.axes.samples.length - 1];
  return places.map(({ title, width, epoch, metric, say }) => {
    const pin = { width, epoch, samples, factor: 0 };
    const view = { ...startingSettings().view, metric, pin };
    const bands = summaryAt(chart, pin)?.bands;
    const { columns, rows, regime } = squares(chart, view);
    const found = bands && regime(columns.indexOf(pin[view.x]), rows.indexOf(pin[view.y]));
    const images = chart.dataset.train;
    const numbers = {
      images: images.toLocaleString('en'),
      codes: Math.round(images * (1 - (bands?.['redundancy-train']?.mean ?? NaN))).toLocaleString('en'),
      right: `${Math.round(100 * (bands?.knn?.mean ?? NaN))}%`,
      regime: found ? regimeNames[found] : '',
    };
    return { title, text: say(numbers), view };
  });
}

/**
 * @param {import('../element/hash-phase-chart.js').HashPhaseChart} chart
 * @param {HTMLElement} section
 */
export function tour(chart, section) {
  const said = h('p', { id: 'tour-text', role: 'status', hidden: true });
  const leave = h('button', { type: 'button', hidden: true }, 'leave the tour');
  const buttons = places.map(({ title }, index) => {
    const button = h('button', { type: 'button', 'aria-pressed': 'false' }, `${index + 1} ${title}`);
    button.addEventListener('click', () => go(index));
    return button;
  });

  /** @param {number | null} at a stop, or none */
  function mark(at) {
    buttons.forEach((button, index) => button.setAttribute('aria-pressed', String(index === at)));
    said.hidden = leave.hidden = at === null;
  }

  /** Stops asked for: the last counts. */
  let asked = 0;
  const isThere = () => chart.settings.origin.kind === 'reference' && chart.settings.origin.name === CHART;

  /** @param {number} at */
  async function go(at) {
    const mine = ++asked;
    if (chart.isTraining) {
      mark(at);
      said.textContent = 'Networks are being trained: the tour goes on when they are done, or stopped.';
      return;
    }
    if (!isThere()) await chart.open(CHART, null);
    if (mine !== asked) return;
    if (!chart.chart || !isThere()) return mark(null);
    const { text, view } = stops(chart.chart)[at];
    chart.view = view;
    said.textContent = text;
    mark(at);
  }

  leave.addEventListener('click', () => mark(null));
  section.replaceChildren(h('span', {}, 'A tour:'), ...buttons, leave, said);
}

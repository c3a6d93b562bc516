// @ts-check
// Codes: what they are like as a network trains, and what simple algorithms make of them. The networks are those of the quick chart.
import { h } from '../chart/elements.js';
import { choice, field, write } from '../element/controls/form.js';
import { OWN } from '../state/names.js';
import { presetPlan } from '../state/presets.js';
import { createStudies } from './codes/study.js';
import { whyWait } from './live.js';

/** @typedef {import('../types.d.ts').Study} Study */

const FIRST_WIDTH = 40;
/** Milliseconds between two looks that are shown while it trains: faster than one can follow, and each takes the page's thread for a while. */
const PACE = 1200;

/**
 * @param {HTMLElement} section
 * @param {import('../element/room.js').Room} room
 */
export function codes(section, room) {
  let plan = presetPlan('quick', 'mnist-small');
  const widths = plan.axes.width;
  /** All examples there are. */
  const samples = () => plan.axes.samples[plan.axes.samples.length - 1];
  const width = choice('codes-width', widths.map((width) => [String(width), String(width)]), () => train());
  width.value = String(FIRST_WIDTH);
  const epoch = h('input', { type: 'range', id: 'codes-epoch', min: '0', max: String(plan.axes.epoch.length - 1), value: '0', disabled: true });
  const epochLabel = h('span', {}, 'epoch');
  const start = h('button', { type: 'button' }, 'Train again');
  const state = h('p', { className: 'hint', role: 'status' }, ' ');
  const views = h('div', { className: 'studied' });
  const stage = /** @type {HTMLElement} */ (section.querySelector('.stage'));
  stage.replaceChildren(h('div', { className: 'bar' }, field('layer width', width), h('label', { className: 'field wide' }, epochLabel, epoch), start), state, views);

  /** What is known, by the place of its epoch. @type {{ study: Study, draw: () => HTMLElement[] }[]} */
  let known = [];
  /** Whether the reader chose the epoch: until then the newest is shown. */
  let chosen = false;

  function show() {
    const at = Math.min(Number(epoch.value), known.length - 1);
    epoch.disabled = known.length < 2;
    if (at < 0) return;
    const { study, draw } = known[at];
    write(epochLabel, `epoch ${study.cell.epoch}`);
    epoch.setAttribute('aria-valuetext', `epoch ${study.cell.epoch}`);
    views.replaceChildren(...draw());
  }

  /** What shows the newest look, where one has come too soon after the last; and when that was. */
  let later = 0;
  let shown = -PACE;
  function showNewest() {
    clearTimeout(later);
    later = 0;
    shown = performance.now();
    show();
  }

  const studies = createStudies(room, stage, state, {
    studied(study, draw) {
      known.push({ study, draw });
      if (!chosen) epoch.value = String(known.length - 1);
      later ||= window.setTimeout(showNewest, Math.max(0, shown + PACE - performance.now()));
    },
    finished() {
      if (later) showNewest();
      return `Width ${width.value}, trained in your browser on ${samples().toLocaleString('en')} ${plan.dataset === OWN ? 'examples of yours' : 'digits'}. Move the epoch from 0 to ${plan.axes.epoch.at(-1)}: the two distributions move apart.`;
    },
  });

  /** @param {boolean} [byReader] */
  function train(byReader = true) {
    known = [];
    chosen = false;
    studies.study({ plan: { ...plan, axes: { ...plan.axes, width: [Number(width.value)] } }, width: Number(width.value), epochs: plan.axes.epoch, population: /** @type {import('../types.d.ts').PopulationPlan} */ ({ samples: samples(), seed: plan.axes.seed[0] }) }, byReader);
  }
  start.after(studies.pause);

  epoch.addEventListener('input', () => {
    chosen = true;
    show();
  });
  start.addEventListener('click', () => train());

  return {
    /** Looks at a reader's own data, of so many training examples, after these epochs. @param {number} examples @param {number[]} epochs */
    useOwn(examples, epochs) {
      const own = presetPlan('quick', OWN);
      plan = { ...own, axes: { ...own.axes, samples: [examples], epoch: epochs } };
      train();
    },
    /** Trains as soon as it is seen. */
    begin() {
      const why = whyWait();
      if (!why) train(false);
      else write(state, `${why}, nothing is trained before you press “Train again”.`);
    },
  };
}

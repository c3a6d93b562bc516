// @ts-check
// How the chart is looked at: colour, axes, thresholds, and where the other axes are held.
import { h } from '../../chart/elements.js';
import { heldAt } from '../../chart/look.js';
import { axisLabel, axisText, axisValues, hasMetric, metrics } from '../../chart/metrics.js';
import { axisNames, metricNames } from '../../state/names.js';
import { choice, field, write } from './form.js';

/** @typedef {import('../state.js').State} State */
/** @typedef {import('../../state/store.js').Store<State>} Store */
/** @typedef {import('../../state/fields.js').View} View */

/** Looks at the chart otherwise. @param {Store} store @param {Partial<View>} change */
export const look = (store, change) => store.set({ view: { ...store.get().view, ...change } });

/**
 * Metric, axes and thresholds.
 * @param {Store} store
 */
export function viewControls(store) {
  const metric = choice('metric', metricNames.map((name) => [name, metrics[name].label]), (value) => look(store, { metric: /** @type {View['metric']} */ (value) }));
  const options = axisNames.map((name) => /** @type {[string, string]} */ ([name, axisLabel(null, name)]));
  /** Choosing the other axis' own swaps the two.
   * @param {'x' | 'y'} one
   * @param {'x' | 'y'} other
   */
  const turn = (one, other) => (/** @type {string} */ value) => {
    const { view } = store.get();
    look(store, value === view[other] ? { [one]: value, [other]: view[one] } : { [one]: value });
  };
  const x = choice('x', options, turn('x', 'y'));
  const y = choice('y', options, turn('y', 'x'));
  const redundancy = threshold('redundancy', 0, 0.5, store);
  const accuracy = threshold('accuracy', 0.5, 1, store);
  return {
    elements: [
      field('colour', metric),
      field('across', x),
      field('up', y),
    ],
    thresholds: [
      field('under-expressive above training redundancy', redundancy),
      field('sufficient from this share of the best accuracy', accuracy),
    ],
    /** @param {State} state */
    show({ chart, view }) {
      metricNames.forEach((name, index) => (metric.options[index].hidden = metric.options[index].disabled = !hasMetric(chart, name)));
      metric.value = view.metric;
      for (const [select, value] of /** @type {const} */ ([[x, view.x], [y, view.y]])) {
        for (const name of /** @type {const} */ (['width', 'factor'])) {
          write(select.options[axisNames.indexOf(name)], axisLabel(chart, name));
        }
        const factor = select.options[axisNames.indexOf('factor')];
        factor.hidden = factor.disabled = !chart?.axes.factor;
        select.value = value;
      }
      for (const [input, value] of /** @type {const} */ ([[redundancy, view.redundancy], [accuracy, view.accuracy]]))
        if (!input.matches(':focus') && Number(input.value) !== value) input.value = String(value);
    },
  };
}

/**
 * @param {'redundancy' | 'accuracy'} name
 * @param {number} min
 * @param {number} max
 * @param {Store} store
 */
function threshold(name, min, max, store) {
  const input = h('input', { type: 'number', id: `threshold-${name}`, min, max, step: 0.01 });
  input.addEventListener('input', () => {
    const value = Number(input.value);
    const good = input.value !== '' && value >= 0 && value <= 1;
    input.setAttribute('aria-invalid', String(!good));
    if (good) look(store, { [name]: value });
  });
  // While the reader types, the field is left alone; afterwards it shows the number in effect.
  input.addEventListener('blur', () => {
    input.value = String(store.get().view[name]);
    input.setAttribute('aria-invalid', 'false');
  });
  return input;
}

/**
 * A slider for each axis that is not shown and has several values.
 * @param {Store} store
 */
export function heldControls(store) {
  const sliders = axisNames.map((axis) => {
    const slider = h('input', { type: 'range', id: `at-${axis}`, min: 0, step: 1 });
    const label = h('span', {});
    slider.addEventListener('input', () => {
      const { chart, view } = store.get();
      const value = chart ? axisValues(chart, axis)[Number(slider.value)] : undefined;
      // The pinned network is always among the values shown.
      if (value !== undefined) look(store, { at: { ...view.at, [axis]: value }, pin: view.pin && { ...view.pin, [axis]: value } });
    });
    return { axis, slider, label, element: h('label', { className: 'field wide', hidden: true }, label, slider) };
  });
  return {
    elements: sliders.map(({ element }) => element),
    /** @param {State} state */
    show({ chart, view }) {
      for (const { axis, slider, label, element } of sliders) {
        const values = chart ? axisValues(chart, axis) : [];
        element.hidden = values.length < 2 || axis === view.x || axis === view.y;
        if (element.hidden || !chart) continue;
        const value = heldAt(chart, view, axis);
        const text = (/** @type {number} */ value) => axisText(chart, axis, value);
        slider.max = String(values.length - 1);
        slider.value = String(values.indexOf(value));
        slider.setAttribute('aria-valuetext', `${axisLabel(chart, axis)} ${text(value)}`);
        label.textContent = `at ${axisLabel(chart, axis)} ${text(value)} (of ${values.map(text).join(', ')})`;
      }
    },
  };
}

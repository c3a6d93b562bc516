// @ts-check
// How the chart is looked at: colour, axes, thresholds, and where the other axes are held.
import { h } from '../../chart/elements.js';
import { facetAxis } from '../../chart/facets.js';
import { heldAt, heldAxes } from '../../chart/look.js';
import { axisLabel, axisText, axisValues, hasMetric, metrics } from '../../chart/metrics.js';
import { axisNames, metricNames } from '../../state/names.js';
import { choice, field, write } from './form.js';

/** @typedef {import('../state.js').State} State */
/** @typedef {import('../../state/store.js').Store<State>} Store */
/** @typedef {import('../../state/fields.js').View} View */

/** Looks at the chart otherwise. @param {Store} store @param {Partial<View>} change */
export const look = (store, change) => store.set({ view: { ...store.get().view, ...change } });

/**
 * Holds an axis that is not shown at one of its values; the pinned network is always among those shown.
 * @param {Store} store
 * @param {import('../../state/names.js').Axis} axis
 * @param {number} value
 */
export function hold(store, axis, value) {
  const { view } = store.get();
  look(store, { at: { ...view.at, [axis]: value }, pin: view.pin && { ...view.pin, [axis]: value } });
}

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
        for (const name of /** @type {const} */ (['width', 'factor'])) write(optionOf(select, name), axisLabel(chart, name));
        const factor = optionOf(select, 'factor');
        factor.hidden = factor.disabled = !chart?.axes.factor;
        select.value = value;
      }
      for (const [input, value] of /** @type {const} */ ([[redundancy, view.redundancy], [accuracy, view.accuracy]]))
        if (!input.matches(':focus') && Number(input.value) !== value) input.value = String(value);
    },
  };
}

/** @param {HTMLSelectElement} select @param {string} name */
const optionOf = (select, name) => /** @type {HTMLOptionElement} */ ([...select.options].find(({ value }) => value === name));

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
 * For each axis that is not shown and has several values a slider, or a small heatmap for each of its values.
 * @param {Store} store
 */
export function heldControls(store) {
  const facet = choice('facet', [['', 'none'], ...axisNames.map((name) => /** @type {[string, string]} */ ([name, axisLabel(null, name)]))], (value) => look(store, { facet: /** @type {View['facet']} */ (value) }));
  const facets = field('small multiples', facet);

  const sliders = axisNames.map((axis) => {
    const slider = h('input', { type: 'range', id: `at-${axis}`, min: 0, step: 1 });
    const label = h('span', {});
    slider.addEventListener('input', () => {
      const { chart } = store.get();
      const value = chart ? axisValues(chart, axis)[Number(slider.value)] : undefined;
      if (value !== undefined) hold(store, axis, value);
    });
    return { axis, slider, label, element: h('label', { className: 'field wide', hidden: true }, label, slider) };
  });
  return {
    elements: [...sliders.map(({ element }) => element), facets],
    /** @param {State} state */
    show({ chart, view }) {
      const axes = chart ? heldAxes(chart, view) : [];
      facets.hidden = !axes.length;
      for (const name of axisNames) {
        const option = optionOf(facet, name);
        option.hidden = option.disabled = !axes.includes(name);
        write(option, axisLabel(chart, name));
      }
      const faceted = chart && facetAxis(chart, view);
      facet.value = faceted ?? '';
      for (const { axis, slider, label, element } of sliders) {
        const values = chart ? axisValues(chart, axis) : [];
        element.hidden = !axes.includes(axis) || axis === faceted;
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

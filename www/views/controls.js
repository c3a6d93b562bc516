// @ts-check
// What a reader can turn: how the chart is looked at, and what is trained.
import { axisLabel, axisNames, axisText, axisValues, factorNames, factors, hasMetric, metricNames, metrics } from '../metrics.js';
import { isServed, whyNot } from '../engine/catalogue.js';
import { choose, wishes } from '../engine/choose.js';
import { populationCount, squareCount } from '../plan-size.js';
import { readPlan } from '../plan.js';
import { datasetNames, isBusy, presetForm, presetNames, references } from '../store.js';
import { held } from './chart.js';
import { choice, field, h } from './elements.js';

/** @typedef {import('../store.js').State} State */
/** @typedef {import('../store.js').Store} Store */
/** @typedef {import('../store.js').PlanForm} PlanForm */
/** @typedef {import('../metrics.js').Axis} Axis */

/**
 * Metric, axes and thresholds.
 * @param {Store} store
 */
export function viewControls(store) {
  const metric = choice('metric', metricNames.map((name) => [name, metrics[name].label]), (value) => store.set({ metric: /** @type {State['metric']} */ (value) }));
  const options = axisNames.map((name) => /** @type {[string, string]} */ ([name, axisLabel(null, name)]));
  /** Choosing the other axis' own swaps the two.
   * @param {'x' | 'y'} one
   * @param {'x' | 'y'} other
   */
  const turn = (one, other) => (/** @type {string} */ value) => {
    const state = store.get();
    store.set(value === state[other] ? { [one]: value, [other]: state[one] } : { [one]: value });
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
    show(state) {
      metricNames.forEach((name, index) => (metric.options[index].hidden = metric.options[index].disabled = !hasMetric(state.chart, name)));
      metric.value = state.metric;
      for (const [select, value] of /** @type {const} */ ([[x, state.x], [y, state.y]])) {
        const factor = select.options[axisNames.indexOf('factor')];
        const label = axisLabel(state.chart, 'factor');
        if (factor.text !== label) factor.text = label;
        factor.hidden = factor.disabled = !state.chart?.axes.factor;
        select.value = value;
      }
      for (const [input, value] of /** @type {const} */ ([[redundancy, state.redundancy], [accuracy, state.accuracy]]))
        if (input !== document.activeElement && Number(input.value) !== value) input.value = String(value);
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
    if (good) store.set({ [name]: value });
  });
  // While it is typed, it is the reader's; then it is the number that counts.
  input.addEventListener('blur', () => {
    input.value = String(store.get()[name]);
    input.setAttribute('aria-invalid', 'false');
  });
  return input;
}

/**
 * Which chart is on show.
 * @param {Store} store
 * @param {(name: string) => void} choose
 */
export function referenceControl(store, choose) {
  const own = /** @type {[string, string]} */ (['', 'your own']);
  const select = choice('reference', [...references.map(({ name, title }) => /** @type {[string, string]} */ ([name, title])), own], (name) => (name ? choose(name) : show(store.get())));
  const ownOption = select.options[references.length];
  /** @param {State} state */
  function show(state) {
    ownOption.hidden = ownOption.disabled = state.reference !== '';
    select.value = state.reference;
  }
  return { element: field('chart', select), show };
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
      const { chart, at, pin } = store.get();
      const value = chart ? axisValues(chart, axis)[Number(slider.value)] : undefined;
      // The pinned network is always one of those on show.
      if (value !== undefined) store.set({ at: { ...at, [axis]: value }, pin: pin && { ...pin, [axis]: value } });
    });
    return { axis, slider, label, element: h('label', { className: 'field wide', hidden: true }, label, slider) };
  });
  return {
    elements: sliders.map(({ element }) => element),
    /** @param {State} state */
    show(state) {
      const { chart, x, y } = state;
      for (const { axis, slider, label, element } of sliders) {
        const values = chart ? axisValues(chart, axis) : [];
        element.hidden = values.length < 2 || axis === x || axis === y;
        if (element.hidden || !chart) continue;
        const value = held(state, axis);
        const text = (/** @type {number} */ value) => axisText(chart, axis, value);
        slider.max = String(values.length - 1);
        slider.value = String(values.indexOf(value));
        slider.setAttribute('aria-valuetext', `${axisLabel(chart, axis)} ${text(value)}`);
        label.textContent = `at ${axisLabel(chart, axis)} ${text(value)} (of ${values.map(text).join(', ')})`;
      }
    },
  };
}

/** @type {Record<State['engine'], string>} */
const wishNames = { auto: 'the faster one', gpu: 'GPU (WebGPU)', cpu: 'CPU' };

const fields = /** @type {const} */ ({
  widths: 'layer widths',
  epochs: 'epochs to look at',
  samples: 'training sample sizes',
  seeds: 'seeds',
  levels: 'its values',
});

/**
 * The plan's form.
 * @param {Store} store
 * @param {ReturnType<typeof import('../session.js').createSession>} engine
 */
export function planControls(store, engine) {
  /** What a reader has typed stays, the rest is filled in anew. @param {{ preset?: string, dataset?: string }} change */
  const fill = (change) => {
    const { plan } = store.get();
    const [before, next] = [plan, { ...plan, ...change }].map(({ preset, dataset }) => presetForm(preset, dataset));
    const typed = Object.entries(plan).filter(([name, value]) => value !== before[/** @type {keyof PlanForm} */ (name)]);
    store.set({ plan: { ...next, ...Object.fromEntries(typed) } });
  };
  const dataset = choice('dataset', datasetNames.map((name) => [name, name]), (value) => fill({ dataset: value }));
  const preset = choice('preset', presetNames.map((name) => [name, name]), (value) => fill({ preset: value }));
  const names = /** @type {(keyof typeof fields)[]} */ (Object.keys(fields));
  const inputs = names.map((name) => {
    const input = h('input', { id: name, type: 'text', inputMode: name === 'levels' ? 'text' : 'numeric', autocomplete: 'off', 'aria-describedby': `${name}-problem` });
    input.addEventListener('input', () => store.set({ plan: { ...store.get().plan, [name]: input.value } }));
    const problem = h('span', { id: `${name}-problem`, className: 'problem' });
    return { name, input, problem };
  });
  /** What else varies: its values are begun with those that the paper would take. */
  const factor = choice('factor', [['', 'nothing'], ...factorNames.map((name) => /** @type {[string, string]} */ ([name, factors[name].label]))], (value) => {
    const levels = value ? factors[/** @type {import('../metrics.js').Factor['name']} */ (value)].hint : '';
    store.set({ plan: { ...store.get().plan, factor: value, levels } });
  });
  const random = h('input', { type: 'checkbox', id: 'random' });
  random.addEventListener('change', () => store.set({ plan: { ...store.get().plan, random: random.checked ? 'true' : '' } }));
  const engineWish = choice('engine', wishes.map((wish) => [wish, wishNames[wish]]), (value) => store.set({ engine: /** @type {State['engine']} */ (value) }));
  const why = h('p', { className: 'hint', id: 'engine-why' });
  engineWish.setAttribute('aria-describedby', 'engine-why');
  const train = h('button', { type: 'submit', id: 'start', className: 'primary' }, 'Train');
  const pause = h('button', { type: 'button', id: 'pause' }, 'Pause');
  const stop = h('button', { type: 'button', id: 'stop' }, 'Stop');
  pause.addEventListener('click', () => (store.get().run.status === 'paused' ? engine.resume() : engine.pause()));
  stop.addEventListener('click', () => engine.stop());
  const work = h('p', { className: 'hint', id: 'work' });
  const missing = h('p', { className: 'hint', id: 'engine-missing', role: 'status' });
  const lines = inputs.map(({ name, input, problem }) => h('label', { className: 'field' }, fields[name], input, problem));
  const elements = [
    field('data set', dataset),
    field('preset', preset),
    ...lines.slice(0, -1),
    field('what else varies', factor),
    ...lines.slice(-1),
    h('label', { className: 'field check' }, random, 'redundancy of random inputs, too'),
    field('engine', engineWish),
    why,
    work,
    h('div', { className: 'bar' }, train, pause, stop),
    missing,
  ];
  return {
    elements,
    submit() {
      const { plan, problems } = readPlan(store.get().plan);
      const first = inputs.find(({ name }) => problems[name]);
      if (first) first.input.focus();
      else if (!train.disabled) engine.train(plan);
    },
    /** @param {State} state */
    show(state) {
      datasetNames.forEach((name, index) => {
        const there = isServed(state.catalogue, name);
        dataset.options[index].disabled = !there;
        const label = there ? name : `${name} (not on this server)`;
        if (dataset.options[index].text !== label) dataset.options[index].text = label;
      });
      dataset.value = state.plan.dataset;
      preset.value = state.plan.preset;
      engineWish.value = state.engine;
      factor.value = state.plan.factor;
      random.checked = state.plan.random === 'true';
      lines[names.indexOf('levels')].hidden = !state.plan.factor;
      const choice = choose(state.engine, state.adapter ?? null, state.catalogue?.gpu !== null);
      const reason = state.adapter === undefined && state.engine !== 'cpu' ? 'Asking the browser for a GPU …' : choice.why;
      if (why.textContent !== reason) why.textContent = reason;
      const { plan, problems } = readPlan(state.plan);
      for (const { name, input, problem } of inputs) {
        if (input.value !== state.plan[name]) input.value = state.plan[name];
        const message = problems[name] ?? '';
        if (problem.textContent !== message) problem.textContent = message;
        input.setAttribute('aria-invalid', String(message !== ''));
      }
      const busy = isBusy(state.run);
      const lack = isServed(state.catalogue, state.plan.dataset) ? whyNot(state.catalogue, choice.engine) : `The data set ${state.plan.dataset} is not on this server: choose another one.`;
      if (missing.textContent !== lack) missing.textContent = lack;
      train.disabled = busy || lack !== '';
      pause.disabled = !['running', 'paused'].includes(state.run.status);
      stop.disabled = !busy;
      pause.textContent = state.run.status === 'paused' ? 'Resume' : 'Pause';
      const sound = Object.keys(problems).length === 0;
      const { width, epoch } = plan.axes;
      const text = sound
        ? `${width.length * populationCount(plan)} networks, looked at ${epoch.length} times: ${squareCount(plan)} squares${busy && JSON.stringify(plan) !== state.run.plan ? ', when you press Train again: what trains now stays as it was begun' : ''}`
        : 'Mend what is marked to train.';
      if (work.textContent !== text) work.textContent = text;
    },
  };
}

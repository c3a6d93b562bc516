// @ts-check
// What a reader can turn: how the chart is looked at, and what is trained.
import { axes, axisNames, metricNames, metrics, thirdAxis } from '../metrics.js';
import { choose, wishes } from '../engine/choose.js';
import { readPlan, squareCount } from '../plan.js';
import { datasetNames, isBusy, presetForm, presetNames } from '../store.js';
import { held, short } from './chart.js';
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
  const options = axisNames.map((name) => /** @type {[string, string]} */ ([name, axes[name]]));
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
      metric.value = state.metric;
      x.value = state.x;
      y.value = state.y;
      for (const [input, value] of /** @type {const} */ ([[redundancy, state.redundancy], [accuracy, state.accuracy]]))
        if (Number(input.value) !== value) input.value = String(value);
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
  return input;
}

/**
 * The slider of the third axis.
 * @param {Store} store
 */
export function thirdControl(store) {
  const slider = h('input', { type: 'range', id: 'third', min: 0, step: 1 });
  const label = h('span', {});
  slider.addEventListener('input', () => {
    const { chart, x, y, at } = store.get();
    const third = thirdAxis(x, y);
    const value = chart?.axes[third][Number(slider.value)];
    if (value !== undefined) store.set({ at: { ...at, [third]: value } });
  });
  return {
    element: h('label', { className: 'field wide' }, label, slider),
    /** @param {State} state */
    show(state) {
      const third = thirdAxis(state.x, state.y);
      const values = state.chart?.axes[third] ?? [];
      const value = held(state, third);
      slider.max = String(Math.max(0, values.length - 1));
      slider.disabled = values.length < 2;
      slider.value = String(values.indexOf(value));
      slider.setAttribute('aria-valuetext', `${axes[third]} ${value}`);
      label.textContent = values.length ? `at ${axes[third]} ${value} (of ${values.map(short).join(', ')})` : '';
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
  noise: 'label noise: share of labels shuffled',
});

/**
 * The plan's form.
 * @param {Store} store
 * @param {ReturnType<typeof import('../session.js').createSession>} engine
 */
export function planControls(store, engine) {
  /** @param {Partial<PlanForm>} change */
  const fill = (change) => {
    const { preset, dataset } = { ...store.get().plan, ...change };
    store.set({ plan: presetForm(preset, dataset) });
  };
  const dataset = choice('dataset', datasetNames.map((name) => [name, name]), (value) => fill({ dataset: value }));
  const preset = choice('preset', presetNames.map((name) => [name, name]), (value) => fill({ preset: value }));
  const names = /** @type {(keyof typeof fields)[]} */ (Object.keys(fields));
  const inputs = names.map((name) => {
    const input = h('input', { id: name, type: 'text', inputMode: name === 'noise' ? 'decimal' : 'numeric', autocomplete: 'off', 'aria-describedby': `${name}-problem` });
    input.addEventListener('input', () => store.set({ plan: { ...store.get().plan, [name]: input.value } }));
    const problem = h('span', { id: `${name}-problem`, className: 'problem' });
    return { name, input, problem };
  });
  const engineWish = choice('engine', wishes.map((wish) => [wish, wishNames[wish]]), (value) => store.set({ engine: /** @type {State['engine']} */ (value) }));
  const why = h('p', { className: 'hint', id: 'engine-why' });
  engineWish.setAttribute('aria-describedby', 'engine-why');
  const train = h('button', { type: 'submit', id: 'start', className: 'primary' }, 'Train');
  const pause = h('button', { type: 'button', id: 'pause' }, 'Pause');
  const stop = h('button', { type: 'button', id: 'stop' }, 'Stop');
  pause.addEventListener('click', () => (store.get().run.status === 'paused' ? engine.resume() : engine.pause()));
  stop.addEventListener('click', () => engine.stop());
  const work = h('p', { className: 'hint', id: 'work' });
  const elements = [
    field('data set', dataset),
    field('preset', preset),
    ...inputs.map(({ name, input, problem }) => h('label', { className: 'field' }, fields[name], input, problem)),
    field('engine', engineWish),
    why,
    work,
    h('div', { className: 'bar' }, train, pause, stop),
  ];
  return {
    elements,
    submit() {
      const { plan, problems } = readPlan(store.get().plan);
      const first = inputs.find(({ name }) => problems[name]);
      if (first) first.input.focus();
      else engine.train(plan);
    },
    /** @param {State} state */
    show(state) {
      dataset.value = state.plan.dataset;
      preset.value = state.plan.preset;
      engineWish.value = state.engine;
      const reason = state.adapter === undefined && state.engine !== 'cpu' ? 'Asking the browser for a GPU …' : choose(state.engine, state.adapter ?? null).why;
      if (why.textContent !== reason) why.textContent = reason;
      const { plan, problems } = readPlan(state.plan);
      for (const { name, input, problem } of inputs) {
        if (input.value !== state.plan[name]) input.value = state.plan[name];
        const message = problems[name] ?? '';
        if (problem.textContent !== message) problem.textContent = message;
        input.setAttribute('aria-invalid', String(message !== ''));
      }
      const busy = isBusy(state.run);
      train.disabled = busy;
      pause.disabled = !['running', 'paused'].includes(state.run.status);
      stop.disabled = !busy;
      pause.textContent = state.run.status === 'paused' ? 'Resume' : 'Pause';
      const sound = Object.keys(problems).length === 0;
      const { width, epoch, samples, seed } = plan.axes;
      const text = sound
        ? `${width.length * samples.length * seed.length} networks, looked at ${epoch.length} times: ${squareCount(plan)} squares`
        : 'Mend what is marked to train.';
      if (work.textContent !== text) work.textContent = text;
    },
  };
}

// @ts-check
// What is trained: the form of a plan, and its buttons.
import { h } from '../../chart/elements.js';
import { isServed, whyNot } from '../../engine/catalogue.js';
import { choose } from '../../engine/choose.js';
import { modulesFor } from '../../engine/cpu-module.js';
import { families } from '../../state/families.js';
import { hyperparameters } from '../../state/hyperparameters.js';
import { engineNames, factorNames, factorValues, OWN } from '../../state/names.js';
import { readPlan } from '../../state/plan-form.js';
import { populationCount, squareCount } from '../../state/plan-size.js';
import { datasetNames, presetNames, refilled } from '../../state/presets.js';
import { isBusy } from '../state.js';
import { choice, field, write } from './form.js';
import { hyperparameterControls } from './hyperparameters.js';

/** @typedef {import('../state.js').State} State */
/** @typedef {import('../../state/store.js').Store<State>} Store */
/** @typedef {import('../../state/presets.js').PlanForm} PlanForm */

/** @type {Record<import('../../state/names.js').EngineWish, string>} */
const wishNames = { auto: 'Automatic', gpu: 'GPU (WebGPU)', cpu: 'CPU' };

const labels = /** @type {const} */ ({
  widths: 'layer widths',
  epochs: 'evaluate at epochs',
  samples: 'training sample sizes',
  seeds: 'seeds',
  levels: 'factor values',
});

/**
 * The plan's form.
 * @param {Store} store
 * @param {import('../session.js').Session} session
 * @param {() => boolean} hasOwn whether the reader has brought data
 */
export function planControls(store, session, hasOwn) {
  /** What a reader has typed stays, the rest is filled in anew. @param {{ preset?: string, dataset?: string }} change */
  const fill = (change) => {
    store.set({ plan: refilled(store.get().plan, change) });
  };
  const dataset = choice('dataset', [...datasetNames.map((name) => /** @type {[string, string]} */ ([name, name])), [OWN, 'your own']], (value) => fill({ dataset: value }));
  const preset = choice('preset', presetNames.map((name) => [name, name]), (value) => fill({ preset: value }));
  const names = /** @type {(keyof typeof labels)[]} */ (Object.keys(labels));
  const inputs = names.map((name) => {
    const input = h('input', { id: name, type: 'text', inputMode: name === 'levels' ? 'text' : 'numeric', autocomplete: 'off', 'aria-describedby': `${name}-problem` });
    input.addEventListener('input', () => store.set({ plan: { ...store.get().plan, [name]: input.value } }));
    const problem = h('span', { id: `${name}-problem`, className: 'problem' });
    return { name, label: h('span', {}, labels[name]), input, problem };
  });
  /** The additional factor: its values are begun with those that the paper would take. */
  const factor = choice('factor', [['', 'none'], ...factorNames.map((name) => /** @type {[string, string]} */ ([name, hyperparameters[name].label]))], (value) => {
    const levels = value ? factorValues[/** @type {import('../../state/names.js').FactorName} */ (value)] : '';
    store.set({ plan: { ...store.get().plan, factor: value, levels } });
  });
  const random = h('input', { type: 'checkbox', id: 'random' });
  random.addEventListener('change', () => store.set({ plan: { ...store.get().plan, random: random.checked ? 'true' : '' } }));
  const engineWish = choice('engine', engineNames.map((wish) => [wish, wishNames[wish]]), (value) => store.set({ engine: /** @type {State['engine']} */ (value) }));
  const why = h('p', { className: 'hint', id: 'engine-why' });
  engineWish.setAttribute('aria-describedby', 'engine-why');
  const train = h('button', { type: 'button', id: 'start', className: 'primary' }, 'Train');
  const pause = h('button', { type: 'button', id: 'pause' }, 'Pause');
  const stop = h('button', { type: 'button', id: 'stop' }, 'Stop');
  pause.addEventListener('click', () => (store.get().run.status === 'paused' ? session.resume() : session.pause()));
  stop.addEventListener('click', () => session.stop());
  /** Trains what is typed, or leads to what is wrong with it. */
  function submit() {
    const { given, plan: form } = store.get();
    const { plan, problems } = readPlan(form);
    const first = inputs.find(({ name }) => problems[name]);
    if (Object.keys(problems).length && !given) {
      fieldset.open = true;
      if (first) first.input.focus();
      else more.lead(problems);
    } else if (!train.disabled) session.train(given ?? plan);
  }
  train.addEventListener('click', submit);
  const work = h('p', { className: 'hint', id: 'work' });
  const missing = h('p', { className: 'hint', id: 'engine-missing', role: 'status' });
  const more = hyperparameterControls(store);
  const lines = inputs.map(({ label, input, problem }) => h('label', { className: 'field' }, label, input, problem));
  const fieldset = h(
    'details',
    { id: 'fields', open: true },
    h('summary', {}, 'Training settings'),
    field('data set', dataset),
    field('preset', preset),
    more.changed,
    ...lines.slice(0, -1),
    field('additional factor', factor),
    ...lines.slice(-1),
    h('label', { className: 'field check' }, random, 'also measure the redundancy of random inputs'),
    more.element,
  );
  return {
    /** What begins and ends it. */
    start: [work, h('div', { className: 'bar' }, train, pause, stop), missing],
    /** What it is. */
    fields: [fieldset, field('engine', engineWish), why],
    /** Whether the plan's fields are open at first. @param {boolean} open */
    unfold: (open) => void (fieldset.open = open),
    submit,
    /** @param {State} state */
    show(state) {
      datasetNames.forEach((name, index) => {
        const there = isServed(state.catalogue, name);
        dataset.options[index].disabled = !there;
        const label = there ? name : `${name} (not on this server)`;
        if (dataset.options[index].text !== label) dataset.options[index].text = label;
      });
      dataset.options[datasetNames.length].hidden = dataset.options[datasetNames.length].disabled = !hasOwn() && state.plan.dataset !== OWN;
      dataset.value = state.plan.dataset;
      preset.value = state.plan.preset;
      engineWish.value = state.engine;
      factor.value = state.plan.factor;
      random.checked = state.plan.random === 'true';
      lines[names.indexOf('levels')].hidden = !state.plan.factor;
      const { plan: typed, problems } = readPlan(state.plan);
      const plan = state.given ?? typed;
      const choice = choose(state.engine, state.adapter ?? null, state.catalogue?.gpu !== null);
      const reason = state.adapter === undefined && state.engine !== 'cpu' ? 'Asking the browser for a GPU …' : choice.why;
      write(why, reason);
      fieldset.hidden = state.given !== null;
      const { axis } = families[state.plan.network] ?? families.mlp;
      write(inputs[names.indexOf('widths')].label, axis.replace(/width$/, 'widths'));
      for (const { name, input, problem } of inputs) {
        if (input.value !== state.plan[name]) input.value = state.plan[name];
        const message = problems[name] ?? '';
        write(problem, message);
        input.setAttribute('aria-invalid', String(message !== ''));
      }
      more.show(state.plan, problems);
      const busy = isBusy(state.run);
      const lack = isServed(state.catalogue, plan.dataset) ? whyNot(state.catalogue, ...modulesFor(plan, choice.engine)) : `The data set ${plan.dataset} is not on this server: choose another one.`;
      write(missing, lack);
      // A disabled button loses the focus, which then goes to the button that replaces it, unless the focus is elsewhere by now.
      const still = { preventScroll: true };
      const focused = /** @type {ShadowRoot | Document} */ (train.getRootNode()).activeElement;
      train.disabled = busy || lack !== '';
      pause.disabled = !['running', 'paused'].includes(state.run.status);
      stop.disabled = !busy;
      if (focused === train && train.disabled) stop.focus(still);
      else if ((focused === pause && pause.disabled) || (focused === stop && stop.disabled)) (stop.disabled ? train : stop).focus(still);
      write(pause, state.run.status === 'paused' ? 'Resume' : 'Pause');
      const sound = state.given !== null || Object.keys(problems).length === 0;
      const { width, epoch } = plan.axes;
      const text = sound
        ? `${state.given ? `${plan.dataset}: ` : ''}${width.length * populationCount(plan)} networks, evaluated at ${epoch.length} ${epoch.length === 1 ? 'epoch' : 'epochs'}: ${squareCount(plan)} squares${busy && JSON.stringify(plan) !== state.run.plan ? ' (once you press Train again; the current training keeps its settings)' : ''}`
        : 'Mend what is marked to train.';
      write(work, text);
    },
  };
}

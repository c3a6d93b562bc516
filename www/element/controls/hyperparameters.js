// @ts-check
// More settings: the hyper-parameters of a plan, filled by its preset.
import { h } from '../../chart/elements.js';
import { has, hyperparameterNames, hyperparameters } from '../../state/hyperparameters.js';
import { presetForm, refilled } from '../../state/presets.js';
import { choice, write } from './form.js';

/** @typedef {import('../../state/presets.js').PlanForm} PlanForm */
/** @typedef {import('../../state/hyperparameters.js').Hyperparameter} Hyperparameter */

/** What some of them need said beside their name. @type {Partial<Record<Hyperparameter, string>>} */
const hints = {
  schedule: 'factor/epochs: 0.1/20 divides it by ten every 20 epochs',
  early_stopping: 'epochs without a lower loss, after which training ends; 0: never',
  rotation: 'at most, anew each time a picture is trained on; 0: none',
  shift: 'of height and width, at most; 0: none',
  layer: 'a layer’s number; empty: the code of all',
  network: 'for pictures: vgg has blocks of convolutions before the dense layers, resnet shortcuts around convolutions',
  channels: 'of the first block; each block has twice those of the one before',
  blocks: 'of a resnet: 6 blocks + 2 layers',
  code: 'which ReLUs: all, those of the last dense layer, or a bit a channel',
};

/**
 * @param {import('../../state/store.js').Store<import('../state.js').State>} store
 */
export function hyperparameterControls(store) {
  const fields = hyperparameterNames.map((name) => {
    const { label, kind, names = [] } = hyperparameters[name];
    const set = (/** @type {string} */ value) => store.set({ plan: name === 'network' ? refilled(store.get().plan, { network: value }) : { ...store.get().plan, [name]: value } });
    const problem = h('span', { id: `${name}-problem`, className: 'problem' });
    const control =
      kind === 'flag' ? h('input', { type: 'checkbox', id: name })
      : kind === 'choice' ? choice(name, names.map((name) => [name, name.replace('_', ' ')]), set)
      : h('input', { type: 'text', id: name, autocomplete: 'off', inputMode: kind === 'whole' ? 'numeric' : 'text', 'aria-describedby': `${name}-problem` });
    if (control instanceof HTMLInputElement) control.addEventListener('input', () => set(kind === 'flag' ? String(control.checked) : control.value));
    const hint = hints[name] ? [h('span', { className: 'hint' }, hints[name])] : [];
    const line = kind === 'flag' ? h('label', { className: 'field check' }, control, label) : h('label', { className: 'field' }, label, control, ...hint, problem);
    return { name, kind, control, problem, line };
  });
  const changed = h('p', { id: 'changed', className: 'hint' });
  const element = h('details', { id: 'more-settings' }, h('summary', {}, 'More settings'), ...fields.map(({ line }) => line));
  return {
    element,
    /** In which hyper-parameters the plan is no longer its preset's. */
    changed,
    /** Leads to the first of them that is wrong. @param {Partial<Record<string, string>>} problems */
    lead(problems) {
      const first = fields.find(({ name }) => problems[name]);
      if (!first) return;
      element.open = true;
      first.control.focus();
    },
    /**
     * @param {PlanForm} form
     * @param {Partial<Record<string, string>>} problems
     */
    show(form, problems) {
      for (const { name, kind, control, problem, line } of fields) {
        if (kind === 'flag') /** @type {HTMLInputElement} */ (control).checked = form[name] === 'true';
        else if (control.value !== form[name]) control.value = form[name];
        const message = problems[name] ?? '';
        write(problem, message);
        control.setAttribute('aria-invalid', String(message !== ''));
        // Momentum belongs to SGD, and not every family has every field; a field that the additional factor varies is set there.
        const isIdle = (name === 'momentum' && form.optimizer !== 'sgd') || !has(form.network, name);
        line.hidden = isIdle || name === form.factor;
      }
      const preset = presetForm(form.preset, form.dataset, form.network);
      const differing = fields.filter(({ name, line }) => !line.hidden && (form[name] !== preset[name] || (name === 'network' && form[name] !== 'mlp')));
      const said = differing.map(({ name, kind }) => `${kind === 'flag' && form[name] === 'false' ? 'no ' : ''}${hyperparameters[name].label}${kind === 'flag' ? '' : ` ${form[name]}`}`);
      changed.hidden = !said.length;
      write(changed, said.length ? `${form.preset}, changed: ${said.join(', ')}` : '');
    },
  };
}

// @ts-check
// What a reader says of a network that its file does not: what it was trained on, and which of its ReLUs are the code.
import { h } from '../../chart/elements.js';

/** @typedef {import('../../types.d.ts').Fed} Fed */
/** @typedef {{ layers?: string, code?: import('../../types.d.ts').CodeUnits, fed?: Fed }} Choice */

/** @type {Fed} */
const AS_THEY_ARE = { scale: 1, mean: [0, 0, 0], std: [1, 1, 1], planes: false };
/** @param {number} mean @param {number} std @returns {Fed} */
const normalised = (mean, std) => ({ ...AS_THEY_ARE, mean: [mean, mean, mean], std: [std, std, std] });

/** What networks are usually trained on. @type {Record<string, { label: string, fed: Fed }>} */
const USUAL = {
  fractions: { label: 'from 0 to 1', fed: AS_THEY_ARE },
  bytes: { label: 'from 0 to 255', fed: { ...AS_THEY_ARE, scale: 255 } },
  centred: { label: 'from −1 to 1', fed: normalised(0.5, 0.5) },
  mnist: { label: 'mean 0.1307, deviation 0.3081 (MNIST)', fed: normalised(0.1307, 0.3081) },
  fashion: { label: 'mean 0.286, deviation 0.353 (Fashion-MNIST)', fed: normalised(0.286, 0.353) },
  cifar: { label: 'mean .4914, .4822, .4465, deviation .247, .2435, .2616 (CIFAR-10)', fed: { ...AS_THEY_ARE, mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] } },
};

/** @param {Fed} one @param {Fed} two */
const isSame = (one, two) => Math.abs(one.scale - two.scale) < 1e-6 && ['mean', 'std'].every((part) => one[/** @type {'mean'} */ (part)].every((number, at) => Math.abs(number - two[/** @type {'mean'} */ (part)][at]) < 1e-6));

/**
 * @param {{ isOnnx: boolean, numbers: import('../../types.d.ts').Elsewhere, isColoured: boolean, choice: Choice }} known the network, and how it was measured
 * @param {(choice: Choice) => void} measure
 */
export function choicesView({ isOnnx, numbers: { names, fed, code: own, has_maps }, isColoured, choice }, measure) {
  const usual = Object.entries(USUAL).filter(([name]) => isColoured || name !== 'cifar');
  const inputs = h('select', { name: 'inputs' }, ...usual.map(([name, { label }]) => h('option', { value: name, selected: isSame(USUAL[name].fed, fed) }, label)));
  const order = h('select', { name: 'order' }, h('option', { value: 'nhwc' }, 'those of a pixel side by side'), h('option', { value: 'nchw', selected: fed.planes }, 'one behind the other'));
  const layers = h('input', { name: 'layers', type: 'text', value: choice.layers ?? '', placeholder: isOnnx ? `all; or 1, or ${names.length > 2 ? '2-3' : names[0]}` : 'fc1,relu,fc2', spellcheck: false, autocapitalize: 'off', autocomplete: 'off' });
  const code = h('select', { name: 'code' }, h('option', { value: 'all' }, 'every ReLU'), ...(own === 'dense' ? [h('option', { value: 'dense', selected: true }, 'the last Dense layer’s ReLUs')] : []), h('option', { value: 'channels', selected: own === 'channels' }, 'a bit a channel'));
  const form = h(
    'form',
    { className: 'network-choices' },
    h('label', {}, 'Inputs it was trained on', inputs),
    ...(isColoured ? [h('label', {}, 'Channels of a pixel', order)] : []),
    h('label', {}, isOnnx ? 'ReLUs that are the code' : 'Layers in order', layers),
    ...(has_maps ? [h('label', {}, 'The code is', code)] : []),
    h('button', { type: 'submit' }, 'Measure again'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const chosen = { ...USUAL[inputs.value].fed, planes: order.value === 'nchw' };
    // What the file itself says stands where nothing else is chosen.
    const asItIs = isSame(chosen, AS_THEY_ARE) && !chosen.planes && !choice.fed;
    const changed = code.value === own ? choice.code : /** @type {Choice['code']} */ (code.value);
    measure({ layers: layers.value.trim() || undefined, code: changed, fed: asItIs ? undefined : chosen });
  });
  return h('details', {}, h('summary', {}, 'Trained on other inputs? Other ReLUs?'), form);
}

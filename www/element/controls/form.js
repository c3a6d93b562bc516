// @ts-check
// Fields of a form.
import { h } from '../../chart/elements.js';
import { told } from '../../chart/texts.js';

/**
 * A labelled control.
 * @param {string} label
 * @param {HTMLElement} control
 */
export const field = (label, control) => h('label', { className: 'field' }, label, control);

/**
 * A choice.
 * @param {string} id
 * @param {[value: string, label: string][]} options
 * @param {(value: string) => void} chosen
 */
export function choice(id, options, chosen) {
  const select = h('select', { id }, ...options.map(([value, label]) => h('option', { value }, label)));
  select.addEventListener('change', () => chosen(select.value));
  return select;
}

/** Writes what is new, so that nothing is told twice. @param {HTMLElement} element @param {string} text */
export function write(element, text) {
  const words = told(text);
  if (element.textContent !== words) element.textContent = words;
}

// @ts-check
// Making elements, and changing only what has changed.

/**
 * An element with properties and children.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} [properties] set as properties, those with a dash as attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    if (name.includes('-')) element.setAttribute(name, String(value));
    else Object.assign(element, { [name]: value });
  element.append(...children);
  return element;
}

/**
 * A labelled control.
 * @param {string} label
 * @param {HTMLElement} control
 * @param {string} [kind] a further class
 */
export const field = (label, control, kind = '') => h('label', { className: `field ${kind}` }, label, control);

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

/**
 * A drawing under one name; Plot names its parts by what they are made of, which tells a listener nothing.
 * @template {Element} T
 * @param {T} plot
 * @param {string} name
 */
export function drawing(plot, name) {
  for (const part of plot.querySelectorAll('g[aria-label]')) part.removeAttribute('aria-label');
  const svg = plot instanceof SVGSVGElement ? plot : [...plot.querySelectorAll('svg')].pop();
  svg?.setAttribute('role', 'img');
  svg?.setAttribute('aria-label', name);
  return plot;
}

/**
 * @param {string} id of an element of index.html
 * @returns {HTMLElement}
 */
export function place(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html has no #${id}`);
  return element;
}

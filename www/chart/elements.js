// @ts-check
// Making elements, in the language of the page.
import { told } from './texts.js';

/** What a listener hears is a text, too. */
const HEARD = ['aria-label', 'label', 'placeholder'];
/** @param {string} name @param {unknown} value */
const inWords = (name, value) => (HEARD.includes(name) && typeof value === 'string' ? told(value) : value);
/** @param {Node | string} child */
const worded = (child) => (typeof child === 'string' ? told(child) : child);

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
    if (name.includes('-') || ['role', 'part', 'slot'].includes(name)) element.setAttribute(name, String(inWords(name, value)));
    else Object.assign(element, { [name]: inWords(name, value) });
  element.append(...children.map(worded));
  return element;
}

/**
 * An element of a drawing; attributes without a value are left out.
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | undefined>} [attributes]
 * @param {...(Node | string)} children
 * @returns {SVGElementTagNameMap[T]}
 */
export function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, String(inWords(name, value)));
  element.append(...children.map(worded));
  return element;
}

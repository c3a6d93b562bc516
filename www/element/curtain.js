// @ts-check
// What stands in an element's place before it fetches anything: a picture, if its page gives one, and a button where its reader decides.
import { h } from '../chart/elements.js';

/**
 * @param {string | null} poster address of a picture
 * @param {(() => void) | null} reveal what the button does; none where the chart comes by itself
 * @returns {Node[]}
 */
export function curtain(poster, reveal) {
  const picture = poster ? [h('img', { src: poster, alt: '', part: 'poster', style: 'display: block; max-width: 100%; height: auto' })] : [];
  if (!reveal) return [...picture, document.createElement('slot')];
  const button = h('button', { type: 'button', part: 'reveal' }, 'Show the chart');
  button.addEventListener('click', reveal, { once: true });
  return [...picture, document.createElement('slot'), button];
}

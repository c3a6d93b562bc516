// @ts-check
// A few lines beside the pointer, for those who see; what they say is said elsewhere, too.
import { h } from './elements.js';

/** Pixels between pointer and tip. */
const AWAY = 14;

/** Escape takes it away. @returns {{ element: HTMLElement, show: (text: string, x: number, y: number, width: number) => void, hide: () => void }} places in pixels within a positioned element so many wide */
export function createTip() {
  const element = h('div', { className: 'tip', hidden: true, 'aria-hidden': 'true' });
  const { ownerDocument } = element;
  const hear = (/** @type {KeyboardEvent} */ { key }) => key === 'Escape' && hide();
  function hide() {
    element.hidden = true;
    ownerDocument.removeEventListener('keydown', hear);
  }
  return {
    element,
    show(text, x, y, width) {
      ownerDocument.addEventListener('keydown', hear);
      if (element.textContent !== text) element.textContent = text;
      element.hidden = false;
      const right = x + AWAY + element.offsetWidth <= width;
      element.style.left = `${Math.max(0, right ? x + AWAY : x - AWAY - element.offsetWidth)}px`;
      element.style.top = `${y + AWAY}px`;
    },
    hide,
  };
}

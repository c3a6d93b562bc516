// @ts-check
// What trains and moves by itself can be paused by who looks.
import { h } from '../chart/elements.js';
import { write } from '../element/controls/form.js';

/** @param {ReturnType<typeof import('./live.js').createLive>} live */
export function pauseButton(live) {
  const button = h('button', { type: 'button', className: 'later pause', disabled: true }, 'Pause');
  button.addEventListener('click', () => live.pause(!live.isPaused()));
  return {
    element: button,
    focus: () => button.focus({ preventScroll: true }),
    /** As things stand. */
    show() {
      button.disabled = !live.isWanted();
      write(button, live.isPaused() ? 'Go on' : 'Pause');
    },
  };
}

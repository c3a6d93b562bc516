// @ts-check
// What trains and moves by itself can be paused by who looks; some of it can be stepped and slowed, too.
import { h } from '../chart/elements.js';
import { write } from '../element/controls/form.js';

/**
 * @param {ReturnType<typeof import('./live.js').createLive>} live
 * @param {{ steps?: boolean }} [options] whether it can be stepped and slowed
 */
export function pauseButton(live, { steps = false } = {}) {
  const button = h('button', { type: 'button', className: 'later pause', disabled: true }, 'Pause');
  button.addEventListener('click', () => live.pause(!live.isPaused()));
  const step = h('button', { type: 'button', className: 'later step', disabled: true }, 'Step');
  step.addEventListener('click', () => live.tell({ type: 'step' }));
  const slow = h('button', { type: 'button', className: 'later slow', disabled: true, 'aria-pressed': 'false' }, 'Slow');
  slow.addEventListener('click', () => {
    slow.ariaPressed = String(slow.ariaPressed !== 'true');
    live.tell({ type: 'slow', slow: slow.ariaPressed === 'true' });
  });
  return {
    element: steps ? h('span', { className: 'paces' }, button, step, slow) : button,
    focus: () => button.focus({ preventScroll: true }),
    /** As things stand. */
    show() {
      button.disabled = !live.isWanted();
      step.disabled = button.disabled || !live.isPaused() || !live.lives();
      slow.disabled = button.disabled || !live.lives();
      // A new worker does not know that training is paused.
      if (slow.ariaPressed === 'true') live.tell({ type: 'slow', slow: true });
      write(button, live.isPaused() ? 'Go on' : 'Pause');
    },
  };
}

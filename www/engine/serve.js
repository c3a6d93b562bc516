// @ts-check
// What every worker does: answers one message after the other, tells of what fails, and pauses. It hears pages of its own release alone.
import { isOurs, NEWER } from './release.js';

/** Milliseconds between two looks at what the page has said meanwhile. */
const LISTEN_EVERY = 50;

/** Milliseconds that each step takes at least where somebody looks on slowly. */
const SLOW = 400;

let [paused, slow] = [false, false];
/** @type {() => void} */
let resume = () => {};
let listened = 0;

/**
 * Answers the page's messages; `pause`, `resume`, `step` (one while it pauses) and `slow` are answered here.
 * @template {{ type: string }} Message
 * @param {(message: Message) => Promise<void>} answer
 */
export function serve(answer) {
  globalThis.addEventListener('message', async ({ data }) => {
    if (data.type === 'pause') paused = true;
    else if (data.type === 'resume') {
      paused = false;
      resume();
    } else if (data.type === 'step') resume();
    else if (data.type === 'slow') slow = data.slow;
    else {
      try {
        if (!isOurs(data.release)) throw Object.assign(new Error(NEWER), { code: 'engine/release' });
        await answer(data);
      } catch (error) {
        const { code, message } = /** @type {Error & { code?: string }} */ (error);
        // A trap is the module's own end, as that of a device.
        const unknown = error instanceof WebAssembly.RuntimeError ? 'engine/worker' : 'engine';
        globalThis.postMessage({ type: 'failed', code: code ?? unknown, message: message ?? String(error) });
      }
    }
  });
}

/** Lets the page be heard now and then, and waits while it wants a pause. */
export async function listen() {
  if (performance.now() - listened > LISTEN_EVERY) {
    await macrotask();
    listened = performance.now();
  }
  if (slow && !paused) await new Promise((go) => setTimeout(go, SLOW));
  if (paused) await new Promise((go) => (resume = () => go(undefined)));
}

const channel = new MessageChannel();
/** A turn of the event loop, without the delay that a timer has. */
const macrotask = () =>
  new Promise((go) => {
    channel.port1.onmessage = () => go(undefined);
    channel.port2.postMessage(null);
  });

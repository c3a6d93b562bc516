// @ts-check
// Regions: what a code is in the plane. A network cuts it into linear regions, one for each code, and examples that fall into one share it.
import { h } from '../chart/elements.js';
import { choice, field, write } from '../element/controls/form.js';
import { dataFor } from '../engine/home.js';
import { presetPlan } from '../state/presets.js';
import { createLive, whyWait } from './live.js';
import { pauseButton } from './pause-button.js';
import { classColours } from './regions/paint.js';

/** @typedef {import('./regions/worker.js').Told} Told */

const TOYS = ['moons', 'circles', 'spirals', 'xor', 'blobs'];
const OWN = 'own';
const WIDTHS = { least: 1, most: 60, first: 12 };
/** Examples of a toy, and epochs after which little happens any more; a reader’s own few points are one step an epoch. */
const EXAMPLES = 200;
const EPOCHS = 250;
const OWN_EPOCHS = 4000;
const WINDOW = { left: -1.8, bottom: -1.8, right: 1.8, top: 1.8 };
/** Pixels of the picture's own. */
const SIZE = 600;
/** How far a key moves, and points that a reader may set. */
const STEP = 0.06;
/** Milliseconds of rest after which a listener is told. */
const QUIET = 800;
const MOST_POINTS = 500;

/**
 * @param {HTMLElement} section
 * @param {import('../element/room.js').Room} room
 * @param {string} address of the worker
 */
export function regions(section, room, address) {
  const canvas = h('canvas', { id: 'plane', width: SIZE, height: SIZE, tabIndex: 0, role: 'img', 'aria-label': 'The plane, cut into the linear regions of a network; arrow keys point at a region' });
  const data = choice('plane-data', [...TOYS.map((name) => /** @type {[string, string]} */ ([name, name])), [OWN, 'your own points']], restart);
  const width = h('input', { type: 'range', id: 'plane-width', min: String(WIDTHS.least), max: String(WIDTHS.most), value: String(WIDTHS.first) });
  const depth = choice('plane-depth', [['1', '1'], ['2', '2'], ['3', '3']], restart);
  const widthLabel = h('span', {}, '');
  const again = h('button', { type: 'button' }, 'Train again');
  const first = h('button', { type: 'button', 'aria-pressed': 'true' }, 'first class');
  const second = h('button', { type: 'button', 'aria-pressed': 'false' }, 'second class');
  const clear = h('button', { type: 'button' }, 'clear');
  const set = h('div', { className: 'bar', hidden: true }, h('span', { className: 'hint' }, 'Click to set points of the'), first, second, clear);
  const numbers = h('p', { id: 'plane-numbers' }, ' ');
  const there = h('p', { className: 'hint', id: 'plane-there' }, 'Point at a region to see its code, its examples and the linear map inside it.');
  // Read out by screen readers: the point under the pointer, once it rests; the network keeps training.
  const heard = h('p', { className: 'unseen', role: 'status' });
  const state = h('p', { className: 'hint', id: 'plane-state' }, ' ');
  const key = h('p', { className: 'hint keys' }, h('span', { className: 'dot' }), 'alone in its region ', h('span', { className: 'dot hollow' }), 'shares it');
  section.querySelector('.stage')?.replaceChildren(
    h('div', { className: 'plane' }, canvas),
    h('div', { className: 'beside' }, h('div', { className: 'bar' }, field('data', data), field('hidden layers', depth), again), h('label', { className: 'field' }, widthLabel, width), set, numbers, key, there, state, heard),
  );

  /** Nothing can be learned yet. */
  let empty = false;
  /** Points of the reader's own. @type {{ at: [number, number], label: number }[]} */
  let own = [[-0.8, 0.6], [-0.5, 0.9], [-0.9, 0.1], [0.7, -0.5], [0.4, -0.9], [0.9, 0]].map(([x, y], place) => ({ at: [x, y], label: place < 3 ? 0 : 1 }));
  let label = 0;
  const dark = matchMedia('(prefers-color-scheme: dark)');

  const last = () => (data.value === OWN ? OWN_EPOCHS : EPOCHS);
  const plan = () => {
    const toy = data.value === OWN ? 'moons' : data.value;
    const { protocol, ...rest } = presetPlan('quick', toy);
    const samples = data.value === OWN ? own.length : EXAMPLES;
    return { ...rest, dataset: data.value, protocol: { ...protocol, depth: Number(depth.value) }, axes: { width: [Number(width.value)], epoch: [last()], samples: [samples], seed: [1] } };
  };

  /** @param {import('../engine/compiled.js').Compiled} engine */
  function train(engine) {
    const points = data.value === OWN ? { xy: Float32Array.from(own.flatMap(({ at }) => at)), labels: Uint8Array.from(own, ({ label }) => label) } : null;
    return { type: 'train', engine, plan: plan(), data: dataFor(room.home.data, data.value), given: points };
  }

  /** What the worker paints on, handed over once. @type {OffscreenCanvas | null} */
  let offscreen = null;
  /** @type {ReturnType<typeof createLive>} */
  const live = createLive({
    room,
    address,
    place: canvas,
    engine: () => room.cpu(plan(), (words) => write(state, words)),
    first(engine) {
      if (offscreen) throw new Error('its picture belongs to a worker that has ended');
      offscreen = canvas.transferControlToOffscreen();
      return [[{ type: 'canvas', canvas: offscreen, window: WINDOW, dark: dark.matches }, [offscreen]], [train(engine)]];
    },
    changed: () => pausing.show(),
    /** @param {Told} message */
    hear(message) {
      if (message.type === 'done') return live.done();
      if (message.type === 'point') return tellPoint(message);
      if (empty) return;
      const { epochs, regions, examples, codes, sharing, rate } = message;
      write(numbers, `${regions.toLocaleString('en')} regions in view. ${sharing} of ${examples} examples share one: they have ${codes} codes, so the redundancy ratio is (${examples} − ${codes}) / ${examples} = ${((examples - codes) / examples).toFixed(2)}.`);
      write(state, `Epoch ${Math.floor(epochs)} of ${last()}${rate ? `, ${rate} pictures a second` : ''}.`);
    },
    failed: (error) => write(state, `${error.message}. Reload the page to try again.`),
  });

  /** A network of what is chosen now. */
  function restart() {
    write(widthLabel, `ReLUs a layer: ${width.value}`);
    set.hidden = data.value !== OWN;
    empty = data.value === OWN && new Set(own.map(({ label }) => label)).size < 2;
    if (empty) {
      live.tell({ type: 'clear' });
      write(numbers, ' ');
      return write(state, 'Set points of both classes.');
    }
    const engine = live.module();
    if (engine && live.lives()) live.tell(train(engine));
    // It is a picture: while it is out of view, nothing is trained.
    if (live.isPaused()) live.pause(false);
    live.begin();
  }
  const pausing = pauseButton(live, { steps: true });
  again.after(pausing.element);

  /** @param {Extract<Told, { type: 'point' }>} message */
  function tellPoint({ at, code, examples, map }) {
    const bits = code.map(Number).join('');
    // The logit of the second class less that of the first; with more classes, the largest less the next.
    const [large, next] = map.length === 2 ? [map[1], map[0]] : [...map].sort((one, other) => value(other, at) - value(one, at));
    const [x, y, add] = large.map((factor, place) => factor - next[place]);
    const term = (/** @type {number} */ factor) => `${factor < 0 ? '−' : '+'} ${Math.abs(factor).toFixed(2)}`;
    write(there, `Code ${bits.length > 24 ? `${bits.slice(0, 24)}…` : bits}, ${examples} example${examples === 1 ? '' : 's'}. Inside, the network is linear: it prefers ${map.length === 2 ? 'the second class' : 'its class'} by ${x < 0 ? '−' : ''}${Math.abs(x).toFixed(2)} x ${term(y)} y ${term(add)}.`);
  }

  /** @param {number[]} row @param {[number, number]} at */
  const value = ([x, y, add], at) => x * at[0] + y * at[1] + add;

  /** @param {PointerEvent | MouseEvent} event */
  function placeOf({ clientX, clientY }) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return /** @type {[number, number]} */ ([WINDOW.left + ((clientX - left) / width) * (WINDOW.right - WINDOW.left), WINDOW.top - ((clientY - top) / height) * (WINDOW.top - WINDOW.bottom)]);
  }

  /** @type {[number, number]} */
  let probe = [0, 0];
  let quiet = 0;
  function point(/** @type {[number, number]} */ at) {
    live.tell({ type: 'point', at: (probe = at) });
    clearTimeout(quiet);
    quiet = window.setTimeout(() => write(heard, there.textContent ?? ''), QUIET);
  }
  canvas.addEventListener('pointermove', (event) => point(placeOf(event)));
  canvas.addEventListener('pointerdown', (event) => {
    point(placeOf(event));
    if (data.value !== OWN || own.length >= MOST_POINTS) return;
    own = [...own, { at: placeOf(event), label }];
    restart();
  });
  canvas.addEventListener('keydown', (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    point([Math.max(WINDOW.left, Math.min(WINDOW.right, probe[0] + STEP * move[0])), Math.max(WINDOW.bottom, Math.min(WINDOW.top, probe[1] + STEP * move[1]))]);
  });
  [first, second].forEach((button, of) => {
    button.style.borderColor = classColours[of];
    button.addEventListener('click', () => {
      label = of;
      [first, second].forEach((each, place) => each.setAttribute('aria-pressed', String(place === of)));
    });
  });
  clear.addEventListener('click', () => {
    own = [];
    restart();
  });
  width.addEventListener('input', restart);
  again.addEventListener('click', restart);
  dark.addEventListener('change', () => live.tell({ type: 'dark', dark: dark.matches }));
  write(widthLabel, `ReLUs a layer: ${width.value}`);

  return {
    begin() {
      const why = whyWait();
      if (!why) live.begin();
      else write(state, `${why}, nothing is trained before you press “Train again”.`);
    },
  };
}

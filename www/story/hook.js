// @ts-check
// The hook: draw a digit, and see its code light up on forty ReLUs that are being trained meanwhile, with the training images of the
// nearest codes.
import { h } from '../chart/elements.js';
import { write } from '../element/controls/form.js';
import { presetPlan } from '../state/presets.js';
import { digits } from './hook/digits.js';
import { codeOf, nearest, packed, vote } from './hook/hasher.js';
import { dataFor } from '../engine/home.js';
import { createPad } from './hook/pad.js';
import { createRaster, SIDE } from './hook/raster.js';
import { unitView } from './hook/unit.js';
import { createLive, whyWait } from './live.js';
import { pauseButton } from './pause-button.js';
import { picture } from './pictures.js';

/** @typedef {import('./hook/hasher.js').Layer} Layer */
/** @typedef {import('./hook/worker.js').Told} Told */

/** A training image. */
const DIGIT = { height: SIDE, width: SIDE, channels: 1 };
const UNITS = 40;
const EPOCHS = 8;
const NEAREST = 9;
/** The greatest weight of the network that comes with the page, as it is kept. */
const BYTE = 127;
/** Milliseconds without a stroke after which a listener is told. */
const QUIET = 800;

/**
 * @param {HTMLElement} section
 * @param {import('../element/room.js').Room} room
 * @param {string} address of the worker
 */
export function hook(section, room, address) {
  const quick = presetPlan('quick', 'mnist-small');
  const plan = { ...quick, axes: { ...quick.axes, width: [UNITS], epoch: [EPOCHS], samples: quick.axes.samples.slice(-1) } };
  const raster = createRaster();
  const pad = createPad((strokes, isReader) => {
    pixels = raster(strokes);
    asked ||= isReader;
    answer();
  });
  const lamps = Array.from({ length: UNITS }, (_, unit) => h('button', { type: 'button', className: 'lamp', tabIndex: unit ? -1 : 0, 'aria-label': `ReLU ${unit + 1}`, 'aria-pressed': 'false' }));
  const board = h('div', { id: 'lamps', role: 'toolbar', 'aria-label': 'the code' }, ...lamps);
  const unit = unitView();
  /** The lamp that is pointed at or has the focus; none before a reader does either. */
  let chosen = -1;
  /** @param {number} lamp */
  function choose(lamp) {
    chosen = lamp;
    lamps.forEach((one, at) => (one.tabIndex = at === Math.max(0, lamp) ? 0 : -1));
    showUnit();
  }
  function showUnit() {
    if (layer && chosen >= 0) unit.show(layer, chosen, pixels);
  }
  for (const [at, lamp] of lamps.entries()) for (const event of ['pointerenter', 'focus', 'click']) lamp.addEventListener(event, () => choose(at));
  // One tab stop; arrow keys move between lamps.
  board.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -8, ArrowDown: 8 }[event.key];
    const from = lamps.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    if (step === undefined || from < 0) return;
    event.preventDefault();
    lamps[Math.max(0, Math.min(UNITS - 1, from + step))].focus();
  });
  const neighbours = Array.from({ length: NEAREST }, () => h('div', { className: 'neighbour' }, h('span', { className: 'blank' }), h('span', {}, ' ')));
  const count = h('p', { className: 'hint' });
  const named = h('p', { className: 'hint' });
  const state = h('p', { className: 'hint', id: 'hook-state' });
  // Its space is reserved, so that nothing moves when it appears.
  const again = h('button', { type: 'button', className: 'later', disabled: true }, 'Train again');
  const buttons = h('div', { className: 'bar' }, again);
  const heard = h('p', { className: 'unseen', role: 'status' });
  const digit = h('div', { className: 'digits', role: 'group', 'aria-label': 'or choose a digit' }, ...digits.map((strokes, digit) => button(String(digit), () => pad.show(strokes, true))), button('clear', pad.clear));
  section.querySelector('.stage')?.replaceChildren(
    h('div', { className: 'draw' }, pad.element, digit),
    h('div', { className: 'code' }, board, unit.element, count, state, buttons),
    h('div', { className: 'near' }, h('div', { id: 'neighbours' }, ...neighbours), named),
    heard,
  );

  /** @type {Float32Array} */
  let pixels = new Float32Array(SIDE * SIDE);
  /** @type {Layer | null} */
  let layer = null;
  /** Codes and labels of the training images, once they are there. @type {{ codes: Uint8Array, labels: Uint8Array } | null} */
  let known = null;
  /** @type {Uint8Array} */
  let labels = new Uint8Array();
  /** Pictures of training images by their place; nothing while they are on their way. @type {Map<number, Float32Array | null>} */
  const seen = new Map();
  let quiet = 0;
  /** Whether the reader has drawn or chosen something: before that a listener is told nothing. */
  let asked = false;

  /** @param {string} name @param {() => void} press */
  function button(name, press) {
    const button = h('button', { type: 'button' }, name);
    button.addEventListener('click', press);
    return button;
  }

  /** Shows the code of what is drawn, and who is near. */
  function answer() {
    if (!layer) return;
    const isBlank = pixels.every((value) => value === 0);
    const code = codeOf(layer, pixels);
    lamps.forEach((lamp, unit) => {
      const on = !isBlank && code[unit];
      if (lamp.classList.toggle('on', on) !== (lamp.ariaPressed === 'true')) lamp.ariaPressed = String(on);
    });
    showUnit();
    const on = isBlank ? 0 : code.filter(Boolean).length;
    write(count, isBlank ? 'Draw a digit.' : `${on} of ${UNITS} ReLUs fire: this pattern of on and off is the network’s hash of your drawing.`);
    const found = known && !isBlank ? nearest(known.codes, packed(code), NEAREST) : [];
    show(found);
    clearTimeout(quiet);
    if (asked) quiet = window.setTimeout(() => write(heard, `${count.textContent} ${named.textContent}`), QUIET);
  }

  /** @param {{ example: number, distance: number }[]} found */
  function show(found) {
    const missing = found.map(({ example }) => example).filter((example) => !seen.has(example));
    if (missing.length) {
      missing.forEach((example) => seen.set(example, null));
      live.tell({ type: 'pictures', places: missing });
    }
    // Shown together once all have loaded: numbers under empty frames say nothing.
    if (found.some(({ example }) => !seen.get(example))) return;
    neighbours.forEach((place, rank) => {
      const near = found[rank];
      const example = near && seen.get(near.example);
      // An unchanged picture is left alone: during training this runs dozens of times a second.
      const wanted = example ? String(near.example) : '';
      if (place.dataset.example !== wanted) {
        place.dataset.example = wanted;
        const drawing = example ? picture(DIGIT, example, `training image, a ${labels[near.example]}`) : null;
        place.firstElementChild?.replaceWith(drawing ?? h('span', { className: 'blank' }));
      }
      write(/** @type {HTMLElement} */ (place.lastElementChild), near ? `${near.distance} bit${near.distance === 1 ? '' : 's'}` : ' ');
    });
    if (!found.length) return write(named, known ? '' : 'The nearest training images come as soon as the network trains.');
    const { label, votes } = vote(found.map(({ example }) => labels[example]));
    write(named, `The training images of the nearest codes, and in how many bits they differ: ${votes} of ${NEAREST} say ${label}.`);
  }

  /** @type {ReturnType<typeof createLive>} */
  const live = createLive({
    room,
    address,
    place: section,
    engine: () => room.cpu(plan, (words) => write(state, words.replace('Train is enabled as soon as it is there', 'Until then a network that came with the page answers'))),
    first(engine) {
      write(state, 'Loading 8,000 digits and the engine …');
      return [[{ type: 'train', engine, data: dataFor(room.home.data, plan.dataset), plan }]];
    },
    changed: () => pausing.show(),
    /** @param {Told} message */
    hear(message) {
      switch (message.type) {
        case 'labels':
          labels = message.labels;
          return;
        case 'network':
          layer = message;
          write(state, message.epochs ? `Training in your browser: epoch ${message.epochs.toFixed(1)} of ${EPOCHS}.` : 'Untrained: random weights.');
          return answer();
        case 'codes':
          known = { codes: message.codes, labels };
          return answer();
        case 'pictures': {
          const each = message.values.length / message.places.length;
          message.places.forEach((place, at) => seen.set(place, message.values.subarray(at * each, (at + 1) * each)));
          return answer();
        }
        case 'done':
          live.done();
          write(state, `Trained in your browser, ${EPOCHS} epochs on ${labels.length.toLocaleString('en')} digits.`);
          again.disabled = false;
      }
    },
    failed(error) {
      write(state, `${layer ? 'The network that came with the page answers: ' : ''}${error.message}`);
    },
  });

  again.addEventListener('click', () => {
    live.stop();
    seen.clear();
    known = null;
    again.disabled = true;
    pausing.focus();
    live.begin(true);
  });

  /** The network that came with the page, until there is one of the reader's own. */
  async function lend() {
    const { default: lent } = await import('./hook/first-network.json');
    if (layer) return;
    // Weights are stored as signed bytes; which lamps are on does not depend on their scale.
    layer = { kernel: Float32Array.from(Int8Array.from(atob(lent.kernel), (letter) => letter.charCodeAt(0)), (weight) => weight / BYTE), bias: Float32Array.from(lent.bias, (bias) => bias / BYTE) };
    write(state, `A network that came with the page, trained ${lent.epochs} epochs: yours is on its way.`);
    answer();
  }
  const pausing = pauseButton(live, { steps: true });
  // Only one of the two is usable at a time.
  buttons.append(pausing.element);

  pad.show(digits[3]);
  return {
    /** Brings it to life: the first chart is there, so that nothing is held up any more. */
    async begin() {
      // If it fails to load, the reader's own digit is used.
      await lend().catch(() => write(state, 'The network that came with the page cannot be loaded: yours is on its way.'));
      const why = whyWait();
      if (!why) return live.begin();
      write(state, `${why}, yours is trained when you press the button: until then a network that came with the page answers.`);
      again.disabled = false;
    },
  };
}

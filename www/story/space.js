// @ts-check
// The space that width, time and sample size span, with the surfaces between the regimes: turned by dragging, by keys, and by itself.
import { h } from '../chart/elements.js';
import { key } from '../chart/lines.js';
import { heldAt, othersText } from '../chart/look.js';
import { axisLabel, axisText } from '../chart/metrics.js';
import { bordersOf, perDoubling } from './space/borders.js';
import { draw } from './space/draw.js';
import { AXES, faces, hasSpace } from './space/solid.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/fields.js').View} View */

/** Radians that a pixel dragged, a key and a second of turning by itself are. */
const [DRAGGED, KEYED, TURNED] = [0.008, 0.12, 0.35];
const STEEPEST = 1.4;
/** From where it is seen at first: wide networks above, much training and many examples behind. */
const FIRST = { turn: -0.65, tilt: 0.42 };

/**
 * @param {import('../element/hash-phase-chart.js').HashPhaseChart} chart
 * @param {HTMLDetailsElement} section
 */
export function spaceSection(chart, section) {
  const canvas = h('canvas', { id: 'space-picture', tabIndex: 0, role: 'img', title: 'Drag to turn, or use the arrow keys' });
  const turning = h('button', { type: 'button', id: 'space-turn' }, 'Turn by itself');
  const said = h('p', { id: 'space-finding' });
  const numbers = h('details', { id: 'space-numbers' }, h('summary', {}, 'The borders as numbers'));
  const keys = h('div', { className: 'keys' }, key({ name: 'codes stop colliding', colour: 'var(--knn)' }), key({ name: 'accuracy stops rising', colour: 'var(--sufficient)' }));
  const place = h('div', { className: 'space' }, canvas, h('div', {}, h('div', { className: 'bar' }, turning, keys), said), numbers);
  section.append(place);

  const seen = { ...FIRST };
  /** @type {import('./space/solid.js').Face[]} */
  let solid = [];
  /** @type {[import('./space/draw.js').Axis, import('./space/draw.js').Axis, import('./space/draw.js').Axis] | null} */
  let axes = null;
  /** What was drawn last. @type {unknown[]} */
  let drawn = [];
  /** When the last picture of the turning was drawn; 0 while it is still. */
  let last = 0;
  let frame = 0;
  let isOnScreen = true;

  function picture() {
    const { clientWidth: width, clientHeight: height } = canvas;
    const context = canvas.getContext('2d');
    if (!context || !axes || !width) return;
    const fineness = devicePixelRatio;
    const [across, down] = [Math.round(width * fineness), Math.round(height * fineness)];
    if (canvas.width !== across || canvas.height !== down) [canvas.width, canvas.height] = [across, down];
    context.setTransform(fineness, 0, 0, fineness, 0, 0);
    const style = getComputedStyle(canvas);
    const [under, sufficient] = [...keys.querySelectorAll('.swatch')].map((swatch) => getComputedStyle(swatch).backgroundColor);
    draw(context, solid, seen, { width, height }, axes, { under, sufficient, ink: style.color, faint: style.borderTopColor, font: `13px ${style.fontFamily}` });
  }
  /** Once for all changes until the next frame. */
  function paint() {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(last ? turn : picture);
  }

  /** @param {number} now */
  function turn(now) {
    seen.turn += (TURNED * Math.min(100, now - last)) / 1000;
    last = now;
    picture();
    if (last && section.open && isOnScreen) frame = requestAnimationFrame(turn);
  }
  /** @param {boolean} on */
  function setTurning(on) {
    last = on ? performance.now() : 0;
    turning.textContent = on ? 'Hold still' : 'Turn by itself';
    paint();
  }
  turning.addEventListener('click', () => setTurning(!last));

  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    setTurning(false);
  });
  canvas.addEventListener('pointermove', ({ movementX, movementY, buttons }) => buttons && move(movementX * DRAGGED, movementY * DRAGGED));
  canvas.addEventListener('keydown', (event) => {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    setTurning(false);
    move(by[0] * KEYED, by[1] * KEYED);
  });
  /** @param {number} right @param {number} down */
  function move(right, down) {
    seen.turn -= right;
    seen.tilt = Math.max(-STEEPEST, Math.min(STEEPEST, seen.tilt + down));
    paint();
  }

  function show() {
    const { chart: shown, view } = chart;
    if (!section.open || !shown) return;
    const now = [shown, view];
    if (now.every((part, index) => part === drawn[index])) return;
    drawn = now;
    const there = hasSpace(shown);
    for (const element of [canvas, turning, keys, numbers]) element.hidden = !there;
    axes = null;
    if (!there) {
      said.textContent = `The chart on show, ${shown.title}, has one ${AXES.filter((axis) => shown.axes[axis].length < 2).map((axis) => axisLabel(shown, axis)).join(' and one ')}: choose one with several.`;
      return;
    }
    const borders = bordersOf(shown, view, heldAt(shown, view, 'factor'));
    solid = faces(shown, view, borders);
    const words = AXES.map((axis) => ({ name: axisLabel(shown, axis), first: axisText(shown, axis, shown.axes[axis][0]), last: axisText(shown, axis, shown.axes[axis].at(-1) ?? 0) }));
    axes = [words[0], words[1], words[2]];
    said.textContent = finding(shown, view, borders);
    canvas.setAttribute('aria-label', `The space of ${words.map(({ name }) => name).join(', ')} in three dimensions: two surfaces between the regimes, and the slice that the chart shows. ${said.textContent}`);
    numbers.replaceChildren(numbers.firstElementChild ?? '', ...tables(shown, borders));
    paint();
  }

  section.addEventListener('toggle', () => {
    show();
    setTurning(section.open && !matchMedia('(prefers-reduced-motion: reduce)').matches);
  });
  for (const event of ['change', 'ready', 'done']) chart.addEventListener(event, show);
  new ResizeObserver(paint).observe(canvas);
  new IntersectionObserver(([{ isIntersecting }]) => {
    isOnScreen = isIntersecting;
    if (isOnScreen && last) setTurning(true);
  }).observe(canvas);
  show();
  setTurning(section.open && !matchMedia('(prefers-reduced-motion: reduce)').matches);
}

/**
 * What the surfaces come to, in words.
 * @param {PhaseChart} chart
 * @param {View} view
 * @param {ReturnType<typeof bordersOf>} borders
 */
function finding(chart, view, { under }) {
  const { epoch: epochs, samples } = chart.axes;
  const width = axisLabel(chart, 'width');
  const most = samples.length - 1;
  const from = (/** @type {number} */ at, /** @type {number} */ count) => {
    const border = under[at][count];
    if (border === null) return 'are not known yet';
    if (border === 0) return 'do not collide at any width';
    return border === Infinity ? `collide at every width` : `stop colliding at ${width} ${Math.round(border)}`;
  };
  const grows = (/** @type {number} */ at) => {
    const slope = perDoubling(samples, under[at]);
    return slope === null ? '' : ` (${Math.abs(slope).toFixed(1)} ${slope < 0 ? 'narrower' : 'wider'} for twice as many examples)`;
  };
  const many = `${samples[most].toLocaleString('en')} examples`;
  const parts = epochs.map((epoch, at) => ({ epoch, at })).filter(({ at }) => at === 0 || at === 1 || at === epochs.length - 1);
  const told = parts.map(({ epoch, at }) => `${epoch === 0 ? 'Before training' : `After epoch ${epoch}`}, codes of ${many} ${from(at, most)}${grows(at)}.`);
  const held = othersText(chart, { ...view, x: 'width', y: 'epoch' }).split(', ').filter((one) => !one.startsWith(axisLabel(chart, 'samples'))).join(', ');
  return `${held ? `At ${held}: ` : ''}${told.join(' ')} Those of ${samples[0].toLocaleString('en')} then ${from(epochs.length - 1, 0)}.`;
}

/**
 * The borders by epoch and sample size.
 * @param {PhaseChart} chart
 * @param {ReturnType<typeof bordersOf>} borders
 */
function tables(chart, borders) {
  const { epoch: epochs, samples, width } = chart.axes;
  const text = (/** @type {import('./space/borders.js').Border} */ border) => (border === null ? '' : border === 0 ? 'all' : border === Infinity ? `> ${width.at(-1)}` : border.toFixed(1));
  return /** @type {const} */ ([['under', 'from which codes no longer collide'], ['sufficient', 'from which accuracy on codes rises no further']]).map(([kind, what]) => {
    const head = h('tr', {}, h('th', { scope: 'col' }, 'epoch'), ...samples.map((count) => h('th', { scope: 'col' }, `${count.toLocaleString('en')} examples`)));
    const rows = epochs.map((epoch, at) => h('tr', {}, h('th', { scope: 'row' }, String(epoch)), ...borders[kind][at].map((border) => h('td', {}, text(border)))));
    return h('div', { className: 'scrolled', tabIndex: 0, role: 'group', 'aria-label': 'table, which scrolls sideways' }, h('table', {}, h('caption', {}, `The ${axisLabel(chart, 'width')} ${what}`), h('thead', {}, head), h('tbody', {}, ...rows)));
  });
}

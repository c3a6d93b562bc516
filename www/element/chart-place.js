// @ts-check
// Where the heatmap stands: it is drawn anew as chart and view change; pointer and keys are heard here, since the place stays.
import { h } from '../chart/elements.js';
import { describe } from '../chart/describe.js';
import { layout } from '../chart/boxes.js';
import { heatmap, isPainted, networkAt } from '../chart/heatmap.js';
import { placeOf, squares, title } from '../chart/look.js';
import { axisLabel } from '../chart/metrics.js';
import { squareId } from '../chart/squares.js';
import { createTip } from '../chart/tip.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/fields.js').View} View */
/** @typedef {import('../state/fields.js').Place} Place */

/** Rows that a Page key goes on. */
const PAGE = 5;

/**
 * @param {() => { chart: PhaseChart | null, view: View }} get
 * @param {(pin: Place) => void} pinned
 * @param {(square: { column: number, row: number } | null) => void} pointed at a square, or beside them
 */
export function chartPlace(get, pinned, pointed) {
  const tip = createTip();
  const picture = h('div', { className: 'picture' });
  // As the computed colour of an element, a token is given in numbers.
  const probe = h('span', { hidden: true });
  const element = h('div', { id: 'chart', part: 'chart', tabIndex: 0 }, picture, tip.element, probe);
  /** @param {string} name */
  function colour(name) {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  }
  const brush = { canvas: h('canvas'), colour };
  let width = 0;

  /** @param {PointerEvent} event */
  function at({ clientX, clientY }) {
    const { chart, view } = get();
    const drawing = picture.firstElementChild;
    if (!chart || !drawing) return null;
    // The page around may be scaled, in a slide deck for instance.
    const box = drawing.getBoundingClientRect();
    const scale = box.width / width || 1;
    const [x, y] = [(clientX - box.left) / scale, (clientY - box.top) / scale];
    const network = networkAt(chart, view, layout(chart, view, width), x, y);
    return network && { chart, view, network, x, y };
  }

  // Pressing and releasing on the same square pins its network. While cells arrive, the chart may be redrawn in between.
  let pressed = '';
  element.addEventListener('pointerdown', (event) => (pressed = JSON.stringify(at(event)?.network)));
  element.addEventListener('pointerup', (event) => {
    const network = at(event)?.network;
    if (network && event.button === 0 && JSON.stringify(network) === pressed) pinned(network);
  });
  element.addEventListener('pointermove', (event) => {
    const over = at(event);
    if (!over || event.pointerType !== 'mouse') return leave();
    tip.show(describe(over.chart, over.view, over.network), over.x, over.y, width);
    const { columns, rows } = squares(over.chart, over.view);
    pointed({ column: columns.indexOf(over.network[over.view.x]), row: rows.indexOf(over.network[over.view.y]) });
  });
  element.addEventListener('pointerleave', leave);

  function leave() {
    tip.hide();
    pointed(null);
  }

  // Arrow keys move between squares, Page keys by several rows, Home and End to the ends of a row, with Ctrl to the corners of the chart.
  element.addEventListener('keydown', (event) => {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1], PageUp: [0, PAGE], PageDown: [0, -PAGE], Home: [-Infinity, 0], End: [Infinity, 0] };
    const corners = { Home: [-Infinity, Infinity], End: [Infinity, -Infinity] };
    const move = (event.ctrlKey ? corners : moves)[/** @type {keyof typeof corners} */ (event.key)];
    const { chart, view } = get();
    // With a modifier they belong to the browser: going back, for instance.
    if (!move || !chart || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { columns, rows, others } = squares(chart, view);
    const step = (/** @type {number[]} */ values, /** @type {number | undefined} */ from, /** @type {number} */ by) =>
      values[Math.max(0, Math.min(values.length - 1, (from === undefined ? 0 : values.indexOf(from)) + by))];
    pinned(placeOf(view, others, step(columns, view.pin?.[view.x], move[0]), step(rows, view.pin?.[view.y], move[1])));
  });

  return {
    element,
    colour,
    /**
     * @param {PhaseChart} chart
     * @param {View} view
     */
    draw(chart, view) {
      width = element.clientWidth;
      if (!width) return;
      const { columns, rows } = squares(chart, view);
      picture.replaceChildren(heatmap(chart, view, width, brush));
      tip.hide();
      element.setAttribute('role', 'grid');
      element.setAttribute('aria-readonly', 'true');
      element.setAttribute('aria-label', `${title(chart, view)} by ${axisLabel(chart, view.x)} and ${axisLabel(chart, view.y)}; arrow keys move the pinned network`);
      // On a canvas only few squares are elements, so the number of squares is stated.
      for (const [name, count] of /** @type {const} */ ([['aria-rowcount', rows.length + 1], ['aria-colcount', columns.length + 1]]))
        if (isPainted({ columns, rows })) element.setAttribute(name, String(count));
        else element.removeAttribute(name);
      const { pin } = view;
      const [column, row] = [columns.indexOf(pin?.[view.x] ?? -1), rows.indexOf(pin?.[view.y] ?? -1)];
      if (column >= 0 && row >= 0) element.setAttribute('aria-activedescendant', squareId(column, row));
      else element.removeAttribute('aria-activedescendant');
    },
  };
}

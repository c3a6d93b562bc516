// @ts-check
// Where the small heatmaps stand: pointing at a square of one marks it in all, choosing one makes it the large one.
import { describe } from '../chart/describe.js';
import { h } from '../chart/elements.js';
import { boxOf, squareAt } from '../chart/boxes.js';
import { facetAxis, facetSize, facets, GAP, paintFacet } from '../chart/facets.js';
import { heldAt, placeOf, squares } from '../chart/look.js';
import { axisLabel } from '../chart/metrics.js';
import { createTip } from '../chart/tip.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/fields.js').View} View */
/** @typedef {import('../state/names.js').Axis} Axis */

/**
 * @param {(name: string) => string} colour of a token of the style sheet
 * @param {(axis: Axis, value: number) => void} chosen
 */
export function facetPlace(colour, chosen) {
  const tip = createTip();
  const list = h('div', { className: 'facet-list', role: 'toolbar' });
  const element = h('div', { id: 'facets', part: 'facets', hidden: true }, list, tip.element);
  /** @typedef {ReturnType<typeof facetElement>} Panel */
  /** @type {Panel[]} */
  let panels = [];
  /** What they show. @type {{ chart: PhaseChart, axis: Axis, all: import('../chart/facets.js').Facet[], place: import('../chart/boxes.js').Layout } | null} */
  let shown = null;

  /** @param {number} index */
  function facetElement(index) {
    const canvas = h('canvas');
    const mark = h('span', { className: 'mark', hidden: true });
    const name = h('span', { className: 'name' });
    const button = h('button', { type: 'button', className: 'facet' }, canvas, mark, name);
    button.addEventListener('click', () => shown && chosen(shown.axis, shown.all[index].value));
    canvas.addEventListener('pointermove', (event) => point(index, canvas, event));
    return { button, canvas, mark, name };
  }

  /**
   * Marks the square under the pointer in all of them, and says what it is in this one.
   * @param {number} index
   * @param {HTMLCanvasElement} canvas
   * @param {PointerEvent} event
   */
  function point(index, canvas, { clientX, clientY, pointerType }) {
    if (!shown || pointerType !== 'mouse') return;
    const { chart, all, place } = shown;
    const box = canvas.getBoundingClientRect();
    const scale = box.width / place.width || 1;
    const [column, row] = [squareAt(place.xs, (clientX - box.left) / scale), squareAt(place.ys, (clientY - box.top) / scale)];
    if (column < 0 || row < 0) return leave();
    mark(column, row);
    const around = element.getBoundingClientRect();
    const network = placeOf(all[index].view, squares(chart, all[index].view).others, place.columns[column], place.rows[row]);
    tip.show(describe(chart, all[index].view, network), (clientX - around.left) / scale, (clientY - around.top) / scale, element.clientWidth);
  }

  /** @param {number} column @param {number} row */
  function mark(column, row) {
    if (!shown) return;
    const { x, y, width, height } = boxOf(shown.place, column, row);
    for (const panel of panels) {
      panel.mark.style.cssText = `transform: translate(${x}px, ${y}px); width: ${width}px; height: ${height}px`;
      panel.mark.hidden = false;
    }
  }

  function leave() {
    tip.hide();
    for (const { mark } of panels) mark.hidden = true;
  }
  element.addEventListener('pointerleave', leave);

  // One stop for the Tab key, and arrows between them.
  list.addEventListener('keydown', (event) => {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity }[event.key];
    const from = panels.findIndex(({ button }) => button === event.target);
    if (!by || from < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(panels.length - 1, from + by));
    panels.forEach(({ button }, index) => (button.tabIndex = index === next ? 0 : -1));
    panels[next].button.focus();
  });

  return {
    element,
    mark,
    leave,
    /**
     * @param {PhaseChart} chart
     * @param {View} view
     */
    draw(chart, view) {
      const axis = facetAxis(chart, view);
      element.hidden = !axis;
      leave();
      shown = null;
      if (!axis || !element.clientWidth) return;
      const all = facets(chart, view, axis);
      if (panels.length !== all.length) {
        panels = all.map((_, index) => facetElement(index));
        list.replaceChildren(...panels.map(({ button }) => button));
      }
      const size = facetSize(all.length, element.clientWidth);
      list.style.cssText = `grid-template-columns: repeat(${size.abreast}, ${size.width}px); gap: ${GAP}px`;
      list.setAttribute('aria-label', `for each ${axisLabel(chart, axis)}; Enter makes one large`);
      const held = heldAt(chart, view, axis);
      const isTabbed = panels.some(({ button }) => button.matches(':focus'));
      const places = all.map(({ value, view, name, said }, index) => {
        const { button, canvas, name: label } = panels[index];
        label.textContent = name;
        button.setAttribute('aria-label', said);
        button.setAttribute('aria-pressed', String(value === held));
        if (!isTabbed) button.tabIndex = value === held ? 0 : -1;
        canvas.style.cssText = `width: ${size.width}px; height: ${size.height}px`;
        return paintFacet(canvas, chart, view, size, colour);
      });
      shown = { chart, axis, all, place: places[0] };
    },
  };
}

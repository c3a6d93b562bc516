// @ts-check
// A view as a picture, in the colours that it has on the page.
import { h } from '../chart/elements.js';
import { svgPicture } from '../chart/take/picture.js';

/** @typedef {import('../engine/home.js').Home & { charts: Record<string, string>, page?: string, embed?: string, lack?: string }} Home with the addresses of the reference charts by name, the first being shown where none is named; that of the page that links lead to; that of the script that embed codes name; `lack` is said with what does not come, where the reason is known beforehand */

/**
 * A view as an SVG file.
 * @param {ShadowRoot} root of the element that shows it
 * @param {import('../types.d.ts').PhaseChart} chart
 * @param {import('../state/fields.js').View} view
 * @param {string} [scheme]
 */
export function pictureOf(root, chart, view, scheme = 'inherit') {
  const palette = colours(root, scheme);
  try {
    return svgPicture(chart, view, palette.of);
  } finally {
    palette.end();
  }
}

/**
 * The colours of an element, as a picture needs them.
 * @param {ShadowRoot} root
 * @param {string} scheme `light`, or as the element has it
 */
function colours(root, scheme) {
  const probe = h('span', { hidden: false, style: `position: absolute; visibility: hidden; color-scheme: ${scheme}` });
  root.append(probe);
  /** @type {Map<string, string>} */
  const known = new Map();
  return {
    /** @param {string} name */
    of(name) {
      probe.style.color = `var(--${name})`;
      known.set(name, known.get(name) ?? getComputedStyle(probe).color);
      return /** @type {string} */ (known.get(name));
    },
    end: () => probe.remove(),
  };
}

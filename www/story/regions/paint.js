// @ts-check
// Linear regions as a picture: each in the colour of its code, borders between them, examples on top.

/** @typedef {{ left: number, bottom: number, right: number, top: number }} Window */
/** @typedef {{ corners: Float64Array, outlines: Uint32Array, sizes: Uint32Array, codes: Uint8Array, bits: number }} Cut the regions as the crate gives them */
/** @typedef {{ xy: Float32Array, labels: Uint8Array, shares: boolean[] }} Points `shares`: whether a point shares its code with another */

/** A turn that never comes back to itself: each bit has a direction of its own. */
const GOLDEN = Math.PI * (3 - Math.sqrt(5));
/** How far a code lies from grey. */
const CHROMA = 0.16;

/** Colours of the classes, told apart by everyone; they stand on every colour of a region. */
export const classColours = ['#0b3d91', '#c2410c', '#0f6b3e', '#7a1f6b'];

/**
 * Codes that differ in few bits have colours that are alike.
 * @param {Uint8Array} codes
 * @param {number} from where the code begins
 * @param {number} bits
 * @param {boolean} dark
 */
export function colourOf(codes, from, bits, dark) {
  let [a, b] = [0, 0];
  for (let bit = 0; bit < bits; bit++) {
    const fires = (codes[from + (bit >> 3)] >> (bit & 7)) & 1 ? 1 : -1;
    a += fires * Math.cos(GOLDEN * bit);
    b += fires * Math.sin(GOLDEN * bit);
  }
  const scale = CHROMA / Math.sqrt(bits);
  return rgb(dark ? 0.5 : 0.82, a * scale, b * scale);
}

/**
 * OKLab to what a canvas takes.
 * @param {number} lightness
 * @param {number} a
 * @param {number} b
 */
function rgb(lightness, a, b) {
  const [l, m, s] = [lightness + 0.3963377774 * a + 0.2158037573 * b, lightness - 0.1055613458 * a - 0.0638541728 * b, lightness - 0.0894841775 * a - 1.291485548 * b].map((part) => part ** 3);
  const linear = [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s, -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s, -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s];
  const byte = (/** @type {number} */ part) => Math.round(255 * Math.min(1, Math.max(0, part <= 0.0031308 ? 12.92 * part : 1.055 * part ** (1 / 2.4) - 0.055)));
  return `rgb(${linear.map(byte).join()})`;
}

/**
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {Window} window
 * @param {Cut} cut
 * @param {Points} points
 * @param {{ dark: boolean, chosen: Uint8Array | null }} look `chosen`: the code of a region to be marked
 */
export function paint(context, window, { corners, outlines, sizes, codes, bits }, { xy, labels, shares }, { dark, chosen }) {
  const { width, height } = context.canvas;
  const x = (/** @type {number} */ at) => ((at - window.left) / (window.right - window.left)) * width;
  const y = (/** @type {number} */ at) => ((window.top - at) / (window.top - window.bottom)) * height;
  const bytes = Math.ceil(bits / 8);
  const thin = width / 600;
  context.lineJoin = 'round';
  /** @type {Path2D | null} */
  let marked = null;
  const borders = new Path2D();
  for (let region = 0, from = 0; region < sizes.length; from += sizes[region++]) {
    const outline = new Path2D();
    for (let place = 0; place < sizes[region]; place++) {
      const corner = outlines[from + place];
      outline[place ? 'lineTo' : 'moveTo'](x(corners[2 * corner]), y(corners[2 * corner + 1]));
    }
    outline.closePath();
    context.fillStyle = colourOf(codes, region * bytes, bits, dark);
    context.fill(outline);
    borders.addPath(outline);
    if (chosen?.every((byte, at) => byte === codes[region * bytes + at])) marked = outline;
  }
  context.strokeStyle = dark ? 'rgba(255, 255, 255, 0.45)' : 'rgba(0, 0, 0, 0.4)';
  context.lineWidth = thin;
  context.stroke(borders);
  if (marked) {
    context.strokeStyle = dark ? '#fff' : '#000';
    context.lineWidth = 4 * thin;
    context.stroke(marked);
  }
  const radius = 4.5 * thin;
  for (let point = 0; point < labels.length; point++) {
    context.beginPath();
    context.arc(x(xy[2 * point]), y(xy[2 * point + 1]), radius, 0, 2 * Math.PI);
    const colour = classColours[labels[point] % classColours.length];
    // Points that share a region are drawn hollow.
    context.fillStyle = shares[point] ? '#fff' : colour;
    context.fill();
    context.lineWidth = 2.4 * thin;
    context.strokeStyle = shares[point] ? colour : '#fff';
    context.stroke();
  }
}

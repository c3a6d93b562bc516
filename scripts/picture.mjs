// @ts-check
// The README's pictures of what scripts measure: lines over an axis that begins at 0.

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [640, 260, 48, 12, 34, 36];
const COLOURS = ['#1d5fbf', '#c2410c'];
const STEPS = 4;

/** A number not below another that four steps divide well. @param {number} value */
function round(value) {
  const unit = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 6, 8, 10].find((times) => times * unit >= value) ?? 10) * unit;
}

/**
 * @param {{ title: string, across: string, up: string, lines: { name: string, points: [number, number][] }[], dots?: boolean }} what
 * @returns {string} an SVG file
 */
export function picture({ title, across, up, lines, dots = false }) {
  const points = lines.flatMap(({ points }) => points);
  const [mostX, mostY] = [round(Math.max(...points.map(([x]) => x))), round(Math.max(...points.map(([, y]) => y)))];
  const x = (/** @type {number} */ value) => LEFT + (value / mostX) * (WIDTH - LEFT - RIGHT);
  const y = (/** @type {number} */ value) => HEIGHT - BOTTOM - (value / mostY) * (HEIGHT - BOTTOM - TOP);
  const steps = Array.from({ length: STEPS + 1 }, (_, at) => at / STEPS);
  const tick = (/** @type {number} */ value) => String(Number(value.toPrecision(3)));
  const drawn = lines.flatMap(({ name, points }, at) => [
    `<polyline fill="none" stroke="${COLOURS[at]}" stroke-width="2" points="${points.map(([px, py]) => `${x(px).toFixed(1)},${y(py).toFixed(1)}`).join(' ')}"/>`,
    ...(dots ? points.map(([px, py]) => `<circle cx="${x(px).toFixed(1)}" cy="${y(py).toFixed(1)}" r="3" fill="${COLOURS[at]}"/>`) : []),
    ...(lines.length > 1 ? [`<text x="${LEFT + 12}" y="${TOP + 16 + 16 * at}" fill="${COLOURS[at]}">${name}</text>`] : []),
  ]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12"><rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${LEFT}" y="18" font-weight="bold">${title}</text>`,
    ...steps.map((step) => `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(step * mostY)}" y2="${y(step * mostY)}" stroke="#ddd"/><text x="${LEFT - 6}" y="${y(step * mostY) + 4}" text-anchor="end">${tick(step * mostY)}</text>`),
    ...steps.map((step) => `<text x="${x(step * mostX)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="${step === 1 ? 'end' : 'middle'}">${tick(step * mostX)}</text>`),
    `<text x="${WIDTH / 2}" y="${HEIGHT - 4}" text-anchor="middle">${across}</text><text x="4" y="30">${up}</text>`,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}

// @ts-check
// Codes to look at: as a raster, by their distances, by who shares one, and what algorithms make of them.
import { h, s } from '../../chart/elements.js';
import { key } from '../../chart/lines.js';
import { shown as shownAs } from '../pictures.js';
import { paintWeights, weightsOf } from '../weights-picture.js';

/** @typedef {import('../../types.d.ts').Study} Study */
/** @typedef {import('../../types.d.ts').CodeStudy} CodeStudy */
/** @typedef {import('../../types.d.ts').Answers} Answers */
/** @typedef {import('../../engine/first-kernel.js').FirstKernel} FirstKernel */
/** @typedef {import('../../engine/messages.d.ts').Examples} Examples */
/** @typedef {import('../../types.d.ts').Description} Description */
/** @typedef {import('../../engine/messages.d.ts').Pictures} Pictures */

/** Pixels of a bit in the raster, and between classes. */
const BIT = { high: 3, gap: 4 };

/**
 * An example as a picture or a row of values; where there is neither, its place.
 * @param {Description} description
 * @param {Examples} set
 * @param {number} example
 * @param {string} name
 */
function example(description, { places, values }, example, name) {
  const each = values.length / (places.length || 1);
  const at = places.indexOf(example);
  return shownAs(description, values.subarray(at * each, (at + 1) * each), name) ?? h('span', { className: 'example none' }, `no. ${example}`);
}

/** A class by its label. @typedef {(label: number) => string} Named */

/**
 * The codes of some training examples, a row each, class by class.
 * @param {CodeStudy} study
 * @param {Named} named
 * @param {{ first: FirstKernel | null, unit: string }} network
 * @param {Description} description
 */
function raster({ firsts: codes, classes }, named, { first, unit }, description) {
  const bits = codes[0]?.code.length ?? 0;
  // Codes that are too long to be seen are not written out.
  if (!bits) return [];
  const counts = Array.from({ length: classes }, (_, label) => codes.filter((one) => one.label === label).length);
  // Classes without examples have no row and no name.
  const shown = counts.map((count, label) => ({ count, label })).filter(({ count }) => count);
  const height = codes.length * BIT.high + Math.max(0, shown.length - 1) * BIT.gap;
  let y = 0;
  const rows = codes.flatMap(({ label, code }, row) => {
    if (row && label !== codes[row - 1].label) y += BIT.gap;
    const runs = [...code.matchAll(/1+/g)].map(({ index, 0: { length } }) => `M${index},${y}h${length}v${BIT.high}h${-length}z`).join('');
    y += BIT.high;
    return runs ? [s('path', { d: runs, fill: 'currentColor' })] : [];
  });
  const drawing = s('svg', { class: 'raster', viewBox: `0 0 ${bits} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `codes of ${codes.length} training examples, sorted by class: each row is an example, each column a ${unit}` }, ...rows);
  const names = h('div', { className: 'classes', 'aria-hidden': 'true' }, ...shown.map(({ count, label }) => h('span', { style: `flex: ${count * BIT.high + BIT.gap}` }, named(label))));
  return [h('figure', {}, h('figcaption', {}, `Codes by class: each row is a training example, each column a ${unit}`), h('div', { className: 'rastered' }, names, drawing), ...unitOf(drawing, first, description))];
}

/**
 * The weights of the ReLU of a column: chosen by a slider, or by pointing at the column.
 * @param {SVGSVGElement} drawing
 * @param {FirstKernel | null} first
 * @param {Description} description
 */
function unitOf(drawing, first, description) {
  // In colour pictures a pixel has three weights; tables have no pixels.
  if (!first || description.kind !== 'image' || description.channels !== 1) return [];
  const { width, height } = description;
  const { kernel, units } = first;
  const canvas = h('canvas', { className: 'weights', width, height, role: 'img' });
  const slider = h('input', { type: 'range', min: '1', max: String(units), value: '1' });
  const label = h('span', {}, '');
  function show() {
    const unit = Number(slider.value);
    const most = paintWeights(canvas, weightsOf(kernel, units, unit - 1));
    label.textContent = `ReLU ${unit}: the weights of its pixels`;
    canvas.setAttribute('aria-label', `weights of ReLU ${unit}, from −${most.toFixed(2)} (purple) to +${most.toFixed(2)} (orange)`);
  }
  slider.addEventListener('input', show);
  drawing.addEventListener('pointermove', (event) => {
    const { left, width } = drawing.getBoundingClientRect();
    // The first layer's columns come first.
    const column = Math.floor(((event.clientX - left) / width) * drawing.viewBox.baseVal.width);
    if (column < 0 || column >= units || slider.value === String(column + 1)) return;
    slider.value = String(column + 1);
    show();
  });
  show();
  return [h('div', { className: 'unit' }, canvas, h('label', { className: 'field' }, label, slider))];
}

/**
 * Shares of pairs by distance: of one class, and of two.
 * @param {CodeStudy} study
 */
function distances({ bits, step: each, within, between, apart_within: near, apart_between: far }) {
  const last = Math.max(...[within, between].map((shares) => shares.findLastIndex((share) => share > 0.0005)), 4);
  const most = Math.max(...within, ...between);
  const [width, height, floor] = [360, 170, 140];
  const step = (width - 8) / (last + 1);
  const bars = (/** @type {number[]} */ shares, /** @type {string} */ colour) =>
    s('path', { fill: colour, 'fill-opacity': 0.55, d: shares.slice(0, last + 1).map((share, distance) => `M${4 + distance * step},${floor}v${-(share / most) * (floor - 10)}h${step - 1}V${floor}z`).join('') });
  const every = Math.ceil((last + 1) / 8);
  const names = Array.from({ length: last + 1 }, (_, distance) => distance).filter((distance) => distance % every === 0);
  const said = `Two examples of one class differ in ${near.toFixed(1)} of ${bits.toLocaleString('en')} bits on average, two of different classes in ${far.toFixed(1)}.`;
  const drawing = s(
    'svg',
    { class: 'distances', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': said, 'font-size': 12 },
    bars(between, 'var(--redundancy-train)'),
    bars(within, 'var(--knn)'),
    s('path', { d: `M0,${floor}H${width}`, stroke: 'currentColor', 'stroke-opacity': 0.4 }),
    ...names.map((distance) => s('text', { x: 4 + (distance + 0.5) * step, y: floor + 16, 'text-anchor': 'middle', fill: 'currentColor' }, (distance * each).toLocaleString('en'))),
  );
  return h('figure', {}, h('figcaption', {}, 'Bits in which two codes differ'), drawing, h('div', { className: 'keys' }, key({ name: 'same class', colour: 'var(--knn)' }), key({ name: 'different classes', colour: 'var(--redundancy-train)' })), h('p', { className: 'hint' }, said));
}

/**
 * Who shares a code.
 * @param {CodeStudy} study
 * @param {Pictures} pictures
 * @param {Named} named
 */
function collisions({ shared, sharing, distinct, samples }, { description, train }, named) {
  const said = sharing ? `${samples.toLocaleString('en')} training examples have ${distinct.toLocaleString('en')} codes; ${sharing.toLocaleString('en')} share theirs. The most shared:` : `All ${samples.toLocaleString('en')} training examples have codes of their own: a perfect hash.`;
  const bucket = (/** @type {CodeStudy['shared'][number]} */ { size, examples, labels }) => {
    const most = labels.flatMap((count, label) => (count ? [[count, label]] : [])).sort(([one], [other]) => other - one);
    const who = most.slice(0, 3).map(([count, label]) => `${count} × ${named(label)}`).join(', ') + (most.length > 3 ? ' …' : '');
    return h('div', { className: 'bucket' }, h('span', { className: 'hint' }, `${size} examples: ${who}`), h('div', { className: 'strip' }, ...examples.map((one) => example(description, train, one, `training example ${one}`))));
  };
  return h('figure', {}, h('figcaption', {}, 'Collisions'), h('p', { className: 'hint' }, said), ...shared.slice(0, 5).map(bucket));
}

/**
 * How often an algorithm is right from the code alone, and where it is not.
 * @param {string} name
 * @param {Answers} answers
 * @param {number} classes
 * @param {Description} description
 * @param {Examples} set
 * @param {Named} named
 */
function answered(name, { confusion, wrong }, classes, description, set, named) {
  const all = confusion.reduce((sum, count) => sum + count, 0);
  const right = Array.from({ length: classes }, (_, label) => confusion[label * classes + label]).reduce((sum, count) => sum + count, 0);
  const strip = wrong.slice(0, 12).map(({ example: one, label, answer }) => h('span', { className: 'wrong' }, example(description, set, one, `${named(label)}, taken for ${named(answer)}`), h('span', {}, `${named(label)}→${named(answer)}`)));
  const said = `${name}: accuracy ${((100 * right) / all).toFixed(1)}%`;
  return h('figure', {}, h('figcaption', {}, said), h('div', { className: 'asked' }, matrix(said, confusion, classes, named), h('div', { className: 'strip' }, ...strip)), counts(confusion, classes, named));
}

/**
 * @param {string} said
 * @param {number[]} confusion
 * @param {number} classes
 * @param {Named} named
 */
function matrix(said, confusion, classes, named) {
  const [size, edge] = [132, 12];
  const each = (size - edge) / classes;
  const sums = Array.from({ length: classes }, (_, label) => Math.max(1, confusion.slice(label * classes, (label + 1) * classes).reduce((sum, count) => sum + count, 0)));
  const worst = confusion.map((count, place) => ({ count, label: Math.floor(place / classes), answer: place % classes })).filter(({ label, answer }) => label !== answer).sort((one, other) => other.count - one.count)[0];
  const cells = confusion.flatMap((count, place) => {
    const [label, answer] = [Math.floor(place / classes), place % classes];
    const share = count / sums[label];
    if (!count) return [];
    const square = s('rect', { x: edge + answer * each, y: edge + label * each, width: each, height: each, fill: label === answer ? 'var(--kmeans)' : 'var(--bad)', 'fill-opacity': (label === answer ? share : Math.min(1, 0.15 + 3 * share)).toFixed(3) });
    square.append(s('title', {}, `${named(label)} taken for ${named(answer)}: ${count}`));
    return [square];
  });
  const step = Math.ceil(classes / 12);
  const names = Array.from({ length: classes }, (_, label) => label).filter((label) => label % step === 0).flatMap((label) => [
    s('text', { x: edge + (label + 0.5) * each, y: edge - 3, 'text-anchor': 'middle', fill: 'currentColor' }, String(label)),
    s('text', { x: edge - 4, y: edge + (label + 0.5) * each, dy: '0.35em', 'text-anchor': 'end', fill: 'currentColor' }, String(label)),
  ]);
  const more = worst?.count ? `; most often wrong: ${named(worst.label)} taken for ${named(worst.answer)}, ${worst.count} times` : '';
  return s('svg', { class: 'confusion', viewBox: `0 0 ${size} ${size}`, width: size, height: size, role: 'img', 'aria-label': `${said}${more}`, 'font-size': 9 }, s('rect', { x: edge, y: edge, width: size - edge, height: size - edge, fill: 'none', stroke: 'currentColor', 'stroke-opacity': 0.3 }), ...cells, ...names);
}

/**
 * The numbers of a confusion matrix, for those who read rather than look; made when they are asked for.
 * @param {number[]} confusion
 * @param {number} classes
 * @param {Named} named
 */
function counts(confusion, classes, named) {
  const element = h('details', {}, h('summary', {}, 'Counts'));
  const labels = Array.from({ length: classes }, (_, label) => label);
  element.addEventListener('toggle', () => {
    if (element.childElementCount > 1) return;
    const head = h('tr', {}, h('th', { scope: 'col' }, 'class \\ taken for'), ...labels.map((label) => h('th', { scope: 'col' }, named(label))));
    const rows = labels.map((label) => h('tr', {}, h('th', { scope: 'row' }, named(label)), ...labels.map((answer) => h('td', {}, String(confusion[label * classes + answer])))));
    element.append(h('div', { className: 'scrolled', tabIndex: 0 }, h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows))));
  });
  return element;
}

/**
 * Where on a picture the ReLUs of each channel fire, layer by layer: of the example that a reader chooses, the first of each class.
 * @param {Study['firing']} firing
 * @param {Pictures} pictures
 * @param {Named} named
 */
function firing(firing, { description, train }, named) {
  if (!firing.length) return [];
  const layers = h('div', { className: 'layers' });
  const buttons = firing.map((one) => {
    const button = h('button', { type: 'button', title: named(one.label) }, example(description, train, one.example, `training example ${one.example}, ${named(one.label)}`));
    button.addEventListener('click', () => show(one, button));
    return button;
  });

  /** @param {Study['firing'][number]} one @param {HTMLElement} chosen */
  function show(one, chosen) {
    for (const button of buttons) button.setAttribute('aria-pressed', String(button === chosen));
    layers.replaceChildren(...one.layers.map(({ channels, height, width, maps }, layer) => {
      const size = height * width;
      const told = Array.from({ length: maps.length / size }, (_, channel) => firingMap(maps.slice(channel * size, (channel + 1) * size), { height, width }, channel));
      const said = `Convolution ${layer + 1}: ${channels} ${channels === 1 ? 'channel' : 'channels'} of ${height} × ${width} ReLUs${told.length < channels ? `, of which ${told.length} are shown` : ''}`;
      return h('div', { className: 'layer' }, h('span', { className: 'hint' }, said), h('div', { className: 'strip' }, ...told));
    }));
  }

  show(firing[0], buttons[0]);
  return [h('figure', { className: 'firing' }, h('figcaption', {}, 'Where on the picture the ReLUs of each channel fire'), h('div', { className: 'strip' }, ...buttons), layers)];
}

/**
 * One channel: dark where its ReLU fires.
 * @param {string} bits row by row
 * @param {{ height: number, width: number }} size
 * @param {number} channel
 */
function firingMap(bits, { height, width }, channel) {
  const rows = Array.from({ length: height }, (_, row) => [...bits.slice(row * width, (row + 1) * width).matchAll(/1+/g)].map(({ index, 0: { length } }) => `M${index},${row}h${length}v1h${-length}z`).join(''));
  const said = `Channel ${channel + 1}: fires at ${bits.replaceAll('0', '').length} of ${bits.length} places`;
  const drawing = s('svg', { class: 'map', viewBox: `0 0 ${width} ${height}`, 'shape-rendering': 'crispEdges', role: 'img', 'aria-label': said }, s('path', { d: rows.join(''), fill: 'currentColor' }));
  drawing.append(s('title', {}, said));
  return drawing;
}

/**
 * Everything that is to be seen of a network's codes.
 * @param {CodeStudy} study
 * @param {Pictures} pictures
 * @param {{ firing?: Study['firing'], first?: FirstKernel | null, unit?: 'ReLU' | 'channel' }} [network] where its ReLUs fire, the weights of its first layer, and what a bit is of
 */
export function studied(study, pictures, { firing: maps = [], first = null, unit = 'ReLU' } = {}) {
  const { description } = pictures;
  /** @type {Named} */
  const named = (label) => description.classes[label] ?? String(label);
  return [
    ...raster(study, named, { first, unit }, description),
    ...firing(maps, pictures, named),
    distances(study),
    collisions(study, pictures, named),
    answered('K-NN, a vote of the nearest codes', study.knn, study.classes, description, pictures.test, named),
    answered('Logistic regression', study.logistic, study.classes, description, pictures.test, named),
    answered('K-Means, on training codes', study.kmeans, study.classes, description, pictures.train, named),
  ];
}

// @ts-check
// Whether a chart file from anywhere can be drawn as what it says. The command line and the engine check more (that `plans` are
// the file's own, say); here is what a wrong picture would come from.
import bounds from '../bounds.json' with { type: 'json' };
import { factorNames } from '../state/names.js';
import { familyOf, families } from '../state/families.js';
import { squareCount } from '../state/plan-size.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */

/** What is wrong with a chart file, and where. */
export class ChartError extends Error {
  /**
   * @param {string} path such as `cells[3].knn`
   * @param {string} reason
   */
  constructor(path, reason) {
    super(`${path}: ${reason}`);
    this.name = 'ChartError';
    this.path = path;
    this.reason = reason;
  }
}

/**
 * A chart from a file's text.
 * @param {string} text
 * @returns {PhaseChart}
 * @throws {ChartError}
 */
export function parseChart(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ChartError('file', `no JSON (${/** @type {Error} */ (error).message}): give a chart as \`hash-phase sweep\` or the page writes it`);
  }
  return checkChart(value);
}

/**
 * @param {any} value of any shape
 * @returns {PhaseChart} the same
 * @throws {ChartError}
 */
export function checkChart(value) {
  object(value, 'file');
  if (value.format !== 'hash-phase/chart') throw new ChartError('format', `${say(value.format)} is not hash-phase/chart`);
  if (value.version !== 1) throw new ChartError('version', `${say(value.version)}: this reader knows version 1`);
  for (const [path, of, name] of /** @type {const} */ ([['title', value, 'title'], ['dataset.name', object(value.dataset, 'dataset'), 'name'], ['protocol.preset', object(value.protocol, 'protocol'), 'preset'], ['provenance.engine', object(value.provenance, 'provenance'), 'engine'], ['provenance.backend', value.provenance, 'backend']]))
    if (typeof of[name] !== 'string') throw new ChartError(path, `${say(of[name])} is no text`);
  object(value.protocol.optimizer, 'protocol.optimizer');
  const { network } = value.protocol;
  if (network != null && !Object.hasOwn(families, network.name)) throw new ChartError('protocol.network.name', `${say(network.name)} is none of ${Object.keys(families).join(', ')}`);
  whole(value.protocol.depth, 'protocol.depth', network?.name === 'resnet' ? 0 : 1, bounds.depth);
  for (const name of Object.keys(familyOf(value.protocol).sizes)) whole(network[name], `protocol.network.${name}`, 1, bounds[/** @type {'blocks'} */ (name)]);
  if (!(value.provenance.seconds >= 0 && value.provenance.seconds < Infinity)) throw new ChartError('provenance.seconds', `${say(value.provenance.seconds)} is no time`);
  for (const name of /** @type {const} */ (['train', 'test'])) whole(value.dataset[name], `dataset.${name}`, 1, Infinity);
  whole(value.dataset.classes, 'dataset.classes', 1, 256);
  const axes = object(value.axes, 'axes');
  for (const [name, least] of /** @type {const} */ ([['width', 1], ['epoch', 0], ['samples', 1], ['seed', 0]])) rising(axes[name], `axes.${name}`, least);
  const most = axes.samples[axes.samples.length - 1];
  if (most > value.dataset.train) throw new ChartError('axes.samples', `${most} is more than the ${value.dataset.train} training examples`);
  if (axes.factor != null) {
    object(axes.factor, 'axes.factor');
    if (!factorNames.includes(axes.factor.name)) throw new ChartError('axes.factor.name', `${say(axes.factor.name)} is none of ${factorNames.join(', ')}`);
    if (!Array.isArray(axes.factor.values) || !axes.factor.values.length) throw new ChartError('axes.factor.values', 'no list of values');
    if (new Set(axes.factor.values).size < axes.factor.values.length) throw new ChartError('axes.factor.values', 'a value is there twice');
  }
  // The whole layout is computed before anything is drawn.
  if (squareCount(value) > bounds.squares) throw new ChartError('axes', `they have ${squareCount(value)} squares, and ${bounds.squares} are the most`);
  const place = places(axes);
  each(value.cells, 'cells', (cell) => {
    place(cell);
    split(cell.redundancy, 'redundancy');
    split(cell.accuracy, 'accuracy');
    if (cell.kmeans != null) split(cell.kmeans, 'kmeans');
    for (const name of /** @type {const} */ (['knn', 'logistic', 'redundancy_random'])) if (cell[name] != null) share(cell[name], name);
    if (cell.stopped != null) whole(cell.stopped, 'stopped', 1, cell.epoch);
    whole(cell.bits, 'bits', 0, codeBits(value, cell));
  });
  each(value.gaps ?? [], 'gaps', place);
  return value;
}

/**
 * ReLUs whose bits the code of a cell has: those of one layer, or of all; no bound where they depend on the size of a picture that is not known.
 * @param {any} chart
 * @param {any} cell
 */
export function codeBits({ dataset, protocol, axes: { factor } }, { width, level = 0 }) {
  const at = (/** @type {string} */ name, /** @type {any} */ value) => (factor?.name === name ? factor.values[level] : value);
  const dense = Array(at('depth', protocol.depth)).fill(width);
  const { code } = protocol;
  if (code === 'dense') return width;
  const { sizes, maps } = familyOf(protocol);
  const own = maps(Object.fromEntries(Object.keys(sizes).map((name) => [name, at(name, protocol.network[name])])), width);
  const picture = dataset.description;
  if (own.length && code !== 'channels' && picture?.kind !== 'image') return Infinity;
  const ofMaps = own.map(([channels, size]) => channels * (code === 'channels' ? 1 : size(picture.height) * size(picture.width)));
  const layers = [...ofMaps, ...dense];
  const layer = at('layer', protocol.layer);
  return layer == null ? layers.reduce((sum, bits) => sum + bits, 0) : layers[layer - 1];
}

/**
 * @param {unknown} value
 * @param {string} path
 * @param {number} least
 * @param {number} most
 */
function whole(value, path, least, most) {
  if (!Number.isSafeInteger(value) || Number(value) < least || Number(value) > most) throw new ChartError(path, `${say(value)} is no whole number from ${least}${most < Infinity ? ` to ${most}` : ''}`);
}

/** @param {unknown} value */
const say = (value) => (value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value)).slice(0, 60));

/**
 * @param {any} value
 * @param {string} path
 */
function object(value, path) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new ChartError(path, `${say(value)} is no object`);
  return value;
}

/**
 * @param {unknown} value
 * @param {string} path
 * @returns {any[]}
 */
function list(value, path) {
  if (!Array.isArray(value)) throw new ChartError(path, `${say(value)} is no list`);
  if (value.length > bounds.squares) throw new ChartError(path, `${value.length} are more than the ${bounds.squares} that are read`);
  return value;
}

/**
 * @param {any} values
 * @param {string} path
 * @param {number} least
 */
function rising(values, path, least) {
  if (!list(values, path).length) throw new ChartError(path, 'empty');
  for (const [at, value] of values.entries()) {
    if (!Number.isSafeInteger(value) || value < least) throw new ChartError(`${path}[${at}]`, `${say(value)} is no whole number from ${least}`);
    if (at && value <= values[at - 1]) throw new ChartError(`${path}[${at}]`, `${value} is not greater than ${values[at - 1]}`);
  }
}

/**
 * Checks every entry of a list. Paths are of the entry: there may be a million, and only what is wrong is named whole.
 * @param {unknown} value
 * @param {string} path
 * @param {(entry: any) => void} check
 */
function each(value, path, check) {
  for (const [at, entry] of list(value, path).entries()) {
    try {
      check(entry);
    } catch (error) {
      if (!(error instanceof ChartError)) throw error;
      throw new ChartError(`${path}[${at}]${error.path && `.${error.path}`}`, error.reason);
    }
  }
}

/**
 * What checks that a network's place is on the axes, and its own.
 * @param {any} axes
 */
function places(axes) {
  const names = /** @type {const} */ (['width', 'epoch', 'samples', 'seed']);
  const standing = names.map((name) => new Map(axes[name].map((/** @type {number} */ value, /** @type {number} */ at) => [value, at])));
  const levels = axes.factor?.values.length ?? 1;
  /** @type {Set<number>} */
  const taken = new Set();
  return (/** @type {any} */ network) => {
    object(network, '');
    const { level = 0 } = network;
    if (!Number.isInteger(level) || level < 0 || level >= levels) throw new ChartError('level', `${say(level)} is not on the axis of the factor`);
    let key = level;
    for (const [which, name] of names.entries()) {
      const at = standing[which].get(network[name]);
      if (at === undefined) throw new ChartError(name, `${say(network[name])} is not on the axis`);
      key = key * standing[which].size + at;
    }
    if (taken.has(key)) throw new ChartError('', `a second network of width ${network.width}, epoch ${network.epoch}, ${network.samples} samples, seed ${network.seed}`);
    taken.add(key);
  };
}

/**
 * @param {any} value
 * @param {string} path
 */
function split(value, path) {
  object(value, path);
  share(value.train, `${path}.train`);
  share(value.test, `${path}.test`);
}

/**
 * @param {unknown} value
 * @param {string} path
 */
function share(value, path) {
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) throw new ChartError(path, `${say(value)} is not between 0 and 1`);
}

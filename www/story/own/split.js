// @ts-check
// Labels as numbers, and which examples train.
import bounds from '../../bounds.json' with { type: 'json' };

/** Examples of each class that train; the others test. */
const TRAIN = 0.8;

/**
 * @template {Uint8Array | Float32Array} Values
 * @param {Values} values one example after the other
 * @param {string[]} labels
 * @returns {{ values: Values, labels: Uint8Array, train: number, classes: string[] }} shuffled, always in the same way: those that train first
 */
export function split(values, labels) {
  const classes = [...new Set(labels)].sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
  if (classes.length < 2) throw new Error(`all labels are “${classes[0]}”: give examples of two classes at least`);
  if (classes.length > bounds.own_classes) throw new Error(`there are ${classes.length} different labels, and ${bounds.own_classes} are the most: is the column of labels the right one?`);
  const random = mulberry(1);
  /** @type {number[][]} */
  const [train, test] = [[], []];
  for (const name of classes) {
    const own = labels.flatMap((label, at) => (label === name ? [at] : []));
    if (own.length < 2) throw new Error(`class “${name}” has one example: give two at least, one to train and one to test`);
    shuffle(own, random);
    const count = Math.min(own.length - 1, Math.max(1, Math.round(TRAIN * own.length)));
    // One by one: as arguments of a call, 60,000 would be too many.
    own.forEach((place, at) => (at < count ? train : test).push(place));
  }
  const order = [...shuffle(train, random), ...shuffle(test, random)];
  const width = values.length / labels.length;
  const moved = /** @type {Values} */ (values.slice());
  order.forEach((from, to) => moved.set(values.subarray(from * width, (from + 1) * width), to * width));
  const place = new Map(classes.map((name, at) => [name, at]));
  return { values: moved, labels: Uint8Array.from(order, (at) => place.get(labels[at]) ?? 0), train: train.length, classes };
}

/**
 * Fisher and Yates.
 * @param {number[]} places
 * @param {() => number} random
 */
function shuffle(places, random) {
  for (let at = places.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [places[at], places[other]] = [places[other], places[at]];
  }
  return places;
}

/** Mulberry32: the same order on every machine. @param {number} seed */
function mulberry(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

// @ts-check
// The squares of a chart as columns: what is summed and drawn is read from these, so that a million squares are some arrays rather
// than a million objects.

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../types.d.ts').Cell} Cell */
/** @typedef {Record<typeof WHOLE[number], ArrayLike<number>> & Record<typeof SHARES[number], ArrayLike<number>>} Numbers */
/** @typedef {Numbers & { length: number }} Columns a row a cell, in the order of the file; what a cell has not is NaN */

export const WHOLE = /** @type {const} */ (['width', 'epoch', 'samples', 'seed', 'level', 'bits', 'stopped']);
export const SHARES = /** @type {const} */ (['redundancy_train', 'redundancy_test', 'redundancy_random', 'accuracy_train', 'accuracy_test', 'kmeans_train', 'kmeans_test', 'knn', 'logistic']);

const names = [...WHOLE, ...SHARES];

/** What a cell need not have. @type {string[]} */
export const OPTIONAL = ['stopped', 'redundancy_random', 'kmeans_train', 'kmeans_test', 'knn', 'logistic'];

/** @type {WeakMap<PhaseChart, Columns>} */
const known = new WeakMap();

/** @param {PhaseChart} chart */
export function columnsOf(chart) {
  const found = known.get(chart) ?? columns(chart.cells);
  known.set(chart, found);
  return found;
}

/**
 * @param {Cell[]} cells
 * @returns {Columns}
 */
function columns(cells) {
  const column = (/** @type {(cell: Cell) => number | null | undefined} */ of) => Float64Array.from(cells, (cell) => of(cell) ?? NaN);
  return {
    length: cells.length,
    width: column(({ width }) => width),
    epoch: column(({ epoch }) => epoch),
    samples: column(({ samples }) => samples),
    seed: column(({ seed }) => seed),
    level: column(({ level }) => level ?? 0),
    bits: column(({ bits }) => bits),
    stopped: column(({ stopped }) => stopped),
    redundancy_train: column(({ redundancy }) => redundancy.train),
    redundancy_test: column(({ redundancy }) => redundancy.test),
    redundancy_random: column(({ redundancy_random }) => redundancy_random),
    accuracy_train: column(({ accuracy }) => accuracy.train),
    accuracy_test: column(({ accuracy }) => accuracy.test),
    kmeans_train: column(({ kmeans }) => kmeans?.train),
    kmeans_test: column(({ kmeans }) => kmeans?.test),
    knn: column(({ knn }) => knn),
    logistic: column(({ logistic }) => logistic),
  };
}

/**
 * A chart whose squares are there as columns; its `cells` are made of them when they are first asked for.
 * @param {Omit<PhaseChart, 'cells'>} rest
 * @param {Columns} columns
 * @returns {PhaseChart}
 */
export function chartOf(rest, columns) {
  const make = () => {
    const cells = Array.from({ length: columns.length }, (_, row) => cellAt(columns, row));
    Object.defineProperty(chart, 'cells', { value: cells, enumerable: true });
    return cells;
  };
  const chart = /** @type {PhaseChart} */ (Object.defineProperty({ ...rest }, 'cells', { get: make, enumerable: true, configurable: true }));
  known.set(chart, columns);
  return chart;
}

/**
 * A chart to be stored in little room: its squares as columns, without those of fields that no cell has. Compressed, it takes two
 * thirds of what its cells take one after the other.
 * @param {PhaseChart} chart
 */
export function packed(chart) {
  const rest = Object.fromEntries(Object.keys(chart).filter((name) => name !== 'cells').map((name) => [name, chart[/** @type {keyof PhaseChart} */ (name)]]));
  const columns = columnsOf(chart);
  const there = names.filter((name) => !Array.prototype.every.call(columns[name], Number.isNaN));
  const squares = Object.fromEntries(there.map((name) => [name, Array.from(columns[name], (value) => (Number.isNaN(value) ? null : value))]));
  return { ...rest, squares };
}

/**
 * The chart again.
 * @param {any} chart as `packed` makes it
 * @returns {PhaseChart} unchecked
 */
export function unpacked({ squares, ...rest }) {
  const { length } = squares.width;
  const column = (/** @type {string} */ name) => Float64Array.from(squares[name] ?? new Array(length).fill(null), (value) => (typeof value === 'number' ? value : NaN));
  return chartOf(rest, /** @type {any} */ ({ ...Object.fromEntries(names.map((name) => [name, column(name)])), length }));
}

/**
 * A row as the file format has it.
 * @param {Columns} columns
 * @param {number} row
 * @returns {Cell}
 */
function cellAt(columns, row) {
  const at = (/** @type {keyof Numbers} */ name) => columns[name][row];
  const some = (/** @type {keyof Numbers} */ name) => (Number.isNaN(at(name)) ? {} : { [name]: at(name) });
  const split = (/** @type {'redundancy' | 'accuracy' | 'kmeans'} */ name) => ({ train: at(`${name}_train`), test: at(`${name}_test`) });
  return {
    width: at('width'),
    epoch: at('epoch'),
    samples: at('samples'),
    seed: at('seed'),
    ...(at('level') ? { level: at('level') } : {}),
    ...some('stopped'),
    bits: at('bits'),
    redundancy: split('redundancy'),
    ...some('redundancy_random'),
    accuracy: split('accuracy'),
    ...(Number.isNaN(at('kmeans_train')) ? {} : { kmeans: split('kmeans') }),
    ...some('knn'),
    ...some('logistic'),
  };
}

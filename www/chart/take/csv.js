// @ts-check
// A chart as a table for other programs: tidy, a row a network and time, every number to its last digit.

/** @typedef {import('../../types.d.ts').PhaseChart} PhaseChart */

const COLUMNS = ['dataset', 'preset', 'width', 'epoch', 'samples', 'seed', 'factor', 'value', 'bits', 'redundancy_train', 'redundancy_test', 'redundancy_random', 'accuracy_train', 'accuracy_test', 'kmeans_train', 'kmeans_test', 'knn', 'logistic', 'stopped', 'gap'];

/**
 * @param {PhaseChart} chart
 * @returns {string} a head, then a line each for cells and for gaps, whose numbers are empty and whose `gap` says why
 */
export function chartCsv(chart) {
  const { dataset, protocol, axes } = chart;
  const place = (/** @type {{ width: number, epoch: number, samples: number, seed: number, level?: number }} */ { width, epoch, samples, seed, level = 0 }) => [
    dataset.name,
    protocol.preset,
    width,
    epoch,
    samples,
    seed,
    axes.factor?.name,
    axes.factor?.values[level],
  ];
  const cells = chart.cells.map((cell) => {
    const { bits, redundancy, redundancy_random, accuracy, kmeans, knn, logistic, stopped } = cell;
    return [...place(cell), bits, redundancy.train, redundancy.test, redundancy_random, accuracy.train, accuracy.test, kmeans?.train, kmeans?.test, knn, logistic, stopped, ''];
  });
  const gaps = (chart.gaps ?? []).map((gap) => [...place(gap), ...Array.from({ length: COLUMNS.length - 9 }, () => ''), gap.reason]);
  return [COLUMNS, ...cells, ...gaps].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

/** A cell. @param {unknown} value */
export function quoted(value) {
  const said = String(value ?? '');
  // Charts and networks may come from a stranger: texts that spreadsheets would read as formulas are defused.
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(said) ? `'${said}` : said;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

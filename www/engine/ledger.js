// @ts-check
// What of a plan is encoded and measured, so that after a failure nothing is lost and nothing is done twice.

import { populationCount, squareCount } from '../state/plan-size.js';

/** @typedef {import('../types.d.ts').Plan} Plan */
/** @typedef {import('../types.d.ts').PopulationPlan} PopulationPlan */
/** @typedef {{ width: number, epoch: number, samples: number, seed: number, level?: number }} Network */

/** @param {Network} network */
const key = ({ width, epoch, samples, seed, level = 0 }) => [level, seed, samples, epoch, width].join('-');
/** @param {PopulationPlan} population */
const name = ({ samples, seed, level = 0 }) => `${level}-${seed}-${samples}`;

/**
 * @param {Plan} plan
 */
export function createLedger(plan) {
  const { axes } = plan;
  const populations = populationCount(plan);
  const cells = squareCount(plan);
  /** The levels of a population's codes: one for each hidden layer asked for, else its own. @param {PopulationPlan} population */
  const levels = ({ level = 0 }) => (axes.factor?.name === 'layer' ? axes.factor.values.map((_, index) => index) : [level]);
  /** Networks whose codes are taken. @type {Set<string>} */
  const encoded = new Set();
  /** Networks with a cell. @type {Set<string>} */
  const measured = new Set();
  /** By population: the largest share of its steps done. @type {Map<string, number>} */
  const trained = new Map();

  return {
    /** Notes codes that were taken; false where they were before. @param {Network} network */
    encode: (network) => !encoded.has(key(network)) && Boolean(encoded.add(key(network))),
    /** Notes a cell; false where there was one before. @param {Network} network */
    measure(network) {
      encoded.add(key(network));
      return !measured.has(key(network)) && Boolean(measured.add(key(network)));
    },
    /** @param {PopulationPlan} population @param {number} share */
    train: (population, share) => void trained.set(name(population), Math.max(share, trained.get(name(population)) ?? 0)),
    /** Epochs at which not every network of a population is encoded. @param {PopulationPlan} population */
    epochsLeft: (population) => axes.epoch.filter((epoch) => levels(population).some((level) => axes.width.some((width) => !encoded.has(key({ ...population, level, epoch, width }))))),
    /** Share of all work that is done: half is training, half is measuring. */
    share: () => ([...trained.values()].reduce((sum, share) => sum + share, 0) / populations + measured.size / cells) / 2,
    isDone: () => measured.size === cells,
    /** What was counted by an engine that cannot be trusted is as if it had never been. */
    forget() {
      encoded.clear();
      measured.clear();
      trained.clear();
    },
  };
}

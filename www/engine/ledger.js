// @ts-check
// What of a plan is encoded and measured, so that after a failure nothing is lost and nothing is done twice.

import { populationCount, squareCount } from '../state/plan-size.js';

/** @typedef {import('../types.d.ts').Plan} Plan */
/** @typedef {import('../types.d.ts').Part} Part */
/** @typedef {import('../types.d.ts').PopulationPlan} PopulationPlan */
/** @typedef {{ width: number, epoch: number, samples: number, seed: number, level?: number }} Network */

/** @param {Network} network */
const key = ({ width, epoch, samples, seed, level = 0 }) => [level, seed, samples, epoch, width].join('-');
/** @param {PopulationPlan} population */
const name = ({ samples, seed, level = 0 }) => `${level}-${seed}-${samples}`;

/**
 * @param {Plan} plan
 * @param {Pick<import('../types.d.ts').PhaseChart, 'cells' | 'gaps'> | null} [finished] what an earlier run has done
 */
export function createLedger(plan, finished = null) {
  const { axes } = plan;
  const populations = populationCount(plan);
  const cells = squareCount(plan);
  /** The levels of a population's codes: one for each hidden layer asked for, else its own. @param {PopulationPlan} population */
  const levels = ({ level = 0 }) => (axes.factor?.name === 'layer' ? axes.factor.values.map((_, index) => index) : [level]);
  /** The networks of a part at all times. @param {Part} part */
  const networksOf = ({ population, widths }) => levels(population).flatMap((level) => axes.epoch.flatMap((epoch) => widths.map((width) => ({ ...population, level, epoch, width }))));
  /** Networks whose codes are taken. @type {Set<string>} */
  const encoded = new Set();
  /** Networks with a cell. @type {Set<string>} */
  const measured = new Set();
  /** By population, and by the widths of its parts: the largest share of their steps done, times their share of its networks. @type {Map<string, Map<string, number>>} */
  const trained = new Map();
  /** @param {Part} part @param {number} share */
  function train({ population, widths }, share) {
    const parts = trained.get(name(population)) ?? new Map();
    parts.set(String(widths), Math.max((share * widths.length) / axes.width.length, parts.get(String(widths)) ?? 0));
    trained.set(name(population), parts);
  }
  /** Share of the training that is done: where two engines are at one population, no more than all of it. */
  const trainedShare = () => [...trained.values()].reduce((sum, parts) => sum + Math.min(1, [...parts.values()].reduce((sum, share) => sum + share, 0)), 0) / populations;
  function takeOver() {
    for (const network of [...(finished?.cells ?? []), ...(finished?.gaps ?? [])]) {
      encoded.add(key(network));
      measured.add(key(network));
    }
  }
  takeOver();
  /** Networks that are given up: those of a part whose workers die. */
  let givenUp = 0;

  return {
    /** Notes codes that were taken; false where they were before. @param {Network} network */
    encode: (network) => !encoded.has(key(network)) && Boolean(encoded.add(key(network))),
    /** Notes a cell; false where there was one before. @param {Network} network */
    measure(network) {
      encoded.add(key(network));
      return !measured.has(key(network)) && Boolean(measured.add(key(network)));
    },
    train,
    /** Epochs at which not every network of a part is encoded. @param {Part} part */
    epochsLeft(part) {
      const left = new Set(networksOf(part).filter((network) => !encoded.has(key(network))).map(({ epoch }) => epoch));
      return axes.epoch.filter((epoch) => left.has(epoch));
    },
    /** Share of all work that is done: half is training, half is measuring. */
    share: () => (trainedShare() + measured.size / cells) / 2,
    trained: trainedShare,
    isDone: () => measured.size + givenUp === cells,
    /** What of a part is not measured never will be, or that of one epoch alone; how many networks that are.
     * @param {Part} part
     * @param {number} [epoch]
     */
    giveUp(part, epoch) {
      const isMeant = (/** @type {Network} */ network) => !measured.has(key(network)) && (epoch === undefined || network.epoch === epoch);
      const left = networksOf(part).filter(isMeant);
      left.forEach((network) => encoded.add(key(network)));
      if (epoch === undefined) train(part, 1);
      givenUp += left.length;
      return left.length;
    },
    /** What was counted by an engine that cannot be trusted is as if it had never been; what an earlier run has finished stays. */
    forget() {
      givenUp = 0;
      encoded.clear();
      measured.clear();
      trained.clear();
      takeOver();
    },
  };
}

// @ts-check
// How much a plan is.

/** @typedef {import('../types.d.ts').Plan} Plan */

/** @param {Pick<Plan, 'axes'>} plan */
const levelCount = ({ axes: { factor } }) => factor?.values.length ?? 1;

/** Populations of a plan: the codes of all hidden layers are taken from the same networks.
 * @param {Plan} plan
 */
export const populationCount = (plan) =>
  plan.axes.samples.length * plan.axes.seed.length * (plan.axes.factor?.name === 'layer' ? 1 : levelCount(plan));

/** Squares of a plan's chart, all seeds and levels counted.
 * @param {Pick<Plan, 'axes'>} plan
 */
export const squareCount = (plan) => {
  const { width, epoch, samples, seed } = plan.axes;
  return width.length * epoch.length * samples.length * seed.length * levelCount(plan);
};

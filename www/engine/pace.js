// @ts-check
// How long an engine would train a plan, by what some steps of its own networks take.

/** Milliseconds of steps that are enough to tell. */
const ENOUGH = 30;
/** Steps before the clock runs: kernels are compiled, and memory is at hand. */
const FIRST = 2;

/**
 * @param {Pick<typeof import('../pkg/hash_phase.js'), 'Trial'>} hashPhase
 * @param {import('../types.d.ts').Plan} plan
 * @param {import('../types.d.ts').PopulationPlan[]} populations that the engine trains together
 * @param {import('../pkg/hash_phase.js').Dataset} dataset
 * @param {import('../pkg/hash_phase.js').Engine} engine
 * @returns {Promise<number>} seconds for all of their steps
 */
export async function trainingTime({ Trial }, plan, populations, dataset, engine) {
  const trial = new Trial(plan, populations, dataset, engine);
  try {
    await trial.take(FIRST);
    for (let steps = 1; ; steps *= 2) {
      const begun = performance.now();
      await trial.take(steps);
      const took = performance.now() - begun;
      if (took >= ENOUGH) return (took / 1000 / steps) * trial.steps();
    }
  } finally {
    trial.free();
  }
}

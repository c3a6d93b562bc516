// What the page and a worker say to each other.
import type { PhaseChart, Plan, PopulationPlan, RunEvent } from '../types.d.ts';

/** From the page. */
export type ToWorker =
  /** Load the module and the data set of a plan; answered by `ready`. */
  | { type: 'load'; plan: Plan }
  /** Run one population of the plan; answered by `event`s, then `finished`. */
  | { type: 'run'; index: number; population: PopulationPlan }
  | { type: 'pause' }
  | { type: 'resume' }
  /** Read a chart file; answered by `chart`. */
  | { type: 'read'; text: string };

/** From a worker. */
export type FromWorker =
  | { type: 'ready'; chart: PhaseChart; populations: PopulationPlan[] }
  | { type: 'event'; index: number; event: RunEvent }
  | { type: 'finished'; index: number }
  | { type: 'chart'; chart: PhaseChart }
  | { type: 'failed'; code: string; message: string };

// What the page and its workers say to each other.
import type { CodeStudy, CodeUnits, Description, Elsewhere, Fed, OfLayer, Part, PhaseChart, Plan, PopulationPlan, Progress, RunEvent, Study } from '../types.d.ts';
import type { Module } from './catalogue.js';
import type { Compiled } from './compiled.js';
import type { FirstKernel } from './first-kernel.js';
import type { DataHome } from './home.js';
import type { Encoded, FirstSteps, Taken } from '../pkg/hash_phase.js';

/** From the page, to any worker. */
type ToAny<Engine> =
  /** Load the module and the data set of a plan, which so many workers share; answered by `ready`. Where it is to train a network of a chart anew,
   * `of` is that chart: other data are refused, and `isSame` says whether its networks come out to the bit. */
  | { type: 'load'; release?: string; engine: Engine; plan: Plan; data: DataHome; workers?: number; finished?: string | null; of?: Pick<PhaseChart, 'dataset' | 'provenance'> }
  | { type: 'pause' }
  | { type: 'resume' };

/** From a worker of either kind. */
type FromAny =
  | { type: 'failed'; code: string; message: string }
  /** How much of a large module or data set is there, from 0 to 1. */
  | { type: 'loading'; share: number };

/** Some examples of a described data set, one after the other, their numbers as networks see them; `places` in their sets. */
export interface Pictures { description: Description; train: Examples; test: Examples }
export interface Examples { places: number[]; values: Float32Array<ArrayBuffer> }

/** From the page to a worker on the CPU. */
export type ToWorker =
  | ToAny<Compiled>
  /** Make the chart without cells, or with those that an earlier run has `finished`, a chart file; all of the data set is read once more for
   * it; answered by `described`. */
  | { type: 'describe'; finished: string | null }
  /** Run the networks of one part, looked at at these epochs; answered by `event`s, then `finished`. */
  | ({ type: 'run'; epochs: number[] } & Part)
  /** Measure codes that the so-manieth device took; answered by `measured`. */
  | { type: 'measure'; encoded: Encoded; device: number }
  /** Take the first steps of some populations, for the so-manieth device; answered by `first-steps`. */
  | { type: 'first-steps'; populations: PopulationPlan[]; device: number }
  /** Say how long one worker would train some populations; answered by `paced`. */
  | { type: 'pace'; populations: PopulationPlan[] }
  /** Train a population anew to an epoch; answered by `event`s of progress, then `weights` of the network of a width. */
  | { type: 'weights'; width: number; epoch: number; population: PopulationPlan }
  /** Train a population anew and look at the codes of one of its networks at some epochs; answered by `event`s and a `study` for each
   * epoch at which training has not diverged, then `finished`. */
  | { type: 'study'; width: number; epochs: number[]; population: PopulationPlan }
  /** Read a chart file; answered by `chart`. */
  | { type: 'read'; engine: Compiled; text: string };

/** From a worker on the CPU. */
export type FromWorker =
  | FromAny
  | { type: 'ready'; parts: Part[]; isSame: boolean }
  | { type: 'described'; chart: PhaseChart }
  | { type: 'event'; part: Part; event: RunEvent }
  | { type: 'finished' }
  | { type: 'measured'; event: RunEvent; device: number }
  | { type: 'first-steps'; steps: FirstSteps; device: number }
  | { type: 'paced'; seconds: number }
  /** `first`: the weights of its first layer, where they can be had. */
  | { type: 'study'; study: Study; pictures: Pictures; first: FirstKernel | null }
  /** A safetensors file. */
  | { type: 'weights'; file: Uint8Array<ArrayBuffer> }
  | { type: 'chart'; chart: PhaseChart };

/** From the page to the worker on the GPU. */
export type ToGpu =
  | ToAny<Module>
  /** Hold the first steps of some populations against the CPU's; answered by `agreed`. */
  | { type: 'check'; populations: PopulationPlan[]; steps: FirstSteps }
  /** Say how long it would train a group of populations; answered by `paced`. */
  | { type: 'pace'; populations: PopulationPlan[] }
  /** Train a group of populations, looked at at these epochs; answered by `progress` and `encoded`, then `trained`. */
  | { type: 'train'; populations: PopulationPlan[]; epochs: number[] };

/** From the worker on the GPU. */
export type FromGpu =
  | FromAny
  | { type: 'ready'; chart: PhaseChart; groups: PopulationPlan[][] }
  | { type: 'agreed' }
  | { type: 'paced'; seconds: number }
  | { type: 'progress'; populations: PopulationPlan[]; progress: Progress }
  | { type: 'encoded'; encoded: Encoded }
  | { type: 'trained' };

/** From the page to a worker that measures a network trained elsewhere. */
export type ToNetwork =
  /** Open it with the data set of a plan: a safetensors or ONNX file, with those beside it; answered by `opened`. */
  | { type: 'open'; release?: string; engine: Compiled; plan: Plan; data: DataHome; file: Uint8Array; beside: { name: string; bytes: Uint8Array }[]; layers: string | null; code: CodeUnits | null; fed: Fed | null }
  /** Take the codes of some examples; answered by `taking`s, then `taken`. */
  | { type: 'take'; release?: string; test: boolean; from: number; to: number }
  /** Measure the codes of all examples, which several workers have taken; answered by `numbers`. */
  | { type: 'measure'; release?: string; train: Taken[]; test: Taken[] }
  /** Look at these codes, example by example; answered by `study`. */
  | { type: 'study'; release?: string }
  /** Measure each of its layers alone; answered by `layer`s, then `finished`. */
  | { type: 'layers'; release?: string };

/** From a worker that measures a network trained elsewhere. */
export type FromNetwork =
  | FromAny
  | { type: 'opened'; samples: number; tests: number }
  /** How many of the codes that were asked for are taken, from 0 to 1. */
  | { type: 'taking'; share: number }
  | { type: 'taken'; taken: Taken }
  | { type: 'study'; study: CodeStudy; pictures: Pictures }
  | { type: 'numbers'; numbers: Elsewhere }
  | { type: 'layer'; numbers: OfLayer }
  | { type: 'finished' };

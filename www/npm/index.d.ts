import type { Cell, Elsewhere, Fed, Gap, PhaseChart, Plan, Provenance } from './types.js';

export type * from './types.js';

/** What trained a network: `engine` is `cpu` or `gpu`, `backend` the tensor library and its version, or the CPU's own kernels. */
export type Maker = Pick<Provenance, 'engine' | 'backend'>;

/** What a sweep tells of, in the order in which it happens. */
export type SweepEvent =
  /** The engine that was taken, what it is called, and how many workers it has; told again where another is taken, or more workers join. */
  | { kind: 'engine'; engine: 'cpu' | 'gpu'; name: string; workers: number }
  /** How much of a large module or data set is there, from 0 to 1. */
  | { kind: 'loading'; share: number; what: string }
  /** The chart, whose cells are still to come. */
  | { kind: 'chart'; chart: PhaseChart }
  /** A network with its numbers. */
  | { kind: 'cell'; cell: Cell; maker: Maker }
  /** A network whose training diverged: it has no numbers and never will. */
  | { kind: 'gap'; gap: Gap; maker: Maker }
  /** How much of all work is done, from 0 to 1. */
  | { kind: 'progress'; share: number }
  /** Another engine takes over, and why; with `discard` the cells so far are void. */
  | { kind: 'fallback'; note: string; engine: string; discard: boolean }
  /** What a reader should know and costs no finished network: a worker that died and was replaced, or networks that every worker died of. */
  | { kind: 'notice'; note: string };

export interface SweepOptions {
  /** `auto` (the default) is the CPU or, where there is a real GPU, whichever trains the plan sooner: both are timed on a few of its steps. */
  engine?: 'auto' | 'cpu' | 'gpu';
  /** Ends the training when it is aborted; the stream then throws its reason. */
  signal?: AbortSignal;
  /** Address of a folder of data sets (`NAME/PART.gz`), for those that are not in the package: `mnist`, say. */
  data?: string;
  /** The chart of an earlier run of the plan, which is gone on with; refused where its networks are not those that the plan would come to here. */
  finished?: PhaseChart | null;
  /** How many workers; if not said, as many as this machine is measured to bear. The chart is the same for any number. */
  workers?: number;
}

/**
 * Trains a plan in workers of this browser. The stream ends when all is done; leaving the loop ends the training.
 *
 * ```js
 * const cells = [];
 * for await (const event of sweep(presetPlan('quick', 'moons'))) if (event.kind === 'cell') cells.push(event.cell);
 * ```
 *
 * @throws what went wrong, an `Error` with a `code`
 */
export function sweep(plan: Plan, options?: SweepOptions): AsyncIterable<SweepEvent> & { pause(): void; resume(): void };

/** The plan that a preset makes of a data set; change its axes and protocol as you like. */
export function presetPlan(preset: 'figure' | 'code' | 'quick', dataset: string): Plan;

/**
 * Reads a chart file.
 * @throws an `Error` that says where and why the text is none
 */
export function readChart(text: string): Promise<PhaseChart>;

/** Mean and deviation of a number over seeds. */
export interface Band {
  mean: number;
  deviation: number;
  seeds: number;
}

/** A network of a chart at a time, over its seeds. */
export interface Summary {
  width: number;
  epoch: number;
  samples: number;
  /** Place of its value along the chart's factor, 0 where there is none. */
  factor: number;
  bands: Partial<Record<'redundancy-train' | 'redundancy-test' | 'redundancy-random' | 'kmeans' | 'knn' | 'logistic' | 'accuracy', Band>>;
  /** Mean of K-NN and logistic regression on test codes. */
  categorization: number | null;
  /** The epochs after which early stopping ended the training of some seeds. */
  stopped: number[];
}

/** Every network of a chart with its numbers over seeds, by `width/epoch/samples/factor`. */
export function summarise(chart: PhaseChart): Map<string, Summary>;

/** A chart as tidy CSV: a row a network, time and seed. */
export function chartCsv(chart: PhaseChart): string;

/**
 * Measures the codes of a network that was trained elsewhere, a safetensors or ONNX file, on a data set. `layers` names the ReLUs that are the code
 * (ONNX; all if left out) or the order of the layers (safetensors); `fed` is what the network was trained on in the place of inputs from 0 to 1;
 * `beside` are the files that an ONNX file's weights lie in.
 */
export function encodeNetwork(file: Uint8Array, options: { dataset: string; data?: string; loading?: (share: number) => void; layers?: string; fed?: Fed; beside?: { name: string; bytes: Uint8Array }[] }): Promise<Elsewhere>;

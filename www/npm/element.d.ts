import type { Cell, PhaseChart, Plan } from './types.js';

export type Axis = 'width' | 'epoch' | 'samples' | 'factor';
export type Metric = 'redundancy-train' | 'redundancy-test' | 'redundancy-random' | 'kmeans' | 'knn' | 'logistic' | 'accuracy';

/** A network at a time; `factor` is the place of its value along the chart's factor, 0 where there is none. */
export interface Place {
  width: number;
  epoch: number;
  samples: number;
  factor: number;
}

/** How a chart is looked at. */
export interface View {
  /** The colour. */
  metric: Metric;
  /** The axis across. */
  x: Axis;
  /** The axis up. */
  y: Axis;
  /** Where the other axes are held: those that are left out at their last value, a factor at its first. */
  at: Partial<Record<Axis, number>>;
  /** The pinned network. */
  pin: Place | null;
  /** Training redundancy above which a network is under-expressive. */
  redundancy: number;
  /** Share of the chart's best accuracy from which a network is sufficiently expressive. */
  accuracy: number;
  /** Lowest and highest colour; nothing for 0 to 1. */
  range: [low: number, high: number] | null;
  /** Of the colours; logarithmic for redundancy alone. */
  scale: 'linear' | 'log';
  /** Whether the axes are at true distances. */
  spacing: 'even' | 'true';
  /** What is subtracted: the name or address of a chart, or `level-0` for the first value of the chart's factor; empty for nothing. */
  minus: string;
  /** The axis of which each value has a small heatmap of its own; empty for none. */
  facet: Axis | '';
}

/** What the element tells of, and with which `detail`. */
export interface HashPhaseEvents {
  /** A chart is on show. */
  ready: CustomEvent<{ chart: PhaseChart }>;
  /** A network is finished. */
  cell: CustomEvent<{ cell: Cell }>;
  /** How much of all work is done, from 0 to 1. */
  progress: CustomEvent<{ share: number }>;
  /** Training is done. */
  done: CustomEvent<{ chart: PhaseChart }>;
  /** A chart cannot be loaded, or training failed. */
  error: CustomEvent<{ error: Error }>;
  /** Another network is pinned. */
  pin: CustomEvent<{ pin: Place | null }>;
  /** Anything else that a reader can set has changed. */
  change: CustomEvent<{ settings: object }>;
}

/** `<hash-phase-chart>`: importing this module makes it known. Its attributes are described in docs/embed.md. */
export interface HashPhaseChart extends HTMLElement {
  /** The chart on show; one that is set is shown in its place. */
  chart: PhaseChart | null;
  /** How it is looked at; what is left out of a view that is set stays as it was. */
  get view(): View;
  set view(change: Partial<View>);
  src: string;
  controls: 'none' | 'view' | 'train';
  loading: 'lazy' | 'eager';
  /** The first chart, once it is on show. */
  readonly ready: Promise<PhaseChart>;
  /** Fetches and draws, wherever the element is and whatever `reveal` and `loading` say. */
  reveal(): void;
  /** The view as an SVG file; fails where there is no chart yet. */
  toSVG(): Promise<string>;
  /** The view as a PNG. */
  toBlob(): Promise<Blob>;
  /** Trains a plan, or the one of the attribute or the form; resolves when it is done, stopped or failed. */
  train(plan?: Plan): Promise<void>;
  pause(): void;
  resume(): void;
  stop(): void;
  addEventListener<Name extends keyof HashPhaseEvents>(name: Name, listener: (event: HashPhaseEvents[Name]) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener(name: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'hash-phase-chart': HashPhaseChart;
  }
}

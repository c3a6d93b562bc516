// Generated from the Rust types by `npm run generate`: every value that crosses to the page.

/**
 * A hyper-parameter and the values it takes along the axis. A cell's `level` is the place of its value, from 0.
 */
export type Factor =
  | {
      name: 'depth';
      values: number[];
    }
  | {
      name: 'activation';
      values: Activation[];
    }
  | {
      name: 'batch_norm';
      values: boolean[];
    }
  | {
      name: 'dropout';
      values: number[];
    }
  | {
      name: 'weight_decay';
      values: number[];
    }
  | {
      name: 'label_noise';
      values: number[];
    }
  | {
      name: 'noise_inputs';
      values: boolean[];
    }
  | {
      name: 'layer';
      values: number[];
    }
  | {
      name: 'early_stopping';
      values: number[];
    }
  | {
      name: 'channels';
      values: number[];
    }
  | {
      name: 'blocks';
      values: number[];
    };
/**
 * The function of a hidden unit. A bit of the code tells whether its output is above 0, which for each of these is whether
 * its input is.
 */
export type Activation = 'relu' | 'leaky_relu' | 'tanh' | 'gelu';
/**
 * The schema of a description, as one object.
 */
export type Description = {
  /**
   * The names of the classes, by label.
   *
   * @maxItems 256
   */
  classes: string[];
  /**
   * Where the user's own data were read from: a file or a folder, without the way to it.
   */
  name?: string | null;
} & Description1;
export type Description1 =
  | {
      /**
       * 1 for grey, 3 for red, green and blue.
       */
      channels: number;
      /**
       * Pixels from top to bottom.
       */
      height: number;
      kind: 'image';
      /**
       * Pixels from left to right.
       */
      width: number;
    }
  | {
      /**
       * The columns that are inputs, in order; one of categories is as many inputs as it has.
       */
      columns: Column[];
      kind: 'table';
    }
  | {
      /**
       * How many.
       */
      inputs: number;
      kind: 'words';
    }
  | {
      kind: 'plane';
    };
/**
 * The name of the file format.
 */
export type Format = 'hash-phase/chart';
/**
 * Why a network has no numbers.
 */
export type Reason = 'diverged';
/**
 * Which ReLUs of a network are its code.
 */
export type CodeUnits = 'all' | 'dense' | 'channels';
/**
 * The kind of a network, with the sizes that no axis has.
 */
export type Family =
  | {
      name: 'mlp';
    }
  | {
      /**
       * Blocks of convolutions, each followed by max pooling.
       */
      blocks: number;
      /**
       * Channels of the first block; each block has twice those of the one before.
       */
      channels: number;
      /**
       * 3 x 3 convolutions of a block.
       */
      convolutions: number;
      name: 'vgg';
    }
  | {
      /**
       * Blocks of two convolutions of each stage: `6 blocks + 2` layers.
       */
      blocks: number;
      name: 'resnet';
    };
/**
 * The optimizer; everything else is as in Keras' defaults.
 */
export type Optimizer =
  | {
      /**
       * Length of a step at the start.
       */
      learning_rate: number;
      name: 'adam';
    }
  | {
      /**
       * Length of a step at the start.
       */
      learning_rate: number;
      /**
       * Share of the last step that is kept, in `[0, 1)`.
       */
      momentum: number;
      name: 'sgd';
    };
/**
 * A named protocol.
 */
export type Preset = 'figure' | 'code' | 'quick';
/**
 * What a column of a table is used as.
 */
export type Used = 'label' | 'number' | 'categories' | 'nothing';
/**
 * The result of some work.
 */
export type RunEvent =
  | {
      kind: 'progress';
      progress: Progress;
    }
  | {
      cell: Cell;
      kind: 'cell';
    }
  | {
      gap: Gap;
      kind: 'gap';
    };

/**
 * Every value that crosses to the page.
 */
export interface Values {
  chart: PhaseChart;
  column: ColumnUse;
  description: Description;
  elsewhere: Elsewhere;
  event: RunEvent;
  of_layer: OfLayer;
  part: Part;
  plan: Plan;
  population: PopulationPlan;
  reading: ReadOptions;
  study: Study;
}
/**
 * A phase chart, complete or still growing: a missing cell is a gap, never a zero.
 */
export interface PhaseChart {
  axes: Axes;
  /**
   * The finished networks, ordered by level, seed, samples, epoch, width.
   */
  cells: Cell[];
  dataset: DatasetSummary;
  format: Format;
  /**
   * The networks that have no numbers and never will, in the same order.
   */
  gaps?: Gap[];
  /**
   * The identity of the cells, one digest for each level of the factor: `sha256:` and the hash of data set, protocol with
   * the level's value, and widths. Absent in old charts.
   */
  plans?: string[];
  protocol: Protocol;
  provenance: Provenance;
  /**
   * A line for people.
   */
  title: string;
  /**
   * Always 1.
   */
  version: number;
}
/**
 * The values of model size, training time, sample size and seed, each in increasing order.
 */
export interface Axes {
  /**
   * Epochs trained, 0 being before training.
   */
  epoch: number[];
  /**
   * One more hyper-parameter that varies.
   */
  factor?: Factor | null;
  /**
   * Number of training examples, from the first on.
   */
  samples: number[];
  /**
   * Seeds.
   */
  seed: number[];
  /**
   * Layer widths: ReLUs per hidden layer.
   */
  width: number[];
}
/**
 * One network at one time.
 */
export interface Cell {
  accuracy: Split;
  /**
   * Bits of the code that are not constant.
   */
  bits: number;
  /**
   * Epochs trained.
   */
  epoch: number;
  /**
   * Accuracy of K-Means on the codes.
   */
  kmeans?: Split | null;
  /**
   * Accuracy of K-NN on test codes.
   */
  knn?: number | null;
  /**
   * Place of its value along the axis of the factor; 0 where there is none.
   */
  level?: number;
  /**
   * Accuracy of logistic regression on test codes.
   */
  logistic?: number | null;
  redundancy: Split;
  /**
   * Redundancy ratio of the codes of as many uniform random inputs as there are test examples.
   */
  redundancy_random?: number | null;
  /**
   * Training examples.
   */
  samples: number;
  /**
   * Seed.
   */
  seed: number;
  /**
   * The epoch after which early stopping ended its training; absent if it trained up to `epoch`.
   */
  stopped?: number | null;
  /**
   * ReLUs per hidden layer.
   */
  width: number;
}
/**
 * A number of the training and of the test examples.
 */
export interface Split {
  /**
   * On the test examples.
   */
  test: number;
  /**
   * On the training examples.
   */
  train: number;
}
/**
 * The data set of a chart.
 */
export interface DatasetSummary {
  /**
   * Classes.
   */
  classes: number;
  /**
   * What its examples, inputs and classes are; absent in old charts.
   */
  description?: Description | null;
  /**
   * `sha256:` and the hash of the inputs and labels that the chart saw, the noise of its protocol included; that of a
   * factor is in `plans`.
   */
  digest: string;
  /**
   * Its name.
   */
  name: string;
  /**
   * Test examples.
   */
  test: number;
  /**
   * Training examples at full sample size.
   */
  train: number;
}
/**
 * A column of a table.
 */
export interface Column {
  /**
   * The categories, one input each; none for a column of numbers, which is scaled to 0...1 over the training examples.
   */
  categories?: string[];
  /**
   * Its name, or its number from 1 where the table has no head.
   */
  name: string;
}
/**
 * One network at one time that has no numbers.
 */
export interface Gap {
  /**
   * Epochs trained.
   */
  epoch: number;
  /**
   * Place of its value along the axis of the factor; 0 where there is none.
   */
  level?: number;
  reason: Reason;
  /**
   * Training examples.
   */
  samples: number;
  /**
   * Seed.
   */
  seed: number;
  /**
   * ReLUs per hidden layer.
   */
  width: number;
}
/**
 * All hyper-parameters: together with the axes and seeds they reproduce a chart.
 */
export interface Protocol {
  activation?: Activation;
  /**
   * Examples per step.
   */
  batch: number;
  /**
   * Batch norm between Dense and ReLU.
   */
  batch_norm: boolean;
  code?: CodeUnits;
  /**
   * Dense hidden layers of equal width: at least 1, but of a `resnet` none.
   */
  depth: number;
  /**
   * Share of hidden activations dropped in training.
   */
  dropout: number;
  /**
   * Epochs without a lower training loss after which a network stops training (paper: 10); 0 turns this off.
   */
  early_stopping?: number;
  /**
   * Augmentation: and mirrored, left to right, every second time.
   */
  flip?: boolean;
  /**
   * K-Means: whether its accuracy is that of the best one-to-one assignment of clusters to classes, instead of each cluster's majority
   * (the paper's published code has both).
   */
  kmeans_assignment?: boolean;
  /**
   * K-Means: number of starts, of which the best is kept (scikit-learn's `n_init`; paper: 10).
   */
  kmeans_starts: number;
  /**
   * Fraction of the training labels that are shuffled (paper: label noise); at 1 all labels are random.
   */
  label_noise?: number;
  /**
   * The only layer of the code that is measured, counted from 1; if absent, all layers, concatenated.
   */
  layer?: number | null;
  /**
   * Logistic regression: inverse strength of its L2 penalty (scikit-learn's default, 1).
   */
  logistic_c: number;
  /**
   * K-NN: number of neighbours (paper: 9).
   */
  neighbours: number;
  network?: Family;
  /**
   * Whether networks see uniform noise instead of the inputs.
   */
  noise_inputs?: boolean;
  optimizer: Optimizer;
  /**
   * Logistic regression: whether the intercept is penalised like a weight (scikit-learn's liblinear) or free (its L-BFGS).
   */
  penalised_intercept?: boolean;
  preset: Preset;
  /**
   * Whether the redundancy of the codes of uniform random inputs is measured beside that of real ones (paper: random input).
   */
  random_inputs?: boolean;
  /**
   * Augmentation: each time a picture is trained on it is turned by an angle from `-rotation` to `rotation`, in degrees.
   */
  rotation?: number;
  /**
   * How the learning rate falls; absent: it does not.
   */
  schedule?: Schedule | null;
  /**
   * Augmentation: it is shifted up or down by up to this share of its height, and to a side by up to this share of its width.
   */
  shift?: number;
  /**
   * L2 penalty on hidden kernels: `weight_decay * sum of squares` is added to the loss.
   */
  weight_decay: number;
}
/**
 * The learning rate is multiplied by `factor` every `every` epochs.
 */
export interface Schedule {
  /**
   * Epochs between two falls, at least 1.
   */
  every: number;
  /**
   * Above 0.
   */
  factor: number;
}
/**
 * What made a chart.
 */
export interface Provenance {
  /**
   * The tensor backend and its version, of each engine.
   */
  backend: string;
  /**
   * The command line that made it; absent where the page did.
   */
  command?: string | null;
  /**
   * This crate's version.
   */
  crate: string;
  /**
   * `cpu` or `gpu`, or those that made its cells one after the other: `gpu, then cpu` where the GPU failed on the way.
   */
  engine: string;
  /**
   * The kind of processor whose vector instructions its tensor programs were rounded by, as `x86_64 with FMA`, or those that were one
   * after the other. Absent where no number depends on it: of the CPU's own kernels, on a GPU, in WebAssembly.
   */
  processor?: string | null;
  /**
   * Seconds it took. The only part of a chart that differs between runs of one module with one plan.
   */
  seconds: number;
}
/**
 * What became of a column of a table.
 */
export interface ColumnUse {
  /**
   * Why, or how.
   */
  how: string;
  /**
   * Its name, or its number where the table has no head.
   */
  name: string;
  used: Used;
}
/**
 * Encoding properties of a network read from a file.
 */
export interface Elsewhere {
  /**
   * Accuracy of the network itself, if its outputs tell the classes apart.
   */
  accuracy?: Split | null;
  /**
   * Whether it was measured like its cell in a chart, which a file written by this crate describes.
   */
  as_cell: boolean;
  /**
   * Bits of the code that are not constant.
   */
  bits: number;
  /**
   * Where the code is a bit a channel, of an ONNX file: accuracy of K-NN by Euclidean distance on the sums over each channel's places, each layer's
   * divided by its range (protocol, ImageNet), on the test examples.
   */
  channel_sums_knn?: number | null;
  code: CodeUnits;
  fed: Fed;
  /**
   * Whether some are those of feature maps, so that a bit a channel may be the code.
   */
  has_maps: boolean;
  /**
   * Whether the network is right no more often than by guessing: it was trained on inputs of another scale, say.
   */
  is_guessing: boolean;
  kmeans: Split;
  /**
   * Accuracy of K-NN on test codes.
   */
  knn: number;
  /**
   * Parts of the file that are no part of the code: layers that were not named, and, of an ONNX file, activations without on and off.
   */
  left_out: string[];
  /**
   * Accuracy of logistic regression on test codes.
   */
  logistic: number;
  /**
   * What these layers are called.
   */
  names: string[];
  /**
   * Inputs with which it would be right more often, where the call does not say what it was trained on.
   */
  otherwise?: Otherwise | null;
  redundancy: Split;
  /**
   * Training examples whose codes were measured: the first so many.
   */
  samples: number;
  /**
   * Test examples.
   */
  tests: number;
  /**
   * Bits of each layer of the code: ReLUs, or channels.
   */
  widths: number[];
}
/**
 * How inputs from 0 to 1 become what a network was trained on: times `scale`, less `mean`, divided by `std`. Of coloured pictures each channel has a
 * mean and a deviation of its own; of all else the three are the same.
 */
export interface Fed {
  /**
   * What is taken off then.
   *
   * @maxItems 3
   */
  mean: [] | [number] | [number, number] | [number, number, number];
  /**
   * Whether the channels of a picture come one behind the other, as PyTorch lays pictures out, and not those of a pixel side by side.
   */
  planes: boolean;
  /**
   * 255 for pixels that stayed bytes.
   */
  scale: number;
  /**
   * What is divided by then.
   *
   * @maxItems 3
   */
  std: [] | [number] | [number, number] | [number, number, number];
}
/**
 * Inputs with which a network is right more often than with those from 0 to 1.
 */
export interface Otherwise {
  /**
   * Its accuracy then, on the first 2,000 test examples; of a network in an ONNX file, 250.
   */
  accuracy: number;
  /**
   * On the same examples as they are.
   */
  as_they_are: number;
  fed: Fed;
}
/**
 * How far training is.
 */
export interface Progress {
  /**
   * Steps taken.
   */
  step: number;
  /**
   * Steps in all.
   */
  steps: number;
}
/**
 * Encoding properties of the code of one layer alone.
 */
export interface OfLayer {
  /**
   * Bits of the code that are not constant.
   */
  bits: number;
  kmeans: Split;
  /**
   * Accuracy of K-NN on test codes.
   */
  knn: number;
  /**
   * Accuracy of logistic regression on test codes.
   */
  logistic: number;
  /**
   * The layer.
   */
  name: string;
  redundancy: Split;
  /**
   * Its bits: ReLUs, or channels.
   */
  width: number;
}
/**
 * Networks of a population that are trained apart from its others.
 */
export interface Part {
  population: PopulationPlan;
  /**
   * Their layer widths, rising.
   */
  widths: number[];
}
/**
 * The networks of one sample size, seed and level of the factor: what one worker trains at a time.
 */
export interface PopulationPlan {
  /**
   * Place of its value along the axis of the factor; 0 where there is none.
   */
  level?: number;
  /**
   * Training examples.
   */
  samples: number;
  /**
   * Seed.
   */
  seed: number;
}
/**
 * A chart to be made.
 */
export interface Plan {
  axes: Axes;
  /**
   * One of [`Dataset::NAMES`].
   */
  dataset: string;
  protocol: Protocol;
}
/**
 * What is said about the data beyond what the files show.
 */
export interface ReadOptions {
  /**
   * Columns of a table that are used although they seem to number or name the rows.
   */
  keep?: string[];
  /**
   * The column of labels of a table, by name or by number from 1.
   */
  label?: string | null;
  /**
   * Columns of a table that are not used.
   */
  leave_out?: string[];
  /**
   * Refuses a table that lacks numbers; otherwise they are filled with the median, and an input more says where.
   */
  refuse_missing?: boolean;
  /**
   * Height, width and channels (1 or 3) of pictures.
   *
   * @maxItems 3
   */
  size?: [] | [number] | [number, number] | [number, number, number] | null;
  /**
   * Only the first so many training examples are used.
   */
  train?: number | null;
}
/**
 * The codes of one network at one time.
 */
export interface Study {
  cell: Cell;
  codes: CodeStudy;
  /**
   * Where on the first training example of each class the ReLUs of a convolutional network fire; empty for others, and where training was
   * ended early.
   */
  firing: Firing[];
}
/**
 * Codes, example by example.
 */
export interface CodeStudy {
  /**
   * The same of two classes.
   */
  apart_between: number;
  /**
   * Mean distance of two training examples of one class.
   */
  apart_within: number;
  /**
   * The same of pairs of two classes.
   */
  between: number[];
  /**
   * Bits of a code.
   */
  bits: number;
  /**
   * Labels are below this.
   */
  classes: number;
  /**
   * Distinct codes of the training examples.
   */
  distinct: number;
  /**
   * The first training examples of each class, class by class.
   */
  firsts: Coded[];
  kmeans: Answers;
  knn: Answers;
  logistic: Answers;
  /**
   * Training examples.
   */
  samples: number;
  /**
   * The codes that most training examples share, most first.
   */
  shared: Shared[];
  /**
   * Training examples that share their code with another.
   */
  sharing: number;
  /**
   * Hamming distances, counted together by this many from 0 on.
   */
  step: number;
  /**
   * For each such step of distances, the share of pairs of training examples of one class that have one of them.
   */
  within: number[];
}
/**
 * An example and its code.
 */
export interface Coded {
  /**
   * Its code, a 0 or 1 a bit; empty where it has more than 4,000.
   */
  code: string;
  /**
   * Its place among the training examples.
   */
  example: number;
  /**
   * Its label.
   */
  label: number;
}
/**
 * The answers of an algorithm that sees codes alone.
 */
export interface Answers {
  /**
   * For each true label, how often each label was the answer: `[classes, classes]`, row by row.
   */
  confusion: number[];
  /**
   * The first wrong ones.
   */
  wrong: Wrong[];
}
/**
 * A wrong answer.
 */
export interface Wrong {
  /**
   * The answer.
   */
  answer: number;
  /**
   * The example's place in its set.
   */
  example: number;
  /**
   * Its label.
   */
  label: number;
}
/**
 * A code that several training examples share.
 */
export interface Shared {
  /**
   * The first of them.
   */
  examples: number[];
  /**
   * How many there are of each label.
   */
  labels: number[];
  /**
   * How many.
   */
  size: number;
}
/**
 * Where on an example ReLUs fire.
 */
export interface Firing {
  /**
   * Its place among the training examples.
   */
  example: number;
  /**
   * Its label.
   */
  label: number;
  /**
   * The maps of each convolution.
   */
  layers: FiringMaps[];
}
/**
 * The ReLUs behind one convolution, on one example.
 */
export interface FiringMaps {
  /**
   * Channels of the layer, each with a map.
   */
  channels: number;
  /**
   * Rows of a map.
   */
  height: number;
  /**
   * A 0 or 1 a ReLU: map by map, row by row, of the first 16 channels.
   */
  maps: string;
  /**
   * Columns of a map.
   */
  width: number;
}

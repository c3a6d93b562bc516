//! The options that describe a plan.

use clap::Args;
use hash_phase::chart::Factor;
use hash_phase::dataset::Dataset;
use hash_phase::network::{Activation, CodeUnits};
use hash_phase::sweep::Plan;
use hash_phase::training::{Family, Optimizer, Preset, Schedule, ScheduleError};

use super::Failure;
use super::data::{Data, is_own};

/// Axes and hyper-parameters; what is not given is the preset's.
#[derive(Args)]
pub(super) struct Planned {
    /// mnist-small, mnist, fashion-mnist, cifar10, svhn, adult, compas, newsgroups, imdb, moons, circles, spirals, xor or blobs; or your own: a table (.csv, .tsv), NumPy's
    /// .npz, idx or svmlight files, or a folder of pictures
    #[arg(long, default_value = "mnist-small")]
    dataset: String,
    #[command(flatten)]
    data: Data,
    /// figure (no batch norm), code (as published) or quick
    #[arg(long, default_value = "quick")]
    preset: String,
    /// Layer widths, in increasing order
    #[arg(long, value_delimiter = ',')]
    widths: Option<Vec<u32>>,
    /// Epochs at which networks are evaluated, in increasing order; 0 is before training
    #[arg(long, value_delimiter = ',')]
    epochs: Option<Vec<u32>>,
    /// Training sample sizes, in increasing order
    #[arg(long, value_delimiter = ',')]
    samples: Option<Vec<u32>>,
    /// Number of seeds: 3 trains seeds 1, 2 and 3
    #[arg(long)]
    seeds: Option<u32>,
    /// Family of networks: mlp, or for pictures vgg (blocks of convolutions before the dense layers) or resnet (convolutions with shortcuts around them, whose layer width is the channels of the first) [default: mlp]
    #[arg(long)]
    network: Option<Family>,
    /// Channels of the first block of a vgg; each block has twice those of the one before [default: 2]
    #[arg(long)]
    channels: Option<u32>,
    /// Blocks of convolutions: of a vgg, each followed by max pooling [default: 3]; of a resnet, in each of its three stages: 6 BLOCKS + 2 layers [default: 1]
    #[arg(long)]
    blocks: Option<u32>,
    /// Convolutions of a block of a vgg [default: 1]
    #[arg(long)]
    convolutions: Option<u32>,
    /// ReLUs that are the code: all, dense (those of the last dense hidden layer) or channels (a bit a channel of each feature map: whether it fires at more places than on the median training example) [default: all for mlp, dense for vgg, channels for resnet]
    #[arg(long)]
    code: Option<CodeUnits>,
    /// Number of hidden layers; of a vgg, of the dense ones
    #[arg(long)]
    depth: Option<u32>,
    /// Batch norm: true or false
    #[arg(long)]
    batch_norm: Option<bool>,
    /// Fraction of activations dropped during training
    #[arg(long)]
    dropout: Option<f64>,
    /// L2 penalty on hidden kernels
    #[arg(long)]
    weight_decay: Option<f64>,
    /// Fraction of the training labels that are shuffled; 1 gives random labels
    #[arg(long)]
    label_noise: Option<f64>,
    /// Replace the inputs with uniform noise
    #[arg(long)]
    noise_inputs: bool,
    /// Augmentation, of convolutional networks: turn each picture by a random angle of up to so many degrees each time it is trained on (paper: 15)
    #[arg(long)]
    rotation: Option<f64>,
    /// Augmentation: shift it by up to this share of its height and width (paper: 0.1)
    #[arg(long)]
    shift: Option<f64>,
    /// Augmentation: mirror it, left to right, every second time
    #[arg(long)]
    flip: bool,
    /// Also measure the redundancy of the codes of uniform random inputs
    #[arg(long)]
    random_inputs: bool,
    /// relu, leaky_relu, or (outside the paper) tanh, gelu
    #[arg(long)]
    activation: Option<Activation>,
    /// Measure this layer of the code only, counted from 1 [default: all layers together]
    #[arg(long)]
    layer: Option<u32>,
    /// A fourth axis, NAME=VALUE,VALUE..., where NAME is depth, activation, batch_norm, dropout, weight_decay, label_noise, noise_inputs, layer, early_stopping, channels or blocks
    #[arg(long)]
    factor: Option<Factor>,
    /// Initial learning rate
    #[arg(long)]
    learning_rate: Option<f64>,
    /// Learning rate schedule: FACTOR/EPOCHS multiplies the rate by FACTOR every EPOCHS epochs, for example 0.1/20; or none
    #[arg(long, value_parser = schedule)]
    schedule: Option<MaybeSchedule>,
    /// SGD with this momentum instead of Adam
    #[arg(long)]
    momentum: Option<f64>,
    /// Batch size
    #[arg(long)]
    batch: Option<u32>,
    /// Stop training a network after this many epochs without a lower training loss (paper: 10); 0 turns this off
    #[arg(long)]
    early_stopping: Option<u32>,
    /// K-NN: number of neighbours
    #[arg(long)]
    neighbours: Option<u32>,
    /// K-Means: number of starts, of which the best is kept
    #[arg(long)]
    kmeans_starts: Option<u32>,
    /// K-Means: accuracy by the best one-to-one assignment of clusters to classes instead of each cluster's majority: true or false
    #[arg(long)]
    kmeans_assignment: Option<bool>,
    /// Logistic regression: inverse strength of the L2 penalty (scikit-learn's C)
    #[arg(long)]
    logistic_c: Option<f64>,
    /// Logistic regression: penalise the intercept like a weight, as scikit-learn's liblinear does: true or false
    #[arg(long)]
    penalised_intercept: Option<bool>,
}

/// By another name, since clap takes an option of an option for one whose value may be left out.
type MaybeSchedule = Option<Schedule>;

fn schedule(text: &str) -> Result<MaybeSchedule, ScheduleError> {
    if text == "none" { Ok(None) } else { text.parse().map(Some) }
}

impl Planned {
    /// The plan, if it can be run at all, and the user's own data, whose size it depends on; of known data, which are not loaded yet, it
    /// may ask for more examples than there are.
    pub fn plan(&self) -> Result<(Plan, Option<Dataset>), Failure> {
        let own = if is_own(&self.dataset) { Some(self.data.load(&self.dataset)?) } else { None };
        Ok((self.plan_on(own.as_ref())?, own))
    }

    /// The family that is asked for, with its sizes.
    fn family(&self, preset: Family) -> Result<Family, Failure> {
        let family = self.network.unwrap_or(preset);
        let asked = [("channels", self.channels), ("blocks", self.blocks), ("convolutions", self.convolutions)];
        asked.into_iter().filter(|(_, value)| value.is_some()).try_for_each(|(name, _)| family.hold(name))?;
        Ok(match family {
            Family::Mlp => family,
            Family::Vgg { channels, blocks, convolutions } => Family::Vgg {
                channels: self.channels.unwrap_or(channels),
                blocks: self.blocks.unwrap_or(blocks),
                convolutions: self.convolutions.unwrap_or(convolutions),
            },
            Family::Resnet { blocks } => Family::Resnet { blocks: self.blocks.unwrap_or(blocks) },
        })
    }

    /// Loads known data.
    pub fn load(&self) -> Result<Dataset, Failure> {
        self.data.load(&self.dataset)
    }

    fn plan_on(&self, own: Option<&Dataset>) -> Result<Plan, Failure> {
        let preset: Preset = self.preset.parse()?;
        let mut plan = match own {
            Some(data) => Plan::of_own(preset, data.full() as u32)?,
            None => Plan::preset(preset, &self.dataset)?,
        };
        self.seeds.map_or(Ok(()), Plan::check_seeds)?;
        let family = self.family(plan.protocol.network)?;
        if family != plan.protocol.network {
            plan = plan.with_family(family);
        }
        let axes = &mut plan.axes;
        axes.width = self.widths.clone().unwrap_or(axes.width.clone());
        axes.epoch = self.epochs.clone().unwrap_or(axes.epoch.clone());
        axes.samples = self.samples.clone().unwrap_or(axes.samples.clone());
        axes.seed = self.seeds.map_or(axes.seed.clone(), |seeds| (1..=seeds).collect());
        axes.factor = self.factor.clone();
        let protocol = &mut plan.protocol;
        protocol.code = self.code.unwrap_or(protocol.code);
        protocol.depth = self.depth.unwrap_or(protocol.depth);
        protocol.batch_norm = self.batch_norm.unwrap_or(protocol.batch_norm);
        protocol.dropout = self.dropout.unwrap_or(protocol.dropout);
        protocol.weight_decay = self.weight_decay.unwrap_or(protocol.weight_decay);
        protocol.label_noise = self.label_noise.unwrap_or(protocol.label_noise);
        protocol.noise_inputs |= self.noise_inputs;
        protocol.rotation = self.rotation.unwrap_or(protocol.rotation);
        protocol.shift = self.shift.unwrap_or(protocol.shift);
        protocol.flip |= self.flip;
        protocol.random_inputs |= self.random_inputs;
        protocol.activation = self.activation.unwrap_or(protocol.activation);
        protocol.layer = self.layer.or(protocol.layer);
        protocol.batch = self.batch.unwrap_or(protocol.batch);
        protocol.early_stopping = self.early_stopping.unwrap_or(protocol.early_stopping);
        protocol.neighbours = self.neighbours.unwrap_or(protocol.neighbours);
        protocol.kmeans_starts = self.kmeans_starts.unwrap_or(protocol.kmeans_starts);
        protocol.kmeans_assignment = self.kmeans_assignment.unwrap_or(protocol.kmeans_assignment);
        protocol.penalised_intercept = self.penalised_intercept.unwrap_or(protocol.penalised_intercept);
        protocol.logistic_c = self.logistic_c.unwrap_or(protocol.logistic_c);
        protocol.schedule = self.schedule.unwrap_or(protocol.schedule);
        let learning_rate = self.learning_rate.unwrap_or(protocol.learning_rate(0));
        protocol.optimizer = match self.momentum {
            Some(momentum) => Optimizer::Sgd { learning_rate, momentum },
            None => Optimizer::Adam { learning_rate },
        };
        // Before a known data set is loaded; `sweep::run` checks the plan against the data.
        own.map_or_else(|| plan.check(usize::MAX), |data| plan.check_on(data))?;
        Ok(plan)
    }
}

//! Which networks, as the command line says it.

use clap::Args;
use hash_phase::chart::Factor;
use hash_phase::network::Activation;
use hash_phase::sweep::Plan;
use hash_phase::training::{Optimizer, Preset, Schedule, ScheduleError};

use super::Failure;

/// Axes and hyper-parameters; what is not given is the preset's.
#[derive(Args)]
pub(super) struct Planned {
    /// mnist-small, mnist, fashion-mnist, cifar10, moons, circles, spirals, xor or blobs
    #[arg(long, default_value = "mnist-small")]
    dataset: String,
    /// figure (no batch norm), code (as published) or quick
    #[arg(long, default_value = "quick")]
    preset: String,
    /// Layer widths, rising
    #[arg(long, value_delimiter = ',')]
    widths: Option<Vec<u32>>,
    /// Epochs at which networks are evaluated, rising; 0 is before training
    #[arg(long, value_delimiter = ',')]
    epochs: Option<Vec<u32>>,
    /// Training sample sizes, rising
    #[arg(long, value_delimiter = ',')]
    samples: Option<Vec<u32>>,
    /// How many seeds: 3 is 1, 2, 3
    #[arg(long)]
    seeds: Option<u32>,
    /// Hidden layers
    #[arg(long)]
    depth: Option<u32>,
    /// Batch norm: true or false
    #[arg(long)]
    batch_norm: Option<bool>,
    /// Share of activations dropped in training
    #[arg(long)]
    dropout: Option<f64>,
    /// L2 penalty on hidden kernels
    #[arg(long)]
    weight_decay: Option<f64>,
    /// Share of the training labels to be shuffled among themselves; 1 is random labels
    #[arg(long)]
    label_noise: Option<f64>,
    /// Uniform noise instead of the inputs
    #[arg(long)]
    noise_inputs: bool,
    /// Measure the redundancy of the codes of uniform random inputs, too
    #[arg(long)]
    random_inputs: bool,
    /// relu, leaky_relu, or (outside the paper) tanh, gelu
    #[arg(long)]
    activation: Option<Activation>,
    /// The hidden layer whose code alone is measured, from 1; all of them if not given
    #[arg(long)]
    layer: Option<u32>,
    /// A fourth axis, NAME=VALUE,VALUE...: depth, activation, batch_norm, dropout, weight_decay, label_noise, noise_inputs, layer or early_stopping
    #[arg(long)]
    factor: Option<Factor>,
    /// Learning rate at the start
    #[arg(long)]
    learning_rate: Option<f64>,
    /// When the learning rate falls: FACTOR/EPOCHS multiplies it by the factor every so many epochs, as 0.1/20; or none
    #[arg(long, value_parser = schedule)]
    schedule: Option<MaybeSchedule>,
    /// SGD with this momentum instead of Adam
    #[arg(long)]
    momentum: Option<f64>,
    /// Examples a step
    #[arg(long)]
    batch: Option<u32>,
    /// End a network's training after so many epochs without a lower training loss (paper: 10); 0 is never
    #[arg(long)]
    early_stopping: Option<u32>,
    /// K-NN: neighbours that vote
    #[arg(long)]
    neighbours: Option<u32>,
    /// K-Means: starts, of which the best is kept
    #[arg(long)]
    kmeans_starts: Option<u32>,
    /// Logistic regression: inverse strength of its L2 penalty, as scikit-learn's C
    #[arg(long)]
    logistic_c: Option<f64>,
}

/// By another name, since clap takes an option of an option for one whose value may be left out.
type MaybeSchedule = Option<Schedule>;

fn schedule(text: &str) -> Result<MaybeSchedule, ScheduleError> {
    if text == "none" { Ok(None) } else { text.parse().map(Some) }
}

impl Planned {
    /// The plan, if it can be run at all; the data may hold fewer examples than it asks for.
    pub fn plan(&self) -> Result<Plan, Failure> {
        let preset: Preset = self.preset.parse()?;
        let mut plan = Plan::preset(preset, &self.dataset)?;
        self.seeds.map_or(Ok(()), Plan::check_seeds)?;
        let axes = &mut plan.axes;
        axes.width = self.widths.clone().unwrap_or(axes.width.clone());
        axes.epoch = self.epochs.clone().unwrap_or(axes.epoch.clone());
        axes.samples = self.samples.clone().unwrap_or(axes.samples.clone());
        axes.seed = self.seeds.map_or(axes.seed.clone(), |seeds| (1..=seeds).collect());
        axes.factor = self.factor.clone();
        let protocol = &mut plan.protocol;
        protocol.depth = self.depth.unwrap_or(protocol.depth);
        protocol.batch_norm = self.batch_norm.unwrap_or(protocol.batch_norm);
        protocol.dropout = self.dropout.unwrap_or(protocol.dropout);
        protocol.weight_decay = self.weight_decay.unwrap_or(protocol.weight_decay);
        protocol.label_noise = self.label_noise.unwrap_or(protocol.label_noise);
        protocol.noise_inputs |= self.noise_inputs;
        protocol.random_inputs |= self.random_inputs;
        protocol.activation = self.activation.unwrap_or(protocol.activation);
        protocol.layer = self.layer.or(protocol.layer);
        protocol.batch = self.batch.unwrap_or(protocol.batch);
        protocol.early_stopping = self.early_stopping.unwrap_or(protocol.early_stopping);
        protocol.neighbours = self.neighbours.unwrap_or(protocol.neighbours);
        protocol.kmeans_starts = self.kmeans_starts.unwrap_or(protocol.kmeans_starts);
        protocol.logistic_c = self.logistic_c.unwrap_or(protocol.logistic_c);
        protocol.schedule = self.schedule.unwrap_or(protocol.schedule);
        let learning_rate = self.learning_rate.unwrap_or(protocol.learning_rate(0));
        protocol.optimizer = match self.momentum {
            Some(momentum) => Optimizer::Sgd { learning_rate, momentum },
            None => Optimizer::Adam { learning_rate },
        };
        plan.check(usize::MAX)?; // before anything is loaded; `sweep::run` holds it against the data
        Ok(plan)
    }
}

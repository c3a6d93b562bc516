//! Every hyper-parameter of a run, and the presets.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Family;
use super::hyperparameters::hyperparameter;
use crate::dataset::Noise;
use crate::network::{Activation, CodeUnits, Mlp};

/// All hyper-parameters: together with the axes and seeds they reproduce a chart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Protocol {
    /// The preset it started from; the other fields are what counts.
    pub preset: Preset,
    /// The family of the networks.
    #[serde(default, skip_serializing_if = "is_default")]
    pub network: Family,
    /// Dense hidden layers of equal width: at least 1, but of a `resnet` none.
    pub depth: u32,
    /// What follows a Dense layer.
    #[serde(default, skip_serializing_if = "is_default")]
    pub activation: Activation,
    /// Batch norm between Dense and ReLU.
    pub batch_norm: bool,
    /// Share of hidden activations dropped in training.
    #[schemars(range(min = 0))]
    pub dropout: f64,
    /// L2 penalty on hidden kernels: `weight_decay * sum of squares` is added to the loss.
    #[schemars(range(min = 0))]
    pub weight_decay: f64,
    /// Fraction of the training labels that are shuffled (paper: label noise); at 1 all labels are random.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(range(min = 0, max = 1))]
    pub label_noise: f64,
    /// Whether networks see uniform noise instead of the inputs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub noise_inputs: bool,
    /// Augmentation: each time a picture is trained on it is turned by an angle from `-rotation` to `rotation`, in degrees.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(range(min = 0, max = 180))]
    pub rotation: f64,
    /// Augmentation: it is shifted up or down by up to this share of its height, and to a side by up to this share of its width.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(range(min = 0))]
    pub shift: f64,
    /// Augmentation: and mirrored, left to right, every second time.
    #[serde(default, skip_serializing_if = "is_default")]
    pub flip: bool,
    /// Whether the redundancy of the codes of uniform random inputs is measured beside that of real ones (paper: random input).
    #[serde(default, skip_serializing_if = "is_default")]
    pub random_inputs: bool,
    /// Which ReLUs are the code.
    #[serde(default, skip_serializing_if = "is_default")]
    pub code: CodeUnits,
    /// The only layer of the code that is measured, counted from 1; if absent, all layers, concatenated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub layer: Option<u32>,
    /// How a step is taken.
    pub optimizer: Optimizer,
    /// How the learning rate falls; absent: it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// Examples per step.
    #[schemars(range(min = 1))]
    pub batch: u32,
    /// Epochs without a lower training loss after which a network stops training (paper: 10); 0 turns this off.
    #[serde(default, skip_serializing_if = "is_default")]
    pub early_stopping: u32,
    /// K-NN: number of neighbours (paper: 9).
    #[schemars(range(min = 1))]
    pub neighbours: u32,
    /// K-Means: number of starts, of which the best is kept (scikit-learn's `n_init`; paper: 10).
    #[schemars(range(min = 1))]
    pub kmeans_starts: u32,
    /// K-Means: whether its accuracy is that of the best one-to-one assignment of clusters to classes, instead of each cluster's majority
    /// (the paper's published code has both).
    #[serde(default, skip_serializing_if = "is_default")]
    pub kmeans_assignment: bool,
    /// Logistic regression: inverse strength of its L2 penalty (scikit-learn's default, 1).
    #[schemars(range(min = 0))]
    pub logistic_c: f64,
    /// Logistic regression: whether the intercept is penalised like a weight (scikit-learn's liblinear) or free (its L-BFGS).
    #[serde(default, skip_serializing_if = "is_default")]
    pub penalised_intercept: bool,
}

/// The optimizer; everything else is as in Keras' defaults.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "name", rename_all = "lowercase")]
pub enum Optimizer {
    /// Adam with beta 0.9 and 0.999, epsilon 1e-7.
    Adam {
        /// Length of a step at the start.
        learning_rate: f64,
    },
    /// Stochastic gradient descent.
    Sgd {
        /// Length of a step at the start.
        learning_rate: f64,
        /// Share of the last step that is kept, in `[0, 1)`.
        momentum: f64,
    },
}

/// The learning rate is multiplied by `factor` every `every` epochs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Schedule {
    /// Above 0.
    pub factor: f64,
    /// Epochs between two falls, at least 1.
    #[schemars(range(min = 1))]
    pub every: u32,
}

/// A text that names no schedule.
#[derive(Debug, Error, PartialEq)]
#[error("'{0}' is not a schedule: write FACTOR/EPOCHS, for example 0.1/20, or none")]
pub struct ScheduleError(String);

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let read = || {
            let (factor, every) = text.split_once('/')?;
            let schedule = Self { factor: factor.trim().parse().ok()?, every: every.trim().parse().ok()? };
            schedule.check().is_ok().then_some(schedule)
        };
        read().ok_or_else(|| ScheduleError(text.into()))
    }
}

/// A named protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Lands on the paper's MNIST figures: no batch norm, Adam 1e-3, batch 64.
    Figure,
    /// The paper's published code: batch norm, Adam 1e-2 times 0.1 every 20 epochs, weight decay 1e-6.
    Code,
    /// Sized for a live page: as `figure`, with fewer K-Means starts.
    Quick,
}

/// A protocol that cannot be run.
#[derive(Debug, Error, PartialEq)]
pub enum ProtocolError {
    /// No preset of that name.
    #[error("unknown preset '{0}': choose one of {names}", names = Preset::NAMES.join(", "))]
    Preset(String),
    /// No family of that name.
    #[error("unknown network '{0}': choose one of {names}", names = Family::NAMES.join(", "))]
    Family(String),
    /// Convolutions without pictures.
    #[error("network {0} needs pictures, and examples of this data set are none: use network mlp")]
    NoPictures(&'static str),
    /// A word that does not suit the others.
    #[error("{field} is {value}, which does not suit: use {remedy}")]
    Choice {
        /// The field's name in the JSON file.
        field: &'static str,
        /// What it is.
        value: &'static str,
        /// What to use instead.
        remedy: String,
    },
    /// What networks of a family do not have.
    #[error("network {network} has no {name}: use network {others}", others = networks_with(name))]
    NotOf {
        /// A hyper-parameter.
        name: &'static str,
        /// The family's name.
        network: &'static str,
    },
    /// A number out of its range.
    #[error("{field} is {value}, which is out of range: use {remedy}")]
    Range {
        /// The field's name in the JSON file.
        field: &'static str,
        /// What it is.
        value: f64,
        /// What to use instead.
        remedy: String,
    },
}

impl Preset {
    /// Their names, as the command line and the chart file spell them.
    pub const NAMES: [&str; 3] = ["figure", "code", "quick"];

    /// The protocol of that name.
    pub fn protocol(self) -> Protocol {
        let figure = Protocol {
            preset: self,
            network: Family::Mlp,
            depth: 1,
            activation: Activation::Relu,
            batch_norm: false,
            dropout: 0.0,
            weight_decay: 0.0,
            label_noise: 0.0,
            noise_inputs: false,
            rotation: 0.0,
            shift: 0.0,
            flip: false,
            random_inputs: false,
            code: CodeUnits::All,
            layer: None,
            optimizer: Optimizer::Adam { learning_rate: 1e-3 },
            schedule: None,
            batch: 64,
            early_stopping: 0,
            neighbours: 9,
            kmeans_starts: 10,
            kmeans_assignment: false,
            logistic_c: 1.0,
            penalised_intercept: false,
        };
        match self {
            Self::Figure => figure,
            Self::Quick => Protocol { kmeans_starts: 3, ..figure },
            Self::Code => Protocol {
                batch_norm: true,
                weight_decay: 1e-6,
                optimizer: Optimizer::Adam { learning_rate: 1e-2 },
                schedule: Some(Schedule { factor: 0.1, every: 20 }),
                ..figure
            },
        }
    }
}

impl FromStr for Preset {
    type Err = ProtocolError;

    fn from_str(name: &str) -> Result<Self, ProtocolError> {
        Ok(match name {
            "figure" => Self::Figure,
            "code" => Self::Code,
            "quick" => Self::Quick,
            _ => return Err(ProtocolError::Preset(name.into())),
        })
    }
}

impl Protocol {
    /// The Dense layers of a network of that width under this protocol: all of an `mlp`, of a `resnet` the output alone.
    pub fn mlp(&self, width: usize) -> Mlp {
        let Self { activation, batch_norm, dropout, .. } = *self;
        Mlp { depth: self.depth as usize, width, batch_norm, dropout, activation }
    }

    /// What is done to the data set.
    pub fn noise(&self) -> Noise {
        Noise { labels: self.label_noise, inputs: self.noise_inputs }
    }

    /// Whether pictures are moved before they are trained on.
    pub fn augments(&self) -> bool {
        self.flip || self.rotation > 0.0 || self.shift > 0.0
    }

    /// The learning rate in epoch `epoch`, counted from 0.
    pub fn learning_rate(&self, epoch: usize) -> f64 {
        let (Optimizer::Adam { learning_rate } | Optimizer::Sgd { learning_rate, .. }) = self.optimizer;
        self.schedule.map_or(learning_rate, |Schedule { factor, every }| {
            learning_rate * factor.powi((epoch / every as usize) as i32)
        })
    }

    /// Checks that every number is in its range.
    pub fn check(&self) -> Result<(), ProtocolError> {
        self.network.check(self)?;
        if let Some(layer) = self.layer.filter(|layer| !(1..=self.code_depth()).contains(layer)) {
            return Err(out_of_range(
                "layer",
                layer.into(),
                format!("a layer of the code from 1 to {}", self.code_depth()),
            ));
        }
        hold("batch", self.batch.into())?;
        hold("neighbours", self.neighbours.into())?;
        hold("kmeans_starts", self.kmeans_starts.into())?;
        hold("early_stopping", self.early_stopping.into())?;
        match self.optimizer {
            Optimizer::Adam { learning_rate } => hold("optimizer.learning_rate", learning_rate)?,
            Optimizer::Sgd { learning_rate, momentum } => {
                hold("optimizer.learning_rate", learning_rate)?;
                hold("optimizer.momentum", momentum)?;
            }
        }
        hold("dropout", self.dropout)?;
        hold("label_noise", self.label_noise)?;
        hold("rotation", self.rotation)?;
        hold("shift", self.shift)?;
        hold("weight_decay", self.weight_decay)?;
        hold("logistic_c", self.logistic_c)?;
        self.schedule.map_or(Ok(()), |schedule| schedule.check())
    }
}

impl Schedule {
    fn check(self) -> Result<(), ProtocolError> {
        if !(self.factor.is_finite() && self.factor > 0.0) {
            return Err(out_of_range("schedule.factor", self.factor, "a number above 0".into()));
        }
        if self.every == 0 {
            return Err(out_of_range("schedule.every", 0.0, "1 or more".into()));
        }
        Ok(())
    }
}

/// Charts of before a field was there are written as they were read.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Holds a number against the [table](super::HYPERPARAMETERS).
pub(super) fn hold(field: &'static str, value: f64) -> Result<(), ProtocolError> {
    let name = field.trim_start_matches("optimizer.");
    match hyperparameter(name) {
        Some(one) if one.values.hold(value) => Ok(()),
        Some(one) => Err(out_of_range(field, value, one.values.remedy())),
        None => Err(out_of_range(field, value, "a field of the table of hyper-parameters".into())),
    }
}

/// The families that have a hyper-parameter, for error messages.
fn networks_with(name: &str) -> String {
    hyperparameter(name).map_or_else(String::new, |one| one.networks.join(" or "))
}

pub(super) fn out_of_range(field: &'static str, value: f64, remedy: String) -> ProtocolError {
    ProtocolError::Range { field, value, remedy }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_schedule_divides_the_rate_by_ten_every_twenty_epochs() {
        let code = Preset::Code.protocol();
        let near = |epoch, rate: f64| assert!((code.learning_rate(epoch) - rate).abs() < 1e-12);
        near(0, 1e-2);
        near(19, 1e-2);
        near(20, 1e-3);
        near(45, 1e-4);
    }

    #[test]
    fn a_number_out_of_range_is_named_with_its_remedy() {
        let mut protocol = Preset::Quick.protocol();
        protocol.check().unwrap();
        protocol.dropout = 1.0;
        assert_eq!(
            protocol.check().unwrap_err().to_string(),
            "dropout is 1, which is out of range: use a number from 0 to below 1"
        );
    }

    #[test]
    fn every_preset_name_is_understood_and_others_are_answered() {
        for name in Preset::NAMES {
            assert_eq!(serde_json::to_value(name.parse::<Preset>().unwrap()).unwrap(), name);
        }
        assert!("fast".parse::<Preset>().unwrap_err().to_string().contains("figure, code, quick"));
    }
}

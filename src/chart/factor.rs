//! A fourth axis: any one of the other things that the paper varies.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::network::Activation;
use crate::training::{Family, Protocol, hyperparameter};

/// A hyper-parameter and the values it takes along the axis. A cell's `level` is the place of its value, from 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "name", content = "values", rename_all = "snake_case")]
pub enum Factor {
    /// Hidden layers.
    Depth(Vec<u32>),
    /// What follows a Dense layer.
    Activation(Vec<Activation>),
    /// Batch norm between Dense and ReLU.
    BatchNorm(Vec<bool>),
    /// Share of hidden activations dropped in training.
    Dropout(Vec<f64>),
    /// L2 penalty on hidden kernels.
    WeightDecay(Vec<f64>),
    /// Share of the training labels shuffled among themselves.
    LabelNoise(Vec<f64>),
    /// Uniform noise instead of the inputs.
    NoiseInputs(Vec<bool>),
    /// The hidden layer whose code alone is measured, from 1.
    Layer(Vec<u32>),
    /// Epochs without a lower training loss after which training ends; 0: it goes on.
    EarlyStopping(Vec<u32>),
    /// Channels of the first block of convolutions.
    Channels(Vec<u32>),
    /// Blocks of convolutions.
    Blocks(Vec<u32>),
}

impl Factor {
    /// Their names, as the command line and the chart file spell them.
    pub const NAMES: [&str; 11] = [
        "depth",
        "activation",
        "batch_norm",
        "dropout",
        "weight_decay",
        "label_noise",
        "noise_inputs",
        "layer",
        "early_stopping",
        "channels",
        "blocks",
    ];

    /// Its name, one of [`NAMES`](Self::NAMES).
    pub fn name(&self) -> &'static str {
        match self {
            Self::Depth(_) => "depth",
            Self::Activation(_) => "activation",
            Self::BatchNorm(_) => "batch_norm",
            Self::Dropout(_) => "dropout",
            Self::WeightDecay(_) => "weight_decay",
            Self::LabelNoise(_) => "label_noise",
            Self::NoiseInputs(_) => "noise_inputs",
            Self::Layer(_) => "layer",
            Self::EarlyStopping(_) => "early_stopping",
            Self::Channels(_) => "channels",
            Self::Blocks(_) => "blocks",
        }
    }

    /// What to write along the axis: its label in the [table](crate::training::HYPERPARAMETERS).
    pub fn label(&self) -> &'static str {
        hyperparameter(self.name()).map_or(self.name(), |one| one.label)
    }

    /// Its values, as they are written.
    pub fn values(&self) -> Vec<String> {
        fn texts<T: ToString>(values: &[T]) -> Vec<String> {
            values.iter().map(T::to_string).collect()
        }
        fn words(values: &[bool]) -> Vec<String> {
            values.iter().map(|&value| if value { "with".into() } else { "without".into() }).collect()
        }
        match self {
            Self::Depth(values) | Self::Layer(values) | Self::Channels(values) | Self::Blocks(values) => texts(values),
            Self::EarlyStopping(values) => {
                let text = |&patience: &u32| if patience == 0 { "without".into() } else { format!("after {patience}") };
                values.iter().map(text).collect()
            }
            Self::Dropout(values) | Self::WeightDecay(values) | Self::LabelNoise(values) => texts(values),
            Self::BatchNorm(values) | Self::NoiseInputs(values) => words(values),
            Self::Activation(values) => values.iter().map(|value| value.name().to_owned()).collect(),
        }
    }

    /// How many values it takes.
    #[allow(clippy::len_without_is_empty)] // a plan of none is refused
    pub fn len(&self) -> usize {
        match self {
            Self::Depth(values) | Self::Layer(values) | Self::EarlyStopping(values) => values.len(),
            Self::Channels(values) | Self::Blocks(values) => values.len(),
            Self::Dropout(values) | Self::WeightDecay(values) | Self::LabelNoise(values) => values.len(),
            Self::BatchNorm(values) | Self::NoiseInputs(values) => values.len(),
            Self::Activation(values) => values.len(),
        }
    }

    /// Gives `protocol` the value at `level`; a level that there is not changes nothing.
    pub fn set(&self, level: u32, protocol: &mut Protocol) {
        fn put<T: Copy>(values: &[T], level: u32, place: &mut T) {
            if let Some(&value) = values.get(level as usize) {
                *place = value;
            }
        }
        match self {
            Self::Depth(values) => put(values, level, &mut protocol.depth),
            Self::Activation(values) => put(values, level, &mut protocol.activation),
            Self::BatchNorm(values) => put(values, level, &mut protocol.batch_norm),
            Self::Dropout(values) => put(values, level, &mut protocol.dropout),
            Self::WeightDecay(values) => put(values, level, &mut protocol.weight_decay),
            Self::LabelNoise(values) => put(values, level, &mut protocol.label_noise),
            Self::NoiseInputs(values) => put(values, level, &mut protocol.noise_inputs),
            Self::Layer(values) => protocol.layer = values.get(level as usize).copied(),
            Self::EarlyStopping(values) => put(values, level, &mut protocol.early_stopping),
            Self::Channels(values) => {
                if let Family::Vgg { channels, .. } = &mut protocol.network {
                    put(values, level, channels);
                }
            }
            Self::Blocks(values) => {
                if let Family::Vgg { blocks, .. } | Family::Resnet { blocks } = &mut protocol.network {
                    put(values, level, blocks);
                }
            }
        }
    }
}

/// No factor.
#[derive(Debug, Error, PartialEq)]
#[error("'{text}' is not a factor ({reason}): write NAME=VALUE,VALUE with NAME one of {names}", names = Factor::NAMES.join(", "))]
pub struct FactorError {
    text: String,
    reason: String,
}

impl FromStr for Factor {
    type Err = FactorError;

    /// From `name=value,value`.
    fn from_str(text: &str) -> Result<Self, FactorError> {
        let no_factor = |reason: String| FactorError { text: text.into(), reason };
        let (name, values) = text.split_once('=').ok_or_else(|| no_factor("it has no '='".into()))?;
        let value = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| serde_json::Value::from(text));
        let values: Vec<_> = values.split(',').map(|text| value(text.trim())).collect();
        serde_json::from_value(serde_json::json!({ "name": name.trim(), "values": values }))
            .map_err(|error| no_factor(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::Preset;

    #[test]
    fn a_factor_is_written_as_on_the_command_line() {
        assert_eq!("label_noise=0, 0.2,1".parse(), Ok(Factor::LabelNoise(vec![0.0, 0.2, 1.0])));
        assert_eq!("batch_norm=false,true".parse(), Ok(Factor::BatchNorm(vec![false, true])));
        assert_eq!("activation=relu,gelu".parse(), Ok(Factor::Activation(vec![Activation::Relu, Activation::Gelu])));
        for (wrong, said) in [("depth", "no '='"), ("colour=1", "unknown variant"), ("depth=deep", "invalid type")] {
            let refused = wrong.parse::<Factor>().unwrap_err().to_string();
            assert!(refused.contains(said) && refused.contains("label_noise"), "{refused}");
        }
    }

    #[test]
    fn every_factor_is_read_by_its_name_and_sets_its_own_hyper_parameter() {
        let files = [
            (r#"{"name":"depth","values":[1,3]}"#, "3"),
            (r#"{"name":"activation","values":["relu","tanh"]}"#, "tanh"),
            (r#"{"name":"batch_norm","values":[false,true]}"#, "with"),
            (r#"{"name":"dropout","values":[0.0,0.5]}"#, "0.5"),
            (r#"{"name":"weight_decay","values":[0.0,1e-6]}"#, "0.000001"),
            (r#"{"name":"label_noise","values":[0.0,0.2]}"#, "0.2"),
            (r#"{"name":"noise_inputs","values":[false,true]}"#, "with"),
            (r#"{"name":"layer","values":[1,2]}"#, "2"),
            (r#"{"name":"early_stopping","values":[0,10]}"#, "after 10"),
            (r#"{"name":"channels","values":[4,8]}"#, "8"),
            (r#"{"name":"blocks","values":[3,2]}"#, "2"),
        ];
        for ((file, second), name) in files.into_iter().zip(Factor::NAMES) {
            let factor: Factor = serde_json::from_str(file).unwrap();
            assert!(file.contains(name) && factor.values()[1] == second, "{file}");
            let plain = Preset::Figure.protocol();
            let is_of_mlps = Family::Mlp.has(name);
            let plain = if is_of_mlps { plain } else { plain.with_family(Family::VGG) };
            let mut protocol = plain.clone();
            factor.set(1, &mut protocol);
            let (changed, plain) = [protocol, plain].map(|it| serde_json::to_value(it).unwrap()).into();
            let fields = |value: &serde_json::Value| value.as_object().unwrap().clone();
            let differ = fields(&changed).into_iter().filter(|(field, value)| plain.get(field) != Some(value));
            let field = if is_of_mlps { name } else { "network" };
            assert_eq!(differ.map(|(field, _)| field).collect::<Vec<_>>(), [field]);
        }
    }
}

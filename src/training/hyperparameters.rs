//! The hyper-parameters of a protocol in one table of names, labels and ranges. Range checks, error texts and the page's form are made
//! from it.

use serde::Serialize;

use super::Family;
use crate::bounds::BOUNDS;
use crate::network::CodeUnits;

/// A hyper-parameter. Its name is the field of [`Protocol`](super::Protocol) or of its optimizer that it sets.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Hyperparameter {
    /// Its name in the chart file, in links and, with hyphens, on the command line.
    pub name: &'static str,
    /// Its label in forms and on axes.
    pub label: &'static str,
    /// Its possible values.
    #[serde(flatten)]
    pub values: Values,
    /// The [families](Family) of networks that have it.
    #[serde(skip_serializing_if = "are_all")]
    pub networks: &'static [&'static str],
}

#[allow(clippy::trivially_copy_pass_by_ref)] // as serde asks
fn are_all(networks: &&[&str]) -> bool {
    networks.len() == Family::NAMES.len()
}

/// The possible values of a hyper-parameter.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Values {
    /// `true` or `false`.
    Flag,
    /// One of some names.
    Choice {
        /// These.
        names: &'static [&'static str],
    },
    /// A whole number.
    Whole {
        /// At least.
        least: u64,
        /// At most.
        most: u64,
    },
    /// Any finite number.
    Number {
        /// At least.
        #[serde(skip_serializing_if = "Option::is_none")]
        least: Option<f64>,
        /// Above.
        #[serde(skip_serializing_if = "Option::is_none")]
        above: Option<f64>,
        /// At most.
        #[serde(skip_serializing_if = "Option::is_none")]
        most: Option<f64>,
        /// Below.
        #[serde(skip_serializing_if = "Option::is_none")]
        below: Option<f64>,
    },
    /// `FACTOR/EPOCHS`: the learning rate is multiplied by the factor every so many epochs; or `none`.
    Schedule,
}

const ABOVE_ZERO: Values = Values::Number { least: None, above: Some(0.0), most: None, below: None };
const ZERO_OR_MORE: Values = Values::Number { least: Some(0.0), above: None, most: None, below: None };
const SHARE: Values = Values::Number { least: Some(0.0), above: None, most: Some(1.0), below: None };
const HALF_A_TURN: Values = Values::Number { least: Some(0.0), above: None, most: Some(180.0), below: None };
const SHARE_BELOW_ONE: Values = Values::Number { least: Some(0.0), above: None, most: None, below: Some(1.0) };

const fn whole(least: u64, most: u64) -> Values {
    Values::Whole { least, most }
}

const fn of(name: &'static str, label: &'static str, values: Values) -> Hyperparameter {
    Hyperparameter { name, label, values, networks: &Family::NAMES }
}

impl Hyperparameter {
    const fn only(self, networks: &'static [&'static str]) -> Self {
        Self { networks, ..self }
    }
}

/// The table, in the order of the page's form.
pub const HYPERPARAMETERS: [Hyperparameter; 27] = [
    of("network", "network", Values::Choice { names: &Family::NAMES }),
    of("channels", "channels", whole(1, BOUNDS.channels)).only(&["vgg"]),
    of("blocks", "blocks", whole(1, BOUNDS.blocks)).only(&["vgg", "resnet"]),
    of("convolutions", "convolutions a block", whole(1, BOUNDS.convolutions)).only(&["vgg"]),
    of("depth", "hidden layers", whole(1, BOUNDS.depth)).only(&["mlp", "vgg"]),
    of("activation", "activation", Values::Choice { names: &["relu", "leaky_relu", "tanh", "gelu"] }),
    of("batch_norm", "batch norm", Values::Flag),
    of("dropout", "dropout", SHARE_BELOW_ONE).only(&["mlp", "vgg"]),
    of("optimizer", "optimizer", Values::Choice { names: &["adam", "sgd"] }),
    of("learning_rate", "learning rate", ABOVE_ZERO),
    of("momentum", "momentum", SHARE_BELOW_ONE),
    of("schedule", "learning rate schedule", Values::Schedule),
    of("batch", "batch size", whole(1, BOUNDS.batch)),
    of("weight_decay", "weight decay", ZERO_OR_MORE),
    of("label_noise", "label noise", SHARE),
    of("noise_inputs", "noise inputs", Values::Flag),
    of("rotation", "augmentation: rotation, degrees", HALF_A_TURN).only(&["vgg", "resnet"]),
    of("shift", "augmentation: shift, share", SHARE_BELOW_ONE).only(&["vgg", "resnet"]),
    of("flip", "augmentation: mirror images", Values::Flag).only(&["vgg", "resnet"]),
    of("early_stopping", "early stopping", whole(0, BOUNDS.epoch)),
    of("code", "code", Values::Choice { names: &CodeUnits::NAMES }).only(&["vgg", "resnet"]),
    of("layer", "code of hidden layer", whole(1, BOUNDS.depth)),
    of("neighbours", "K-NN neighbours", whole(1, BOUNDS.neighbours)),
    of("kmeans_starts", "K-Means starts", whole(1, BOUNDS.kmeans_starts)),
    of("kmeans_assignment", "K-Means one to one", Values::Flag),
    of("logistic_c", "logistic regression C", ABOVE_ZERO),
    of("penalised_intercept", "penalised intercept", Values::Flag),
];

/// The one of that name.
pub fn hyperparameter(name: &str) -> Option<&'static Hyperparameter> {
    HYPERPARAMETERS.iter().find(|one| one.name == name)
}

impl Values {
    /// Whether they include a number.
    pub fn hold(self, value: f64) -> bool {
        match self {
            Self::Whole { least, most } => value.fract() == 0.0 && (least as f64..=most as f64).contains(&value),
            Self::Number { least, above, most, below } => {
                value.is_finite()
                    && least.is_none_or(|least| value >= least)
                    && above.is_none_or(|above| value > above)
                    && most.is_none_or(|most| value <= most)
                    && below.is_none_or(|below| value < below)
            }
            Self::Flag | Self::Choice { .. } | Self::Schedule => false,
        }
    }

    /// The possible values in words, for error messages.
    pub fn remedy(self) -> String {
        match self {
            Self::Flag => "true or false".into(),
            Self::Choice { names } => format!("one of {}", names.join(", ")),
            Self::Whole { least, most } => format!("a whole number from {least} to {most}"),
            Self::Number { least: Some(least), most: Some(most), .. } => format!("a number from {least} to {most}"),
            Self::Number { least: Some(least), below: Some(below), .. } => {
                format!("a number from {least} to below {below}")
            }
            Self::Number { least: Some(least), .. } => format!("a number of {least} or more"),
            Self::Number { above, .. } => format!("a number above {}", above.unwrap_or_default()),
            Self::Schedule => "FACTOR/EPOCHS, for example 0.1/20, or none".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Factor;
    use crate::network::Activation;
    use crate::training::Preset;

    #[test]
    fn every_field_of_a_protocol_is_in_the_table_but_the_preset_and_what_is_measured_beside() {
        let protocol = serde_json::to_value(Preset::Code.protocol()).unwrap();
        for field in protocol.as_object().unwrap().keys().filter(|&field| field != "preset") {
            assert!(hyperparameter(field).is_some(), "{field}");
        }
        for name in [
            "learning_rate",
            "momentum",
            "layer",
            "early_stopping",
            "label_noise",
            "noise_inputs",
            "activation",
            "rotation",
            "shift",
            "flip",
        ] {
            assert!(hyperparameter(name).is_some(), "{name}");
        }
    }

    #[test]
    fn every_factor_is_in_the_table() {
        for name in Factor::NAMES {
            let value = match hyperparameter(name).unwrap().values {
                Values::Flag => "true",
                Values::Choice { names } => names[0],
                _ => "1",
            };
            let value = if name == "dropout" { "0.5" } else { value };
            let factor: Factor = format!("{name}={value}").parse().unwrap();
            assert_eq!(factor.name(), name);
        }
        let Values::Choice { names } = hyperparameter("activation").unwrap().values else { panic!() };
        assert_eq!(names, Activation::ALL.map(Activation::name));
    }

    #[test]
    fn a_range_holds_what_its_remedy_says() {
        let of = |name| hyperparameter(name).unwrap().values;
        for (name, good, bad, remedy) in [
            ("depth", &[1.0, 100.0][..], &[0.0, 1.5, 101.0, f64::NAN][..], "a whole number from 1 to 100"),
            ("dropout", &[0.0, 0.99], &[-0.1, 1.0, f64::NAN], "a number from 0 to below 1"),
            ("label_noise", &[0.0, 1.0], &[1.1], "a number from 0 to 1"),
            ("weight_decay", &[0.0, 7.0], &[-1e-9, f64::INFINITY], "a number of 0 or more"),
            ("learning_rate", &[1e-9, 7.0], &[0.0, -1.0], "a number above 0"),
        ] {
            assert!(good.iter().all(|&value| of(name).hold(value)), "{name}");
            assert!(!bad.iter().any(|&value| of(name).hold(value)), "{name}");
            assert_eq!(of(name).remedy(), remedy);
        }
    }
}

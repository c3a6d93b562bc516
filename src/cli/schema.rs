//! `hash-phase schema`: what is generated from the Rust types, for other readers of the chart file and for the page.

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};
use hash_phase::bounds::BOUNDS;
use hash_phase::chart::PhaseChart;
use hash_phase::dataset::{Dataset, DescriptionSchema, KNOWN, Known, RowFiles, Source};
use hash_phase::engine::MapShape;
use hash_phase::reader::{ColumnUse, Options};
use hash_phase::sweep::{Elsewhere, Event, OfLayer, Part, Plan, PopulationPlan, Study};
use hash_phase::training::{HYPERPARAMETERS, Hyperparameter, Preset};
use schemars::JsonSchema;
use serde::Serialize;

use super::Failure;
use super::output::print;

/// Which of them.
#[derive(Args)]
pub struct Arguments {
    /// chart: the JSON Schema of the chart file; types: of every value that reaches the page; presets: the plans of
    /// every preset and data set; datasets: the files of each; bounds: the most that a plan may ask for;
    /// hyperparameters: what else a plan may say
    #[arg(value_enum, default_value = "chart")]
    what: What,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    Chart,
    Types,
    Presets,
    Datasets,
    Bounds,
    Hyperparameters,
}

/// Every value that crosses to the page.
#[derive(JsonSchema)]
#[allow(dead_code)] // only its schema is of use
struct Values {
    chart: PhaseChart,
    plan: Plan,
    population: PopulationPlan,
    part: Part,
    event: Event,
    elsewhere: Elsewhere,
    of_layer: OfLayer,
    study: Study,
    description: DescriptionSchema,
    reading: Options,
    column: ColumnUse,
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        let json = match self.what {
            What::Chart => PhaseChart::schema(),
            What::Types => schemars::schema_for!(Values).into(),
            What::Presets => serde_json::to_value(presets()?)?,
            What::Datasets => serde_json::to_value(datasets())?,
            What::Bounds => serde_json::to_value(BOUNDS)?,
            What::Hyperparameters => serde_json::to_value(HYPERPARAMETERS.map(Entry::of))?,
        };
        print(&serde_json::to_string_pretty(&json)?)
    }
}

/// A hyper-parameter with what to give instead of what it does not take, so that both front ends say the same.
#[derive(Serialize)]
struct Entry {
    #[serde(flatten)]
    hyperparameter: Hyperparameter,
    remedy: String,
    /// Of the network: height and width of those data sets that are pictures, which convolutions need.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pictures: BTreeMap<&'static str, [usize; 2]>,
}

impl Entry {
    fn of(hyperparameter: Hyperparameter) -> Self {
        let picture = |known: &Known| {
            let MapShape { height, width, .. } = MapShape::of(known.kind.as_ref()?)?;
            Some((known.name, [height, width]))
        };
        let is_network = hyperparameter.name == "network";
        let pictures = KNOWN.iter().filter_map(picture).filter(|_| is_network).collect();
        Self { hyperparameter, remedy: hyperparameter.values.remedy(), pictures }
    }
}

/// By preset, then by data set.
fn presets() -> Result<BTreeMap<&'static str, BTreeMap<&'static str, Plan>>, Failure> {
    let mut presets = BTreeMap::new();
    for preset in Preset::NAMES {
        let parsed: Preset = preset.parse()?;
        let plans: Result<_, _> =
            Dataset::NAMES.into_iter().map(|name| Plan::preset(parsed, name).map(|plan| (name, plan))).collect();
        presets.insert(preset, plans?);
    }
    Ok(presets)
}

/// The files of a data set.
#[derive(Serialize)]
#[serde(untagged)]
enum Files {
    /// Those that hold its training images, and how many are in each.
    Images { each: usize, files: Vec<String> },
    /// All those of rows.
    Rows { rows: [&'static str; 5] },
}

/// Of the data sets that are made of files.
fn datasets() -> BTreeMap<&'static str, Files> {
    let of = |known: &Known| {
        let files = match known.source {
            Source::Idx(source) => {
                Files::Images { each: source.shard.unwrap_or(source.train), files: source.train_images(source.train) }
            }
            Source::Rows => Files::Rows { rows: RowFiles::NAMES },
            Source::Toy(_) | Source::Own => return None,
        };
        Some((known.name, files))
    };
    KNOWN.iter().filter_map(of).collect()
}

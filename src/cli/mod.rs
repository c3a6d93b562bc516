//! One file a subcommand.

mod at;
mod compare;
mod encode;
mod figures;
mod output;
mod plot;
mod properties;
mod schema;
mod sweep;
mod table;

use std::error::Error;
use std::path::Path;

use clap::Parser;
use hash_phase::chart::PhaseChart;

/// The activation hash phase chart: ReLU networks as hash encoders.
#[derive(Parser)]
#[command(name = "hash-phase", version, about)]
pub enum Command {
    /// Train networks and measure their codes: makes a chart.
    Sweep(Box<sweep::Arguments>),
    /// Draw a chart as .svg or .png.
    Plot(plot::Arguments),
    /// Draw the paper's figures of a chart: metrics over width, time and sample size, the published values beside ours.
    Figures(figures::Arguments),
    /// Print a chart's numbers beside the paper's published values.
    Compare(compare::Arguments),
    /// Print a chart's numbers by layer width, mean and standard deviation over seeds, as a Markdown table.
    Table(table::Arguments),
    /// Print the encoding properties of codes from anywhere, as JSON.
    Properties(properties::Arguments),
    /// Print the encoding properties of a network trained elsewhere, read from a safetensors file.
    Encode(encode::Arguments),
    /// Print what is generated from the Rust types: the JSON Schema of the chart file, types and presets of the page.
    Schema(schema::Arguments),
}

/// What can go wrong in a subcommand: one line for the user.
type Failure = Box<dyn Error + Send + Sync>;

impl Command {
    /// Does it.
    pub fn run(self) -> Result<(), Failure> {
        match self {
            Self::Sweep(arguments) => arguments.run(),
            Self::Plot(arguments) => arguments.run(),
            Self::Figures(arguments) => arguments.run(),
            Self::Compare(arguments) => arguments.run(),
            Self::Table(arguments) => arguments.run(),
            Self::Properties(arguments) => arguments.run(),
            Self::Encode(arguments) => arguments.run(),
            Self::Schema(arguments) => arguments.run(),
        }
    }
}

fn read_chart(path: &Path) -> Result<PhaseChart, Failure> {
    Ok(PhaseChart::from_json(&read_text(path)?).map_err(|error| format!("{}: {error}", path.display()))?)
}

fn read_text(path: &Path) -> Result<String, Failure> {
    Ok(String::from_utf8(read_bytes(path)?).map_err(|_| format!("{}: not text: give a JSON file", path.display()))?)
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    Ok(std::fs::read(path).map_err(|error| format!("{}: {error}: check the path", path.display()))?)
}

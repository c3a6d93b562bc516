//! The command line: one file per subcommand.

mod at;
mod borders;
mod columns;
mod compare;
mod data;
mod encode;
mod figures;
mod interrupt;
mod journal;
mod layers;
mod merge;
mod numpy;
mod output;
mod plan;
mod planned;
mod plot;
mod properties;
mod record;
mod schema;
mod sweep;
mod table;
mod weights;

use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use hash_phase::bounds::BOUNDS;
use hash_phase::chart::PhaseChart;
use thiserror::Error as ThisError;

use output::Output;
pub use output::tell;

/// The activation hash phase chart: ReLU networks as hash encoders.
#[derive(Parser)]
#[command(name = "hash-phase", version, about, arg_required_else_help = true)]
enum Command {
    /// Train networks, measure their codes and write a chart.
    Sweep(Box<sweep::Arguments>),
    /// Estimate the time and memory of a plan without training, and how to share it among machines.
    Plan(Box<plan::Arguments>),
    /// Merge the charts of a plan's shares into one.
    Merge(merge::Arguments),
    /// Write a chart as an Apache Arrow file, which the page, pandas, polars, R and DuckDB read: for charts of up to a million squares.
    Columns(columns::Arguments),
    /// Draw a chart as .svg or .png.
    Plot(plot::Arguments),
    /// Draw the paper's figures from a chart: metrics over width, time and sample size, with the published values.
    Figures(figures::Arguments),
    /// Print a chart's numbers beside the paper's published values.
    Compare(compare::Arguments),
    /// Print a chart's numbers by layer width, mean and standard deviation over seeds, as a Markdown table.
    Table(table::Arguments),
    /// Print the widths at which the regimes end, by time and sample size, and how they grow with the sample size, as Markdown tables.
    Borders(borders::Arguments),
    /// Print the encoding properties of codes from anywhere, as JSON.
    Properties(properties::Arguments),
    /// Print the encoding properties of a network trained elsewhere, read from an ONNX or safetensors file.
    Encode(Box<encode::Arguments>),
    /// Print what is generated from the Rust types, such as the JSON Schema of the chart file.
    Schema(schema::Arguments),
}

/// What can go wrong in a subcommand: one line for the user.
pub type Failure = Box<dyn Error + Send + Sync>;

/// Everything possible was done and written, but not everything that was asked for: exit code 3.
#[derive(Debug, ThisError)]
#[error("{0}")]
pub struct Incomplete(String);

/// Does what the command line says.
pub fn run() -> Result<(), Failure> {
    match Command::try_parse() {
        Ok(command) => command.run(),
        // --help, --version, and no arguments at all.
        Err(asked) if !asked.use_stderr() || asked.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            output::print_as_it_is(&asked.to_string())
        }
        Err(error) => {
            // clap's first paragraph says what is wrong; joined into one line, like every other error.
            let text = error.to_string();
            let paragraph: Vec<&str> = text.lines().take_while(|line| !line.trim().is_empty()).map(str::trim).collect();
            let line = paragraph.join(" ");
            Err(format!("{}: see `{}`", line.strip_prefix("error: ").unwrap_or(&line), help()).into())
        }
    }
}

/// The call that tells of the options in question.
fn help() -> String {
    let command = Command::command();
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    let named =
        command.get_subcommands().find(|subcommand| words.first().is_some_and(|word| word == subcommand.get_name()));
    format!("hash-phase {}--help", named.map_or(String::new(), |subcommand| format!("{} ", subcommand.get_name())))
}

impl Command {
    fn run(self) -> Result<(), Failure> {
        match self {
            Self::Sweep(arguments) => arguments.run(),
            Self::Plan(arguments) => arguments.run(),
            Self::Merge(arguments) => arguments.run(),
            Self::Columns(arguments) => arguments.run(),
            Self::Plot(arguments) => arguments.run(),
            Self::Figures(arguments) => arguments.run(),
            Self::Compare(arguments) => arguments.run(),
            Self::Table(arguments) => arguments.run(),
            Self::Borders(arguments) => arguments.run(),
            Self::Properties(arguments) => arguments.run(),
            Self::Encode(arguments) => arguments.run(),
            Self::Schema(arguments) => arguments.run(),
        }
    }
}

fn read_chart(path: &Path) -> Result<PhaseChart, Failure> {
    Ok(PhaseChart::from_file(&read_bytes(path)?).map_err(|error| format!("{}: {error}", path.display()))?)
}

fn read_text(path: &Path) -> Result<String, Failure> {
    Ok(String::from_utf8(read_bytes(path)?).map_err(|_| format!("{}: not text: give a JSON file", path.display()))?)
}

/// The bytes of a file, if they are no more than are read: pipes and devices may have no end.
fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(BOUNDS.file_bytes + 1).read_to_end(&mut bytes));
    match read.map_err(|error| format!("{}: {error}: check the path", path.display()))? as u64 {
        size if size > BOUNDS.file_bytes => Err(format!(
            "{}: larger than the limit of {} GB: check the path",
            path.display(),
            BOUNDS.file_bytes / 1_000_000_000
        )
        .into()),
        _ => Ok(bytes),
    }
}

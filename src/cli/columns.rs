//! `hash-phase columns`.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use clap::Args;

use super::output::Output;
use super::{Failure, read_chart};

/// Which chart.
#[derive(Args)]
pub struct Arguments {
    /// The chart file
    chart: PathBuf,
    /// The Arrow file to write
    #[arg(short, long)]
    output: PathBuf,
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        let output = Output::at(&self.output)?;
        let chart = read_chart(&self.chart)?;
        output.finish(|draft| Ok(chart.write_columns(BufWriter::new(File::create(draft)?))?))
    }
}

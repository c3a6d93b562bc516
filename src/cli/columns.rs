//! `hash-phase columns`.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use clap::Args;

use super::output::Replace;
use super::{Failure, read_chart};

/// Which chart.
#[derive(Args)]
pub struct Arguments {
    /// The chart file
    chart: PathBuf,
    /// The Arrow file to write
    #[arg(short, long)]
    output: PathBuf,
    #[command(flatten)]
    replace: Replace,
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        let output = self.replace.output(&self.output, &[&self.chart])?;
        let chart = read_chart(&self.chart)?;
        output.finish(|draft| Ok(chart.write_columns(BufWriter::new(File::create(draft)?))?))
    }
}

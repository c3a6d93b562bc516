//! `hash-phase sweep`.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use hash_phase::chart::{Cell, Gap, PhaseChart, Reason};
use hash_phase::engine::Engine;
use hash_phase::sweep::{self, Encoded, Event, News, Part, Plan, Progress, Share, Task};
use indicatif::{ProgressBar, ProgressStyle};

use super::interrupt::{INTERRUPTED, hear_interrupts, is_interrupted};
use super::planned::Planned;
use super::record::{Asked, Record, Run};
use super::{Failure, Incomplete, Output, tell, weights};

/// Which plan, and how it is done.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    plan: Planned,
    /// Train only this share of the plan, NUMBER/OF, for example 3/64; `merge` joins the charts of all shares
    #[arg(long)]
    shard: Option<Share>,
    /// Number of threads, which does not change the results [default: all processors]
    #[arg(long)]
    threads: Option<NonZeroUsize>,
    /// cpu, or gpu: Vulkan, Metal or DX12, in a program built with `--features gpu`
    #[arg(long, value_enum, default_value_t)]
    engine: Choice,
    /// The chart file to write
    #[arg(short, long)]
    output: PathBuf,
    /// Write the weights of each network at each epoch into this folder, as safetensors files that `encode` reads
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Continue an interrupted run with the same output
    #[arg(long)]
    resume: bool,
    /// Replace an existing chart, and what an interrupted run has left
    #[arg(long)]
    overwrite: bool,
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        let (plan, own) = self.plan.plan()?;
        let output = Output::at(&self.output)?;
        if self.resume && !output.is_file() {
            return Err(format!(
                "--resume continues from a file, and '{}' is not one: choose another output with -o",
                output.display()
            )
            .into());
        }
        let weights =
            self.weights.as_deref().map(|folder| weights::Folder::of(folder, &plan, self.overwrite)).transpose()?;
        let data = Arc::new(own.map_or_else(|| self.plan.load(), Ok)?);
        let engine = self.engine.open()?;
        if weights.is_some() && !engine.is_host() {
            return Err("--weights works with the CPU engine only: leave --engine out".into());
        }
        let share = self.shard.unwrap_or(Share::WHOLE);
        let asked = Asked { resume: self.resume, overwrite: self.overwrite };
        let run = Run { plan: &plan, share, data: &data, engine: &engine };
        let (mut record, finished) = Record::open(output, asked, self.command(), &run)?;
        hear_interrupts()?;
        let bar = Bar::new(&plan, share);
        let threads = self.threads.or(std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
        let keep = weights.as_ref().map(|folder| |encoded: &Encoded, file: &[u8]| folder.keep(encoded, file));
        let keep = keep.as_ref().map(|keep| keep as &sweep::Keep<'_>);
        let task = Task { plan: &plan, data: &data, threads, engine: &engine, share, finished, keep };
        let done = task.run(|news, chart| {
            match &news {
                News::Event { part, event } => bar.show(part, event),
                News::Fallback(error) => bar.bar.suspend(|| tell(&format!("{error}. The CPU trains the rest."))),
            }
            if let Some(words) = record.note(&news, chart) {
                bar.bar.suspend(|| tell(&words));
            }
            if is_interrupted() {
                bar.bar.finish_and_clear();
                tell(&record.leave(chart));
                std::process::exit(INTERRUPTED);
            }
        });
        bar.bar.finish_and_clear();
        let chart = done?;
        record.finish(&chart)?;
        let done = format!("{}: {} cells in {:.0} s", record.display(), chart.cells.len(), chart.provenance.seconds);
        match &chart.gaps[..] {
            [] => tell(&done),
            gaps => return Err(Incomplete(format!("{done}, {}", told(&chart, gaps))).into()),
        }
        Ok(())
    }

    /// The call, as it stands in the chart's provenance: as a shell takes it, without what depends on the machine.
    fn command(&self) -> String {
        let mut words = vec!["hash-phase".to_owned()];
        let mut arguments = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
        while let Some(argument) = arguments.next() {
            if ["-o", "--output", "--data", "--threads", "--weights"].contains(&argument.as_str()) {
                arguments.next();
            } else if !["-o", "--output=", "--data=", "--threads=", "--weights="]
                .iter()
                .any(|start| argument.starts_with(start))
            {
                words.push(argument);
            }
        }
        as_typed(words.iter().map(String::as_str))
    }
}

/// Words as a shell takes them, in a line.
pub(super) fn as_typed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.map(quoted).collect::<Vec<_>>().join(" ")
}

/// A word as a shell takes it: lists and assignments, which every shell leaves alone, stay as they were typed.
fn quoted(word: &str) -> Cow<'_, str> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./,:=+@%".contains(letter);
    if !word.is_empty() && word.chars().all(plain) { word.into() } else { shlex::try_quote(word).unwrap_or_default() }
}

/// Networks without numbers, in words.
fn told(chart: &PhaseChart, gaps: &[Gap]) -> String {
    const NAMED: usize = 3;
    let name = |gap: &Gap| {
        let Gap { width, epoch, samples, seed, level, reason: Reason::Diverged } = *gap;
        let factor = chart.axes.factor.as_ref().map(|factor| {
            let value = factor.values().into_iter().nth(level as usize).unwrap_or_default();
            format!(", {} {value}", factor.label())
        });
        format!("width {width}, epoch {epoch}, {samples} samples, seed {seed}{}", factor.unwrap_or_default())
    };
    let more = gaps.len().saturating_sub(NAMED);
    let named = gaps.iter().take(NAMED).map(name).collect::<Vec<_>>().join("; ");
    let rest = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("and {} gaps where training diverged ({named}{rest}): use a lower learning rate for them", gaps.len())
}

/// Which engine trains.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Choice {
    #[default]
    Cpu,
    Gpu,
}

impl Choice {
    fn open(self) -> Result<Engine, Failure> {
        match self {
            Self::Cpu => Ok(Engine::cpu()),
            #[cfg(feature = "gpu")]
            Self::Gpu => {
                let engine = pollster::block_on(Engine::gpu())?;
                if let Some(adapter) = engine.adapter() {
                    let kind = if adapter.software { ", a GPU emulated in software: --engine cpu is faster" } else { "" };
                    tell(&format!("GPU: {}{kind}", adapter.name));
                }
                Ok(engine)
            }
            #[cfg(not(feature = "gpu"))]
            Self::Gpu => Err("--engine gpu: this program was built without the GPU engine: build it with `cargo build --release --features gpu`".into()),
        }
    }
}

/// Progress over the whole plan: half of a network's work counts as training, half as measuring.
struct Bar {
    bar: ProgressBar,
    /// Cells of a network.
    cells: u64,
    /// Of each part how many cells' training is done.
    trained: RefCell<HashMap<Part, u64>>,
}

impl Bar {
    fn new(plan: &Plan, share: Share) -> Self {
        let cells = (plan.cells_per_population() / plan.axes.width.len()) as u64;
        let bar = ProgressBar::new(2 * (plan.cells_per_population() * plan.share(share).len()) as u64);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent}%  {msg}  {elapsed} elapsed, {eta} left") {
            bar.set_style(style);
        }
        Self { bar, cells, trained: RefCell::default() }
    }

    fn show(&self, part: &Part, event: &Event) {
        match event {
            Event::Cell { cell: Cell { width, epoch, samples, .. } }
            | Event::Gap { gap: Gap { width, epoch, samples, .. } } => {
                self.bar.inc(1);
                self.bar.set_message(format!("width {width}, epoch {epoch}, {samples} samples"));
            }
            Event::Progress { progress: Progress { step, steps } } => {
                let cells = self.cells * part.widths.len() as u64;
                let now = if *steps == 0 { cells } else { cells * *step as u64 / *steps as u64 };
                let before = self.trained.borrow_mut().insert(part.clone(), now);
                self.bar.inc(now - before.unwrap_or_default());
            }
        }
    }
}

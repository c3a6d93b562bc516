//! `hash-phase sweep`.

use std::borrow::Cow;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use hash_phase::chart::{Cell, Factor, Gap, PhaseChart, Reason};
use hash_phase::dataset::Dataset;
use hash_phase::engine::Engine;
use hash_phase::network::Activation;
use hash_phase::sweep::{self, Encoded, Event, News, Plan, Progress};
use hash_phase::training::{Optimizer, Preset};
use indicatif::{ProgressBar, ProgressStyle};

use super::interrupt::{INTERRUPTED, hear_interrupts, is_interrupted};
use super::record::{Asked, Record};
use super::{Failure, Incomplete, Output, tell, weights};

/// Axes and hyper-parameters; what is not given is the preset's.
#[derive(Args)]
pub struct Arguments {
    /// mnist-small, mnist, fashion-mnist, cifar10, moons, circles, spirals, xor or blobs
    #[arg(long, default_value = "mnist-small")]
    dataset: String,
    /// figure (no batch norm), code (as published) or quick
    #[arg(long, default_value = "quick")]
    preset: String,
    /// Layer widths, rising
    #[arg(long, value_delimiter = ',')]
    widths: Option<Vec<u32>>,
    /// Epochs to look at, rising; 0 is before training
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
    /// SGD with this momentum instead of Adam
    #[arg(long)]
    momentum: Option<f64>,
    /// Examples a step
    #[arg(long)]
    batch: Option<u32>,
    /// End a network's training after so many epochs without a lower training loss (paper: 10); 0 is never
    #[arg(long)]
    early_stopping: Option<u32>,
    /// Threads; all processors if not given. The chart is the same for any number.
    #[arg(long)]
    threads: Option<NonZeroUsize>,
    /// cpu, or gpu: Vulkan, Metal or DX12, in a program built with `--features gpu`
    #[arg(long, value_enum, default_value_t)]
    engine: Choice,
    /// Folder of the data sets
    #[arg(long, env = "HASH_PHASE_DATA", default_value = "www/public/data")]
    data: PathBuf,
    /// The chart file to write
    #[arg(short, long)]
    output: PathBuf,
    /// Write the weights of each network at each epoch into this folder, as safetensors files that `encode` reads
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Go on with what an earlier run of this output has finished
    #[arg(long)]
    resume: bool,
    /// Put the chart in the place of another one, and of what an unfinished run has left
    #[arg(long)]
    overwrite: bool,
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        let plan = self.plan()?;
        let output = Output::at(&self.output)?;
        if self.resume && !output.is_file() {
            return Err(format!(
                "--resume goes on from a file, and '{}' is none: choose another place with -o",
                output.display()
            )
            .into());
        }
        let weights = self.weights.as_deref().map(|folder| weights::Folder::of(folder, &plan)).transpose()?;
        let data = Arc::new(Dataset::load(&plan.dataset, &self.data)?);
        let engine = self.engine.open()?;
        if weights.is_some() && !engine.is_host() {
            return Err("--weights keeps what the CPU engine trains: leave --engine out".into());
        }
        let own = || PhaseChart::empty(&data, plan.protocol.clone(), plan.axes.clone(), &engine);
        let asked = Asked { resume: self.resume, overwrite: self.overwrite };
        let (mut record, finished) = Record::open(output, asked, self.command(), own, &data)?;
        hear_interrupts()?;
        let bar = Bar::new(&plan);
        let threads = self.threads.or(std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
        let keep = weights.as_ref().map(|folder| |encoded: &Encoded, file: &[u8]| folder.keep(encoded, file));
        let keep = keep.as_ref().map(|keep| keep as &sweep::Keep<'_>);
        let done = sweep::run_keeping(&plan, &data, threads, &engine, finished, keep, |news, chart| {
            match &news {
                News::Event { population, event } => bar.show(*population, event),
                News::Fallback(error) => bar.bar.suspend(|| tell(&format!("{error}. The CPU does the rest."))),
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

    fn plan(&self) -> Result<Plan, Failure> {
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
        let learning_rate = self.learning_rate.unwrap_or(protocol.learning_rate(0));
        protocol.optimizer = match self.momentum {
            Some(momentum) => Optimizer::Sgd { learning_rate, momentum },
            None => Optimizer::Adam { learning_rate },
        };
        plan.check(usize::MAX)?; // before anything is loaded; `sweep::run` holds it against the data
        Ok(plan)
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
        words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
    }
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
                    let kind = if adapter.software { ", a program that plays GPU: --engine cpu is faster" } else { "" };
                    tell(&format!("GPU: {}{kind}", adapter.name));
                }
                Ok(engine)
            }
            #[cfg(not(feature = "gpu"))]
            Self::Gpu => Err("--engine gpu: this program was built without the GPU engine: build it with `cargo build --release --features gpu`".into()),
        }
    }
}

/// Progress over the whole plan: half of a population's work counts as training, half as measuring.
struct Bar {
    bar: ProgressBar,
    cells: u64,
    trained: std::cell::RefCell<Vec<u64>>,
}

impl Bar {
    fn new(plan: &Plan) -> Self {
        let populations = plan.populations().len();
        let cells = plan.cells_per_population() as u64;
        let bar = ProgressBar::new(2 * cells * populations as u64);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent}%  {msg}  {elapsed} gone, {eta} to go") {
            bar.set_style(style);
        }
        Self { bar, cells, trained: vec![0; populations].into() }
    }

    fn show(&self, population: usize, event: &Event) {
        match event {
            Event::Cell { cell: Cell { width, epoch, samples, .. } }
            | Event::Gap { gap: Gap { width, epoch, samples, .. } } => {
                self.bar.inc(1);
                self.bar.set_message(format!("width {width}, epoch {epoch}, {samples} samples"));
            }
            Event::Progress { progress: Progress { step, steps } } => {
                let now = if *steps == 0 { self.cells } else { self.cells * *step as u64 / *steps as u64 };
                let before = std::mem::replace(&mut self.trained.borrow_mut()[population], now);
                self.bar.inc(now - before);
            }
        }
    }
}

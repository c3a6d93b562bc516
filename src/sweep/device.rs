//! Runs a plan on a GPU: one thread keeps it busy, the others measure the codes.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use super::local::{News, Sweep, Told};
use super::{Encoded, Event, FirstSteps, Part, Plan, PopulationPlan, SweepError, Trained, TrainingRun};
use crate::chart::PhaseChart;
use crate::dataset::Dataset;
use crate::engine::{Engine, EngineError};

/// Networks that wait to be measured before the GPU waits for them: bounds the memory.
const WAITING: usize = 64;

impl<Watch: FnMut(News<'_>, &PhaseChart)> Sweep<'_, Watch> {
    /// Every population, in groups as large as the GPU bears.
    pub fn on_gpu(&mut self, engine: &Engine) -> Result<(), SweepError> {
        let (plan, data) = (self.plan, self.data);
        let limits =
            engine.limits().ok_or_else(|| EngineError::NoAdapter { reason: "this is the CPU engine".into() })?;
        // With the epochs at which at least one network of the group still has to be measured.
        let mut groups = Vec::new();
        for group in plan.groups(data, limits)? {
            let unfinished = |&one: &PopulationPlan| Some((one, self.unfinished(&plan.whole(one))?.axes.epoch));
            let (group, epochs): (Vec<_>, Vec<_>) = group.iter().filter_map(unfinished).unzip();
            let mut epochs = epochs.concat();
            epochs.sort_unstable();
            epochs.dedup();
            if !group.is_empty() {
                groups.push((group, epochs));
            }
        }
        let finished: HashSet<_> = self.chart.keys().collect();
        let (sender, told) = mpsc::channel();
        let (encoded, waiting) = mpsc::sync_channel::<(Arc<Part>, Encoded)>(WAITING);
        let waiting = Mutex::new(waiting);
        thread::scope(|scope| {
            let gpu = Gpu { plan, data, engine, finished, sender: sender.clone(), encoded };
            scope.spawn(move || gpu.work(&groups));
            for _ in 0..self.threads.get() {
                let (sender, waiting) = (sender.clone(), &waiting);
                scope.spawn(move || {
                    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    while let Ok((part, encoded)) = next() {
                        if sender.send((part, encoded.measure(plan, data))).is_err() {
                            // The receiver is gone; the GPU must not wait for a free place in the queue.
                            while next().is_ok() {}
                        }
                    }
                });
            }
            drop(sender);
            self.hear(engine, told)
        })
    }
}

/// What the GPU's own thread has.
struct Gpu<'a> {
    plan: &'a Plan,
    data: &'a Arc<Dataset>,
    engine: &'a Engine,
    /// [`Cell::key`](crate::chart::Cell::key) of networks that an earlier run has measured.
    finished: HashSet<[u32; 5]>,
    sender: mpsc::Sender<Told>,
    encoded: mpsc::SyncSender<(Arc<Part>, Encoded)>,
}

impl Gpu<'_> {
    /// Trains group after group, looking at each at its own epochs, until one fails or nobody listens any more.
    fn work(&self, groups: &[(Vec<PopulationPlan>, Vec<u32>)]) {
        let mut checked = None;
        for (group, epochs) in groups {
            let level = group.first().map(|one| one.level);
            // Levels may need kernels of their own, for another activation or other layers.
            let trained = if checked == level { Ok(()) } else { pollster::block_on(self.check(group)) };
            checked = level;
            if let Err(error) = trained.and_then(|()| pollster::block_on(self.train(group, epochs))) {
                // If the receiver is gone, another failure has already been reported.
                if let Some(&first) = group.first() {
                    let _ = self.sender.send((Arc::new(self.plan.whole(first)), Err(error)));
                }
                return;
            }
        }
    }

    /// Whether the GPU takes the first steps of a group as the CPU does.
    async fn check(&self, group: &[PopulationPlan]) -> Result<(), SweepError> {
        let here = FirstSteps::take(self.plan, group, self.data, self.engine).await?;
        Ok(FirstSteps::take(self.plan, group, self.data, &Engine::cpu()).await?.agree(&here)?)
    }

    async fn train(&self, group: &[PopulationPlan], epochs: &[u32]) -> Result<(), SweepError> {
        let mut plan = self.plan.clone();
        plan.axes.epoch = epochs.to_vec();
        let mut run = TrainingRun::new(&plan, group, Arc::clone(self.data), self.engine)?;
        let wholes: Vec<_> = group.iter().map(|&one| Arc::new(plan.whole(one))).collect();
        while let Some(trained) = run.next().await? {
            match trained {
                Trained::Progress { progress } => {
                    let tell = |one| self.sender.send((Arc::clone(one), Ok(Event::Progress { progress }))).is_ok();
                    if !wholes.iter().all(tell) {
                        return Ok(()); // another failure has been reported
                    }
                }
                Trained::Encoded { encoded } => {
                    for encoded in encoded.into_iter().filter(|encoded| !self.finished.contains(&encoded.key())) {
                        // Several levels may share a population, as in a chart by hidden layer.
                        let PopulationPlan { samples, seed, .. } = encoded.population;
                        let of_it = |one: &&Arc<Part>| (one.population.samples, one.population.seed) == (samples, seed);
                        let Some(whole) = wholes.iter().find(of_it) else { continue };
                        if self.encoded.send((Arc::clone(whole), encoded)).is_err() {
                            return Ok(()); // the threads have ended and reported their failure
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

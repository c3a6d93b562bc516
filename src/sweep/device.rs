//! A whole plan on a GPU: one thread keeps it busy, the others measure what it has encoded.

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use super::local::{News, Sweep, Told};
use super::{Encoded, Event, FirstSteps, Plan, PopulationPlan, SweepError, Trained, TrainingRun};
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
        // With the place of its first population in the plan; what is finished already is left out.
        let mut places = 0;
        let placed = plan.groups(data, limits)?.into_iter().map(|group| {
            let first = places;
            places += group.len();
            (first, group)
        });
        let unfinished = |group: &[PopulationPlan]| group.iter().any(|&one| self.unfinished(one).is_some());
        let groups: Vec<_> = placed.filter(|(_, group)| unfinished(group)).collect();
        let (sender, told) = mpsc::channel();
        let (encoded, waiting) = mpsc::sync_channel::<(usize, Encoded)>(WAITING);
        let waiting = Mutex::new(waiting);
        thread::scope(|scope| {
            let gpu = Gpu { plan, data, engine, sender: sender.clone(), encoded };
            scope.spawn(move || gpu.work(&groups));
            for _ in 0..self.threads.get() {
                let (sender, waiting) = (sender.clone(), &waiting);
                scope.spawn(move || {
                    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    while let Ok((population, encoded)) = next() {
                        let cell = encoded.measure(plan, data);
                        if sender.send((population, cell.map(|cell| Event::Cell { cell }))).is_err() {
                            // Nobody listens any more; the GPU must not wait for a place in the queue.
                            while next().is_ok() {}
                        }
                    }
                });
            }
            drop(sender);
            self.hear(told)
        })
    }
}

/// What the GPU's own thread has.
struct Gpu<'a> {
    plan: &'a Plan,
    data: &'a Arc<Dataset>,
    engine: &'a Engine,
    sender: mpsc::Sender<Told>,
    encoded: mpsc::SyncSender<(usize, Encoded)>,
}

impl Gpu<'_> {
    /// Trains group after group until one fails or nobody listens any more.
    fn work(&self, groups: &[(usize, Vec<PopulationPlan>)]) {
        let checked = groups.first().map_or(Ok(()), |(_, group)| pollster::block_on(self.check(group)));
        let mut failed = checked.err().map(|error| (0, error));
        for (first, group) in groups {
            if failed.is_none() {
                failed = pollster::block_on(self.train(*first, group)).err().map(|error| (*first, error));
            }
        }
        if let Some((population, error)) = failed {
            // Where nobody listens any more, another failure has been told already.
            let _ = self.sender.send((population, Err(error)));
        }
    }

    /// Whether the GPU takes the first steps of a group as the CPU does.
    async fn check(&self, group: &[PopulationPlan]) -> Result<(), SweepError> {
        let here = FirstSteps::take(self.plan, group, self.data, self.engine).await?;
        Ok(FirstSteps::take(self.plan, group, self.data, &Engine::cpu()).await?.agree(&here)?)
    }

    /// Trains a group, of which the first population has the place `first` in the plan.
    async fn train(&self, first: usize, group: &[PopulationPlan]) -> Result<(), SweepError> {
        let mut run = TrainingRun::new(self.plan, group, Arc::clone(self.data), self.engine)?;
        while let Some(trained) = run.next().await? {
            match trained {
                Trained::Progress { progress } => {
                    let tell = |index| self.sender.send((index, Ok(Event::Progress { progress }))).is_ok();
                    if !(first..first + group.len()).all(tell) {
                        return Ok(()); // another failure has been told
                    }
                }
                Trained::Encoded { encoded } => {
                    for encoded in encoded {
                        // Levels may differ: those of a chart by hidden layer come of one population.
                        let PopulationPlan { samples, seed, .. } = encoded.population;
                        let of_it = |one: &PopulationPlan| (one.samples, one.seed) == (samples, seed);
                        let of_group = group.iter().position(of_it).unwrap_or_default();
                        if self.encoded.send((first + of_group, encoded)).is_err() {
                            return Ok(()); // the threads have ended: their failure has been told
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

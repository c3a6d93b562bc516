//! Runs a plan, or a share of it, natively: populations are trained on threads, or on a GPU and measured on threads.

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Instant;

use super::{Encoded, Event, Part, Plan, PopulationPlan, PopulationRun, Share, SweepError};
use crate::chart::PhaseChart;
use crate::dataset::Dataset;
use crate::engine::{Engine, EngineError};

/// What a sweep reports while it runs, besides the chart so far.
#[derive(Debug)]
pub enum News<'a> {
    /// About some networks of one population.
    Event {
        /// Which.
        part: &'a Part,
        /// What happened.
        event: &'a Event,
    },
    /// The GPU failed. Wrong results have been removed from the chart, and the CPU trains the rest.
    Fallback(&'a EngineError),
}

/// Receives the weights of a network at the moment its codes were taken, as a safetensors file.
pub type Keep<'a> = dyn Fn(&Encoded, &[u8]) -> Result<(), SweepError> + Sync + 'a;

/// A plan to be run, or a share of it.
///
/// On the CPU engine each thread trains a population, or a part of one, at a time, and the chart does not depend on the number of threads. A GPU
/// trains many populations at once, and the threads measure. If the GPU fails, the CPU trains the rest; finished cells are kept unless
/// the GPU has computed them wrongly.
pub struct Task<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its data set.
    pub data: &'a Arc<Dataset>,
    /// How many threads.
    pub threads: NonZeroUsize,
    /// What trains.
    pub engine: &'a Engine,
    /// The populations of this share alone are trained; the chart has the axes of the whole plan.
    pub share: Share,
    /// What an earlier run has finished is not done again.
    pub finished: Option<PhaseChart>,
    /// Is given the weights of every network that the CPU engine trains, at each epoch.
    pub keep: Option<&'a Keep<'a>>,
}

impl Task<'_> {
    /// Runs it, and reports every event to `watch`.
    pub fn run(self, watch: impl FnMut(News<'_>, &PhaseChart)) -> Result<PhaseChart, SweepError> {
        let Self { plan, data, threads, engine, share, finished, keep } = self;
        plan.check_on(data)?;
        let mut chart = PhaseChart::empty(data, plan.protocol.clone(), plan.axes.clone(), engine);
        if let Some(finished) = finished {
            chart.resume(finished, data)?;
        }
        let own = plan.share(share).into_iter().collect();
        let mut sweep = Sweep { plan, data, threads, own, keep, chart, watch, since: Instant::now() };
        if engine.is_host() {
            sweep.on_cpu(engine)?;
        } else {
            #[cfg(feature = "gpu")]
            {
                let before = sweep.chart.clone();
                match sweep.on_gpu(engine) {
                    Err(SweepError::Engine(error)) if error.comes_on_the_way() => {
                        sweep.fall_back(&error, before);
                        sweep.on_cpu(&Engine::cpu())?;
                    }
                    other => other?,
                }
            }
        }
        sweep.tick();
        Ok(sweep.chart)
    }
}

/// Runs a whole plan and returns its chart.
pub fn run(
    plan: &Plan,
    data: &Arc<Dataset>,
    threads: NonZeroUsize,
    engine: &Engine,
    finished: Option<PhaseChart>,
    watch: impl FnMut(News<'_>, &PhaseChart),
) -> Result<PhaseChart, SweepError> {
    Task { plan, data, threads, engine, share: Share::WHOLE, finished, keep: None }.run(watch)
}

/// What threads tell the sweep: of some networks, what happened.
pub(super) type Told = (Arc<Part>, Result<Event, SweepError>);

/// A chart being filled.
pub(super) struct Sweep<'a, Watch> {
    pub plan: &'a Plan,
    pub data: &'a Arc<Dataset>,
    pub threads: NonZeroUsize,
    /// The populations that are trained here.
    pub own: HashSet<PopulationPlan>,
    /// What takes the weights, if anything does.
    pub keep: Option<&'a Keep<'a>>,
    pub chart: PhaseChart,
    pub watch: Watch,
    /// Since when the chart's seconds are counted.
    pub since: Instant,
}

impl<Watch: FnMut(News<'_>, &PhaseChart)> Sweep<'_, Watch> {
    /// Every population that is not finished, in parts over threads.
    fn on_cpu(&mut self, engine: &Engine) -> Result<(), SweepError> {
        let parts = self.plan.parts(self.threads.get()).into_iter();
        let jobs: Vec<_> = parts.filter_map(|part| Some((self.unfinished(&part)?, Arc::new(part)))).collect();
        let next = AtomicUsize::new(0);
        let (sender, told) = mpsc::channel();
        let (data, keep, threads) = (self.data, self.keep, self.threads.get().min(jobs.len()));
        thread::scope(|scope| {
            for _ in 0..threads {
                let (sender, next, jobs) = (sender.clone(), &next, &jobs);
                scope.spawn(move || {
                    while let Some((plan, part)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let run = PopulationRun::new(plan, part.population, Arc::clone(data), engine);
                        if !to_the_end(run, keep, |event| sender.send((Arc::clone(part), event)).is_ok()) {
                            return;
                        }
                    }
                });
            }
            drop(sender);
            self.hear(engine, told)
        })
    }

    /// Takes in what threads tell of networks that `engine` trains until all have ended, or the first failure.
    pub fn hear(&mut self, engine: &Engine, told: mpsc::Receiver<Told>) -> Result<(), SweepError> {
        for (part, event) in told {
            let event = event?;
            // An epoch that an earlier run measured only in part is measured again as a whole.
            if event.key().is_some_and(|key| self.chart.has(key)) {
                continue;
            }
            if !matches!(event, Event::Progress { .. }) {
                self.chart.made_by(engine);
                self.tick();
            }
            match &event {
                Event::Progress { .. } => {}
                Event::Cell { cell } => self.chart.insert(cell.clone()),
                Event::Gap { gap } => self.chart.insert_gap(gap.clone()),
            }
            (self.watch)(News::Event { part: &part, event: &event }, &self.chart);
        }
        Ok(())
    }

    /// After a failure on the way: what the GPU has counted is kept, unless it is found to have done wrong. What was there
    /// `before` it began is kept in any case.
    #[cfg(feature = "gpu")]
    pub fn fall_back(&mut self, error: &EngineError, before: PhaseChart) {
        if error.taints() {
            let seconds = self.chart.provenance.seconds;
            self.chart = before;
            self.chart.provenance.seconds = seconds;
        }
        self.chart.rounded_by(&Engine::cpu());
        (self.watch)(News::Fallback(error), &self.chart);
    }

    /// Adds the time since the last tick to the chart's.
    fn tick(&mut self) {
        let before = std::mem::replace(&mut self.since, Instant::now());
        self.chart.provenance.seconds += self.since.duration_since(before).as_secs_f64();
    }

    /// The plan of a part with the epochs alone at which it is not wholly measured yet; nothing where it is finished, or another share's.
    pub fn unfinished(&self, part: &Part) -> Option<Plan> {
        if !self.own.contains(&part.population) {
            return None;
        }
        let mut plan = self.plan.of_part(part);
        plan.axes.epoch.retain(|&epoch| {
            let PopulationPlan { samples, seed, .. } = part.population;
            let codes = self.plan.codes_of(part.population);
            let there = |width| codes.iter().all(|&(level, _)| self.chart.has([level, seed, samples, epoch, width]));
            !part.widths.iter().all(|&width| there(width))
        });
        (!plan.axes.epoch.is_empty()).then_some(plan)
    }
}

#[cfg(all(test, feature = "cpu", feature = "gpu"))]
mod tests {
    use super::*;
    use crate::dataset::Toy;
    use crate::training::Preset;

    #[test]
    fn a_gpu_that_has_done_wrong_loses_what_it_counted_and_not_what_was_there_before() {
        let mut plan = Plan::preset(Preset::Quick, "moons").unwrap();
        plan.axes.width = vec![2];
        plan.axes.epoch = vec![0, 1];
        plan.axes.samples = vec![20];
        let data = Arc::new(Toy::Moons.generate());
        let engine = Engine::cpu();
        let whole = run(&plan, &data, NonZeroUsize::MIN, &engine, None, |_, _| {}).unwrap();
        let mut before = whole.clone();
        before.cells.truncate(1);
        let (threads, since) = (NonZeroUsize::MIN, Instant::now());
        let own = plan.populations().into_iter().collect();
        let mut told = Vec::new();
        let watch = |news: News<'_>, _: &PhaseChart| told.push(format!("{news:?}"));
        let mut sweep = Sweep { plan: &plan, data: &data, threads, own, keep: None, chart: whole, watch, since };
        sweep.chart.provenance.engine = "cpu, then gpu".into();
        sweep.fall_back(&EngineError::Disagrees { reason: "losses".into() }, before.clone());
        assert_eq!((&sweep.chart.cells, &sweep.chart.provenance.engine), (&before.cells, &"cpu".to_owned()));
        sweep.on_cpu(&engine).unwrap();
        assert_eq!((sweep.chart.cells.len(), sweep.chart.provenance.engine.as_str()), (2, "cpu"));
        assert!(told[0].contains("Fallback"));
    }
}

/// Runs one population, telling of every event; false where it failed or nobody listens any more.
fn to_the_end(
    run: Result<PopulationRun, SweepError>,
    keep: Option<&Keep<'_>>,
    tell: impl Fn(Result<Event, SweepError>) -> bool,
) -> bool {
    let mut run = match run {
        Ok(run) => run,
        Err(error) => {
            tell(Err(error));
            return false;
        }
    };
    loop {
        let event = pollster::block_on(run.next());
        let event = match (&event, keep) {
            (Ok(Some(Event::Progress { .. })), Some(keep)) => kept(&mut run, keep).and(event),
            _ => event,
        };
        match event.transpose() {
            None => return true,
            Some(event) => {
                let failed = event.is_err();
                if !tell(event) || failed {
                    return false;
                }
            }
        }
    }
}

/// Hands over the weights of the networks that were just encoded; those that diverged have none that are worth it.
fn kept(run: &mut PopulationRun, keep: &Keep<'_>) -> Result<(), SweepError> {
    let mut widths: Vec<u32> =
        run.just_encoded().filter(|encoded| encoded.train.finite).map(|encoded| encoded.width).collect();
    widths.dedup(); // the codes of several layers come from one network
    for width in widths {
        let weights = pollster::block_on(run.weights(width))?;
        run.just_encoded().find(|encoded| encoded.width == width).map_or(Ok(()), |encoded| keep(encoded, &weights))?;
    }
    Ok(())
}

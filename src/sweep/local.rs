//! Populations over threads, natively.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Instant;

use burn::tensor::Device;

use super::{Event, Plan, PopulationRun, SweepError};
use crate::chart::PhaseChart;
use crate::dataset::Dataset;

/// Runs a whole plan on `threads` threads, a population at a time each, and tells `watch` of every event with the
/// number of its population. The chart does not depend on the number of threads.
pub fn run(
    plan: &Plan,
    data: &Arc<Dataset>,
    threads: NonZeroUsize,
    device: &Device,
    mut watch: impl FnMut(usize, &Event),
) -> Result<PhaseChart, SweepError> {
    plan.check(data.train().len())?;
    let started = Instant::now();
    let mut chart = PhaseChart::empty(data, plan.protocol.clone(), plan.axes.clone());
    let populations = plan.populations();
    let next = AtomicUsize::new(0);
    let (sender, events) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads.get().min(populations.len()) {
            let (sender, next, populations) = (sender.clone(), &next, &populations);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(&population) = populations.get(index) else { return };
                    let run = PopulationRun::new(plan, population, Arc::clone(data), device);
                    if !to_the_end(run, |event| sender.send((index, event)).is_ok()) {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for (index, event) in events {
            let event = event?;
            watch(index, &event);
            if let Event::Cell { cell } = event {
                chart.insert(cell);
            }
        }
        Ok::<(), SweepError>(())
    })?;
    chart.provenance.seconds = started.elapsed().as_secs_f64();
    Ok(chart)
}

/// Runs one population, telling of every event; false where it failed or nobody listens any more.
fn to_the_end(run: Result<PopulationRun, SweepError>, tell: impl Fn(Result<Event, SweepError>) -> bool) -> bool {
    let mut run = match run {
        Ok(run) => run,
        Err(error) => {
            tell(Err(error));
            return false;
        }
    };
    loop {
        match pollster::block_on(run.next()).transpose() {
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

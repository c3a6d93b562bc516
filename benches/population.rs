//! What a population saves: a training step of the paper's 23 layer widths together, against the same networks one after the other.
//!
//! `cargo bench` prints medians; only the ratio travels between machines.
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "../tests/noise/mod.rs"]
mod noise;

use std::time::{Duration, Instant};

use hash_phase::engine::Engine;
use hash_phase::network::Population;
use hash_phase::training::{Batches, Preset, Trainer};

/// As the command line's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const WIDTHS: [usize; 23] = [3, 7, 10, 15, 20, 23, 27, 30, 33, 37, 40, 43, 47, 50, 53, 57, 60, 65, 70, 75, 80, 90, 100];
const STEPS: usize = 20;
const ROUNDS: usize = 7;

fn main() {
    let data = noise::images();
    let mut together = trainer(&WIDTHS);
    let mut alone: Vec<_> = WIDTHS.iter().map(|&width| trainer(&[width])).collect();
    let mut times = [Vec::new(), Vec::new()];
    // In turns, so that a machine whose speed drifts drifts for both.
    for _ in 0..=ROUNDS {
        times[0].push(timed(|| together.step(data.train())));
        times[1].push(timed(|| alone.iter_mut().for_each(|trainer| trainer.step(data.train()))));
    }
    let [together, alone] = times.map(|mut rounds| {
        rounds.remove(0); // the first warms up
        rounds.sort();
        rounds[rounds.len() / 2].as_secs_f64() * 1e3 / STEPS as f64
    });
    println!("a step of 23 networks, batch 64, 784 inputs, one thread, median of {ROUNDS} rounds of {STEPS} steps:");
    println!("  together {together:.2} ms, one after the other {alone:.2} ms: ratio {:.2}", alone / together);
}

fn timed(mut step: impl FnMut()) -> Duration {
    let start = Instant::now();
    (0..STEPS).for_each(|_| step());
    start.elapsed()
}

fn trainer(widths: &[usize]) -> Trainer {
    let protocol = Preset::Figure.protocol();
    let networks: Vec<_> = widths.iter().map(|&width| protocol.architecture(width)).collect();
    let population = Population::new(784, 10, &networks, &[1], Engine::cpu().device()).unwrap();
    Trainer::new(population, protocol, vec![Batches::new(1, 640, 640, 64)])
}

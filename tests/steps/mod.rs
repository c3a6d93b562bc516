//! Ten training steps that every engine and every machine must take alike; used natively and in the browser.

use hash_phase::dataset::Toy;
use hash_phase::engine::Engine;
use hash_phase::network::Population;
use hash_phase::training::{Batches, Preset, Protocol, Trainer};
use serde::{Deserialize, Serialize};

/// What the steps go through.
#[derive(Debug, Serialize, Deserialize)]
pub struct Steps {
    /// Kernels before the first step: by network, by layer.
    pub initial: Vec<Vec<Vec<f32>>>,
    /// The examples of each step.
    pub batches: Vec<Vec<u32>>,
    /// Kernels after the last step.
    pub trained: Vec<Vec<Vec<f32>>>,
}

/// Takes them on `engine`: two networks of two hidden layers, batch norm, Adam 1e-2, on the spirals.
pub async fn take(engine: &Engine) -> Steps {
    let data = Toy::Spirals.generate();
    let protocol = Protocol { depth: 2, ..Preset::Code.protocol() };
    let networks = [4, 12].map(|width| protocol.mlp(width));
    let population = Population::new(data.inputs(), data.classes(), &networks, &[3], engine.device()).unwrap();
    let mut batches = Batches::new(3, 100, data.train().len(), 64);
    let mut trainer = Trainer::new(population, protocol, vec![batches.clone()]).unwrap();
    let initial = kernels(trainer.networks().await.unwrap().population().unwrap()).await;
    (0..10).for_each(|_| trainer.step(data.train()));
    let trained = kernels(trainer.networks().await.unwrap().population().unwrap()).await;
    Steps { initial, batches: (0..10).map(|step| batches.rows(0, step).to_vec()).collect(), trained }
}

async fn kernels(population: &Population) -> Vec<Vec<Vec<f32>>> {
    let mut kernels = Vec::new();
    for member in population.members() {
        kernels.push(population.kernels(member).await.unwrap());
    }
    kernels
}

impl Steps {
    /// Initial weights and batches to the bit, trained weights within `tolerance`.
    pub fn assert_same(&self, other: &Self, tolerance: f32) {
        assert_eq!(self.initial, other.initial);
        assert_eq!(self.batches, other.batches);
        let all = |steps: &Self| -> Vec<f32> { steps.trained.iter().flatten().flatten().copied().collect() };
        let (ours, theirs) = (all(self), all(other));
        assert_eq!(ours.len(), theirs.len());
        let apart = ours.iter().zip(&theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart < tolerance, "weights after ten steps are {apart} apart");
    }
}

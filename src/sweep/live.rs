//! One network that a view shows while it trains.

use std::sync::Arc;

use super::training::trainer;
use super::{Plan, PopulationPlan, SweepError};
use crate::code::{CodeMatrix, Medians, encode};
use crate::dataset::Dataset;
use crate::engine::Engine;
use crate::network::{NetworkError, PlainNetwork};
use crate::training::Trainer;

/// The first network of a plan (first width, sample size, seed, level), trained step by step for as long as somebody looks.
///
/// It takes the very steps that it takes in a [`PopulationRun`](super::PopulationRun) of that plan.
pub struct Live {
    population: PopulationPlan,
    data: Arc<Dataset>,
    trainer: Trainer,
}

impl Live {
    /// Readies the network on `engine`; nothing is trained yet.
    pub fn new(plan: &Plan, data: &Arc<Dataset>, engine: &Engine) -> Result<Self, SweepError> {
        plan.check_on(data)?;
        let mut plan = plan.clone();
        plan.axes.width.truncate(1);
        plan.axes.samples.truncate(1);
        plan.axes.seed.truncate(1);
        let populations = plan.populations();
        let population = *populations.first().ok_or(NetworkError::Empty)?;
        let data = plan.data_of(&[population], data);
        let trainer = trainer(&plan, &[population], &data, engine)?;
        Ok(Self { population, data, trainer })
    }

    /// Takes so many steps.
    pub fn train(&mut self, steps: usize) {
        (0..steps).for_each(|_| self.trainer.step(self.data.train()));
    }

    /// Epochs trained, the one that has begun counted by its share.
    pub fn epochs(&self) -> f64 {
        self.trainer.taken() as f64 / self.trainer.steps_per_epoch() as f64
    }

    /// The network as it stands.
    pub async fn network(&mut self) -> Result<PlainNetwork, SweepError> {
        let networks = self.trainer.networks().await?.population().ok_or(NetworkError::NoRegions("convolutional"))?;
        let member = networks.members().next().ok_or(NetworkError::Empty)?;
        Ok(networks.plain(member).await?)
    }

    /// The codes of the training examples that it sees.
    pub async fn codes(&mut self) -> Result<CodeMatrix, SweepError> {
        let (samples, networks) = (self.population.samples as usize, self.trainer.networks().await?);
        let medians = Medians::of(networks, self.data.train(), samples).await?;
        let encoded = encode(networks, self.data.train(), &[samples], &medians).await?;
        Ok(encoded.into_iter().next().ok_or(NetworkError::Empty)?.codes)
    }
}

#[cfg(all(test, feature = "cpu", not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::dataset::Toy;
    use crate::sweep::PopulationRun;
    use crate::training::Preset;

    #[test]
    fn a_live_network_has_the_codes_that_its_cell_is_made_of() {
        let mut plan = Plan::preset(Preset::Quick, "moons").unwrap();
        plan.axes.width = vec![12];
        plan.axes.epoch = vec![3];
        plan.axes.samples = vec![100];
        let data = Arc::new(Toy::Moons.generate());
        let mut live = Live::new(&plan, &data, &Engine::cpu()).unwrap();
        live.train(3 * 16);
        assert_eq!(live.epochs(), 3.0);
        let mut run = PopulationRun::new(&plan, plan.populations()[0], Arc::clone(&data), &Engine::cpu()).unwrap();
        while run.just_encoded().next().is_none() {
            pollster::block_on(run.next()).unwrap();
        }
        let codes = pollster::block_on(live.codes()).unwrap();
        assert_eq!(codes, run.just_encoded().next().unwrap().train.codes);
        // The plain network has kernels for it as well.
        let network = pollster::block_on(live.network()).unwrap();
        let mut point = Vec::new();
        for row in 0..100 {
            point.clear();
            data.train().gather([row], &mut point);
            let before = network.before_relus(&[point[0], point[1]].map(f64::from));
            assert!(
                before
                    .iter()
                    .enumerate()
                    .all(|(bit, &value)| codes.get(row, bit) == (value > 0.0) || value.abs() < 1e-5)
            );
        }
    }
}

//! Measures how fast an engine trains the networks of a plan, by a few of their steps.

use std::sync::Arc;

use super::training::readied;
use super::{Plan, PopulationPlan, SweepError};
use crate::dataset::Dataset;
use crate::engine::Engine;
use crate::training::Trainer;

/// Networks that take steps so that somebody with a clock can time them.
pub struct Trial {
    trainer: Trainer,
    data: Arc<Dataset>,
    engine: Engine,
    steps: usize,
}

impl Trial {
    /// Readies the networks of some populations of `plan`, which are trained together.
    pub fn new(
        plan: &Plan,
        populations: &[PopulationPlan],
        data: &Arc<Dataset>,
        engine: &Engine,
    ) -> Result<Self, SweepError> {
        let (data, trainer) = readied(plan, populations, data, engine)?;
        let steps = plan.last_epoch() * trainer.steps_per_epoch();
        Ok(Self { trainer, data, engine: engine.clone(), steps })
    }

    /// Steps that the plan has for them.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// Takes some steps, and waits until they are done.
    pub async fn take(&mut self, steps: usize) -> Result<(), SweepError> {
        for _ in 0..steps {
            self.trainer.step(self.data.train());
        }
        // A device runs the queued work when a result is read back.
        self.trainer.losses().await?;
        Ok(self.engine.check()?)
    }
}

#[cfg(all(test, feature = "cpu", not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)] // a test may panic
mod tests {
    use super::*;
    use crate::dataset::Toy;
    use crate::training::Preset;

    #[test]
    fn a_trial_is_of_the_plans_own_networks_and_knows_how_many_steps_they_take() {
        let mut plan = Plan::preset(Preset::Quick, "moons").unwrap();
        plan.axes.epoch = vec![0, 2, 5];
        let data = Arc::new(Toy::Moons.generate());
        let mut trial = Trial::new(&plan, &plan.populations()[..1], &data, &Engine::cpu()).unwrap();
        assert_eq!(trial.steps(), 5 * 16); // 1,024 examples in batches of 64
        pollster::block_on(trial.take(3)).unwrap();
        assert_eq!((trial.trainer.taken(), trial.trainer.len()), (3, plan.axes.width.len()));
    }
}

//! Checks that two engines compute the same, on the first steps of the networks that are to be trained: a GPU driver can run a kernel
//! wrongly without reporting an error.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::training::trainer;
use super::{Plan, PopulationPlan, SweepError};
use crate::code::{Encoding, Medians, encode};
use crate::dataset::Dataset;
use crate::engine::{Engine, EngineError};
use crate::network::CodeUnits;
use crate::training::{Family, Protocol};

/// Steps taken.
const STEPS: usize = 2;
/// Examples encoded.
const EXAMPLES: usize = 64;
/// Largest difference between two weights, in learning rates: a step moves a weight by one at most, and where a gradient
/// is nearly zero, rounding decides on how far.
const WEIGHTS: f32 = 0.3;
/// Mean difference between weights, in learning rates.
const WEIGHTS_MEAN: f64 = 0.003;
/// Difference between two losses, as a share.
const LOSS: f32 = 1e-3;

/// Share of bits that may differ: those of units at the edge of firing. In a feature map all places of an empty background are there together, and of
/// a channel's bits those of the examples around the median.
fn at_the_edge(protocol: &Protocol) -> f64 {
    match (protocol.network, protocol.code) {
        (Family::Mlp, _) => 2e-3,
        (_, CodeUnits::Dense | CodeUnits::All) => 1e-2,
        (_, CodeUnits::Channels) => 3e-2,
    }
}

/// What the first steps came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FirstSteps {
    /// Of each network, after the last step.
    losses: Vec<f32>,
    /// The kernels of all networks, one after the other.
    weights: Vec<f32>,
    /// The bits of all networks' codes.
    bits: Vec<bool>,
    /// Share of bits that may differ.
    at_the_edge: f64,
    learning_rate: f64,
}

impl FirstSteps {
    /// Takes them.
    pub async fn take(
        plan: &Plan,
        populations: &[PopulationPlan],
        data: &Arc<Dataset>,
        engine: &Engine,
    ) -> Result<Self, SweepError> {
        plan.check_on(data)?;
        plan.together(populations)?;
        let steps = take(plan, populations, data, engine).await;
        engine.check()?;
        steps
    }

    /// Whether another engine's came to the same, up to rounding.
    pub fn agree(&self, other: &Self) -> Result<(), EngineError> {
        let disagrees = |reason: String| Err(EngineError::Disagrees { reason });
        if self.losses.len() != other.losses.len() || self.weights.len() != other.weights.len() {
            return disagrees("other networks were trained".into());
        }
        for (network, (&one, &two)) in self.losses.iter().zip(&other.losses).enumerate() {
            if beyond((one - two).abs(), LOSS * one.abs().max(1.0)) {
                return disagrees(format!("loss of network {network}: {one} and {two}"));
            }
        }
        let apart = || self.weights.iter().zip(&other.weights).map(|(one, two)| (one - two).abs());
        let rate = self.learning_rate;
        let mean = apart().map(f64::from).sum::<f64>() / self.weights.len().max(1) as f64;
        if apart().any(|apart| beyond(apart, WEIGHTS * rate as f32))
            || beyond(mean as f32, (WEIGHTS_MEAN * rate) as f32)
        {
            let most = apart().fold(0.0, f32::max);
            return disagrees(format!("weights after {STEPS} steps: {mean:.1e} apart on average, {most:.1e} at most"));
        }
        let flipped = self.bits.iter().zip(&other.bits).filter(|(one, two)| one != two).count();
        if flipped as f64 > self.at_the_edge * self.bits.len() as f64 {
            return disagrees(format!("{flipped} of {} bits of the codes", self.bits.len()));
        }
        Ok(())
    }
}

/// What is no number is beyond every limit.
fn beyond(difference: f32, limit: f32) -> bool {
    difference.is_nan() || difference > limit
}

async fn take(
    plan: &Plan,
    populations: &[PopulationPlan],
    data: &Arc<Dataset>,
    engine: &Engine,
) -> Result<FirstSteps, SweepError> {
    let data = &plan.data_of(populations, data);
    // On the CPU, populations are trained one at a time.
    let together = if engine.is_host() { 1 } else { populations.len() };
    let count = EXAMPLES.min(data.test().len());
    let (mut losses, mut kernels, mut bits) = (Vec::new(), Vec::new(), Vec::new());
    for populations in populations.chunks(together) {
        let mut trainer = trainer(plan, populations, data, engine)?;
        for _ in 0..STEPS {
            trainer.step(data.train());
        }
        losses.extend(trainer.losses().await?.unwrap_or_default());
        let networks = trainer.networks().await?;
        let layers = networks.all_kernels().await?;
        kernels.resize(layers.len(), Vec::new());
        kernels.iter_mut().zip(layers).for_each(|(all, own): (&mut Vec<f32>, _)| all.extend(own));
        let medians = Medians::of(networks, data.test(), count).await?;
        for Encoding { codes, .. } in encode(networks, data.test(), &vec![count; populations.len()], &medians).await? {
            for row in 0..codes.rows() {
                bits.extend((0..codes.bits()).map(|bit| codes.get(row, bit)));
            }
        }
    }
    let protocol = &plan.protocol;
    Ok(FirstSteps {
        losses,
        weights: kernels.concat(),
        bits,
        at_the_edge: at_the_edge(protocol),
        learning_rate: protocol.learning_rate(0),
    })
}

#[cfg(all(test, feature = "cpu", not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::dataset::Toy;
    use crate::training::Preset;

    #[allow(clippy::unwrap_used)] // a test may panic
    fn steps() -> FirstSteps {
        let plan = Plan::preset(Preset::Quick, "moons").unwrap();
        let data = Arc::new(Toy::Moons.generate());
        pollster::block_on(FirstSteps::take(&plan, &plan.populations(), &data, &Engine::cpu())).unwrap()
    }

    #[test]
    fn an_engine_agrees_with_itself() {
        let steps = steps();
        assert!(steps.bits.iter().any(|&bit| bit) && steps.weights.len() > 100);
        steps.agree(&steps).unwrap();
    }

    #[test]
    fn no_unit_firing_is_a_disagreement() {
        let mut silent = steps();
        silent.bits.fill(false);
        let refused = steps().agree(&silent).unwrap_err().to_string();
        assert!(refused.contains("bits of the codes") && refused.contains("CPU engine"), "{refused}");
    }

    #[test]
    fn a_step_that_was_not_taken_is_a_disagreement() {
        let (mut still, moved) = (steps(), steps());
        for weight in &mut still.weights {
            *weight += still.learning_rate as f32;
        }
        assert!(moved.agree(&still).unwrap_err().to_string().contains("weights after 2 steps"));
    }

    #[test]
    fn what_is_no_number_is_a_disagreement() {
        let mut broken = steps();
        broken.losses[0] = f32::NAN;
        assert!(steps().agree(&broken).unwrap_err().to_string().contains("loss of network 0"));
    }
}

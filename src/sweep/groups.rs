//! Which populations a GPU trains together: as many as fit.

use super::{Plan, PopulationPlan};
use crate::dataset::Dataset;
use crate::engine::{EngineError, Limits, MapShape};
use crate::network::{Architecture, largest};

/// Memory that the tensors of a group may take. No adapter says how much it has; phones that offer WebGPU have this much
/// to spare.
const MEMORY: u64 = 512 << 20;
/// A kernel is kept with its gradient, Adam's two running means, and two intermediate results of a step.
const COPIES_OF_WEIGHTS: u64 = 6;
/// Tensors of a layer's size that a step makes on its way forth and back.
const COPIES_OF_ACTIVATIONS: u64 = 12;

/// Bytes that one population takes.
struct Need {
    /// Of its largest tensor.
    tensor: u64,
    /// In all, while it trains.
    total: u64,
}

impl Plan {
    /// The populations in groups that a GPU of these limits can train as one; or why none fits.
    pub fn groups(&self, data: &Dataset, limits: Limits) -> Result<Vec<Vec<PopulationPlan>>, EngineError> {
        let mut groups = Vec::new();
        for populations in self.alike() {
            let Need { tensor, total } = self.at(populations[0].level).need(data);
            if tensor > limits.tensor {
                let megabytes = |bytes: u64| bytes.div_ceil(1 << 20);
                return Err(EngineError::TooLarge { needed: megabytes(tensor), allowed: megabytes(limits.tensor) });
            }
            let together = (limits.tensor / tensor).min(MEMORY / total).max(1) as usize;
            // Groups of similar size, so that the last one is not left with a single network.
            let each = populations.len().div_ceil(populations.len().div_ceil(together));
            groups.extend(populations.chunks(each).map(<[_]>::to_vec));
        }
        Ok(groups)
    }

    /// The populations that can be trained [together](Plan::together), in the plan's order.
    fn alike(&self) -> Vec<Vec<PopulationPlan>> {
        let mut alike: Vec<Vec<PopulationPlan>> = Vec::new();
        for population in self.populations() {
            let joins = |one: &&mut Vec<PopulationPlan>| self.together(&[one[0], population]).is_ok();
            match alike.iter_mut().find(joins) {
                Some(populations) => populations.push(population),
                None => alike.push(vec![population]),
            }
        }
        alike
    }

    fn need(&self, data: &Dataset) -> Need {
        if let Some(tensor) = self.need_of_convolutions(data) {
            return Need { tensor, total: COPIES_OF_ACTIVATIONS * tensor };
        }
        let wide = |number: usize| number as u64;
        let widths = || self.axes.width.iter().map(|&width| u64::from(width));
        let (networks, widest, side_by_side) =
            (wide(self.axes.width.len()), widths().max().unwrap_or(0), widths().sum::<u64>());
        let (batch, depth) = (u64::from(self.protocol.batch), u64::from(self.protocol.depth));
        let first = wide(data.inputs()) * side_by_side;
        let stacked = networks * widest * if depth > 1 { widest } else { wide(data.classes()) };
        let activations = batch * side_by_side.max(networks * widest);
        let floats = COPIES_OF_WEIGHTS * (first + depth * stacked) + COPIES_OF_ACTIVATIONS * depth * activations;
        Need { tensor: 4 * first.max(stacked).max(activations), total: 4 * floats }
    }

    /// Bytes of the largest tensor of one of its convolutional networks, where it has some.
    fn need_of_convolutions(&self, data: &Dataset) -> Option<u64> {
        let image = MapShape::of(&data.description().kind);
        let of_width = |&width: &u32| match self.protocol.architecture(width as usize, image) {
            Ok(Architecture::Convolutional(network)) => Some(largest(&network.units(), self.protocol.batch as usize)),
            _ => None,
        };
        self.axes.width.iter().filter_map(of_width).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Toy;
    use crate::training::Preset;

    fn plan() -> Plan {
        let mut plan = Plan::preset(Preset::Figure, "moons").unwrap();
        plan.axes.seed = (1..=7).collect();
        plan
    }

    #[test]
    fn small_populations_are_trained_all_at_once() {
        let plan = plan();
        let groups = plan.groups(&Toy::Moons.generate(), Limits { tensor: 128 << 20 }).unwrap();
        assert_eq!(groups, [plan.populations()]);
    }

    #[test]
    fn a_small_adapter_gets_smaller_groups_and_every_population_is_in_one() {
        let plan = plan();
        let moons = Toy::Moons.generate();
        let groups = plan.groups(&moons, Limits { tensor: 4 * plan.need(&moons).tensor }).unwrap();
        assert!(groups.iter().all(|group| group.len() <= 4) && groups.len() > 1);
        assert_eq!(groups.concat(), plan.populations());
    }

    #[test]
    fn levels_are_trained_apart_and_under_label_noise_sample_sizes_too() {
        let mut plan = plan();
        plan.axes.samples = vec![100, 1024];
        plan.axes.factor = Some("label_noise=0,0.2".parse().unwrap());
        let groups = plan.groups(&Toy::Moons.generate(), Limits { tensor: 128 << 20 }).unwrap();
        let of = |group: &Vec<PopulationPlan>| {
            let mut kinds: Vec<_> = group.iter().map(|one| (one.level, one.samples)).collect();
            kinds.dedup();
            (kinds[0].0, group.len())
        };
        assert_eq!(groups.iter().map(of).collect::<Vec<_>>(), [(0, 14), (1, 7), (1, 7)]);
        assert!(groups.iter().all(|group| plan.together(group).is_ok()));
        assert!(plan.together(&plan.populations()).unwrap_err().to_string().contains("different levels"));
        let noisy = [groups[1][0], groups[2][0]];
        assert!(plan.together(&noisy).unwrap_err().to_string().contains("different sample sizes under label noise"));
    }

    #[test]
    fn a_plan_that_cannot_fit_says_so() {
        let mut plan = plan();
        plan.axes.width = vec![10_000];
        plan.protocol.depth = 2;
        let refused = plan.groups(&Toy::Moons.generate(), Limits { tensor: 128 << 20 }).unwrap_err().to_string();
        assert!(
            refused.contains("382 MB") && refused.contains("128 MB") && refused.contains("smaller widths"),
            "{refused}"
        );
    }
}

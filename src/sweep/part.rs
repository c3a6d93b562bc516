//! Parts of populations, so that many processors share few of them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Plan, PopulationPlan};

/// Networks of a population that are trained apart from its others.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Part {
    /// Whose they are.
    pub population: PopulationPlan,
    /// Their layer widths, rising.
    pub widths: Vec<u32>,
}

/// A part is so much of a worker's share at most: of what is left when its population's turn comes, since nobody waits for the first parts, and of all
/// work, below which no part need be.
const OF_WHAT_IS_LEFT: f64 = 0.6;
const OF_ALL: f64 = 0.15;
/// What a network takes beside its units, in units.
const NETWORK: u32 = 8;

impl Plan {
    /// Whether on the CPU every network comes out the same to the bit in any company: trained, encoded and measured by itself.
    pub fn is_separable(&self) -> bool {
        (0..self.axes.levels()).all(|level| self.at(level).protocol.has_kernels())
    }

    /// The populations, the larger ones in parts where `workers` would else wait for each other. No number depends on how many there are.
    pub fn parts(&self, workers: usize) -> Vec<Part> {
        let populations: Vec<_> = self.populations().into_iter().map(|one| (one, self.work(one).seconds())).collect();
        let all: f64 = populations.iter().map(|(_, work)| work).sum();
        let mut left = all;
        let splits = workers > 1 && self.is_separable();
        let parts = |(population, work): (PopulationPlan, f64)| {
            let most = f64::max(OF_WHAT_IS_LEFT * left, OF_ALL * all) / workers as f64;
            left -= work;
            let count = if splits { (work / most).ceil().max(1.0) as usize } else { 1 };
            self.split(count).into_iter().map(move |widths| Part { population, widths })
        };
        populations.into_iter().flat_map(parts).collect()
    }

    /// The widths in so many lists of about as much work, those with the widest first.
    fn split(&self, count: usize) -> Vec<Vec<u32>> {
        let widths = &self.axes.width;
        let mut lists = vec![(0, Vec::new()); count.min(widths.len())];
        for &width in widths.iter().rev() {
            if let Some((work, list)) = lists.iter_mut().min_by_key(|(work, _)| *work) {
                *work += width + NETWORK;
                list.push(width);
            }
        }
        lists.into_iter().map(|(_, list)| list.into_iter().rev().collect()).collect()
    }

    /// All networks of a population.
    pub fn whole(&self, population: PopulationPlan) -> Part {
        Part { population, widths: self.axes.width.clone() }
    }

    /// The plan of a part: its networks alone.
    pub fn of_part(&self, part: &Part) -> Self {
        let mut plan = self.clone();
        plan.axes.width.clone_from(&part.widths);
        plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Activation;
    use crate::training::{Optimizer, Preset};

    fn plan() -> Plan {
        let mut plan = Plan::preset(Preset::Figure, "moons").unwrap();
        plan.axes.seed = vec![1];
        plan
    }

    /// Of each population its widths, put together again.
    fn whole(plan: &Plan, parts: &[Part]) -> Vec<(PopulationPlan, Vec<u32>)> {
        let of = |population| {
            let own = parts.iter().filter(|part| part.population == population);
            let mut widths: Vec<u32> = own.flat_map(|part| part.widths.clone()).collect();
            widths.sort_unstable();
            (population, widths)
        };
        plan.populations().into_iter().map(of).collect()
    }

    #[test]
    fn every_network_is_in_one_part_and_the_parts_suit_the_workers() {
        let plan = plan();
        let populations: Vec<_> = plan.populations().into_iter().map(|one| (one, plan.axes.width.clone())).collect();
        for workers in [1, 2, 3, 8, 64] {
            let parts = plan.parts(workers);
            assert_eq!(whole(&plan, &parts), populations, "{workers} workers");
            assert!(parts.iter().all(|part| part.widths.is_sorted() && !part.widths.is_empty()));
            let all = if workers == 1 { populations.len()..=populations.len() } else { workers..=4 * workers + 4 };
            assert!(all.contains(&parts.len()), "{} parts for {workers} workers", parts.len());
        }
        let halves: Vec<u32> = plan.split(2).iter().map(|widths| widths.iter().sum()).collect();
        assert!(halves[0].abs_diff(halves[1]) < 20, "{halves:?}");
    }

    #[test]
    fn what_trains_as_one_tensor_program_stays_together() {
        for change in [
            |plan: &mut Plan| plan.protocol.batch_norm = true,
            |plan: &mut Plan| plan.protocol.dropout = 0.1,
            |plan: &mut Plan| plan.protocol.random_inputs = true,
            |plan: &mut Plan| plan.protocol.activation = Activation::LeakyRelu,
            |plan: &mut Plan| plan.protocol.optimizer = Optimizer::Sgd { learning_rate: 0.1, momentum: 0.0 },
        ] {
            let mut plan = plan();
            change(&mut plan);
            assert!(plan.is_separable());
        }
        let mut plan = plan();
        plan.protocol.activation = Activation::Tanh;
        assert!(!plan.is_separable());
        assert_eq!(plan.parts(8).len(), plan.populations().len());
    }
}

//! A share of a plan: the part that one of several independent machines trains.

use std::cmp::Reverse;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::{Plan, PopulationPlan};

/// One of several shares, for example `3/64`: the third of 64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Which, from 1.
    pub number: u32,
    /// Of how many.
    pub of: u32,
}

impl Share {
    /// All of a plan.
    pub const WHOLE: Self = Self { number: 1, of: 1 };
    /// Shares of a plan at most.
    pub const MOST: u32 = 100_000;
}

/// A text that names no share.
#[derive(Debug, Error, PartialEq, Eq)]
#[error(
    "'{text}' is not a share: write NUMBER/OF, for example 3/64, with OF from 1 to {} and NUMBER from 1 to OF",
    Share::MOST
)]
pub struct ShareError {
    text: String,
}

impl fmt::Display for Share {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Share {
    type Err = ShareError;

    fn from_str(text: &str) -> Result<Self, ShareError> {
        let read = || {
            let (number, of) = text.split_once('/')?;
            let share = Self { number: number.parse().ok()?, of: of.parse().ok()? };
            ((1..=share.of).contains(&share.number) && share.of <= Self::MOST).then_some(share)
        };
        read().ok_or_else(|| ShareError { text: text.into() })
    }
}

impl Plan {
    /// The populations of each share, with about the same [work](Self::work) in each: the largest are assigned first, each to the share with
    /// the least work so far. The same plan is split in the same way on every machine: work is counted in whole microseconds, since the
    /// last bits of an estimate depend on the machine.
    pub fn shares(&self, of: u32) -> Vec<Vec<PopulationPlan>> {
        let mut populations: Vec<_> = self
            .populations()
            .into_iter()
            .enumerate()
            .map(|(place, one)| ((self.work(one).seconds() * 1e6).round() as u64, place, one))
            .collect();
        populations.sort_by_key(|&(work, place, _)| (Reverse(work), place));
        let mut shares = vec![(0_u64, Vec::new()); of.max(1) as usize];
        for (work, place, population) in populations {
            let least = shares.iter_mut().min_by_key(|(sum, _)| *sum);
            if let Some((sum, share)) = least {
                *sum = sum.saturating_add(work);
                share.push((place, population));
            }
        }
        let in_order = |mut share: Vec<(usize, PopulationPlan)>| {
            share.sort_by_key(|&(place, _)| place);
            share.into_iter().map(|(_, population)| population).collect()
        };
        shares.into_iter().map(|(_, share)| in_order(share)).collect()
    }

    /// The populations of one share.
    pub fn share(&self, share: Share) -> Vec<PopulationPlan> {
        self.shares(share.of).swap_remove(share.number.saturating_sub(1).min(share.of.saturating_sub(1)) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::Preset;

    #[test]
    fn every_population_is_in_one_share_and_the_shares_are_about_as_large() {
        let mut plan = Plan::preset(Preset::Figure, "mnist").unwrap();
        plan.axes.seed = (1..=48).collect();
        let shares = plan.shares(16);
        let mut all = shares.concat();
        assert_eq!(all.len(), 240);
        all.sort_by_key(|one| (one.level, one.seed, Reverse(one.samples)));
        assert_eq!(all, plan.populations());
        let works: Vec<f64> =
            shares.iter().map(|share| share.iter().map(|&one| plan.work(one).seconds()).sum()).collect();
        let (most, mean) = (works.iter().copied().fold(0.0, f64::max), works.iter().sum::<f64>() / 16.0);
        assert!(most < 1.05 * mean, "{most} of {mean}");
        assert_eq!(plan.share("3/16".parse().unwrap()), shares[2]);
        assert_eq!(plan.share(Share::WHOLE), plan.populations());
    }

    #[test]
    fn a_share_that_is_none_is_refused() {
        for text in ["0/4", "5/4", "4", "a/b", "1/0", "1/100001", "-1/3", ""] {
            assert!(text.parse::<Share>().is_err(), "{text}");
        }
        assert_eq!("3/64".parse(), Ok(Share { number: 3, of: 64 }));
    }
}

//! The three regimes, by a rule of our own: the paper draws their borders by eye.

use serde::{Deserialize, Serialize};

/// The regime of a network in the phase chart (paper, section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Regime {
    /// Codes collide and carry little information.
    Under,
    /// Codes are nearly unique, and accuracy on them still rises with model size, time or samples.
    Critical,
    /// Codes are unique, and accuracy on them rises no further.
    Sufficient,
}

/// The two thresholds of the rule.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// A network is under-expressive above this training redundancy.
    pub redundancy: f64,
    /// From this share of the chart's best categorization accuracy on, a network is sufficiently expressive.
    pub accuracy: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { redundancy: 0.05, accuracy: 0.95 }
    }
}

impl Thresholds {
    /// The regime of a training redundancy and a categorization accuracy, in a chart whose best is `best`.
    pub fn regime(&self, redundancy: f64, categorization: f64, best: f64) -> Regime {
        match () {
            () if redundancy > self.redundancy => Regime::Under,
            () if categorization >= self.accuracy * best => Regime::Sufficient,
            () => Regime::Critical,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_and_the_command_line_draw_the_same_borders() {
        #[derive(Deserialize)]
        struct Case {
            thresholds: Thresholds,
            redundancy: f64,
            categorization: f64,
            best: f64,
            regime: Regime,
        }
        // The page's tests read the same file.
        let cases: Vec<Case> = serde_json::from_str(include_str!("../../tests/fixtures/regimes.json")).unwrap();
        assert!(cases.len() > 5);
        for case in cases {
            let regime = case.thresholds.regime(case.redundancy, case.categorization, case.best);
            assert_eq!(regime, case.regime, "redundancy {}, categorization {}", case.redundancy, case.categorization);
        }
    }
}

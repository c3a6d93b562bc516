//! Where the regimes end: for a time and a sample size, the width at which codes stop colliding, and that from which accuracy on them rises no further.

use super::places::Place;
use super::{Axis, Metric, Places, Thresholds};

/// The end of one regime and the start of the next, along the axis of widths.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Border {
    /// Every width of the chart is beyond it.
    Narrower,
    /// It lies at this width, between two of the chart's.
    At(f64),
    /// No width of the chart reaches it.
    Wider,
}

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// The end of the under-expressive regime.
    UnderAndCritical,
    /// The start of the sufficiently expressive one.
    CriticalAndSufficient,
}

/// A straight line over the logarithm of the sample size, by least squares: the width of a border is `at_one + per_doubling log2(samples)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Where it begins, at one example.
    pub at_one: f64,
    /// By how much wider networks must be for twice as many examples.
    pub per_doubling: f64,
    /// Standard error of that slope.
    pub error: f64,
    /// Root of the mean square by which the borders are off it, in widths.
    pub off: f64,
}

impl Places<'_> {
    /// A border at `at`, whose width does not count; none where a cell is missing. Beyond its border every width of the chart is. Between the last width
    /// short of it and the next it is found by a straight line over the logarithm of the width.
    pub fn border(&self, between: Between, thresholds: Thresholds, best: f64, at: Place) -> Option<Border> {
        let widths = Axis::Width.values(self.chart());
        let place = |width: u32| Place::from([width, at[1], at[2], at[3]]);
        // How far each width is short of a threshold, above 0 where it is.
        let short = |lack: &dyn Fn(Place) -> Option<f64>| -> Option<Border> {
            let lacks = widths.iter().map(|&width| lack(place(width))).collect::<Option<Vec<f64>>>()?;
            Some(crossing(&widths, &lacks))
        };
        let under = short(&|at| Some(self.band(Metric::RedundancyTrain, at)?.mean - thresholds.redundancy))?;
        if between == Between::UnderAndCritical {
            return Some(under);
        }
        // It is judged by the best cell, which may still come.
        if !self.chart().is_whole() {
            return None;
        }
        let categorized = short(&|at| Some(thresholds.accuracy * best - self.categorization(at)?))?;
        Some(match (under, categorized) {
            (Border::Wider, _) | (_, Border::Wider) => Border::Wider,
            (Border::At(one), Border::At(other)) => Border::At(one.max(other)),
            (Border::At(width), _) | (_, Border::At(width)) => Border::At(width),
            (Border::Narrower, Border::Narrower) => Border::Narrower,
        })
    }

    /// The borders at one time, by sample size.
    pub fn borders(
        &self,
        between: Between,
        thresholds: Thresholds,
        best: f64,
        epoch: u32,
        level: u32,
    ) -> Vec<(u32, Option<Border>)> {
        let border = |&samples: &u32| (samples, self.border(between, thresholds, best, [0, epoch, samples, level]));
        self.chart().axes.samples.iter().map(border).collect()
    }
}

/// Where numbers fall to 0 for good.
fn crossing(widths: &[u32], lacks: &[f64]) -> Border {
    let Some(last) = lacks.iter().rposition(|&lack| lack > 0.0) else { return Border::Narrower };
    let (Some(&next), Some(&lack)) = (widths.get(last + 1), lacks.get(last + 1)) else { return Border::Wider };
    let share = lacks[last] / (lacks[last] - lack);
    let [from, to] = [widths[last], next].map(|width| f64::from(width).ln());
    Border::At((from + share * (to - from)).exp())
}

impl Line {
    /// Through borders at sample sizes; none of fewer than three.
    pub fn through(borders: &[(u32, f64)]) -> Option<Self> {
        if borders.len() < 3 {
            return None;
        }
        let count = borders.len() as f64;
        let points: Vec<(f64, f64)> =
            borders.iter().map(|&(samples, width)| (f64::from(samples).log2(), width)).collect();
        let mean = |of: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
        let (x, y) = (mean(&|point| point.0), mean(&|point| point.1));
        let spread = mean(&|point| (point.0 - x).powi(2));
        let per_doubling = mean(&|point| (point.0 - x) * (point.1 - y)) / spread;
        let at_one = y - per_doubling * x;
        let square = mean(&|point| (point.1 - at_one - per_doubling * point.0).powi(2));
        let error = (square / (count - 2.0) / spread).sqrt();
        Some(Self { at_one, per_doubling, error, off: square.sqrt() })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a test may panic
mod tests {
    use super::*;
    use crate::chart::PhaseChart;

    #[test]
    fn a_border_lies_where_the_last_width_falls_short_and_the_next_does_not() {
        let widths = [4, 16, 64];
        assert_eq!(crossing(&widths, &[-0.1, -0.2, -0.3]), Border::Narrower);
        assert_eq!(crossing(&widths, &[0.3, 0.2, 0.1]), Border::Wider);
        // Half way between 4 and 16 in the logarithm; what falls short once more counts.
        let Border::At(width) = crossing(&widths, &[0.2, -0.2, -0.3]) else { panic!() };
        assert!((width - 8.0).abs() < 1e-9);
        let Border::At(width) = crossing(&widths, &[-0.2, 0.1, -0.1]) else { panic!() };
        assert!((width - 32.0).abs() < 1e-9);
    }

    #[test]
    fn a_line_is_the_least_squares_one_with_its_error() {
        let exact = Line::through(&[(1, 5.0), (2, 7.0), (4, 9.0), (8, 11.0)]).unwrap();
        assert!((exact.at_one - 5.0).abs() < 1e-9 && (exact.per_doubling - 2.0).abs() < 1e-9 && exact.error < 1e-9);
        // As numpy.polyfit([0, 1, 2, 3], [1, 2, 2, 4], 1, cov=True) has it.
        let line = Line::through(&[(1, 1.0), (2, 2.0), (4, 2.0), (8, 4.0)]).unwrap();
        assert!((line.at_one - 0.9).abs() < 1e-9 && (line.per_doubling - 0.9).abs() < 1e-9);
        assert!((line.error - 0.264_575).abs() < 1e-6 && (line.off - 0.418_330).abs() < 1e-6);
        assert_eq!(Line::through(&[(1, 5.0), (2, 7.0)]), None);
    }

    #[test]
    fn borders_of_a_chart_are_between_the_squares_of_its_regimes() {
        let chart = PhaseChart::from_json(include_str!("../../www/charts/mnist-figure.json")).unwrap();
        let thresholds = Thresholds::default();
        let places = chart.places();
        let best = places.best_categorization().unwrap();
        for between in [Between::UnderAndCritical, Between::CriticalAndSufficient] {
            for &epoch in &chart.axes.epoch {
                for (samples, border) in places.borders(between, thresholds, best, epoch, 0) {
                    let is_beyond = |width: u32| {
                        let regime = places.regime(thresholds, best, [width, epoch, samples, 0]).unwrap();
                        match between {
                            Between::UnderAndCritical => regime != crate::chart::Regime::Under,
                            Between::CriticalAndSufficient => regime == crate::chart::Regime::Sufficient,
                        }
                    };
                    let [first, .., last] = chart.axes.width[..] else { panic!() };
                    match border.unwrap() {
                        Border::Narrower => assert!(is_beyond(first)),
                        Border::Wider => assert!(!is_beyond(last)),
                        Border::At(at) => {
                            let beyond = chart.axes.width.iter().filter(|&&width| f64::from(width) >= at);
                            assert!(beyond.clone().count() > 0 && beyond.clone().all(|&width| is_beyond(width)));
                            let before = chart.axes.width.iter().rfind(|&&width| f64::from(width) < at).unwrap();
                            assert!(!is_beyond(*before), "width {before}, epoch {epoch}, {samples} examples");
                        }
                    }
                }
            }
        }
    }
}

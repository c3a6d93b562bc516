//! The paper's published values with their protocol, epoch and sample size: our numbers are compared with them only where all of these
//! agree.

use serde::Deserialize;

use super::{Axis, Grid, Metric, PhaseChart};
use crate::training::{Preset, Protocol};

/// The paper's early stopping, which it may or may not have used (paper, protocol).
const PATIENCE: u32 = 10;

/// Curves that were published of the same networks; the page reads the same file.
#[derive(Debug, Deserialize)]
pub(super) struct Published {
    dataset: String,
    preset: Preset,
    depth: u32,
    /// Training examples; none where the curves run over them.
    samples: Option<u32>,
    /// None where the curves run over them.
    epoch: Option<Epochs>,
    pub curves: Vec<PublishedCurve>,
}

/// From the first on, or up to the last. "Trained to the end" is from where our networks change no more. The paper does not
/// say when it looked at networks of few examples; ours land on it after 10 epochs, and nowhere later (docs/findings.md).
#[derive(Debug, Clone, Copy, Deserialize)]
struct Epochs {
    from: u32,
    to: Option<u32>,
}

/// Points of one metric, read off a figure (so ±0.02), by place along the axis.
#[derive(Debug, Deserialize)]
pub(super) struct PublishedCurve {
    over: Axis,
    width: Option<u32>,
    metric: Metric,
    points: Vec<(u32, f64)>,
}

impl Published {
    pub fn all() -> Vec<Self> {
        serde_json::from_str(include_str!("../../www/published.json")).unwrap_or_default()
    }

    /// Why a chart's numbers, held as `grid` says, are not of the networks that these are of; nothing where they are.
    fn differs(&self, chart: &PhaseChart, grid: Grid) -> Option<String> {
        let held = |axis| grid.held().find(|&(held, _)| held == axis).map(|(_, at)| at);
        let protocol = chart.axes.protocol_at(held(Axis::Factor).unwrap_or_default(), &chart.protocol);
        let field = self.other_field(&protocol);
        let samples = || {
            let (wanted, at) = (self.samples?, held(Axis::Samples)?);
            (wanted != at).then(|| format!("of {wanted} training examples, these of {at}"))
        };
        let epoch = || {
            let (Epochs { from, to }, at) = (self.epoch?, held(Axis::Epoch)?);
            let within = at >= from && to.is_none_or(|to| at <= to);
            let wanted = if to.is_some() { format!("of epoch {from}") } else { format!("of epoch {from} or later") };
            (!within).then(|| format!("{wanted}, these of epoch {at}"))
        };
        let another = |field: String| format!("of another {}", field.trim_start_matches("protocol.").replace('_', " "));
        field.map(another).or_else(samples).or_else(epoch)
    }

    /// The first hyper-parameter by which the networks are others.
    fn other_field(&self, protocol: &Protocol) -> Option<String> {
        let paper = Protocol { depth: self.depth, ..self.preset.protocol() };
        let given = Protocol {
            // The preset it started from is only a name.
            preset: paper.preset,
            // The paper's figures do not tell it (docs/findings.md).
            batch: paper.batch,
            // Measured in addition; it changes nothing else.
            random_inputs: paper.random_inputs,
            early_stopping: if protocol.early_stopping == PATIENCE { 0 } else { protocol.early_stopping },
            ..protocol.clone()
        };
        super::identity::difference(&paper, &given)
    }
}

impl PhaseChart {
    /// The published points of a curve at the chart's places, where the paper's networks are held.
    pub(super) fn published(&self, grid: Grid, metric: Metric, width: Option<u32>) -> Vec<(u32, f64)> {
        let places = grid.x.values(self);
        let of_same = |one: &Published| one.dataset == self.dataset.name && one.differs(self, grid).is_none();
        let all = Published::all().into_iter().filter(of_same).flat_map(|one| one.curves);
        let points = all.filter(|curve| curve.is(grid.x, metric, width)).flat_map(|curve| curve.points);
        let mut points: Vec<_> = points.filter(|(at, _)| places.contains(at)).collect();
        points.sort_by_key(|&(at, _)| at);
        points
    }

    /// Why published points of a curve are left out, where there are some at the chart's places.
    pub(super) fn withheld(&self, grid: Grid, metric: Metric, width: Option<u32>) -> Option<String> {
        let places = grid.x.values(self);
        let here = |curve: &PublishedCurve| {
            curve.is(grid.x, metric, width) && curve.points.iter().any(|(at, _)| places.contains(at))
        };
        Published::all().iter().find_map(|one| {
            let concerns = one.dataset == self.dataset.name && one.curves.iter().any(here);
            concerns.then(|| one.differs(self, grid)).flatten()
        })
    }
}

impl PublishedCurve {
    fn is(&self, over: Axis, metric: Metric, width: Option<u32>) -> bool {
        (self.over, self.metric, self.width) == (over, metric, width)
    }
}

#[cfg(all(test, feature = "cpu"))]
mod tests {
    use super::*;
    use crate::chart::DatasetSummary;
    use crate::chart::{Format, Provenance};
    use crate::engine::Engine;
    use crate::sweep::Plan;

    /// A chart without cells: what is published does not depend on them.
    #[allow(clippy::unwrap_used)] // a test may panic
    fn chart(dataset: &str, preset: Preset, change: &serde_json::Value) -> PhaseChart {
        let plan = Plan::preset(preset, dataset).unwrap();
        let mut protocol = serde_json::to_value(plan.protocol).unwrap();
        for (field, value) in change.as_object().unwrap() {
            protocol[field] = value.clone();
        }
        let train = *plan.axes.samples.last().unwrap() as usize;
        PhaseChart {
            format: Format::Chart,
            version: 1,
            title: String::new(),
            dataset: DatasetSummary {
                name: dataset.into(),
                train,
                test: 10_000,
                classes: 10,
                digest: String::new(),
                description: None,
            },
            protocol: serde_json::from_value(protocol).unwrap(),
            axes: plan.axes,
            plans: Vec::new(),
            cells: Vec::new(),
            gaps: Vec::new(),
            provenance: Provenance::of(&Engine::cpu()),
        }
    }

    #[test]
    fn the_page_and_the_command_line_set_the_same_points_beside_a_chart() {
        #[derive(Deserialize)]
        struct Case {
            dataset: String,
            preset: Preset,
            change: serde_json::Value,
            over: Axis,
            metric: Metric,
            width: Option<u32>,
            epoch: u32,
            samples: u32,
            points: Vec<(u32, f64)>,
            withheld: Option<String>,
        }
        // The page's tests read the same file.
        let cases: Vec<Case> = serde_json::from_str(include_str!("../../tests/fixtures/published.json")).unwrap();
        assert!(cases.len() > 10);
        for case in cases {
            let chart = chart(&case.dataset, case.preset, &case.change);
            let grid = Grid { x: case.over, y: Axis::Width, at: [0, case.epoch, case.samples, 0] };
            let place = format!("{} {:?} at epoch {}, {}", case.dataset, case.over, case.epoch, case.change);
            assert_eq!(chart.published(grid, case.metric, case.width), case.points, "{place}");
            assert_eq!(chart.withheld(grid, case.metric, case.width), case.withheld, "{place}");
        }
    }
}

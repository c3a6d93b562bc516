//! The data of the paper's figures: metrics over width, time and sample size with the spread over seeds, and the published values.

use super::{Axis, Band, Grid, Metric, PhaseChart, Places};

/// The figures' axes, as the paper has them.
const OVER: [Axis; 3] = [Axis::Width, Axis::Epoch, Axis::Samples];
/// Widths of the figures over time and sample size, where a chart has them (paper: MNIST 40, 50, 60; CIFAR-10 10, 20, 40, 80).
const WIDTHS: [(&str, &[u32]); 2] = [("mnist", &[40, 50, 60]), ("cifar10", &[10, 20, 50])];

/// One figure: two panels over the same axis.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What its curves run over.
    pub over: Axis,
    /// Where the chart's other axes are held.
    pub place: String,
    /// Redundancy ratio, then categorization accuracy.
    pub panels: [Panel; 2],
    /// Why some of the paper's numbers are left out: of which networks they are, and of which the chart's.
    pub withheld: Option<String>,
}

/// Curves that share their axes.
#[derive(Debug, Clone)]
pub struct Panel {
    /// What they show.
    pub title: &'static str,
    /// The curves.
    pub curves: Vec<Curve>,
}

/// One metric of one width, or of all.
#[derive(Debug, Clone)]
pub struct Curve {
    /// What to write beside it.
    pub label: String,
    /// Our mean and deviation over seeds, by place along the axis.
    pub ours: Vec<(u32, Band)>,
    /// What the paper shows, read off its figures (so ±0.02), by place along the axis; where the chart has such a place and its
    /// networks are the paper's.
    pub published: Vec<(u32, f64)>,
}

impl PhaseChart {
    /// The paper's figures of this chart: over every axis on which it has several values, the others held `at` a value for
    /// each of [`Axis::ALL`].
    pub fn figures(&self, at: [u32; 4]) -> Vec<Figure> {
        let several = |axis: &Axis| axis.values(self).len() > 1;
        // Curves of several widths share one panel.
        let grid = |over| Grid { x: over, y: Axis::Width, at };
        let places = self.places();
        OVER.into_iter().filter(several).map(|over| self.figure(grid(over), &places)).collect()
    }

    /// The figure over `grid.x`.
    fn figure(&self, grid: Grid, places: &Places<'_>) -> Figure {
        let panel = |title, metrics: &[Metric]| Panel { title, curves: self.curves(grid, metrics, places) };
        let (redundancy, accuracy): (&[Metric], &[Metric]) = match grid.x {
            Axis::Epoch => (&[Metric::RedundancyTrain], &[Metric::Knn]),
            Axis::Samples => (&[Metric::RedundancyTest], &[Metric::Knn]),
            _ => (&[Metric::RedundancyTrain, Metric::RedundancyTest], &[Metric::KMeans, Metric::Knn, Metric::Logistic]),
        };
        let panels = [panel("redundancy ratio", redundancy), panel("categorization accuracy", accuracy)];
        let mut curves = self
            .shown(grid)
            .into_iter()
            .flat_map(|width| redundancy.iter().chain(accuracy).map(move |&metric| (metric, width)));
        let withheld = curves.find_map(|(metric, width)| self.withheld(grid, metric, width));
        Figure { over: grid.x, place: grid.place(self), panels, withheld }
    }

    /// The widths that have curves of their own over `grid.x`; none stands for all.
    fn shown(&self, grid: Grid) -> Vec<Option<u32>> {
        if grid.x == Axis::Width { vec![None] } else { self.shown_widths().into_iter().map(Some).collect() }
    }

    fn curves(&self, grid: Grid, metrics: &[Metric], places: &Places<'_>) -> Vec<Curve> {
        let of_width = |width: Option<u32>| {
            metrics.iter().map(move |&metric| Curve {
                label: width.map_or(metric.label().into(), |width| format!("{}, width {width}", metric.label())),
                ours: self.ours(grid, metric, width, places),
                published: self.published(grid, metric, width),
            })
        };
        self.shown(grid).into_iter().flat_map(of_width).collect()
    }

    /// The paper's, or where it has none of them, three from narrow to wide.
    fn shown_widths(&self) -> Vec<u32> {
        let all = &self.axes.width;
        let paper = WIDTHS.iter().find(|(dataset, _)| *dataset == self.dataset.name);
        let shown: Vec<u32> =
            paper.map_or(&[][..], |(_, widths)| widths).iter().copied().filter(|width| all.contains(width)).collect();
        if !shown.is_empty() {
            return shown;
        }
        let mut places = [all.len() / 4, all.len() / 2, all.len() - 1].to_vec();
        places.dedup();
        places.into_iter().map(|place| all[place]).collect()
    }

    fn ours(&self, grid: Grid, metric: Metric, width: Option<u32>, places: &Places<'_>) -> Vec<(u32, Band)> {
        let band = |at| places.band(metric, grid.place_of(at, width.unwrap_or(at)));
        grid.x.values(self).into_iter().filter_map(|at| Some((at, band(at)?))).collect()
    }
}

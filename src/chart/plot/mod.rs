//! A chart as a picture: a heatmap with the regimes drawn in, and the paper's curves with bands over seeds.

mod curves;
mod difference;
mod facets;
mod figures;
mod heatmap;

use std::path::Path;

use plotters::coord::Shift;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::*;
use plotters::style::{FontStyle, register_font};
use thiserror::Error;

use difference::Differences;
pub use difference::Minus;

use super::{Axis, Grid, Metric, PhaseChart, Thresholds};

const SIZE: (u32, u32) = (1600, 760);
const INK: RGBColor = RGBColor(31, 41, 55);
const FAINT: RGBColor = RGBColor(209, 213, 219);
/// Okabe and Ito's colours: told apart by colour-blind readers too.
const COLOURS: [RGBColor; 5] = [
    RGBColor(213, 94, 0),
    RGBColor(230, 159, 0),
    RGBColor(0, 158, 115),
    RGBColor(0, 114, 178),
    RGBColor(204, 121, 167),
];

/// What to draw.
#[derive(Debug, Clone, Copy)]
pub struct Picture {
    /// The heatmap's axes.
    pub grid: Grid,
    /// The heatmap's colour.
    pub metric: Metric,
    /// Where the regimes begin.
    pub thresholds: Thresholds,
    /// An axis of which each value has a small heatmap of its own, in the place of one large heatmap and curves.
    pub facet: Option<Axis>,
}

/// Why a picture cannot be drawn.
#[derive(Debug, Error)]
pub enum PlotError {
    /// Neither svg nor png.
    #[error("pictures are drawn as .svg or .png, not as '.{0}': give -o a name with one of these endings")]
    Ending(String),
    /// Drawing or writing failed.
    #[error("the picture could not be drawn ({0}): check that its folder can be written")]
    Drawing(String),
    /// The chart lacks what was asked for.
    #[error("{0}")]
    Empty(String),
}

/// A drawing backend's error, as text.
type Failure = String;

impl Picture {
    /// The first view of a chart: width by the factor where there is one, else by time, else by sample size; the other axes at their ends.
    pub fn of(chart: &PhaseChart) -> Self {
        let many = |axis: &Axis| axis.values(chart).len() > 1;
        let y = [Axis::Factor, Axis::Epoch, Axis::Samples].into_iter().find(many).unwrap_or(Axis::Epoch);
        let grid = Grid { x: Axis::Width, y, at: chart.ends() };
        Self { grid, metric: Metric::RedundancyTrain, thresholds: Thresholds::default(), facet: None }
    }

    /// Draws it to `path`, `.svg` or `.png`; with `minus` the differences of what is subtracted, without regimes and curves.
    pub fn draw(&self, chart: &PhaseChart, minus: Option<Minus<'_>>, path: &Path) -> Result<(), PlotError> {
        if !chart.cells.iter().any(|cell| self.grid.is_held(cell)) {
            let place = self.grid.place(chart);
            return Err(PlotError::Empty(format!("the chart has no cell at {place}: choose another --at")));
        }
        if !chart.cells.iter().any(|cell| self.grid.is_held(cell) && self.metric.of(cell).is_some()) {
            let measured = if self.metric == Metric::RedundancyRandom {
                "train it with --random-inputs"
            } else {
                "train it again"
            };
            let metric = self.metric.label();
            return Err(PlotError::Empty(format!(
                "the chart has no values of {metric}: {measured}, or choose another --metric"
            )));
        }
        match ending(path).as_str() {
            "svg" => on_canvas(SVGBackend::new(path, SIZE), |root| self.draw_on(chart, minus, root)),
            "png" => on_canvas(BitMapBackend::new(path, SIZE), |root| self.draw_on(chart, minus, root)),
            other => Err(PlotError::Ending(other.into())),
        }
    }

    fn draw_on<B: DrawingBackend>(
        &self,
        chart: &PhaseChart,
        minus: Option<Minus<'_>>,
        root: &DrawingArea<B, Shift>,
    ) -> Result<(), Failure> {
        let made = &chart.provenance;
        let preset = format!("{:?}", chart.protocol.preset).to_lowercase();
        let less = minus.map(|minus| format!(" - {}", minus.name(chart))).unwrap_or_default();
        let title = format!("{}{less}: activation hash phase chart", chart.title);
        root.draw(&Text::new(title, (24, 18), ("sans-serif", 30).into_font().color(&INK))).map_err(reason)?;
        let subtitle = format!(
            "preset {preset}, {}, {} training examples at most; hash-phase {}, {}",
            match chart.axes.seed.len() {
                1 => "1 seed".into(),
                seeds => format!("mean of {seeds} seeds"),
            },
            chart.dataset.train,
            made.version,
            made.backend
        );
        root.draw(&Text::new(subtitle, (24, 54), ("sans-serif", 18).into_font().color(&INK))).map_err(reason)?;
        if let Some(minus) = minus {
            return heatmap::draw_difference(self, chart, &Differences::of(chart, minus), &root.margin(84, 8, 16, 16));
        }
        if let Some(facet) = self.facet {
            return facets::draw(self, facet, chart, &root.margin(84, 8, 24, 16));
        }
        let (heatmap, curves) = root.margin(84, 8, 16, 16).split_horizontally(850);
        heatmap::draw(self, chart, &heatmap)?;
        let (upper, lower) = curves.split_vertically(330);
        curves::draw(chart, self.grid, &[Metric::RedundancyTrain, Metric::RedundancyTest], "redundancy ratio", &upper)?;
        let accuracies = [Metric::KMeans, Metric::Knn, Metric::Logistic];
        curves::draw(chart, self.grid, &accuracies, "categorization accuracy", &lower)
    }
}

/// Lets `draw` fill a white canvas.
fn on_canvas<B: DrawingBackend>(
    backend: B,
    draw: impl FnOnce(&DrawingArea<B, Shift>) -> Result<(), Failure>,
) -> Result<(), PlotError> {
    // SVG and PNG both measure text with it, so no font has to be installed.
    register_font("sans-serif", FontStyle::Normal, epaint_default_fonts::UBUNTU_LIGHT)
        .map_err(|_| PlotError::Drawing("the built-in font is damaged".into()))?;
    let root = backend.into_drawing_area();
    let drawn = root.fill(&WHITE).map_err(reason).and_then(|()| draw(&root));
    drawn.and_then(|()| root.present().map_err(reason)).map_err(PlotError::Drawing)
}

fn ending(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}

fn reason<E: std::error::Error + Send + Sync>(error: DrawingAreaErrorKind<E>) -> Failure {
    error.to_string()
}

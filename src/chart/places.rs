//! A chart's cells indexed by their place on the axes: sorted once, so that a picture does not search all cells for each square.

use super::{Axis, Band, Cell, Metric, PhaseChart, Regime, Thresholds};

/// A value for each of [`Axis::ALL`].
pub type Place = [u32; 4];

/// The cells of every place: those of its seeds.
#[derive(Debug)]
pub struct Places<'a> {
    chart: &'a PhaseChart,
    /// By place.
    cells: Vec<&'a Cell>,
}

impl PhaseChart {
    /// Its cells by place.
    pub fn places(&self) -> Places<'_> {
        let mut cells: Vec<_> = self.cells.iter().collect();
        cells.sort_by_key(|cell| place(cell));
        Places { chart: self, cells }
    }
}

fn place(cell: &Cell) -> Place {
    Axis::ALL.map(|axis| axis.of(cell))
}

impl Places<'_> {
    /// The chart that they are of.
    pub fn chart(&self) -> &PhaseChart {
        self.chart
    }

    /// Mean categorization accuracy over the seeds of a place; none where none of them has it.
    pub fn categorization(&self, at: Place) -> Option<f64> {
        categorization(self.cells(at))
    }

    fn cells(&self, at: Place) -> &[&Cell] {
        let from = self.cells.partition_point(|cell| place(cell) < at);
        let count = self.cells[from..].partition_point(|cell| place(cell) == at);
        &self.cells[from..][..count]
    }

    /// A metric over the seeds of a place; none where none of them has it.
    pub fn band(&self, metric: Metric, at: Place) -> Option<Band> {
        Band::of(self.cells(at).iter().filter_map(|cell| metric.of(cell)))
    }

    /// The best mean categorization accuracy over seeds that any place of the chart reaches.
    pub fn best_categorization(&self) -> Option<f64> {
        self.cells.chunk_by(|one, next| place(one) == place(next)).filter_map(categorization).reduce(f64::max)
    }

    /// The regime of a place, by its means over seeds. While cells are missing, only the first can be told: the others are judged by
    /// the best place there is, which may still come.
    pub fn regime(&self, thresholds: Thresholds, best: f64, at: Place) -> Option<Regime> {
        let redundancy = self.band(Metric::RedundancyTrain, at)?.mean;
        let regime = thresholds.regime(redundancy, categorization(self.cells(at))?, best);
        (regime == Regime::Under || self.chart.is_whole()).then_some(regime)
    }
}

fn categorization(cells: &[&Cell]) -> Option<f64> {
    Some(Band::of(cells.iter().filter_map(|cell| cell.categorization()))?.mean)
}

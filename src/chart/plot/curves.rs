//! The paper's curves: metrics over one of the heatmap's axes.

use plotters::coord::Shift;
use plotters::prelude::*;

use super::{COLOURS, FAINT, Failure, INK, reason};
use crate::chart::{Axis, Grid, Metric, PhaseChart};

pub(super) fn draw<B: DrawingBackend>(
    chart: &PhaseChart,
    grid: Grid,
    metrics: &[Metric],
    name: &str,
    area: &DrawingArea<B, Shift>,
) -> Result<(), Failure> {
    let axis = if grid.x.values(chart).len() > 1 { grid.x } else { grid.y };
    let values = axis.values(chart);
    // The other axis at its last value, everything else as in the heatmap.
    let mut row = Grid { x: axis, y: axis, ..grid };
    for (place, other) in row.at.iter_mut().zip(Axis::ALL) {
        if [grid.x, grid.y].contains(&other) {
            *place = other.values(chart).last().copied().unwrap_or_default();
        }
    }
    let first = f64::from(values.first().copied().unwrap_or_default());
    let last = f64::from(values.last().copied().unwrap_or_default()).max(first + 1.0);
    let mut axes = ChartBuilder::on(area)
        .caption(format!("{name} at {}", row.place(chart)), ("sans-serif", 18).into_font().color(&INK))
        .x_label_area_size(52)
        .y_label_area_size(56)
        .margin_right(16)
        .margin_top(6)
        .build_cartesian_2d(first..last, 0.0..1.0)
        .map_err(reason)?;
    axes.configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(FAINT)
        .x_label_formatter(&|value| if value.fract() == 0.0 { axis.text(chart, *value as u32) } else { String::new() })
        .x_desc(axis.label(chart))
        .label_style(("sans-serif", 15).into_font().color(&INK))
        .axis_desc_style(("sans-serif", 16).into_font().color(&INK))
        .draw()
        .map_err(reason)?;
    let places = chart.places();
    for metric in metrics {
        let colour = COLOURS[Metric::PAPER.iter().position(|other| other == metric).unwrap_or_default()];
        let bands: Vec<_> = values
            .iter()
            .filter_map(|&value| Some((f64::from(value), places.band(*metric, row.place_of(value, value))?)))
            .collect();
        let edge =
            |side: f64| bands.iter().map(move |(x, band)| (*x, (band.mean + side * band.deviation).clamp(0.0, 1.0)));
        let outline: Vec<_> = edge(1.0).chain(edge(-1.0).rev()).collect();
        axes.draw_series([Polygon::new(outline, colour.mix(0.2))]).map_err(reason)?;
        axes.draw_series(LineSeries::new(edge(0.0), colour.stroke_width(2)))
            .map_err(reason)?
            .label(metric.label())
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], colour.stroke_width(3)));
        axes.draw_series(edge(0.0).map(|point| Circle::new(point, 3, colour.filled()))).map_err(reason)?;
    }
    axes.configure_series_labels()
        .position(if name.starts_with('r') { SeriesLabelPosition::UpperRight } else { SeriesLabelPosition::LowerRight })
        .background_style(WHITE.mix(0.8))
        .label_font(("sans-serif", 15).into_font().color(&INK))
        .draw()
        .map_err(reason)
}

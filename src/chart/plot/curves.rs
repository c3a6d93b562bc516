//! The paper's curves: metrics over model size (or time, or sample size), at the end of the other axes.

use plotters::coord::Shift;
use plotters::prelude::*;

use super::{COLOURS, FAINT, Failure, INK, reason};
use crate::chart::{Axis, Metric, PhaseChart};

pub(super) fn draw<B: DrawingBackend>(
    chart: &PhaseChart,
    metrics: &[Metric],
    name: &str,
    area: &DrawingArea<B, Shift>,
) -> Result<(), Failure> {
    let axis = [Axis::Width, Axis::Epoch, Axis::Samples]
        .into_iter()
        .find(|axis| axis.values(chart).len() > 1)
        .unwrap_or(Axis::Width);
    let values = axis.values(chart);
    let ends: Vec<(Axis, u32)> = [Axis::Width, Axis::Epoch, Axis::Samples]
        .into_iter()
        .filter(|&other| other != axis)
        .filter_map(|other| Some((other, *other.values(chart).last()?)))
        .collect();
    let first = f64::from(values.first().copied().unwrap_or_default());
    let last = f64::from(values.last().copied().unwrap_or_default()).max(first + 1.0);
    let at: Vec<String> = ends.iter().map(|(other, end)| format!("{} {end}", other.label())).collect();
    let mut axes = ChartBuilder::on(area)
        .caption(format!("{name} at {}", at.join(", ")), ("sans-serif", 18).into_font().color(&INK))
        .x_label_area_size(52)
        .y_label_area_size(56)
        .margin_right(16)
        .margin_top(6)
        .build_cartesian_2d(first..last, 0.0..1.0)
        .map_err(reason)?;
    axes.configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(FAINT)
        .x_label_formatter(&|value| format!("{value:.0}"))
        .x_desc(axis.label())
        .label_style(("sans-serif", 15).into_font().color(&INK))
        .axis_desc_style(("sans-serif", 16).into_font().color(&INK))
        .draw()
        .map_err(reason)?;
    for metric in metrics {
        let colour = COLOURS[Metric::PAPER.iter().position(|other| other == metric).unwrap_or_default()];
        let bands: Vec<_> = values
            .iter()
            .filter_map(|&value| {
                let here = |cell: &_| axis.of(cell) == value && ends.iter().all(|(other, end)| other.of(cell) == *end);
                Some((f64::from(value), chart.band(*metric, here)?))
            })
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

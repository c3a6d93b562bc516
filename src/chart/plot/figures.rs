//! A figure of the paper as a picture: ours as lines with a band over seeds, the published values as rings.

use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;

use super::{COLOURS, FAINT, Failure, INK, PlotError, ending, on_canvas, reason};
use crate::chart::figures::{Figure, Panel};
use crate::chart::{Axis, PhaseChart};

const SIZE: (u32, u32) = (1400, 520);

impl Figure {
    /// Draws it to `path`, `.svg` or `.png`; `chart` is the one that it is of.
    pub fn draw(&self, chart: &PhaseChart, path: &Path) -> Result<(), PlotError> {
        match ending(path).as_str() {
            "svg" => on_canvas(SVGBackend::new(path, SIZE), |root| self.draw_on(chart, root)),
            "png" => on_canvas(BitMapBackend::new(path, SIZE), |root| self.draw_on(chart, root)),
            other => Err(PlotError::Ending(other.into())),
        }
    }

    fn draw_on<B: DrawingBackend>(&self, chart: &PhaseChart, root: &DrawingArea<B, Shift>) -> Result<(), Failure> {
        let heading = format!("{}, by {}", chart.title, self.over.label(chart));
        root.draw(&Text::new(heading, (20, 14), ("sans-serif", 24).into_font().color(&INK))).map_err(reason)?;
        let note = format!(
            "{}; lines: ours, {} seeds, band of one standard deviation; rings: the paper, read off its figures",
            self.place,
            chart.axes.seed.len()
        );
        root.draw(&Text::new(note, (20, 44), ("sans-serif", 16).into_font().color(&INK))).map_err(reason)?;
        let (left, right) = root.margin(70, 8, 12, 12).split_horizontally(690);
        panel(chart, self.over, &self.panels[0], &left)?;
        panel(chart, self.over, &self.panels[1], &right)
    }
}

fn panel<B: DrawingBackend>(
    chart: &PhaseChart,
    over: Axis,
    panel: &Panel,
    area: &DrawingArea<B, Shift>,
) -> Result<(), Failure> {
    let values = over.values(chart);
    // Widths are drawn at their true distances; epochs and sample sizes, which grow by factors, evenly.
    let place = |value: u32| match over {
        Axis::Width => f64::from(value),
        _ => values.iter().position(|&other| other == value).unwrap_or_default() as f64,
    };
    let (first, last) = (place(values[0]), values.last().map_or(1.0, |&last| place(last)));
    let mut axes = ChartBuilder::on(area)
        .caption(panel.title, ("sans-serif", 18).into_font().color(&INK))
        .x_label_area_size(48)
        .y_label_area_size(48)
        .margin_right(20)
        .build_cartesian_2d(first..last.max(first + 1.0), 0.0..1.0)
        .map_err(reason)?;
    let name = |at: &f64| match over {
        Axis::Width => format!("{at:.0}"),
        _ if at.fract() == 0.0 => values.get(*at as usize).map(u32::to_string).unwrap_or_default(),
        _ => String::new(),
    };
    axes.configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(FAINT)
        .x_labels(if over == Axis::Width { 11 } else { values.len() })
        .x_label_formatter(&name)
        .x_desc(over.label(chart))
        .label_style(("sans-serif", 15).into_font().color(&INK))
        .axis_desc_style(("sans-serif", 16).into_font().color(&INK))
        .draw()
        .map_err(reason)?;
    for (curve, colour) in panel.curves.iter().zip(COLOURS.iter().cycle()) {
        let edge = |side: f64| {
            curve.ours.iter().map(move |(at, band)| (place(*at), (band.mean + side * band.deviation).clamp(0.0, 1.0)))
        };
        let outline: Vec<_> = edge(1.0).chain(edge(-1.0).rev()).collect();
        axes.draw_series([Polygon::new(outline, colour.mix(0.2))]).map_err(reason)?;
        axes.draw_series(LineSeries::new(edge(0.0), colour.stroke_width(2)))
            .map_err(reason)?
            .label(curve.label.clone())
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], colour.stroke_width(3)));
        let rings =
            curve.published.iter().map(|&(at, value)| Circle::new((place(at), value), 5, colour.stroke_width(2)));
        axes.draw_series(rings).map_err(reason)?;
    }
    let corner =
        if panel.title.starts_with('r') { SeriesLabelPosition::UpperRight } else { SeriesLabelPosition::LowerRight };
    axes.configure_series_labels()
        .position(corner)
        .background_style(WHITE.mix(0.8))
        .label_font(("sans-serif", 15).into_font().color(&INK))
        .draw()
        .map_err(reason)
}

//! Two axes of the chart, a colour for the metric, lines between regimes.

use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::ranged1d::SegmentedCoord;
use plotters::coord::types::RangedCoordusize;
use plotters::prelude::*;

use super::difference::{self, Differences};
use super::{FAINT, Failure, INK, Picture, reason};
use crate::chart::{Axis, PhaseChart, Place, Places, Regime};

/// The colours of the metric, and the lines between regimes.
pub(super) fn draw<B: DrawingBackend>(
    picture: &Picture,
    chart: &PhaseChart,
    area: &DrawingArea<B, Shift>,
) -> Result<(), Failure> {
    let (area, strip) = &area.split_vertically(area.dim_in_pixel().1 - 34);
    let places = chart.places();
    let best = places.best_categorization().unwrap_or_default();
    fill(picture, &places, best, &mut axes(picture, chart, area)?, 4)?;
    legend(strip)
}

/// The same squares and lines, so thick, on axes that are there; `best` is the best categorization of the chart.
pub(super) fn fill<B: DrawingBackend>(
    picture: &Picture,
    places: &Places<'_>,
    best: f64,
    axes: &mut Axes<'_, B>,
    thick: u32,
) -> Result<(), Failure> {
    let chart = places.chart();
    let colour = |place| Some(ViridisRGB.get_color(places.band(picture.metric, place)?.mean));
    let regime = |place| places.regime(picture.thresholds, best, place);
    squares(picture, chart, axes, WHITE, colour)?;
    borders(picture, chart, axes, thick, regime)
}

/// The differences, in colours around 0.
pub(super) fn draw_difference<B: DrawingBackend>(
    picture: &Picture,
    chart: &PhaseChart,
    differences: &Differences<'_>,
    area: &DrawingArea<B, Shift>,
) -> Result<(), Failure> {
    let (area, strip) = &area.split_vertically(area.dim_in_pixel().1 - 34);
    let grid = picture.grid;
    let (columns, rows) = (grid.x.values(chart), grid.y.values(chart));
    let all = columns.iter().flat_map(|&x| rows.iter().map(move |&y| grid.place_of(x, y)));
    let found: Vec<f64> = all.filter_map(|place| differences.at(picture.metric, place)).map(f64::abs).collect();
    if found.is_empty() {
        return Err("the two charts have no network in common here".into());
    }
    let end = difference::ends(found.into_iter().fold(0.0, f64::max));
    let colour = |place| Some(difference::colour(differences.at(picture.metric, place)?, end));
    squares(picture, chart, &mut axes(picture, chart, area)?, FAINT, colour)?;
    difference::legend(strip, end)
}

/// The axes of squares, each a step long.
type Axes<'a, B> = ChartContext<'a, B, Cartesian2d<SegmentedCoord<RangedCoordusize>, SegmentedCoord<RangedCoordusize>>>;

/// Axes with their names.
fn axes<'a, B: DrawingBackend>(
    picture: &Picture,
    chart: &PhaseChart,
    area: &'a DrawingArea<B, Shift>,
) -> Result<Axes<'a, B>, Failure> {
    let grid = picture.grid;
    let (columns, rows) = (grid.x.values(chart), grid.y.values(chart));
    let caption = match grid.place(chart) {
        place if place.is_empty() => picture.metric.label().to_owned(),
        place => format!("{} at {place}", picture.metric.label()),
    };
    let mut axes = ChartBuilder::on(area)
        .caption(caption, ("sans-serif", 22).into_font().color(&INK))
        .x_label_area_size(64)
        .y_label_area_size(84)
        .margin_right(16)
        .build_cartesian_2d((0..columns.len() - 1).into_segmented(), (0..rows.len() - 1).into_segmented())
        .map_err(reason)?;
    let name = |axis: Axis, values: &[u32], place: &SegmentValue<usize>| match place {
        SegmentValue::CenterOf(index) => values.get(*index).map(|&value| axis.text(chart, value)).unwrap_or_default(),
        _ => String::new(),
    };
    axes.configure_mesh()
        .disable_mesh()
        .x_labels(columns.len().min(24))
        .y_labels(rows.len())
        .x_label_formatter(&|place| name(grid.x, &columns, place))
        .y_label_formatter(&|place| name(grid.y, &rows, place))
        .x_desc(grid.x.label(chart))
        .y_desc(grid.y.label(chart))
        .label_style(("sans-serif", 16).into_font().color(&INK))
        .axis_desc_style(("sans-serif", 18).into_font().color(&INK))
        .draw()
        .map_err(reason)?;
    Ok(axes)
}

/// From one square's edge to the next.
type Corner = (SegmentValue<usize>, SegmentValue<usize>);

/// The corner before a square of so many columns and rows.
fn corner([columns, rows]: [usize; 2], column: usize, row: usize) -> Corner {
    let edge = |place, count| if place < count { SegmentValue::Exact(place) } else { SegmentValue::Last };
    (edge(column, columns), edge(row, rows))
}

fn squares<B: DrawingBackend>(
    picture: &Picture,
    chart: &PhaseChart,
    axes: &mut Axes<'_, B>,
    gap: RGBColor,
    colour: impl Fn(Place) -> Option<RGBColor>,
) -> Result<(), Failure> {
    let grid = picture.grid;
    let (columns, rows) = (grid.x.values(chart), grid.y.values(chart));
    let corner = |column, row| corner([columns.len(), rows.len()], column, row);
    for (column, &x) in columns.iter().enumerate() {
        for (row, &y) in rows.iter().enumerate() {
            let colour = colour(grid.place_of(x, y)).unwrap_or(gap);
            let (low, high) = (corner(column, row), corner(column + 1, row + 1));
            axes.draw_series([Rectangle::new([low, high], colour.filled())]).map_err(reason)?;
        }
    }
    Ok(())
}

/// Lines between squares of different regimes.
fn borders<B: DrawingBackend>(
    picture: &Picture,
    chart: &PhaseChart,
    axes: &mut Axes<'_, B>,
    thick: u32,
    regime: impl Fn(Place) -> Option<Regime>,
) -> Result<(), Failure> {
    let grid = picture.grid;
    let (columns, rows) = (grid.x.values(chart), grid.y.values(chart));
    let corner = |column, row| corner([columns.len(), rows.len()], column, row);
    let of_column = |&x: &u32| -> Vec<Option<Regime>> { rows.iter().map(|&y| regime(grid.place_of(x, y))).collect() };
    let regimes: Vec<_> = columns.iter().map(of_column).collect();
    let regime = |column: usize, row: usize| *regimes.get(column)?.get(row)?;
    for column in 0..columns.len() {
        for row in 0..rows.len() {
            let here = regime(column, row);
            let right = (column + 1, row, [corner(column + 1, row), corner(column + 1, row + 1)]);
            let above = (column, row + 1, [corner(column, row + 1), corner(column + 1, row + 1)]);
            for (other_column, other_row, edge) in [right, above] {
                let other = regime(other_column, other_row);
                if let (Some(here), Some(other)) = (here, other)
                    && here != other
                {
                    axes.draw_series([PathElement::new(edge, border(here, other, thick))]).map_err(reason)?;
                }
            }
        }
    }
    Ok(())
}

/// White where codes stop colliding, rose where accuracy stops rising.
fn border(here: Regime, other: Regime, thick: u32) -> ShapeStyle {
    let colour = if [here, other].contains(&Regime::Under) { WHITE } else { RGBColor(255, 99, 132) };
    colour.stroke_width(thick)
}

pub(super) fn legend<B: DrawingBackend>(area: &DrawingArea<B, Shift>) -> Result<(), Failure> {
    let (left, top) = (570, 10);
    for step in 0..100 {
        let x = left + step * 2;
        let colour = ViridisRGB.get_color(f64::from(step) / 99.0);
        area.draw(&Rectangle::new([(x, top), (x + 2, top + 12)], colour.filled())).map_err(reason)?;
    }
    let text = |text: &'static str, x| Text::new(text, (x, top - 2), ("sans-serif", 15).into_font().color(&INK));
    area.draw(&text("0", left - 14)).map_err(reason)?;
    area.draw(&text("1", left + 206)).map_err(reason)?;
    area.draw(&text("lines (our rule): white, codes stop colliding; rose, accuracy stops rising", 84)).map_err(reason)
}

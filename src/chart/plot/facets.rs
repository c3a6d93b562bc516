//! Small multiples: a small heatmap for each value of a third axis, all with the same colours and rules.

use plotters::coord::Shift;
use plotters::prelude::*;

use super::heatmap::{fill, legend};
use super::{Failure, INK, Picture, reason};
use crate::chart::{Axis, PhaseChart};

/// How many stand side by side: rows as even as can be, at most seven in each.
fn abreast(count: usize) -> usize {
    const MOST: usize = 7;
    count.div_ceil(count.div_ceil(MOST))
}

pub(super) fn draw<B: DrawingBackend>(
    picture: &Picture,
    facet: Axis,
    chart: &PhaseChart,
    area: &DrawingArea<B, Shift>,
) -> Result<(), Failure> {
    let (area, strip) = area.split_vertically(area.dim_in_pixel().1 - 34);
    let (head, area) = area.split_vertically(56);
    let others: Vec<_> = picture
        .grid
        .held()
        .filter(|&(axis, _)| axis != facet && axis.values(chart).len() > 1)
        .map(|(axis, at)| format!(", {} {}", axis.label(chart), axis.text(chart, at)))
        .collect();
    let caption = format!("{} for each {}{}", picture.metric.label(), facet.label(chart), others.concat());
    let ends = |axis: Axis| {
        let values = axis.values(chart);
        let text = |value: Option<&u32>| value.map(|&value| axis.text(chart, value)).unwrap_or_default();
        format!("{} {} to {}", axis.label(chart), text(values.first()), text(values.last()))
    };
    let axes = format!("across: {}; up: {}", ends(picture.grid.x), ends(picture.grid.y));
    for (text, y, size) in [(caption, 0, 22), (axes, 30, 16)] {
        head.draw(&Text::new(text, (0, y), ("sans-serif", size).into_font().color(&INK))).map_err(reason)?;
    }
    let values = facet.values(chart);
    let abreast = abreast(values.len());
    let cells = area.split_evenly((values.len().div_ceil(abreast), abreast));
    let places = chart.places();
    let best = places.best_categorization().unwrap_or_default();
    for (&value, cell) in values.iter().zip(&cells) {
        let own = Picture { grid: picture.grid.held_at(facet, value), facet: None, ..*picture };
        let (columns, rows) = (own.grid.x.values(chart).len(), own.grid.y.values(chart).len());
        let mut axes = ChartBuilder::on(cell)
            .caption(facet.text(chart, value), ("sans-serif", 18).into_font().color(&INK))
            .margin(5)
            .build_cartesian_2d((0..columns - 1).into_segmented(), (0..rows - 1).into_segmented())
            .map_err(reason)?;
        fill(&own, &places, best, &mut axes, 2)?;
    }
    legend(&strip)
}

#[cfg(test)]
mod tests {
    use super::abreast;

    #[test]
    fn rows_are_as_even_as_can_be() {
        assert_eq!([1, 5, 7, 8, 14, 16].map(abreast), [1, 5, 7, 4, 7, 6]);
    }
}

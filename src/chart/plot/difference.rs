//! One chart minus another: for each network of the one, what the same network of the other has less, in colours around 0.

use plotters::coord::Shift;
use plotters::prelude::*;

use super::{Failure, INK, reason};
use crate::chart::places::{Place, Places};
use crate::chart::{Axis, Metric, PhaseChart};

/// What is subtracted from a chart.
#[derive(Debug, Clone, Copy)]
pub enum Minus<'a> {
    /// The networks of another chart at the same places. Of a factor that both have, the same value is taken; otherwise its first.
    Chart {
        /// That chart.
        chart: &'a PhaseChart,
        /// What it is called where its title is that of the first.
        name: &'a str,
    },
    /// The chart's own networks at one level of its factor.
    Level(u32),
}

/// ColorBrewer's PuOr, from less to more.
const PALETTE: [RGBColor; 11] = [
    RGBColor(0x2d, 0x00, 0x4b),
    RGBColor(0x54, 0x27, 0x88),
    RGBColor(0x80, 0x73, 0xac),
    RGBColor(0xb2, 0xab, 0xd2),
    RGBColor(0xd8, 0xda, 0xeb),
    RGBColor(0xf7, 0xf7, 0xf7),
    RGBColor(0xfe, 0xe0, 0xb6),
    RGBColor(0xfd, 0xb8, 0x63),
    RGBColor(0xe0, 0x82, 0x14),
    RGBColor(0xb3, 0x58, 0x06),
    RGBColor(0x7f, 0x3b, 0x08),
];
/// Where two charts are the same, the ends of the scale are here.
const SMALLEST: f64 = 0.01;

impl Minus<'_> {
    /// What is subtracted, in words.
    pub(super) fn name(&self, chart: &PhaseChart) -> String {
        match self {
            Self::Chart { chart: other, name } if other.title == chart.title => (*name).to_owned(),
            Self::Chart { chart: other, .. } => other.title.clone(),
            Self::Level(level) => format!("{} {}", Axis::Factor.label(chart), Axis::Factor.text(chart, *level)),
        }
    }
}

/// The differences of a chart's places.
pub(super) struct Differences<'a> {
    chart: &'a PhaseChart,
    own: Places<'a>,
    minus: Minus<'a>,
    other: Places<'a>,
}

impl<'a> Differences<'a> {
    pub(super) fn of(chart: &'a PhaseChart, minus: Minus<'a>) -> Self {
        let other = match minus {
            Minus::Chart { chart, .. } => chart.places(),
            Minus::Level(_) => chart.places(),
        };
        Self { chart, own: chart.places(), minus, other }
    }

    /// Mean over seeds less the other's mean; none where one of the two has no such network.
    pub(super) fn at(&self, metric: Metric, place: Place) -> Option<f64> {
        let [width, epoch, samples, level] = place;
        let theirs = [width, epoch, samples, self.level(level)?];
        Some(self.own.band(metric, place)?.mean - self.other.band(metric, theirs)?.mean)
    }

    fn level(&self, own: u32) -> Option<u32> {
        let other = match self.minus {
            Minus::Level(level) => return Some(level),
            Minus::Chart { chart, .. } => chart,
        };
        let (Some(ours), Some(theirs)) = (&self.chart.axes.factor, &other.axes.factor) else { return Some(0) };
        if ours.label() != theirs.label() {
            return Some(0);
        }
        let wanted = ours.values().into_iter().nth(own as usize)?;
        theirs.values().into_iter().position(|value| value == wanted).map(|at| at as u32)
    }
}

/// The next of 1, 2, 5, 10 ... of a power of ten that is not below: the scale's ends.
pub(super) fn ends(most: f64) -> f64 {
    let power = 10_f64.powf(most.max(SMALLEST).log10().floor());
    [1.0, 2.0, 5.0].map(|step| step * power).into_iter().find(|&end| end >= most * (1.0 - 1e-9)).unwrap_or(10.0 * power)
}

/// The colour of a difference, between the ends.
pub(super) fn colour(difference: f64, end: f64) -> RGBColor {
    let last = PALETTE.len() - 1;
    let at = ((difference / end + 1.0) / 2.0).clamp(0.0, 1.0) * last as f64;
    let below = (at as usize).min(last - 1);
    let (from, to) = (PALETTE[below], PALETTE[below + 1]);
    let mixed =
        |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * (at - below as f64)).round() as u8;
    RGBColor(mixed(from.0, to.0), mixed(from.1, to.1), mixed(from.2, to.2))
}

pub(super) fn legend<B: DrawingBackend>(area: &DrawingArea<B, Shift>, end: f64) -> Result<(), Failure> {
    let (left, top) = (570, 10);
    for step in 0..100 {
        let x = left + step * 2;
        let share = f64::from(step) / 99.0;
        area.draw(&Rectangle::new([(x, top), (x + 2, top + 12)], colour((2.0 * share - 1.0) * end, end).filled()))
            .map_err(reason)?;
    }
    let text = |text: String, x| Text::new(text, (x, top - 2), ("sans-serif", 15).into_font().color(&INK));
    area.draw(&text(format!("-{end}"), left - 40)).map_err(reason)?;
    area.draw(&text(format!("+{end}"), left + 206)).map_err(reason)?;
    area.draw(&text("grey: in one of the two charts only".into(), 84)).map_err(reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Cell;

    fn chart() -> PhaseChart {
        PhaseChart::from_json(include_str!("../../../www/charts/mnist-batch-norm.json")).unwrap()
    }

    fn place(cell: &Cell) -> Place {
        [cell.width, cell.epoch, cell.samples, cell.level]
    }

    /// By hand.
    fn mean(chart: &PhaseChart, at: Place) -> f64 {
        let numbers: Vec<f64> =
            chart.cells.iter().filter(|cell| place(cell) == at).map(|cell| cell.redundancy.train).collect();
        numbers.iter().sum::<f64>() / numbers.len() as f64
    }

    #[test]
    fn a_difference_is_mean_less_mean_and_nothing_where_one_has_no_network() {
        let (one, mut two) = (chart(), chart());
        for cell in &mut two.cells {
            cell.redundancy.train *= 0.5;
        }
        let gone = place(&two.cells[0]);
        two.cells.retain(|cell| place(cell) != gone);
        let differences = Differences::of(&one, Minus::Chart { chart: &two, name: "two" });
        assert_eq!(differences.at(Metric::RedundancyTrain, gone), None);
        for cell in &two.cells {
            let difference = differences.at(Metric::RedundancyTrain, place(cell)).unwrap();
            assert!((difference - (mean(&one, place(cell)) - mean(&two, place(cell)))).abs() < 1e-12, "{difference}");
        }
    }

    #[test]
    fn one_value_of_a_factor_is_subtracted_from_another() {
        let chart = chart();
        let differences = Differences::of(&chart, Minus::Level(0));
        for cell in chart.cells.iter().filter(|cell| cell.level == 1) {
            let [width, epoch, samples, _] = place(cell);
            let by_hand = mean(&chart, place(cell)) - mean(&chart, [width, epoch, samples, 0]);
            let difference = differences.at(Metric::RedundancyTrain, place(cell)).unwrap();
            assert!((difference - by_hand).abs() < 1e-12, "{difference}");
        }
        assert_eq!(Minus::Level(0).name(&chart), "batch norm without");
    }

    #[test]
    fn the_scale_ends_at_a_round_number_and_is_white_in_its_middle() {
        for (most, end) in [(0.0, 0.01), (0.013, 0.02), (0.2, 0.2), (0.21, 0.5), (0.7, 1.0)] {
            assert!((ends(most) - end).abs() < 1e-12, "{most}: {}", ends(most));
        }
        assert_eq!(colour(0.0, 0.2), PALETTE[5]);
        assert_eq!(colour(-1.0, 0.2), PALETTE[0]);
        assert_eq!(colour(0.2, 0.2), PALETTE[10]);
    }
}

//! L-BFGS for a convex function, with the gradient supplied by the caller: it asks for the gradient at a point and is given it. So the many
//! small problems of a one-vs-one classifier advance together, and one pass over the data serves them all.
//!
//! The line search needs no function values: along a line the slope of a convex function increases, and the minimum is where it is zero.
//! Coming near it is enough (Wolfe's curvature condition).

use std::collections::VecDeque;

/// Steps remembered (SciPy's default).
const MEMORY: usize = 10;
/// Share of the slope along a line that may be left (SciPy's, as Nocedal and Wright recommend).
const LEFT: f64 = 0.9;
/// How much farther than the last try, at most.
const FARTHEST: f64 = 8.0;
/// Tries along one line; by then it is as good as it gets.
const MOST_TRIES: u32 = 20;

/// The inner product of two vectors.
pub(super) type Metric = fn(&[f64], &[f64]) -> f64;

/// Number by number.
pub(super) fn euclidean(one: &[f64], two: &[f64]) -> f64 {
    one.iter().zip(two).map(|(one, two)| one * two).sum()
}

/// A point, and the gradient there.
#[derive(Debug, Clone, Default)]
struct Point {
    at: Vec<f64>,
    gradient: Vec<f64>,
}

/// One step: what the point moved by, what the gradient moved by, one over their product.
#[derive(Debug)]
struct Moved {
    by: Vec<f64>,
    gradient: Vec<f64>,
    scale: f64,
}

/// A line that is searched for where its slope is nearly 0.
#[derive(Debug)]
struct Line {
    from: Point,
    direction: Vec<f64>,
    /// At its start, below 0.
    slope: f64,
    /// The farthest place where it still falls, with the slope there; the nearest where it rises.
    falls: (f64, f64),
    rises: Option<(f64, f64)>,
    place: f64,
    tries: u32,
}

/// A minimisation under way.
#[derive(Debug)]
pub(super) struct Minimiser {
    dot: Metric,
    here: Vec<f64>,
    line: Option<Line>,
    memory: VecDeque<Moved>,
    steps: u32,
    done: bool,
}

impl Minimiser {
    /// From the origin of so many numbers, `most` steps at most. The closer the curvatures there are to 1, the sooner it is done.
    pub fn new(dot: Metric, numbers: usize, most: u32) -> Self {
        Self { dot, here: vec![0.0; numbers], line: None, memory: VecDeque::new(), steps: most, done: false }
    }

    /// Where the gradient is wanted; the minimum when [done](Self::is_done).
    pub fn at(&self) -> &[f64] {
        &self.here
    }

    /// What is found is good enough; how it was found is forgotten.
    pub fn finish(&mut self) {
        (self.line, self.memory, self.done) = (None, VecDeque::new(), true);
    }

    /// Whether that was said, or the steps are spent.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Takes the gradient there.
    pub fn tell(&mut self, gradient: &[f64]) {
        let Some(line) = &mut self.line else { return self.turn(gradient) };
        let slope = (self.dot)(gradient, &line.direction);
        let tried = (line.place, slope);
        if slope.abs() <= LEFT * line.slope.abs() || line.tries == MOST_TRIES {
            self.remember(gradient);
            return self.turn(gradient);
        }
        line.tries += 1;
        if slope < 0.0 {
            line.falls = tried;
        } else {
            line.rises = Some(tried);
        }
        let (near, fall) = line.falls;
        line.place = match line.rises {
            // Where the chord of the slope crosses 0, kept away from both ends.
            Some((far, rise)) => near + (far - near) * (fall / (fall - rise)).clamp(0.1, 0.9),
            None => {
                // Follow the last chord of the slope further.
                let chord = line.place * line.slope / (line.slope - slope);
                if chord > line.place { chord.min(line.place * FARTHEST) } else { line.place * FARTHEST }
            }
        };
        self.here = along(&line.from.at, &line.direction, line.place);
    }

    /// Begins the next line.
    fn turn(&mut self, gradient: &[f64]) {
        if self.steps == 0 {
            return self.finish();
        }
        self.steps -= 1;
        let mut direction = self.direction(gradient);
        let mut slope = (self.dot)(gradient, &direction);
        if slope >= 0.0 {
            // Rounding has spoilt the remembered steps.
            self.memory.clear();
            direction = self.direction(gradient);
            slope = (self.dot)(gradient, &direction);
        }
        let from = Point { at: std::mem::take(&mut self.here), gradient: gradient.to_vec() };
        self.here = along(&from.at, &direction, 1.0);
        self.line = Some(Line { from, direction, slope, falls: (0.0, slope), rises: None, place: 1.0, tries: 1 });
    }

    fn remember(&mut self, gradient: &[f64]) {
        let Some(Line { from, .. }) = &self.line else { return };
        let by = along(&self.here, &from.at, -1.0);
        let gradient = along(gradient, &from.gradient, -1.0);
        let product = (self.dot)(&by, &gradient);
        if product > 0.0 {
            if self.memory.len() == MEMORY {
                self.memory.pop_front();
            }
            self.memory.push_back(Moved { by, gradient, scale: 1.0 / product });
        }
    }

    /// Down the gradient, bent by the steps that are remembered (Nocedal and Wright, algorithm 7.4).
    fn direction(&self, gradient: &[f64]) -> Vec<f64> {
        let mut bent: Vec<f64> = gradient.iter().map(|slope| -slope).collect();
        let mut shares = Vec::with_capacity(self.memory.len());
        for moved in self.memory.iter().rev() {
            let share = moved.scale * (self.dot)(&moved.by, &bent);
            add(&mut bent, &moved.gradient, -share);
            shares.push(share);
        }
        if let Some(last) = self.memory.back() {
            let curvature = 1.0 / (last.scale * (self.dot)(&last.gradient, &last.gradient));
            bent.iter_mut().for_each(|part| *part *= curvature);
        }
        for (moved, share) in self.memory.iter().zip(shares.into_iter().rev()) {
            let back = moved.scale * (self.dot)(&moved.gradient, &bent);
            add(&mut bent, &moved.by, share - back);
        }
        bent
    }
}

fn add(to: &mut [f64], direction: &[f64], by: f64) {
    to.iter_mut().zip(direction).for_each(|(to, part)| *to += by * part);
}

fn along(from: &[f64], direction: &[f64], by: f64) -> Vec<f64> {
    from.iter().zip(direction).map(|(from, part)| from + by * part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minimum(dimensions: usize, gradient: impl Fn(&[f64]) -> Vec<f64>) -> (Vec<f64>, u32) {
        let mut minimiser = Minimiser::new(euclidean, dimensions, 500);
        let mut asked = 0;
        while !minimiser.is_done() {
            let gradient = gradient(minimiser.at());
            match gradient.iter().all(|slope| slope.abs() <= 1e-8) {
                true => minimiser.finish(),
                false => minimiser.tell(&gradient),
            }
            asked += 1;
        }
        (minimiser.at().to_vec(), asked)
    }

    #[test]
    fn a_long_valley_is_walked_to_its_end() {
        let (at, asked) =
            minimum(5, |at| at.iter().enumerate().map(|(axis, x)| 10_f64.powi(axis as i32) * (x - 3.0)).collect());
        assert!(at.iter().all(|x| (x - 3.0).abs() < 1e-7) && asked < 100, "{at:?} after {asked}");
    }

    #[test]
    fn a_slope_that_hardly_rises_and_one_that_rises_at_once_are_searched() {
        // Flat far away: the first tries fall short. And the fourth power: they go too far.
        let (at, _) = minimum(1, |at| vec![(at[0] - 400.0) / (1.0 + (at[0] - 400.0).powi(2)).sqrt()]);
        assert!((at[0] - 400.0).abs() < 1e-6, "{at:?}");
        let (at, _) = minimum(1, |at| vec![4e6 * (at[0] - 0.01).powi(3)]);
        assert!((at[0] - 0.01).abs() < 2e-5, "{at:?}");
    }

    #[test]
    fn where_nothing_slopes_nothing_moves_and_steps_are_counted() {
        assert_eq!(minimum(2, |_| vec![0.0, 0.0]), (vec![0.0, 0.0], 1));
        let mut endless = Minimiser::new(euclidean, 1, 3);
        let asked = (0..200)
            .take_while(|_| {
                !endless.is_done() && {
                    endless.tell(&[-1.0]);
                    true
                }
            })
            .count(); // a function that falls for ever
        assert!(endless.is_done() && asked < 200);
    }
}

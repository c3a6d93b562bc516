//! How far reading is.

use std::cell::Cell;

/// Steps in which it is told.
const STEP: f64 = 0.01;

/// Tells the share of the work that is done.
pub(super) struct Progress<'a> {
    told: &'a dyn Fn(f64),
    all: Cell<f64>,
    done: Cell<f64>,
    said: Cell<f64>,
}

impl<'a> Progress<'a> {
    pub fn new(told: &'a dyn Fn(f64)) -> Self {
        Self { told, all: Cell::new(1.0), done: Cell::new(0.0), said: Cell::new(0.0) }
    }

    /// Says how much work there is, in any unit, before any is done.
    pub fn begin(&self, all: usize) {
        self.all.set((all as f64).max(1.0));
    }

    /// So much more is done.
    pub fn add(&self, work: usize) {
        self.done.set(self.done.get() + work as f64);
        let share = (self.done.get() / self.all.get()).min(1.0);
        if share >= self.said.get() + STEP {
            self.said.set(share);
            (self.told)(share);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_in_steps_and_never_above_all() {
        let said = std::cell::RefCell::new(Vec::new());
        let told = |share| said.borrow_mut().push(share);
        let progress = Progress::new(&told);
        progress.begin(1_000);
        (0..600).for_each(|_| progress.add(2));
        let said = said.into_inner();
        let last = said.last().copied().unwrap_or_default();
        assert!(said.len() <= 100 && said.is_sorted() && (0.98..=1.0).contains(&last), "{said:?}");
    }
}

//! What follows the products runs over few units at a time, so that it is compiled once for blocks of any width.

/// Units that are computed together: every block is as wide as a multiple of it.
pub(super) const STRIP: usize = 8;

/// Of numbers for each unit those of one strip after the other.
#[inline(always)]
pub(super) fn strips(of_units: &[f32]) -> impl Iterator<Item = &[f32; STRIP]> {
    of_units.as_chunks().0.iter()
}

/// The same, to be changed.
#[inline(always)]
pub(super) fn strips_mut(of_units: &mut [f32]) -> impl Iterator<Item = &mut [f32; STRIP]> {
    of_units.as_chunks_mut().0.iter_mut()
}

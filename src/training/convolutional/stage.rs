//! What a unit makes of a batch, and the gradients of it.

use crate::engine::Maps;
use crate::network::Then;

/// Room for both, filled anew by each network whose units are of the same sizes.
#[derive(Debug, Default)]
pub(super) struct Stage {
    /// With a stride, what all places come to, of which every second one is kept; and its gradient.
    pub whole: Maps,
    pub of_whole: Maps,
    /// With batch norm, the products less their mean and by their deviation.
    pub normalised: Maps,
    /// What the rectifier lets through.
    pub out: Maps,
    /// What is passed on, where it is not that.
    pub passed: Maps,
    /// The gradients of the last two.
    pub of_out: Maps,
    pub of_passed: Maps,
    /// What came back by the shortcut that begins here.
    pub of_shortcut: Maps,
}

impl Stage {
    /// What comes into the next layer, and where its gradient belongs.
    pub fn ends(&mut self, then: Then) -> (&Maps, &mut Maps) {
        match then {
            Then::Nothing => (&self.out, &mut self.of_out),
            Then::Pooled | Then::Averaged => (&self.passed, &mut self.of_passed),
        }
    }
}

//! Ctrl+C, SIGTERM and SIGHUP: the first stops the run in order, with everything finished saved; the second ends it at once.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{Failure, tell};

/// The exit code of a run that was interrupted: what shells give for Ctrl+C.
pub(super) const INTERRUPTED: i32 = 130;

static ASKED: AtomicBool = AtomicBool::new(false);

/// From now on interrupts are noted instead of followed.
pub(super) fn hear_interrupts() -> Result<(), Failure> {
    ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED);
        }
        tell("stopping after the current step; press Ctrl+C again to stop at once");
    })
    .map_err(|error| format!("Ctrl+C cannot be caught ({error}): run it from a shell").into())
}

/// Whether the run was asked to end.
pub(super) fn is_interrupted() -> bool {
    ASKED.load(Ordering::Relaxed)
}

//! Where results go: files that are either whole or not there, and standard output.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Failure;

/// A file to be written at the end of long work: checked at the start, complete or absent at the end.
pub(super) struct Output {
    path: PathBuf,
    /// Beside the path and with its ending, so that moving it there is one step.
    draft: PathBuf,
}

impl Output {
    /// Makes sure that the file can be written.
    pub fn at(path: &Path) -> Result<Self, Failure> {
        let name =
            path.file_name().ok_or_else(|| format!("'{}' names no file: give -o a file name", path.display()))?;
        let draft = path.with_file_name(format!(".{}-{}", std::process::id(), name.to_string_lossy()));
        let output = Self { path: path.into(), draft };
        // Made and removed at once: long work that is interrupted leaves nothing behind.
        fs::write(&output.draft, "")
            .and_then(|()| fs::remove_file(&output.draft))
            .map_err(|error| output.refused(&error))?;
        Ok(output)
    }

    /// Lets `make` write the draft, then puts it in its place.
    pub fn finish(&self, make: impl FnOnce(&Path) -> Result<(), Failure>) -> Result<(), Failure> {
        make(&self.draft)?;
        fs::rename(&self.draft, &self.path).map_err(|error| self.refused(&error))?;
        Ok(())
    }

    fn refused(&self, error: &std::io::Error) -> String {
        format!("'{}' cannot be written ({error}): choose another place with -o", self.path.display())
    }
}

/// Prints an answer. A reader who has seen enough of it, as `head`, is no failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("the answer cannot be printed ({error}): direct it to a place that can be written").into())
        }
        _ => Ok(()),
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // Only a failure in `finish` leaves a draft; else there is none, which is no error.
        let _ = fs::remove_file(&self.draft);
    }
}

//! The journal beside an unfinished chart: each network is written to disk before the next one is reported, and only one run at a time
//! may use it.

use std::cell::Cell;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use hash_phase::chart::{Entry, PhaseChart};

use super::output::sync_folder;
use super::{Failure, Output, tell};

/// A journal that this run has.
pub(super) struct Journal {
    path: PathBuf,
    /// Locked as long as it is open.
    file: File,
    /// Bytes that are whole lines on the disk.
    sound: u64,
    /// What could not be written yet.
    owed: String,
    /// Nothing of it is there any more.
    removed: Cell<bool>,
}

impl Journal {
    /// Takes the journal of an output, makes it if there is none; none where the output is no file.
    pub fn of(output: &Output) -> Result<Option<Self>, Failure> {
        let Some(path) = output.journal() else { return Ok(None) };
        let refused = |error: &io::Error| {
            format!("'{}' cannot be written ({error}): choose another output with -o", path.display())
        };
        loop {
            let file = File::options()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)
                .map_err(|error| refused(&error))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let other = format!(
                        "another run is writing '{}': wait for it, or choose another output with -o",
                        output.display()
                    );
                    return Err(other.into());
                }
                // On a file system without locks, the user must make sure that only one run writes.
                Err(TryLockError::Error(error)) => {
                    tell(&format!(
                        "'{}' cannot be locked ({error}): do not start another run with this output",
                        path.display()
                    ));
                }
            }
            // The run that held it may have ended and removed it in between, and another run may have created its own.
            if is_at(&file, &path) {
                return Ok(Some(Self { path, file, sound: 0, owed: String::new(), removed: Cell::new(false) }));
            }
        }
    }

    /// What an earlier run left in it: the chart with all that was finished.
    pub fn left(&mut self) -> Result<Option<PhaseChart>, Failure> {
        let mut text = Vec::new();
        self.file
            .seek(SeekFrom::Start(0))
            .and_then(|_| self.file.read_to_end(&mut text))
            .map_err(|error| format!("'{}' cannot be read ({error}): check its disk", self.path.display()))?;
        let read = PhaseChart::from_journal(&text)
            .map_err(|error| format!("{}: {error}: start over with --overwrite", self.path.display()))?;
        Ok(read.map(|(chart, sound)| {
            self.sound = sound as u64;
            chart
        }))
    }

    /// Puts a line on the disk. What the disk does not take is owed, and tried again with the next one: the first time it says so.
    pub fn note(&mut self, entry: &Entry) -> Option<String> {
        let first = self.owed.is_empty();
        match entry.line().map_err(io::Error::from).and_then(|line| {
            self.owed += &line;
            self.put()
        }) {
            Ok(()) => {
                self.sound += self.owed.len() as u64;
                self.owed.clear();
                None
            }
            Err(error) => first.then(|| {
                format!(
                    "'{}' cannot be written ({error}): networks that finish from now on are kept in memory only, until it can be written again",
                    self.path.display()
                )
            }),
        }
    }

    /// At the end of a run: tries once more to write what is owed, and says how many networks the disk has, and why not more.
    pub fn settle(&mut self) -> (usize, Option<io::Error>) {
        let unwritten = if self.owed.is_empty() { None } else { self.put().err() };
        if unwritten.is_none() {
            self.owed.clear();
        }
        let kept = self.left().ok().flatten().map_or(0, |left| left.keys().count());
        (kept, unwritten)
    }

    fn put(&mut self) -> io::Result<()> {
        // The part that an earlier try wrote.
        self.file.set_len(self.sound)?;
        self.file.seek(SeekFrom::Start(self.sound))?;
        self.file.write_all(self.owed.as_bytes())?;
        self.file.sync_data()
    }

    /// How it is named to a user.
    pub fn display(&self) -> std::path::Display<'_> {
        self.path.display()
    }

    /// All of it stands in the chart.
    pub fn remove(&self) -> Result<(), Failure> {
        let removed = fs::remove_file(&self.path);
        self.removed.set(removed.is_ok());
        removed.and_then(|()| sync_folder(&self.path)).map_err(|error| {
            format!(
                "'{}' cannot be removed ({error}): remove it yourself; the chart has everything that was in it",
                self.path.display()
            )
            .into()
        })
    }
}

/// Whether an open file is what stands at `path`, and not one that was there before.
fn is_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let place = |it: fs::Metadata| (it.dev(), it.ino());
        let (open, there) = (file.metadata().map(place), fs::metadata(path).map(place));
        open.is_ok_and(|open| there.is_ok_and(|there| open == there))
    }
    #[cfg(not(unix))]
    {
        let _ = file; // an open file cannot be removed on Windows
        path.exists()
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        // A run that was refused at its start leaves nothing behind; a file that cannot be removed then is empty and does no harm.
        // A file at the same path after the removal belongs to another run.
        if !self.removed.get() && self.file.metadata().is_ok_and(|file| file.len() == 0) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

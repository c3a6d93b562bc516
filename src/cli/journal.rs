//! The journal beside a chart that is being made: each network is on the disk before the next one is told of, and one run at a time
//! has it.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

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
}

impl Journal {
    /// Takes the journal of an output, makes it if there is none; none where the output is no file.
    pub fn of(output: &Output) -> Result<Option<Self>, Failure> {
        let Some(path) = output.journal() else { return Ok(None) };
        let refused = |error: &io::Error| {
            format!("'{}' cannot be written ({error}): choose another place with -o", path.display())
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
                        "another run is making '{}': wait for it, or choose another place with -o",
                        output.display()
                    );
                    return Err(other.into());
                }
                // A file system without locks: one run at a time is then the user's own care.
                Err(TryLockError::Error(error)) => {
                    tell(&format!("'{}' cannot be locked ({error}): give no other run this place", path.display()));
                }
            }
            // The run that had it may have ended, and taken it away, in between.
            if path.exists() {
                return Ok(Some(Self { path, file, sound: 0, owed: String::new() }));
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
            .map_err(|error| format!("{}: {error}: remove it to begin anew", self.path.display()))?;
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
                    "'{}' cannot be written ({error}): what is finished from now on is kept in memory alone until it can",
                    self.path.display()
                )
            }),
        }
    }

    fn put(&mut self) -> io::Result<()> {
        // What was written of an earlier try.
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
        fs::remove_file(&self.path).and_then(|()| sync_folder(&self.path)).map_err(|error| {
            format!("'{}' cannot be removed ({error}): remove it, for the chart has all of it", self.path.display())
                .into()
        })
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        // A run that was refused at its start leaves nothing behind; what cannot be removed then is empty, and in nobody's way.
        if self.file.metadata().is_ok_and(|file| file.len() == 0) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

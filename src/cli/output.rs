//! Where results go: files that are either whole or not there, pipes and devices, and standard output.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::Failure;

/// Links that lead to a file, one after the other, at most.
const LINKS: usize = 16;

/// What the user said of what stands at `-o`: nothing is replaced unasked.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Replace {
    /// Replace an existing file
    #[arg(long)]
    overwrite: bool,
}

impl Replace {
    /// The place of an output: free, or to be replaced because that was asked for; never one of the `inputs`.
    pub fn output(self, path: &Path, inputs: &[&Path]) -> Result<Output, Failure> {
        let output = Output::at(path)?;
        if !output.is_file() {
            return Ok(output);
        }
        let there = path.canonicalize().ok();
        if there.is_some() && inputs.iter().any(|input| input.canonicalize().ok() == there) {
            return Err(
                format!("'{}' is an input of this command: choose another output with -o", path.display()).into()
            );
        }
        if output.exists() && !self.overwrite {
            return Err(format!(
                "'{}' already exists: choose another output with -o, or replace it with --overwrite",
                path.display()
            )
            .into());
        }
        Ok(output)
    }
}

/// What is to be written at the end of long work: opened or refused at the start.
pub(super) struct Output {
    /// As it was given.
    path: PathBuf,
    /// Where the work is done, with the path's ending.
    draft: PathBuf,
    place: Place,
}

/// Where the draft goes when it is whole.
enum Place {
    /// To this name, beside it, in one step.
    File(PathBuf),
    /// Into a pipe or a device.
    Stream(File),
}

impl Output {
    /// Makes sure that it can be written. Links are followed: what they lead to is written, and they stay.
    pub fn at(path: &Path) -> Result<Self, Failure> {
        let name = path.file_name().ok_or_else(|| format!("'{}' has no file name: give -o one", path.display()))?;
        let draft_name = format!(".{}-{}", std::process::id(), name.to_string_lossy());
        let target = target(path)?;
        let (draft, place) = match fs::metadata(&target) {
            Ok(there) if there.is_dir() => {
                return Err(format!("'{}' is a folder: give -o a file name in it", path.display()).into());
            }
            Ok(there) if !there.is_file() => {
                let stream = File::options().write(true).open(&target).map_err(|error| refused(path, &error))?;
                (std::env::temp_dir().join(draft_name), Place::Stream(stream))
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(refused(path, &error).into()),
            _ => (target.with_file_name(draft_name), Place::File(target)),
        };
        // Created and removed at once, so that interrupted work leaves nothing behind.
        fs::write(&draft, "").and_then(|()| fs::remove_file(&draft)).map_err(|error| refused(path, &error))?;
        Ok(Self { path: path.into(), draft, place })
    }

    /// Whether what is written first can be replaced later.
    pub fn is_file(&self) -> bool {
        matches!(self.place, Place::File(_))
    }

    /// Whether there is something already.
    pub fn exists(&self) -> bool {
        self.is_file() && self.path.exists()
    }

    /// As it was given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// As it was given, for people.
    pub fn display(&self) -> std::path::Display<'_> {
        self.path.display()
    }

    /// Where a run that makes it keeps what is finished; none where it is no file.
    pub fn journal(&self) -> Option<PathBuf> {
        match &self.place {
            Place::File(target) => {
                let mut name = target.file_name()?.to_owned();
                name.push(".journal");
                Some(target.with_file_name(name))
            }
            Place::Stream(_) => None,
        }
    }

    /// Takes away what is there, so that nothing stands beside what is written before it.
    pub fn clear(&self) -> Result<(), Failure> {
        match &self.place {
            Place::File(target) if target.exists() => fs::remove_file(target)
                .and_then(|()| sync_folder(target))
                .map_err(|error| refused(&self.path, &error).into()),
            _ => Ok(()),
        }
    }

    /// How a user finds that journal.
    pub fn journal_name(&self) -> String {
        self.journal().unwrap_or_else(|| self.path.clone()).display().to_string()
    }

    /// Takes away what runs that were killed have left of their drafts. Only who makes this output alone may ask for it.
    pub fn clear_drafts(&self) {
        let Place::File(target) = &self.place else { return };
        let (Some(folder), Some(name)) = (target.parent(), target.file_name()) else { return };
        let name = format!("-{}", name.to_string_lossy());
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let is_draft = |file: &str| {
            let process = file.strip_prefix('.').and_then(|file| file.strip_suffix(&name));
            process.is_some_and(|process| !process.is_empty() && process.bytes().all(|digit| digit.is_ascii_digit()))
        };
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_name().to_str().is_some_and(is_draft) {
                let _ = fs::remove_file(entry.path()); // a file that cannot be removed does no harm
            }
        }
    }

    /// Lets `make` write the draft, then puts it in its place. A file is on the disk before it takes the place of the one before.
    pub fn finish(&self, make: impl FnOnce(&Path) -> Result<(), Failure>) -> Result<(), Failure> {
        make(&self.draft)?;
        let put = match &self.place {
            Place::File(target) => {
                File::options().write(true).open(&self.draft).and_then(|draft| draft.sync_all()).and_then(|()| {
                    fs::rename(&self.draft, target)?;
                    sync_folder(target)
                })
            }
            Place::Stream(stream) => {
                let mut stream = stream;
                File::open(&self.draft).and_then(|mut draft| io::copy(&mut draft, &mut stream)).map(drop)
            }
        };
        put.map_err(|error| refused(&self.path, &error))?;
        Ok(())
    }
}

/// Puts on the disk which files a folder has, where the system lets a program do so.
pub(super) fn sync_folder(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// What a path leads to: links to what is not there yet are followed, too.
fn target(path: &Path) -> Result<PathBuf, Failure> {
    let mut target = path.to_path_buf();
    for _ in 0..LINKS {
        match fs::read_link(&target) {
            Ok(next) => target = target.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return Ok(target), // not a link
        }
    }
    Err(format!("'{}' is a loop of symbolic links: choose another output with -o", path.display()).into())
}

fn refused(path: &Path, error: &io::Error) -> String {
    format!("'{}' cannot be written ({error}): choose another output with -o", path.display())
}

/// Prints an answer and ends the line.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    print_as_it_is(&format!("{text}\n"))
}

/// Prints an answer. A reader who has seen enough of it, as `head`, is no failure.
pub fn print_as_it_is(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("the output cannot be printed ({error}): redirect it to a place that can be written").into())
        }
        _ => Ok(()),
    }
}

/// Tells the user something beside the answer.
pub fn tell(line: &str) {
    // If stderr cannot be written, that cannot be reported either.
    let _ = writeln!(io::stderr(), "{line}");
}

impl Drop for Output {
    fn drop(&mut self) {
        // A failed `finish` and a stream leave a draft; otherwise there is none, which is not an error.
        let _ = fs::remove_file(&self.draft);
    }
}

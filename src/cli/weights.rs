//! `hash-phase sweep --weights`: a folder of networks.

use std::fs;
use std::path::{Path, PathBuf};

use hash_phase::chart::Factor;
use hash_phase::network::Activation;
use hash_phase::sweep::{Encoded, Plan, SweepError};

use super::Failure;

/// Where the weights of a plan's networks go.
pub(super) struct Folder {
    path: PathBuf,
    /// Whether a level is another network, and so part of its name.
    levels: bool,
    /// Whether files of other networks may be replaced.
    overwrite: bool,
}

impl Folder {
    /// Makes the folder, if a plan's networks can be kept at all.
    pub fn of(path: &Path, plan: &Plan, overwrite: bool) -> Result<Self, Failure> {
        let protocols =
            (0..plan.axes.factor.as_ref().map_or(1, Factor::len)).map(|level| plan.at(level as u32).protocol);
        for protocol in protocols {
            if protocol.early_stopping > 0 {
                return Err(
                    "--weights cannot be used with early stopping, since weights change after a network's training has stopped: leave --early-stopping out"
                        .into(),
                );
            }
            if protocol.activation != Activation::Relu {
                return Err(format!(
                    "--weights works with ReLU networks only: leave --activation {} out",
                    protocol.activation.name()
                )
                .into());
            }
        }
        fs::create_dir_all(path)
            .map_err(|error| format!("'{}' cannot be made ({error}): give --weights another folder", path.display()))?;
        let levels = plan.axes.factor.as_ref().is_some_and(|factor| !matches!(factor, Factor::Layer(_)));
        Ok(Self { path: path.into(), levels, overwrite })
    }

    /// Writes one network under a name that says which it is.
    pub fn keep(&self, encoded: &Encoded, file: &[u8]) -> Result<(), SweepError> {
        let Encoded { width, epoch, population, .. } = encoded;
        let level = if self.levels { format!("_level-{}", population.level) } else { String::new() };
        let name = format!(
            "width-{width}_epoch-{epoch}_samples-{}_seed-{}{level}.safetensors",
            population.samples, population.seed
        );
        let path = self.path.join(&name);
        // A resumed run trains the same networks again.
        match fs::read(&path) {
            Ok(there) if there == file => return Ok(()),
            Ok(_) if !self.overwrite => {
                return Err(SweepError::Keep(format!(
                    "'{}' already exists and belongs to another network: give --weights another folder, or replace it with --overwrite",
                    path.display()
                )));
            }
            _ => {}
        }
        let draft = self.path.join(format!(".{}-{name}", std::process::id()));
        fs::write(&draft, file).and_then(|()| fs::rename(&draft, &path)).map_err(|error| {
            SweepError::Keep(format!(
                "'{}' cannot be written ({error}): make room or give --weights another folder",
                path.display()
            ))
        })
    }
}

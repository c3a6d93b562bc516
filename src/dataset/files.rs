//! Data sets on disk, natively: `<folder>/<name>/{train,test}-{images,labels}.gz`, gzipped idx, as set-up lays them;
//! training images may be in shards, `train-images-00.gz` and on.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use thiserror::Error;

use super::{Dataset, DatasetError, IdxFiles, Known, Pixels, Source};
use crate::bounds::BOUNDS;

/// Why a data set cannot be loaded.
#[derive(Debug, Error)]
pub enum LoadError {
    /// Its contents.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// Its files.
    #[error("{path}: {reason}: run `npm run data -- {name}`, or name the folder that holds it with --data", path = path.display())]
    File {
        /// The data set.
        name: String,
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: std::io::Error,
    },
}

impl Dataset {
    /// The data set of that name: generated, or read from below `folder`.
    pub fn load(name: &str, folder: &Path) -> Result<Self, LoadError> {
        let known = Known::named(name).ok_or_else(|| DatasetError::Unknown { name: name.into() })?;
        let source = match known.source {
            Source::Toy(toy) => return Ok(toy.generate()),
            Source::Idx(idx) => idx,
            Source::Own => return Err(DatasetError::Unknown { name: name.into() }.into()), // none in the table is
        };
        let read = |file: &str| {
            let path = folder.join(name).join(format!("{file}.gz"));
            let mut bytes = Vec::new();
            // A small file can unfold to anything.
            match File::open(&path)
                .and_then(|file| GzDecoder::new(file).take(BOUNDS.data_bytes + 1).read_to_end(&mut bytes))
            {
                Ok(size) if size as u64 > BOUNDS.data_bytes => {
                    let reason = format!("larger than the limit of {} MB unpacked", BOUNDS.data_bytes / 1_000_000);
                    Err(LoadError::File { name: name.into(), path, reason: std::io::Error::other(reason) })
                }
                Ok(_) => Ok(bytes),
                Err(reason) => Err(LoadError::File { name: name.into(), path, reason }),
            }
        };
        let images = |file: &str| read(file).map(Pixels::from);
        let train_images: Result<Vec<_>, _> =
            source.train_images(source.train).iter().map(|file| images(file)).collect();
        let (train_images, train_labels) = (train_images?, read("train-labels")?);
        let (test_images, test_labels) = (images("test-images")?, read("test-labels")?);
        let files = IdxFiles { train_images, train_labels: &train_labels, test_images, test_labels: &test_labels };
        Ok(Self::from_idx(name, source, known.description(), source.train, files)?)
    }
}

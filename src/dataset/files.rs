//! Data sets on disk, natively, as set-up lays them: of images `<folder>/<name>/{train,test}-{images,labels}.gz`, gzipped idx, where
//! training images may be in shards, `train-images-00.gz` and on; of tables and texts the gzipped files of [`RowFiles`].

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use thiserror::Error;

use super::{Dataset, DatasetError, IdxFiles, Known, Pixels, RowFiles, Source};
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
        let read = |file: &str| {
            let path = folder.join(name).join(format!("{file}.gz"));
            let mut bytes = Vec::new();
            // A small compressed file can expand without bound.
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
        let (idx, description) = match (known.source, known.description()) {
            (Source::Toy(toy), _) => return Ok(toy.generate()),
            (Source::Rows, _) => {
                let [description, starts, places, numbers, labels] = RowFiles::NAMES;
                let files = RowFiles {
                    description: &read(description)?,
                    starts: &read(starts)?,
                    places: &read(places)?,
                    numbers: &read(numbers)?,
                    labels: &read(labels)?,
                };
                return Ok(Self::from_rows(known, files)?);
            }
            (Source::Idx(idx), Some(description)) => (idx, description),
            // No data set in the table has such a source.
            (Source::Idx(_) | Source::Own, _) => return Err(DatasetError::Unknown { name: name.into() }.into()),
        };
        let images = |file: &str| read(file).map(Pixels::from);
        let train_images: Result<Vec<_>, _> = idx.train_images(idx.train).iter().map(|file| images(file)).collect();
        let (train_images, train_labels) = (train_images?, read("train-labels")?);
        let (test_images, test_labels) = (images("test-images")?, read("test-labels")?);
        let files = IdxFiles { train_images, train_labels: &train_labels, test_images, test_labels: &test_labels };
        Ok(Self::from_idx(name, idx, description, idx.train, files)?)
    }
}

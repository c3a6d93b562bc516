//! Where the examples come from: [`Dataset`], its readers and its toy generators.
//!
//! A data set is a training and a test set of labelled vectors. Images stay bytes (48,000 MNIST images are 37.6 MB), of which only those
//! that are not 0 are kept where they are few (21.6 MB with their places), and become `f32` in `[0, 1]` only when a batch is gathered; the
//! toys are floats from the start.

mod description;
mod examples;
#[cfg(not(target_arch = "wasm32"))]
mod files;
mod idx;
mod known;
mod lit;
mod noise;
mod own;
mod pixels;
mod rows;
mod sparse;
mod toys;

pub use description::{Column, Description, DescriptionSchema, Kind};
pub use examples::Examples;
#[cfg(not(target_arch = "wasm32"))]
pub use files::LoadError;
pub use idx::{IdxError, read_images, read_labels};
pub use known::{KNOWN, Known, Published};
pub use lit::Lit;
pub use noise::Noise;
pub use own::{OWN, OwnValues};
pub use pixels::Pixels;
pub use rows::RowFiles;
pub use sparse::Sparse;
pub use toys::Toy;

use examples::Values;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use thiserror::Error;

/// Labelled training and test examples.
///
/// Training examples keep their published order, so that "the first `n`" (paper, sample size) means the same to everyone.
#[derive(Debug, Clone)]
pub struct Dataset {
    name: String,
    description: Arc<Description>,
    /// Training examples of the whole data set, loaded or not.
    full: usize,
    train: Examples,
    test: Examples,
}

/// Why a data set cannot be made.
#[derive(Debug, Error, PartialEq)]
pub enum DatasetError {
    /// No data set of that name.
    #[error("unknown data set '{name}': choose one of {known}", known = Dataset::NAMES.join(", "))]
    Unknown {
        /// What was asked for.
        name: String,
    },
    /// Images and labels do not belong together.
    #[error("{set} set: {images} images but {labels} labels: use two files from the same source")]
    Mismatch {
        /// `training` or `test`.
        set: &'static str,
        /// Images found.
        images: usize,
        /// Labels found.
        labels: usize,
    },
    /// Fewer examples than the data set is cut to.
    #[error("{set} set: {found} examples, but {wanted} are needed: download the whole data set again")]
    TooFew {
        /// `training` or `test`.
        set: &'static str,
        /// Examples found.
        found: usize,
        /// Examples needed.
        wanted: usize,
    },
    /// A label of no class.
    #[error("{set} set: label {row} is {label}, but there are {classes} classes: use the labels of this data set")]
    Label {
        /// `training` or `test`.
        set: &'static str,
        /// Its place.
        row: usize,
        /// What it is.
        label: u8,
        /// Labels are below this.
        classes: usize,
    },
    /// Images of two sizes.
    #[error("{set} images have {found} pixels, others {wanted}: use files from the same source")]
    Size {
        /// `training` or `test`.
        set: &'static str,
        /// Pixels found.
        found: usize,
        /// Pixels of the images before.
        wanted: usize,
    },
    /// The user's own data cannot be used.
    #[error("your data: {reason}")]
    Own {
        /// Why not, and what to do.
        reason: String,
    },
    /// A file of a known table is not what it should be.
    #[error("{name}/{file}: {reason}: run `npm run data -- {name}`")]
    Rows {
        /// The data set.
        name: &'static str,
        /// The file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A file is not idx.
    #[error("{set} {file}: {reason}: download the file again")]
    Idx {
        /// `training` or `test`.
        set: &'static str,
        /// `images` or `labels`.
        file: &'static str,
        /// What is wrong with the file.
        reason: IdxError,
    },
}

/// The unpacked idx files of an MNIST-like data set; where most pixels are lit, the images' own memory becomes the data set's.
#[derive(Debug, Clone)]
pub struct IdxFiles<'a> {
    /// Training images, in one file or in shards; the last shards may be left out where fewer examples are needed.
    pub train_images: Vec<Pixels>,
    /// Training labels.
    pub train_labels: &'a [u8],
    /// Test images.
    pub test_images: Pixels,
    /// Test labels.
    pub test_labels: &'a [u8],
}

/// Where a data set comes from, known before it is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Idx files.
    Idx(IdxSource),
    /// Rows of which only the numbers that are not 0 are in files.
    Rows,
    /// Generated.
    Toy(Toy),
    /// The user's own data.
    Own,
}

/// Idx files, cut to the first 80% of the published training examples: the rest validates (paper, protocol).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdxSource {
    /// Training examples used.
    pub train: usize,
    /// Training images in each of several files; none where all are in one.
    pub shard: Option<usize>,
}

impl IdxSource {
    /// The names, without ending, of the files that hold the first `samples` training images.
    pub fn train_images(&self, samples: usize) -> Vec<String> {
        match self.shard {
            Some(shard) => (0..samples.div_ceil(shard)).map(|number| format!("train-images-{number:02}")).collect(),
            None => vec!["train-images".into()],
        }
    }
}

impl Dataset {
    /// Every data set this crate can load or generate, by name.
    pub const NAMES: [&str; 14] = [
        "mnist-small",
        "mnist",
        "fashion-mnist",
        "cifar10",
        "svhn",
        "adult",
        "compas",
        "newsgroups",
        "imdb",
        "moons",
        "circles",
        "spirals",
        "xor",
        "blobs",
    ];

    /// Where the data set of that name comes from.
    pub fn source(name: &str) -> Result<Source, DatasetError> {
        if name == OWN {
            return Ok(Source::Own);
        }
        Known::named(name).map(|known| known.source).ok_or_else(|| DatasetError::Unknown { name: name.into() })
    }

    /// A data set of idx files: the first `samples` training examples, every test example.
    pub fn from_idx(
        name: &str,
        source: IdxSource,
        description: Description,
        samples: usize,
        files: IdxFiles<'_>,
    ) -> Result<Self, DatasetError> {
        let (whole, classes) = (source.shard.is_none(), description.classes.len());
        let train = examples("training", files.train_images, files.train_labels, whole, Some(samples), classes)?;
        let test = examples("test", vec![files.test_images], files.test_labels, true, None, classes)?;
        let wanted = description.kind.inputs() as usize;
        for (set, examples) in [("training", &train), ("test", &test)] {
            if examples.inputs != wanted {
                return Err(DatasetError::Size { set, found: examples.inputs, wanted });
            }
        }
        Ok(Self { name: name.into(), description: Arc::new(description), full: source.train, train, test })
    }

    pub(crate) fn of_toy(toy: Toy, train: (Vec<f32>, Vec<u8>), test: (Vec<f32>, Vec<u8>)) -> Self {
        let classes = description::numbered(toy.classes());
        let description = Description { name: None, kind: Kind::Plane, classes };
        let examples = |(values, labels): (Vec<f32>, Vec<u8>)| Examples::new(2, Values::of_floats(values), labels);
        let (train, test) = (examples(train), examples(test));
        Self { name: toy.name().into(), description: Arc::new(description), full: train.len(), train, test }
    }

    /// Its name, one of [`Dataset::NAMES`], or `own`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Inputs per example.
    pub fn inputs(&self) -> usize {
        self.train.inputs
    }

    /// Labels are below this.
    pub fn classes(&self) -> usize {
        self.description.classes.len()
    }

    /// What its examples, inputs and classes are.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// Training examples at full sample size, whether or not all are loaded: an epoch keeps as many steps as these have.
    pub fn full(&self) -> usize {
        self.full
    }

    /// Training examples, in published order.
    pub fn train(&self) -> &Examples {
        &self.train
    }

    /// Test examples, in published order.
    pub fn test(&self) -> &Examples {
        &self.test
    }

    /// `sha256:` and the hash over inputs and labels of the first `samples` training examples and then the test set: it shows
    /// whether two charts used the same data. That of a data set [with noise](Self::with_noise) covers the noise.
    pub fn digest(&self, samples: usize) -> String {
        let mut hash = Sha256::new();
        self.train.each_byte(samples.min(self.train.len()), |bytes| hash.update(bytes));
        self.test.each_byte(self.test.len(), |bytes| hash.update(bytes));
        let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("sha256:{hex}")
    }
}

/// The first `wanted` examples (or all) of images, perhaps in shards, and labels. Only of a set that is not `whole` images
/// may be missing.
fn examples(
    set: &'static str,
    images: Vec<Pixels>,
    labels: &[u8],
    whole: bool,
    wanted: Option<usize>,
    classes: usize,
) -> Result<Examples, DatasetError> {
    let (mut inputs, mut pixels) = (0, Pixels::default());
    for shard in images {
        let (of_shard, more) =
            read_images(&shard).map_err(|reason| DatasetError::Idx { set, file: "images", reason })?;
        if inputs != 0 && inputs != of_shard {
            return Err(DatasetError::Size { set, found: of_shard, wanted: inputs });
        }
        inputs = of_shard;
        pixels = pixels.followed_by(more);
    }
    let labels = read_labels(labels).map_err(|reason| DatasetError::Idx { set, file: "labels", reason })?;
    let found = pixels.len().checked_div(inputs).unwrap_or(0);
    if found > labels.len() || (whole && found != labels.len()) {
        return Err(DatasetError::Mismatch { set, images: found, labels: labels.len() });
    }
    let count = wanted.unwrap_or(found);
    if found < count {
        return Err(DatasetError::TooFew { set, found, wanted: count });
    }
    let labels = labels[..count].to_vec();
    if let Some((row, &label)) = labels.iter().enumerate().find(|&(_, &label)| usize::from(label) >= classes) {
        return Err(DatasetError::Label { set, row, label, classes });
    }
    let values = Values::of_pixels(pixels.part(0..count * inputs), inputs);
    Ok(Examples::new(inputs, values, labels))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MNIST: IdxSource = IdxSource { train: 2, shard: None };

    fn pixels(width: u32) -> Description {
        Description { name: None, kind: Kind::grey(1, width), classes: description::numbered(10) }
    }

    fn image_file(dims: [u32; 3], data: &[u8]) -> Pixels {
        idx(&dims, data).into()
    }

    fn idx(dims: &[u32], data: &[u8]) -> Vec<u8> {
        let mut file = vec![0, 0, 8, dims.len() as u8];
        dims.iter().for_each(|dim| file.extend(dim.to_be_bytes()));
        file.extend(data);
        file
    }

    #[test]
    fn the_first_examples_train_and_pixels_become_fractions() {
        let (images, labels) = (image_file([3, 1, 2], &[0, 255, 51, 102, 9, 9]), idx(&[3], &[1, 2, 3]));
        let files = IdxFiles {
            train_images: vec![images.clone()],
            train_labels: &labels,
            test_images: images.clone(),
            test_labels: &labels,
        };
        let data = Dataset::from_idx("mnist", MNIST, pixels(2), 2, files).unwrap();
        assert_eq!((data.train().len(), data.test().len(), data.inputs()), (2, 3, 2));
        let mut batch = Vec::new();
        data.train().gather([1, 0], &mut batch);
        assert_eq!(batch, [0.2, 0.4, 0.0, 1.0]);
    }

    #[test]
    fn files_that_do_not_belong_together_are_refused() {
        let (images, labels) = (image_file([3, 1, 2], &[0; 6]), idx(&[2], &[1, 2]));
        let files = IdxFiles {
            train_images: vec![images.clone()],
            train_labels: &labels,
            test_images: images.clone(),
            test_labels: &labels,
        };
        let refused = Dataset::from_idx("mnist", MNIST, pixels(2), 2, files).unwrap_err();
        assert_eq!(refused, DatasetError::Mismatch { set: "training", images: 3, labels: 2 });
    }

    #[test]
    fn labels_of_no_class_and_images_of_two_sizes_are_refused() {
        let (images, labels) = (image_file([2, 1, 2], &[0; 4]), idx(&[2], &[1, 2]));
        let read = |train_images: &[Pixels], train_labels: &[u8], test_images: &Pixels| {
            let files = IdxFiles {
                train_images: train_images.to_vec(),
                train_labels,
                test_images: test_images.clone(),
                test_labels: &labels,
            };
            Dataset::from_idx("mnist", IdxSource { train: 2, shard: Some(1) }, pixels(2), 2, files).unwrap_err()
        };
        let refused = read(std::slice::from_ref(&images), &idx(&[2], &[1, 10]), &images);
        assert_eq!(refused, DatasetError::Label { set: "training", row: 1, label: 10, classes: 10 });
        let refused = read(std::slice::from_ref(&images), &labels, &image_file([2, 1, 3], &[0; 6]));
        assert_eq!(refused, DatasetError::Size { set: "test", found: 3, wanted: 2 });
        let shards = [image_file([1, 1, 2], &[0; 2]), image_file([1, 1, 3], &[0; 3])];
        assert_eq!(read(&shards, &labels, &images), DatasetError::Size { set: "training", found: 3, wanted: 2 });
    }

    #[test]
    fn of_shards_only_those_are_needed_that_the_sample_size_reaches_into() {
        let Source::Idx(cifar) = Dataset::source("cifar10").unwrap() else { unreachable!() };
        assert_eq!(cifar.train_images(1_001), ["train-images-00", "train-images-01"]);
        let tiny = IdxSource { train: 6, shard: Some(2) };
        let shards = [image_file([2, 1, 1], &[1, 2]), image_file([2, 1, 1], &[3, 4])];
        let (test_images, labels) = (image_file([1, 1, 1], &[9]), idx(&[6], &[0, 1, 2, 3, 4, 5]));
        let test_labels = idx(&[1], &[7]);
        let files = |shards| IdxFiles {
            train_images: shards,
            train_labels: &labels,
            test_images: test_images.clone(),
            test_labels: &test_labels,
        };
        let data = Dataset::from_idx("cifar10", tiny, pixels(1), 3, files(shards.to_vec())).unwrap();
        assert_eq!((data.full(), data.train().labels()), (6, &[0, 1, 2][..]));
        let refused = Dataset::from_idx("cifar10", tiny, pixels(1), 3, files(shards[..1].to_vec())).unwrap_err();
        assert_eq!(refused, DatasetError::TooFew { set: "training", found: 2, wanted: 3 });
        // The digest covers the examples that the chart used, however many were loaded.
        let more = Dataset::from_idx("cifar10", tiny, pixels(1), 4, files(shards.to_vec())).unwrap();
        assert_eq!(more.digest(3), data.digest(3));
        assert_ne!(more.digest(4), data.digest(3));
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        let message = Dataset::source("minst").unwrap_err().to_string();
        assert!(message.contains("'minst'") && message.contains("mnist-small"), "{message}");
    }
}

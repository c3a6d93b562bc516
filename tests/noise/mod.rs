//! Images of MNIST's size for the clock, which does not look at what they show.

use hash_phase::dataset::{Dataset, Description, IdxFiles, IdxSource, Kind};

/// 640 examples: ten batches of 64.
pub fn images() -> Dataset {
    let idx = |dims: &[u32], data: &dyn Fn(usize) -> u8| {
        let mut file = vec![0, 0, 8, dims.len() as u8];
        dims.iter().for_each(|dim| file.extend(dim.to_be_bytes()));
        file.extend((0..dims.iter().product::<u32>() as usize).map(data));
        file
    };
    let images = idx(&[640, 28, 28], &|place| (place.wrapping_mul(2_654_435_761) >> 13) as u8);
    let labels = idx(&[640], &|row| (row % 10) as u8);
    let files = IdxFiles {
        train_images: vec![images.clone().into()],
        train_labels: &labels,
        test_images: images.into(),
        test_labels: &labels,
    };
    let classes = (0..10).map(|label| label.to_string()).collect();
    let description = Description { name: None, kind: Kind::grey(28, 28), classes };
    Dataset::from_idx("noise", IdxSource { train: 640, shard: None }, description, 640, files).unwrap()
}

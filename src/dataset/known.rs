//! The data sets that are known by name, in one table: presets, bounds, estimates of work and the page's lists come from it.

use super::{Description, IdxSource, Kind, Source, Toy};

/// What is known of a data set before it is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its name in plans, files and links.
    pub name: &'static str,
    /// Where it comes from.
    pub source: Source,
    /// What an example is.
    pub kind: Kind,
    /// The names of the classes, by label.
    pub classes: &'static [&'static str],
    /// Training examples used.
    pub train: u32,
    /// Test examples.
    pub test: u32,
    /// Of 100 inputs so many are not 0, about.
    pub lit: u32,
}

const DIGITS: &[&str] = &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const CLOTHES: &[&str] =
    &["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];
const THINGS: &[&str] = &["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

const fn images(name: &'static str, train: u32, test: u32, classes: &'static [&'static str], lit: u32) -> Known {
    let source = Source::Idx(IdxSource { train: train as usize, shard: None });
    Known { name, source, kind: Kind::grey(28, 28), classes, train, test, lit }
}

const fn toy(toy: Toy) -> Known {
    let (train, test) = (Toy::TRAIN as u32, Toy::TEST as u32);
    let classes = DIGITS.split_at(toy.classes()).0;
    Known { name: toy.name(), source: Source::Toy(toy), kind: Kind::Plane, classes, train, test, lit: 100 }
}

/// The table.
pub static KNOWN: [Known; 9] = [
    images("mnist-small", 8_000, 2_000, DIGITS, 19),
    images("mnist", 48_000, 10_000, DIGITS, 19),
    images("fashion-mnist", 48_000, 10_000, CLOTHES, 50),
    Known {
        name: "cifar10",
        source: Source::Idx(IdxSource { train: 40_000, shard: Some(1_000) }),
        kind: Kind::Image { height: 32, width: 32, channels: 3 },
        classes: THINGS,
        train: 40_000,
        test: 10_000,
        lit: 100,
    },
    toy(Toy::Moons),
    toy(Toy::Circles),
    toy(Toy::Spirals),
    toy(Toy::Xor),
    toy(Toy::Blobs),
];

impl Known {
    /// The data set of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        KNOWN.iter().find(|known| known.name == name)
    }

    /// Its description.
    pub fn description(&self) -> Description {
        let classes = self.classes.iter().map(|&name| name.into()).collect();
        Description { name: None, kind: self.kind.clone(), classes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Dataset;

    #[test]
    fn names_and_toys_are_those_of_the_table() {
        assert_eq!(KNOWN.each_ref().map(|known| known.name), Dataset::NAMES);
        for known in &KNOWN {
            assert_eq!(Dataset::source(known.name), Ok(known.source));
            if let Source::Toy(toy) = known.source {
                let data = toy.generate();
                assert_eq!((data.train().len(), data.test().len()), (known.train as usize, known.test as usize));
                assert_eq!(data.classes(), known.classes.len());
            }
        }
    }
}

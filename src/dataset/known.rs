//! The data sets that are known by name, in one table: presets, bounds, estimates of work and the page's lists come from it.

use super::{Description, IdxSource, Kind, RowsSource, Source, Toy};

/// What is known of a data set before it is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its name in plans, files and links.
    pub name: &'static str,
    /// Where it comes from.
    pub source: Source,
    /// What an example is; none where that comes with its files.
    pub kind: Option<Kind>,
    /// Inputs of an example.
    pub inputs: u32,
    /// Hidden layers under every preset (paper).
    pub depth: u32,
    /// The names of the classes, by label; where they come with its files, only how many there are.
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

/// Classes that are named by the files of a data set.
const OF_FILES: &[&str] = &[""; 20];
/// As the paper's code trains on Adult.
const TABLE: RowsSource = RowsSource { batch: 128, epochs: 100, one_to_one: true };

const fn images(name: &'static str, train: u32, test: u32, classes: &'static [&'static str], lit: u32) -> Known {
    let source = Source::Idx(IdxSource { train: train as usize, shard: None });
    Known { name, source, kind: Some(Kind::grey(28, 28)), inputs: 784, depth: 1, classes, train, test, lit }
}

const fn rows(name: &'static str, inputs: u32, [train, test]: [u32; 2], classes: usize, source: RowsSource) -> Known {
    let classes = OF_FILES.split_at(classes).0;
    // A category is one input of many, a word one of thousands.
    let lit = if inputs > 1_000 { 1 } else { 15 };
    Known { name, source: Source::Rows(source), kind: None, inputs, depth: 2, classes, train, test, lit }
}

const fn toy(toy: Toy) -> Known {
    let (train, test) = (Toy::TRAIN as u32, Toy::TEST as u32);
    let classes = DIGITS.split_at(toy.classes()).0;
    Known {
        name: toy.name(),
        source: Source::Toy(toy),
        kind: Some(Kind::Plane),
        inputs: 2,
        depth: 1,
        classes,
        train,
        test,
        lit: 100,
    }
}

/// The table.
pub static KNOWN: [Known; 12] = [
    images("mnist-small", 8_000, 2_000, DIGITS, 19),
    images("mnist", 48_000, 10_000, DIGITS, 19),
    images("fashion-mnist", 48_000, 10_000, CLOTHES, 50),
    Known {
        name: "cifar10",
        source: Source::Idx(IdxSource { train: 40_000, shard: Some(1_000) }),
        kind: Some(Kind::Image { height: 32, width: 32, channels: 3 }),
        inputs: 3_072,
        depth: 5,
        classes: THINGS,
        train: 40_000,
        test: 10_000,
        lit: 100,
    },
    rows("adult", 107, [22_792, 9_769], 2, TABLE),
    rows("compas", 13, [4_320, 1_852], 2, TABLE),
    rows("newsgroups", 10_000, [11_293, 7_528], 20, RowsSource { batch: 512, epochs: 20, one_to_one: false }),
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

    /// Its description; none where that comes with its files.
    pub fn description(&self) -> Option<Description> {
        let classes = self.classes.iter().map(|&name| name.into()).collect();
        Some(Description { name: None, kind: self.kind.clone()?, classes })
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

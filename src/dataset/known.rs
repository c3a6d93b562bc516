//! The data sets that are known by name, in one table: presets, bounds, estimates of work and the page's lists come from it.

use super::{Description, IdxSource, Kind, Source, Toy};

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
    /// How the paper's code trains on it, where that is not as on MNIST.
    pub published: Option<Published>,
}

/// How the paper's code trains on a data set other than MNIST: without batch norm and schedule; logistic regression is liblinear's (paper,
/// other experiments).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// Whether by SGD with momentum 0.9, at 0.01 and weight decay 2.5e-4; else by Adam, at 0.001 and weight decay 1e-6.
    pub sgd: bool,
    /// Examples a step.
    pub batch: u32,
    /// Whether K-Means is measured by the best one-to-one assignment.
    pub one_to_one: bool,
    /// Layer widths.
    pub widths: &'static [u32],
    /// Epochs.
    pub epochs: &'static [u32],
}

const DIGITS: &[&str] = &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const CLOTHES: &[&str] =
    &["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];
const THINGS: &[&str] = &["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

/// Classes that are named by the files of a data set.
const OF_FILES: &[&str] = &[""; 20];
const TABLE: Published = Published {
    sgd: false,
    batch: 128,
    one_to_one: true,
    widths: &[10, 20, 40, 60, 80, 100, 150, 200, 250, 300],
    epochs: &[0, 1, 2, 3, 6, 10, 20, 30, 60, 100],
};
const TEXTS: Published = Published {
    sgd: false,
    batch: 512,
    one_to_one: false,
    widths: &[10, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200],
    epochs: &[0, 1, 2, 3, 6, 10, 20],
};
/// Up to where its learning rate first falls.
const HOUSE_NUMBERS: Published = Published {
    sgd: true,
    batch: 128,
    one_to_one: true,
    widths: &[10, 15, 20, 23, 30, 40, 50, 60, 80, 100],
    epochs: &[0, 1, 3, 6, 10, 20, 40],
};

const fn images(name: &'static str, train: u32, test: u32, classes: &'static [&'static str], lit: u32) -> Known {
    let source = Source::Idx(IdxSource { train: train as usize, shard: None });
    Known {
        name,
        source,
        kind: Some(Kind::grey(28, 28)),
        inputs: 784,
        depth: 1,
        classes,
        train,
        test,
        lit,
        published: None,
    }
}

const fn photographs(
    name: &'static str,
    [train, test]: [u32; 2],
    depth: u32,
    classes: &'static [&'static str],
    published: Option<Published>,
) -> Known {
    let source = Source::Idx(IdxSource { train: train as usize, shard: Some(1_000) });
    let kind = Some(Kind::Image { height: 32, width: 32, channels: 3 });
    Known { name, source, kind, inputs: 3_072, depth, classes, train, test, lit: 100, published }
}

const fn rows(name: &'static str, inputs: u32, [train, test]: [u32; 2], classes: usize, published: Published) -> Known {
    let classes = OF_FILES.split_at(classes).0;
    // A category lights one input of many, a word one of thousands.
    let lit = if inputs > 1_000 { 1 } else { 15 };
    let (source, published) = (Source::Rows, Some(published));
    Known { name, source, kind: None, inputs, depth: 2, classes, train, test, lit, published }
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
        published: None,
    }
}

/// The table.
pub static KNOWN: [Known; 14] = [
    images("mnist-small", 8_000, 2_000, DIGITS, 19),
    images("mnist", 48_000, 10_000, DIGITS, 19),
    images("fashion-mnist", 48_000, 10_000, CLOTHES, 50),
    photographs("cifar10", [40_000, 10_000], 5, THINGS, None),
    photographs("svhn", [73_257, 26_032], 1, DIGITS, Some(HOUSE_NUMBERS)),
    rows("adult", 107, [22_792, 9_769], 2, TABLE),
    rows("compas", 13, [4_320, 1_852], 2, TABLE),
    rows("newsgroups", 10_000, [11_293, 7_528], 20, TEXTS),
    rows("imdb", 10_000, [25_000, 25_000], 2, TEXTS),
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

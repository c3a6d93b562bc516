//! The data behind the numbers of a network: its codes, example by example.

use schemars::JsonSchema;
use serde::Serialize;

use super::encoded::Measured;
use super::{Encoded, Plan, SweepError};
use crate::chart::Cell;
use crate::code::{Distinct, FiringMaps};
use crate::dataset::Dataset;
use crate::properties::{EncodingProperties, Labelled, hamming};

/// Examples of each class whose codes are written out.
const CODES_A_CLASS: usize = 16;
/// Bits of a code that is written out, at most: more than there are pixels to see them in.
const WRITTEN: usize = 4_000;
/// Examples between all pairs of which distances are counted, at most: two million pairs.
const COMPARED: usize = 2_000;
/// Words of 64 bits that are compared at most, which takes a second.
const WORDS: usize = 1 << 30;
/// Steps of distances that are told apart.
const STEPS: usize = 128;
/// Shared codes that are listed, and examples of each.
const SHARED: usize = 12;
const SHARERS: usize = 12;
/// Wrong answers that are listed.
const WRONG: usize = 24;

/// The codes of one network at one time.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Study {
    /// Its numbers, as in its chart.
    pub cell: Cell,
    /// What is behind them.
    pub codes: CodeStudy,
    /// Where on the first training example of each class the ReLUs of a convolutional network fire; empty for others, and where training was
    /// ended early.
    pub firing: Vec<Firing>,
}

/// Codes, example by example.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CodeStudy {
    /// Labels are below this.
    pub classes: u32,
    /// Training examples.
    pub samples: u32,
    /// Bits of a code.
    pub bits: u32,
    /// The first training examples of each class, class by class.
    pub firsts: Vec<Coded>,
    /// Hamming distances, counted together by this many from 0 on.
    pub step: u32,
    /// For each such step of distances, the share of pairs of training examples of one class that have one of them.
    pub within: Vec<f64>,
    /// The same of pairs of two classes.
    pub between: Vec<f64>,
    /// Mean distance of two training examples of one class.
    pub apart_within: f64,
    /// The same of two classes.
    pub apart_between: f64,
    /// Distinct codes of the training examples.
    pub distinct: u32,
    /// Training examples that share their code with another.
    pub sharing: u32,
    /// The codes that most training examples share, most first.
    pub shared: Vec<Shared>,
    /// What K-Means makes of the training codes, each cluster named after its most common label.
    pub kmeans: Answers,
    /// What K-NN makes of the test codes.
    pub knn: Answers,
    /// What logistic regression makes of the test codes.
    pub logistic: Answers,
}

/// An example and its code.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Coded {
    /// Its place among the training examples.
    pub example: u32,
    /// Its label.
    pub label: u8,
    /// Its code, a 0 or 1 a bit; empty where it has more than 4,000.
    pub code: String,
}

/// Where on an example ReLUs fire.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Firing {
    /// Its place among the training examples.
    pub example: u32,
    /// Its label.
    pub label: u8,
    /// The maps of each convolution.
    pub layers: Vec<FiringMaps>,
}

impl From<((u32, u8), Vec<FiringMaps>)> for Firing {
    fn from(((example, label), layers): ((u32, u8), Vec<FiringMaps>)) -> Self {
        Self { example, label, layers }
    }
}

/// A code that several training examples share.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Shared {
    /// How many.
    pub size: u32,
    /// The first of them.
    pub examples: Vec<u32>,
    /// How many there are of each label.
    pub labels: Vec<u32>,
}

/// The answers of an algorithm that sees codes alone.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Answers {
    /// For each true label, how often each label was the answer: `[classes, classes]`, row by row.
    pub confusion: Vec<u32>,
    /// The first wrong ones.
    pub wrong: Vec<Wrong>,
}

/// A wrong answer.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Wrong {
    /// The example's place in its set.
    pub example: u32,
    /// Its label.
    pub label: u8,
    /// The answer.
    pub answer: u8,
}

impl Study {
    /// Looks at the codes of one network; nothing where its training has diverged.
    pub fn of(encoded: &Encoded, plan: &Plan, data: &Dataset) -> Result<Option<Self>, SweepError> {
        let Some(Measured { cell, properties, train_labels }) = encoded.properties(plan, data)? else {
            return Ok(None);
        };
        let train = Labelled { codes: &encoded.train.codes, labels: &train_labels };
        let codes = CodeStudy::of(train, data.test().labels(), &properties, data.classes());
        Ok(Some(Self { cell, codes, firing: Vec::new() }))
    }

    /// Places and labels.
    pub(super) fn first_of_each_class(&self) -> Vec<(u32, u8)> {
        let mut firsts: Vec<_> = self.codes.firsts.iter().map(|one| (one.example, one.label)).collect();
        firsts.dedup_by_key(|(_, label)| *label);
        firsts
    }
}

impl CodeStudy {
    /// Looks at codes that were measured.
    pub(super) fn of(train: Labelled<'_>, test_labels: &[u8], properties: &EncodingProperties, classes: usize) -> Self {
        let Labelled { codes, labels } = train;
        let Distinct { first_rows, number_of_row } = codes.distinct();
        let mut members = vec![Vec::new(); first_rows.len()];
        number_of_row.into_iter().enumerate().for_each(|(row, number)| members[number].push(row));
        let sharing = members.iter().map(Vec::len).filter(|&size| size > 1).sum::<usize>() as u32;
        let mut shared: Vec<_> = members.into_iter().filter(|rows| rows.len() > 1).collect();
        shared.sort_by_key(|rows| std::cmp::Reverse(rows.len())); // a stable sort: the first found stays first
        shared.truncate(SHARED);
        let shared = shared.into_iter().map(|rows| {
            let mut of_label = vec![0; classes];
            rows.iter().for_each(|&row| of_label[usize::from(labels[row])] += 1);
            let examples = rows.iter().take(SHARERS).map(|&row| row as u32).collect();
            Shared { size: rows.len() as u32, examples, labels: of_label }
        });
        let Distances { step, shares: [within, between], apart: [apart_within, apart_between] } = Distances::of(train);
        Self {
            classes: classes as u32,
            samples: codes.rows() as u32,
            bits: codes.bits() as u32,
            firsts: firsts(train, classes),
            step: step as u32,
            within,
            between,
            apart_within,
            apart_between,
            distinct: first_rows.len() as u32,
            sharing,
            shared: shared.collect(),
            kmeans: Answers::of(&properties.kmeans_named, labels, classes),
            knn: Answers::of(&properties.knn, test_labels, classes),
            logistic: Answers::of(&properties.logistic, test_labels, classes),
        }
    }
}

impl Answers {
    fn of(answers: &[u8], labels: &[u8], classes: usize) -> Self {
        let mut confusion = vec![0; classes * classes];
        let mut wrong = Vec::new();
        for (example, (&answer, &label)) in answers.iter().zip(labels).enumerate() {
            confusion[usize::from(label) * classes + usize::from(answer)] += 1;
            if answer != label && wrong.len() < WRONG {
                wrong.push(Wrong { example: example as u32, label, answer });
            }
        }
        Self { confusion, wrong }
    }
}

fn firsts(Labelled { codes, labels }: Labelled<'_>, classes: usize) -> Vec<Coded> {
    let is_written = codes.bits() <= WRITTEN;
    let of_class = |label: u8| {
        let rows = labels.iter().enumerate().filter(move |&(_, &other)| other == label).map(|(row, _)| row);
        rows.take(CODES_A_CLASS).map(move |row| {
            let bit = |bit| if codes.get(row, bit) { '1' } else { '0' };
            let code = if is_written { (0..codes.bits()).map(bit).collect() } else { String::new() };
            Coded { example: row as u32, label, code }
        })
    };
    (0..classes as u8).flat_map(of_class).collect()
}

/// Distances between pairs of training examples, of one class and of two.
struct Distances {
    step: usize,
    shares: [Vec<f64>; 2],
    apart: [f64; 2],
}

impl Distances {
    fn of(Labelled { codes, labels }: Labelled<'_>) -> Self {
        let bits = codes.bits();
        let step = bits.div_ceil(STEPS).max(1);
        let mut counts = [0, 1].map(|_| vec![0_u32; bits / step + 1]);
        let mut sums = [0_u64; 2];
        let compared = codes.rows().min(COMPARED).min(((2 * WORDS) as f64 / bits.div_ceil(64) as f64).sqrt() as usize);
        for row in 0..compared {
            for other in 0..row {
                let distance = hamming(codes.row(row), codes.row(other)) as usize;
                let kind = usize::from(labels[row] != labels[other]);
                counts[kind][distance / step] += 1;
                sums[kind] += distance as u64;
            }
        }
        let pairs = counts.each_ref().map(|counts| f64::from(counts.iter().sum::<u32>().max(1)));
        let of_kind = |kind: usize| counts[kind].iter().map(|&count| f64::from(count) / pairs[kind]).collect();
        Self { step, shares: [of_kind(0), of_kind(1)], apart: [0, 1].map(|kind| sums[kind] as f64 / pairs[kind]) }
    }
}

//! The data behind the numbers of a cell: a network's codes, example by example.

use schemars::JsonSchema;
use serde::Serialize;

use super::encoded::Measured;
use super::{Encoded, Plan, SweepError};
use crate::chart::Cell;
use crate::code::{CodeMatrix, Distinct, FiringMaps};
use crate::dataset::Dataset;
use crate::properties::hamming;

/// Examples of each class whose codes are written out.
const CODES_A_CLASS: usize = 16;
/// Examples between all pairs of which distances are counted: two million pairs.
const COMPARED: usize = 2_000;
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
    /// Labels are below this.
    pub classes: u32,
    /// Codes of the first training examples of each class, class by class.
    pub codes: Vec<Coded>,
    /// For each Hamming distance from 0 on, the share of pairs of training examples of one class that have it.
    pub within: Vec<f64>,
    /// The same of pairs of two classes.
    pub between: Vec<f64>,
    /// Distinct codes of the training examples.
    pub distinct: u32,
    /// Training examples that share their code with another.
    pub sharing: u32,
    /// The codes that most training examples share, most first.
    pub shared: Vec<Shared>,
    /// Where on the first training example of each class the ReLUs of a convolutional network fire; empty for others, and where training was
    /// ended early.
    pub firing: Vec<Firing>,
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
    /// Its code, a 0 or 1 a ReLU.
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
        let (codes, classes) = (&encoded.train.codes, data.classes());
        let Distinct { first_rows, number_of_row } = codes.distinct();
        let mut members = vec![Vec::new(); first_rows.len()];
        number_of_row.into_iter().enumerate().for_each(|(row, number)| members[number].push(row));
        let sharing = members.iter().map(Vec::len).filter(|&size| size > 1).sum::<usize>() as u32;
        let mut shared: Vec<_> = members.into_iter().filter(|rows| rows.len() > 1).collect();
        shared.sort_by_key(|rows| std::cmp::Reverse(rows.len())); // a stable sort: the first found stays first
        shared.truncate(SHARED);
        let shared = shared.into_iter().map(|rows| {
            let mut labels = vec![0; classes];
            rows.iter().for_each(|&row| labels[usize::from(train_labels[row])] += 1);
            let examples = rows.iter().take(SHARERS).map(|&row| row as u32).collect();
            Shared { size: rows.len() as u32, examples, labels }
        });
        let [within, between] = distances(codes, &train_labels);
        let test_labels = data.test().labels();
        Ok(Some(Self {
            cell,
            classes: classes as u32,
            codes: written_out(codes, &train_labels, classes),
            within,
            between,
            distinct: first_rows.len() as u32,
            sharing,
            shared: shared.collect(),
            firing: Vec::new(),
            kmeans: Answers::of(&properties.kmeans_named, &train_labels, classes),
            knn: Answers::of(&properties.knn, test_labels, classes),
            logistic: Answers::of(&properties.logistic, test_labels, classes),
        }))
    }
}

impl Study {
    /// Places and labels.
    pub(super) fn first_of_each_class(&self) -> Vec<(u32, u8)> {
        let mut firsts: Vec<_> = self.codes.iter().map(|one| (one.example, one.label)).collect();
        firsts.dedup_by_key(|(_, label)| *label);
        firsts
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

fn written_out(codes: &CodeMatrix, labels: &[u8], classes: usize) -> Vec<Coded> {
    let of_class = |label: u8| {
        let rows = labels.iter().enumerate().filter(move |&(_, &other)| other == label).map(|(row, _)| row);
        rows.take(CODES_A_CLASS).map(move |row| {
            let code = (0..codes.bits()).map(|bit| if codes.get(row, bit) { '1' } else { '0' }).collect();
            Coded { example: row as u32, label, code }
        })
    };
    (0..classes as u8).flat_map(of_class).collect()
}

/// Shares of the pairs of one class, and of two, by distance.
fn distances(codes: &CodeMatrix, labels: &[u8]) -> [Vec<f64>; 2] {
    let mut counts = [vec![0_u32; codes.bits() + 1], vec![0; codes.bits() + 1]];
    let compared = codes.rows().min(COMPARED);
    for row in 0..compared {
        for other in 0..row {
            let distance = hamming(codes.row(row), codes.row(other)) as usize;
            counts[usize::from(labels[row] != labels[other])][distance] += 1;
        }
    }
    counts.map(|counts| {
        let pairs = counts.iter().sum::<u32>().max(1);
        counts.into_iter().map(|count| f64::from(count) / f64::from(pairs)).collect()
    })
}

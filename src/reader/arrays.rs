//! Arrays of any shape, as NumPy and idx files hold them.

use super::{ReadError, quoted, short};

/// An array, the last axis running fastest.
#[derive(Debug, Clone)]
pub(super) struct Array {
    /// Its file, or its name in an archive.
    pub name: String,
    pub shape: Vec<usize>,
    pub items: Items,
}

#[derive(Debug, Clone)]
pub(super) enum Items {
    Bytes(Vec<u8>),
    Numbers(Vec<f64>),
    Texts(Vec<String>),
}

impl Items {
    pub fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Numbers(numbers) => numbers.len(),
            Self::Texts(texts) => texts.len(),
        }
    }
}

impl Array {
    /// Examples along the first axis.
    pub fn rows(&self) -> usize {
        self.shape.first().copied().unwrap_or_default()
    }

    /// Items of an example.
    pub fn wide(&self) -> usize {
        self.shape.iter().skip(1).product()
    }

    /// Its shape, as people write it.
    pub fn shape_text(&self) -> String {
        self.shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")
    }

    /// Its name and shape, as a sentence lists them.
    pub fn named_shape(&self) -> String {
        format!("{} ({})", short(&self.name), self.shape_text())
    }

    /// Whether it can hold labels: one for each example, or one-hot rows.
    pub fn may_be_labels(&self) -> bool {
        self.wide() == 1 || (self.shape.len() == 2 && (self.is_qmnist() || self.one_hot().is_some()))
    }

    /// Whether it is QMNIST's table of eight numbers for each example, of which the first is the class.
    fn is_qmnist(&self) -> bool {
        self.wide() == 8 && self.name.to_lowercase().contains("qmnist")
    }

    /// For one-hot rows, where the one is.
    fn one_hot(&self) -> Option<Vec<usize>> {
        let wide = self.wide();
        let at = |place: usize| match &self.items {
            Items::Bytes(bytes) => f64::from(bytes[place]),
            Items::Numbers(numbers) => numbers[place],
            Items::Texts(_) => f64::NAN,
        };
        (0..self.rows())
            .map(|row| {
                let ones: Vec<usize> = (0..wide).filter(|column| at(row * wide + column) != 0.0).collect();
                (ones.len() == 1 && at(row * wide + ones[0]) == 1.0).then(|| ones[0])
            })
            .collect()
    }

    /// Its labels, as texts.
    pub fn labels(&self) -> Result<Vec<String>, ReadError> {
        if let (true, Items::Numbers(numbers)) = (self.is_qmnist(), &self.items) {
            return Ok(numbers.iter().step_by(8).map(f64::to_string).collect());
        }
        if self.wide() != 1 {
            return match self.one_hot() {
                Some(labels) if self.shape.len() == 2 => Ok(labels.iter().map(usize::to_string).collect()),
                _ => {
                    let reason =
                        format!("labels of shape {} are neither one for each example nor one-hot", self.shape_text());
                    Err(ReadError::new(&self.name, reason, "give one label for each example"))
                }
            };
        }
        match &self.items {
            Items::Bytes(bytes) => Ok(bytes.iter().map(u8::to_string).collect()),
            Items::Texts(texts) => Ok(texts.clone()),
            Items::Numbers(numbers) => match numbers.iter().find(|number| number.fract() != 0.0 || !number.is_finite())
            {
                None => Ok(numbers.iter().map(f64::to_string).collect()),
                Some(number) => {
                    let reason =
                        format!("a label is {}: labels are whole numbers or words", quoted(&number.to_string()));
                    Err(ReadError::new(&self.name, reason, "give classes, not quantities"))
                }
            },
        }
    }
}

//! What a data set is: its kind, the shape of its examples, its columns, the names of its classes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is known of a data set beside its numbers; a chart carries it, and every view goes by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Description {
    /// Where the user's own data were read from: a file or a folder, without the way to it.
    pub name: Option<String>,
    /// What an example is.
    pub kind: Kind,
    /// The names of the classes, by label.
    pub classes: Vec<String>,
}

/// The schema of a description, as one object.
#[derive(JsonSchema)]
#[schemars(rename = "Description")]
#[allow(dead_code)] // only its schema is of use
pub struct DescriptionSchema {
    /// Where the user's own data were read from: a file or a folder, without the way to it.
    #[schemars(default)]
    name: Option<String>,
    /// What an example is.
    #[schemars(flatten)]
    kind: Kind,
    /// The names of the classes, by label.
    #[schemars(length(min = 1, max = 256))]
    classes: Vec<String>,
}

/// A description with all fields that one may have side by side: reading it takes a quarter of the code that a flattened one does, in a
/// module that every visitor fetches.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Written {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channels: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    columns: Option<Vec<Column>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inputs: Option<u32>,
    classes: Vec<String>,
}

impl TryFrom<Written> for Description {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let Written { name, kind, height, width, channels, columns, inputs, classes } = written;
        let kind = match (kind.as_str(), height, width, channels, columns, inputs) {
            ("image", Some(height), Some(width), Some(channels), ..) => Kind::Image { height, width, channels },
            ("table", _, _, _, Some(columns), _) => Kind::Table { columns },
            ("words", .., Some(inputs)) => Kind::Words { inputs },
            ("plane", ..) => Kind::Plane,
            _ => return Err("a description is of an image, a table, words or the plane, with its sizes"),
        };
        Ok(Self { name, kind, classes })
    }
}

impl From<Description> for Written {
    fn from(Description { name, kind, classes }: Description) -> Self {
        let plain = Self { name, classes, ..Self::default() };
        match kind {
            Kind::Image { height, width, channels } => Self {
                kind: "image".into(),
                height: Some(height),
                width: Some(width),
                channels: Some(channels),
                ..plain
            },
            Kind::Table { columns } => Self { kind: "table".into(), columns: Some(columns), ..plain },
            Kind::Words { inputs } => Self { kind: "words".into(), inputs: Some(inputs), ..plain },
            Kind::Plane => Self { kind: "plane".into(), ..plain },
        }
    }
}

/// What an example is.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(tag = "kind", rename_all = "lowercase")]
pub enum Kind {
    /// A picture, row by row, the channels of a pixel side by side.
    Image {
        /// Pixels from top to bottom.
        height: u32,
        /// Pixels from left to right.
        width: u32,
        /// 1 for grey, 3 for red, green and blue.
        channels: u32,
    },
    /// A row of a table.
    Table {
        /// The columns that are inputs, in order; one of categories is as many inputs as it has.
        columns: Vec<Column>,
    },
    /// Numbered inputs most of which are 0, such as counts of words.
    Words {
        /// How many.
        inputs: u32,
    },
    /// A point of the plane.
    Plane,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Column {
    /// Its name, or its number from 1 where the table has no head.
    pub name: String,
    /// The categories, one input each; none for a column of numbers, which is scaled to 0...1 over the training examples.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
}

impl Kind {
    /// Grey pictures of that size.
    pub const fn grey(height: u32, width: u32) -> Self {
        Self::Image { height, width, channels: 1 }
    }

    /// Inputs of an example.
    pub fn inputs(&self) -> u64 {
        match self {
            Self::Image { height, width, channels } => {
                [*height, *width, *channels].iter().fold(1, |product: u64, &size| product.saturating_mul(size.into()))
            }
            Self::Table { columns } => columns.iter().map(|column| column.categories.len().max(1) as u64).sum(),
            Self::Words { inputs } => (*inputs).into(),
            Self::Plane => 2,
        }
    }
}

impl Description {
    /// Of a set of the user's own of which nothing is known but its numbers.
    pub fn of_numbers(inputs: usize, classes: usize) -> Self {
        let column = |number: usize| Column { name: number.to_string(), categories: Vec::new() };
        Self {
            name: None,
            kind: Kind::Table { columns: (1..=inputs).map(column).collect() },
            classes: numbered(classes),
        }
    }
}

/// Classes that are named by their labels.
pub(super) fn numbered(classes: usize) -> Vec<String> {
    (0..classes).map(|label| label.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_says_how_many_inputs_an_example_has() {
        let column = |categories: &[&str]| Column {
            name: "a".into(),
            categories: categories.iter().map(|&name| name.into()).collect(),
        };
        assert_eq!(Kind::Image { height: 32, width: 30, channels: 3 }.inputs(), 2_880);
        assert_eq!(Kind::Table { columns: vec![column(&[]), column(&["x", "y", "z"]), column(&[])] }.inputs(), 5);
        assert_eq!(Description::of_numbers(7, 2).kind.inputs(), 7);
    }

    #[test]
    fn a_description_is_written_as_one_object() {
        let description = Description { name: Some("mine".into()), kind: Kind::grey(28, 20), classes: numbered(2) };
        let json = serde_json::to_value(&description).unwrap();
        let expected = serde_json::json!({"name": "mine", "kind": "image", "height": 28, "width": 20, "channels": 1, "classes": ["0", "1"]});
        assert_eq!(json, expected);
        assert_eq!(serde_json::from_value::<Description>(json).unwrap(), description);
    }
}

//! What the input of a graph takes, and how examples are laid out for it.

use rten_onnx::onnx::{DataType, Dimension, ValueInfoProto};

use super::OnnxError;
use super::graph::Graph;
use crate::engine::MapShape;
use crate::network::fed::channel_by_channel;

/// How examples become an input.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Form {
    /// The input's name.
    pub name: String,
    /// Examples at a time, where the file fixes it.
    pub batch: Option<usize>,
    /// Whether the input has no axis of examples.
    pub is_single: bool,
    /// The axes of an example.
    pub axes: Vec<usize>,
    /// The picture whose channels come one behind the other: as they lie, those of a pixel are side by side.
    pub planes: Option<MapShape>,
    pub numbers: Numbers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    Float,
    Whole,
    Byte,
    SignedByte,
}

impl Form {
    /// # Errors
    ///
    /// Several inputs; an input that examples of so many `inputs`, or of that form, do not fit.
    pub fn of(graph: &Graph, image: Option<MapShape>, inputs: usize) -> Result<Self, OnnxError> {
        let open: Vec<&ValueInfoProto> = graph.inputs().collect();
        let name = |input: &ValueInfoProto| input.name.clone().unwrap_or_default();
        let &[input] = &open[..] else {
            let names: Vec<String> = open.iter().map(|input| format!("'{}'", name(input))).collect();
            let found = if names.is_empty() {
                "no input".into()
            } else {
                format!("{} inputs, {}", names.len(), names.join(", "))
            };
            return Err(OnnxError::Inputs { found });
        };
        let tensor = input.r#type.as_ref().and_then(|kind| kind.tensor_type.as_ref());
        let numbers = match tensor.and_then(|tensor| tensor.elem_type) {
            None | Some(DataType::FLOAT | DataType::DOUBLE | DataType::FLOAT16) => Numbers::Float,
            Some(DataType::INT32 | DataType::INT64 | DataType::BOOL) => Numbers::Whole,
            Some(DataType::UINT8) => Numbers::Byte,
            Some(DataType::INT8) => Numbers::SignedByte,
            Some(other) => {
                let found = format!("an input '{}' of type {}", name(input), other.name().unwrap_or("unknown"));
                return Err(OnnxError::Inputs { found });
            }
        };
        let size = |dimension: &Dimension| {
            dimension.dim_value.and_then(|size| usize::try_from(size).ok()).filter(|&size| size > 0)
        };
        let shape: Option<Vec<Option<usize>>> =
            tensor.and_then(|tensor| tensor.shape.as_ref()).map(|shape| shape.dim.iter().map(size).collect());
        // Without a shape, rows of numbers are what most networks take.
        let shape = shape.unwrap_or_else(|| vec![None, None]);
        let refused = || OnnxError::Form { takes: taken(&shape), given: given(image, inputs) };
        let (batch, is_single, rest) = match &shape[..] {
            &[Some(length)] if length == inputs => (None, true, &shape[..]),
            [batch, rest @ ..] if !rest.is_empty() => (*batch, false, rest),
            _ => return Err(refused()),
        };
        let (axes, planes) = filled(rest, image, inputs).ok_or_else(refused)?;
        Ok(Self { name: name(input), batch, is_single, axes, planes, numbers })
    }

    /// The axes of an input of so many examples.
    pub fn shape(&self, rows: usize) -> Vec<usize> {
        if self.is_single { self.axes.clone() } else { [&[rows][..], &self.axes].concat() }
    }

    /// Examples as the input takes them.
    pub fn laid_out(&self, batch: Vec<f32>) -> Vec<f32> {
        match self.planes {
            Some(picture) if picture.channels > 1 => channel_by_channel(&batch, picture),
            _ => batch,
        }
    }
}

/// The axes of an example, sizes that the file leaves open filled in, and the picture whose channels come one behind the other.
fn filled(shape: &[Option<usize>], image: Option<MapShape>, inputs: usize) -> Option<(Vec<usize>, Option<MapShape>)> {
    let fits = |axes: &[usize]| {
        axes.len() == shape.len() && shape.iter().zip(axes).all(|(size, &axis)| size.is_none_or(|size| size == axis))
    };
    if let Some(picture @ MapShape { channels, height, width }) = image {
        let forms = [
            (vec![channels, height, width], Some(picture)),
            (vec![height, width, channels], None),
            (vec![height, width * channels], None),
        ];
        if let Some(form) = forms.into_iter().find(|(axes, _)| fits(axes)) {
            return Some(form);
        }
    }
    if fits(&[inputs]) {
        return Some((vec![inputs], None));
    }
    // One size that is left open follows from the others.
    let known = shape.iter().flatten().product::<usize>();
    let axes: Vec<usize> = shape.iter().map(|size| size.unwrap_or(inputs / known.max(1))).collect();
    let is_told = shape.iter().filter(|size| size.is_none()).count() <= 1;
    (is_told && axes.iter().product::<usize>() == inputs).then_some((axes, None))
}

fn taken(shape: &[Option<usize>]) -> String {
    let axes = shape.iter().skip(1).map(|size| size.map_or("any".into(), |size| size.to_string()));
    match shape.len() {
        0 => "a single number".into(),
        1 => format!("one example of {} numbers", shape[0].map_or("any".into(), |size| size.to_string())),
        _ => format!("examples of {} numbers", axes.collect::<Vec<String>>().join(" x ")),
    }
}

fn given(image: Option<MapShape>, inputs: usize) -> String {
    match image {
        Some(MapShape { channels, height, width }) => format!("pictures of {height} x {width} in {channels} channels"),
        None => format!("{inputs} numbers an example"),
    }
}

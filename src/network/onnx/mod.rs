//! A network of any framework, read from an ONNX file: the values of its ReLUs are the code. It is run by a kept library; what is asked of the
//! file before, so that nothing of it is run unchecked, is here.

mod channels;
mod error;
mod exact;
mod form;
mod graph;
mod growth;
mod made;
mod operators;
mod relus;
mod response_norm;
mod runtime;
mod wire;

use std::sync::Arc;

pub use channels::Channels;
pub use error::OnnxError;
use form::{Form, Numbers};
use graph::{Graph, operator};
use runtime::Runtime;

use super::CodeUnits;
use crate::engine::MapShape;

/// Numbers that a pass holds at a time, about: 64 MB.
const NUMBERS: usize = 16 << 20;
/// Examples of a pass, at most.
const ROWS: usize = 64;

/// A network in evaluation mode, as an ONNX file describes it.
#[derive(Debug, Clone)]
pub struct Onnx {
    runtime: Arc<Runtime>,
    form: Form,
    names: Vec<String>,
    /// ReLUs of each layer.
    relus: Vec<usize>,
    channels: Vec<Channels>,
    code: CodeUnits,
    /// Which of the values that a run gives are scores, the ReLUs' coming first.
    scores: Option<(usize, Scores)>,
    left_out: Vec<String>,
}

/// What tells the classes apart.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Scores {
    /// A number a class, the largest decides.
    Each,
    /// One number, the second of two classes where it is above this.
    Above(f32),
}

/// What some examples come to.
#[derive(Debug)]
pub struct OnnxPass {
    /// Of each ReLU, what is above 0 where it is on, `[rows, bits]`.
    pub relus: Vec<Vec<f32>>,
    /// Scores, `[rows, classes]`, if the network has such outputs.
    pub scores: Option<Vec<f32>>,
}

impl Onnx {
    /// Whether a file is ONNX, as far as its first bytes tell: the version of its format, and a field of a model after it.
    pub fn is(file: &[u8]) -> bool {
        const FIELDS: [u8; 9] = [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72, 0xa2];
        // A safetensors file has a brace after its first eight bytes.
        matches!(file, [8, 1..=20, field, ..] if FIELDS.contains(field)) && file.get(8) != Some(&b'{')
    }

    /// Reads a file for examples of so many `inputs` and `classes`; `image` is their form where they are pictures, `layers` names the ReLUs that are
    /// the code, by name, by place from 1 on, or by ranges of places; all where nothing is said. `beside` has the files that its weights may lie in.
    ///
    /// # Errors
    ///
    /// A file that is broken, too large, without ReLUs, of operators that are not run, or that such examples do not fit.
    pub fn read(
        file: &[u8],
        layers: Option<&str>,
        image: Option<MapShape>,
        [inputs, classes]: [usize; 2],
        beside: &dyn Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Self, OnnxError> {
        let graph = Graph::read(file)?;
        growth::check(&graph)?;
        let smooth = relus::without_on_and_off(&graph);
        let all = relus::of(&graph);
        if all.is_empty() {
            let instead = if smooth.is_empty() { String::new() } else { format!(", but {}", smooth.join(", ")) };
            return Err(OnnxError::NoRelus { instead });
        }
        let relus = relus::chosen(all, layers)?;
        relus.iter().try_for_each(|relu| graph.check_operators(&relu.value))?;
        let form = Form::of(&graph, image, inputs)?;
        // Labels and the like may need operators that are not run; then they are no scores either.
        let outputs: Vec<String> = graph
            .outputs()
            .into_iter()
            .filter(|output| !graph.is_constant(output) && graph.check_operators(output).is_ok())
            .collect();
        let is_sigmoid = |output: &String| graph.maker(output).is_some_and(|node| operator(node) == "Sigmoid");
        let above: Vec<f32> = outputs.iter().map(|output| if is_sigmoid(output) { 0.5 } else { 0.0 }).collect();

        let mut values: Vec<&str> = relus.iter().map(|relu| relu.value.as_str()).collect();
        let places: Vec<usize> = outputs
            .iter()
            .map(|output| {
                values.iter().position(|value| value == output).unwrap_or_else(|| {
                    values.push(output);
                    values.len() - 1
                })
            })
            .collect();
        let axes: Vec<Option<usize>> = relus.iter().map(|relu| channels::axis(&graph, &relu.value)).collect();
        let (mut runtime, form, given) = Runtime::open(graph.cut_to(&values), &values, form, beside)?;
        if let Some(place) = given[..relus.len()].iter().position(|given| given.numbers == 0) {
            return Err(OnnxError::Graph { reason: format!("ReLU '{}' has no numbers", relus[place].name) });
        }
        let scores = places.into_iter().zip(above).find_map(|(place, above)| match given[place].numbers {
            size if size == classes => Some((place, Scores::Each)),
            1 if classes == 2 => Some((place, Scores::Above(above))),
            _ => None,
        });
        let apart = scores.map(|(place, _)| place).filter(|&place| place >= relus.len());
        runtime.keep(&(0..relus.len()).chain(apart).collect::<Vec<_>>());
        Ok(Self {
            runtime: Arc::new(runtime),
            form,
            relus: given[..relus.len()].iter().map(|given| given.numbers).collect(),
            channels: axes.into_iter().zip(&given).map(|(axis, given)| Channels::along(axis, given)).collect(),
            code: CodeUnits::All,
            scores: scores.map(|(place, scores)| (place.min(relus.len()), scores)),
            names: relus.into_iter().map(|relu| relu.name).collect(),
            left_out: smooth,
        })
    }

    /// Names of its ReLUs, in the order of the graph.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// ReLUs of each layer: what it gives for an example, flattened.
    pub fn relus(&self) -> &[usize] {
        &self.relus
    }

    /// How each of these layers lies.
    pub fn channels(&self) -> &[Channels] {
        &self.channels
    }

    /// Bits of the code of each layer: its ReLUs, or its channels.
    pub fn widths(&self) -> Vec<usize> {
        match self.code {
            CodeUnits::Channels => self.channels.iter().map(|channels| channels.count).collect(),
            CodeUnits::All | CodeUnits::Dense => self.relus.clone(),
        }
    }

    /// What its code is: all ReLUs, or a bit a channel.
    pub fn code(&self) -> CodeUnits {
        self.code
    }

    /// The same network, of which that is the code.
    pub(crate) fn with_code(self, code: CodeUnits) -> Self {
        Self { code, ..self }
    }

    /// Whether one of its outputs is a score for each class.
    pub fn has_scores(&self) -> bool {
        self.scores.is_some()
    }

    /// Whether its input has an axis of channels before those of height and width.
    pub fn takes_planes(&self) -> bool {
        self.form.planes.is_some()
    }

    /// Whether its input is of whole numbers.
    pub fn takes_whole_numbers(&self) -> bool {
        self.form.numbers != Numbers::Float
    }

    /// Activations that have no on and off, and no part in the code.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// Examples of a pass.
    pub fn rows_at_a_time(&self) -> usize {
        let numbers: usize = self.relus.iter().sum();
        self.form.batch.unwrap_or_else(|| (NUMBERS / numbers.max(1)).clamp(1, ROWS))
    }

    /// For examples `[rows, inputs]`, of pictures row by row with the channels of a pixel side by side; at most
    /// [`rows_at_a_time`](Self::rows_at_a_time).
    ///
    /// # Errors
    ///
    /// Numbers that its input does not take, or what the runtime refuses.
    pub fn pass(&self, batch: Vec<f32>, rows: usize) -> Result<OnnxPass, OnnxError> {
        let mut relus = self.runtime.run(&self.form, batch, rows)?;
        let scores = self.scores.and_then(|(place, scores)| {
            let own = relus.get(place)?;
            Some(match scores {
                Scores::Each => own.clone(),
                Scores::Above(threshold) => own.iter().flat_map(|score| [0.0, score - threshold]).collect(),
            })
        });
        relus.truncate(self.relus.len());
        Ok(OnnxPass { relus, scores })
    }
}

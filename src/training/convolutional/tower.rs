//! One convolutional network in training: all its units and the Dense layers behind.

use super::head::Head;
use super::layer::{Abreast, Back, ConvLayer};
use super::stage::Stage;
use crate::engine::{Maps, Rectifier, Unpool, add_every, average, pool, send_average_back};
use crate::network::{ConvNet, Then, Unit, begins_shortcut};
use crate::training::batch::Batch;
use crate::training::layer::SendBack;
use crate::training::optimizer::Update;

/// The network.
pub(super) struct Tower {
    pub units: Vec<Unit>,
    layers: Vec<ConvLayer>,
    pub head: Head,
}

/// What a step is taken on.
pub(super) struct Step<'a> {
    pub batch: &'a Batch,
    pub of: Abreast<'a>,
    pub image: &'a Maps,
    pub update: Update,
}

impl Tower {
    /// From the weights as they stand; `negative_slope` is that of the rectifiers.
    pub fn new(network: &ConvNet, negative_slope: Option<f32>) -> Self {
        let rectifier = negative_slope.map_or(Rectifier::NONE, Rectifier::new);
        let own = network.convolutions.iter().zip(&network.units);
        Self {
            units: network.units.clone(),
            layers: own.map(|(own, unit)| ConvLayer::new(own, unit.stride, rectifier)).collect(),
            head: Head::new(&network.head, negative_slope),
        }
    }

    /// Writes the numbers back to where they came from.
    pub fn write(&self, network: &mut ConvNet) {
        self.layers.iter().zip(&mut network.convolutions).for_each(|(from, to)| from.write(to));
        self.head.write(&mut network.head);
    }

    /// A step on a batch, with a stage for each unit.
    pub fn step(&mut self, step: &Step, stages: &mut [Stage], scratch: &mut SendBack) {
        self.forward(step, stages);
        if let (Some(last), Some(unit)) = (stages.last_mut(), self.units.last()) {
            let (features, slopes) = last.ends(unit.then);
            self.head.step(step.update, features, step.batch, slopes, scratch);
        }
        for index in (0..self.layers.len()).rev() {
            self.backward(index, step, stages);
        }
    }

    fn forward(&mut self, step: &Step, stages: &mut [Stage]) {
        for (index, (layer, unit)) in self.layers.iter_mut().zip(&self.units).enumerate() {
            let (before, rest) = stages.split_at_mut(index);
            let stage = &mut rest[0];
            match before.split_last_mut() {
                Some((last, older)) => {
                    let around = unit.shortcut.map(|source| &older[source].out);
                    layer.forward(last.ends(self.units[index - 1].then).0, around, step.of, stage);
                }
                None => layer.forward(step.image, None, step.of, stage),
            }
            match unit.then {
                Then::Nothing => {}
                Then::Pooled => pool(&stage.out, &mut stage.passed, step.of.examples),
                Then::Averaged => average(&stage.out, &mut stage.passed, step.of.examples),
            }
        }
    }

    /// The way back through a unit, with a step of its weights.
    fn backward(&mut self, index: usize, step: &Step, stages: &mut [Stage]) {
        let (unit, layer, examples) = (&self.units[index], &mut self.layers[index], step.of.examples);
        let (before, rest) = stages.split_at_mut(index);
        let stage = &mut rest[0];
        let (rectifier, Stage { out, passed, of_out, of_passed, of_shortcut, .. }) = (layer.rectifier, &mut *stage);
        if unit.then == Then::Pooled {
            Unpool { rectifier, out, pooled: passed, slopes: of_passed, back: of_out }.go(examples);
        } else {
            if unit.then == Then::Averaged {
                send_average_back(of_passed, of_out, out.shape, examples);
            }
            if begins_shortcut(&self.units, index) {
                add_every(of_shortcut, of_out);
            }
            rectifier.send_back(out, of_out);
        }
        let to = match before.split_last_mut() {
            Some((last, older)) => {
                let around = unit.shortcut.map(|source| {
                    let Stage { out, of_shortcut, .. } = &mut older[source];
                    of_shortcut.resize(examples, out.shape);
                    of_shortcut
                });
                let (from, back) = last.ends(self.units[index - 1].then);
                Back { from, back: Some(back), around }
            }
            // The gradient with respect to the pixels is not needed.
            None => Back { from: step.image, back: None, around: None },
        };
        layer.backward(step.update, step.of, stage, to);
    }

    /// The sum of the squares of the weights that decay: all but the output's.
    pub fn squares(&self) -> f32 {
        self.layers.iter().map(ConvLayer::squares).sum::<f32>() + self.head.squares()
    }
}

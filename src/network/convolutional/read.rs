//! Reads a convolutional network that [`ConvNets::weights`] has written.

use std::collections::BTreeSet;

use safetensors::tensor::SafeTensors;

use super::file::NORM;
use super::units::{Body, Convolutional};
use super::{ConvNet, ConvNets, Convolution};
use crate::bounds::BOUNDS;
use crate::engine::{Engine, MapShape, tensor};
use crate::network::file::{floats, open};
use crate::network::{Activation, CodeUnits, Mlp, PerceptronError};

impl ConvNets {
    /// The network in a file that [`weights`](Self::weights) wrote, for pictures of that shape; its code is that of all its ReLUs. Nothing where the
    /// file has no convolutions, or `layers` says in which order data pass those of a perceptron.
    pub(in crate::network) fn read(
        file: &[u8],
        layers: Option<&str>,
        image: Option<MapShape>,
        classes: usize,
    ) -> Result<Option<Self>, PerceptronError> {
        let tensors = open(file)?;
        match Body::found(&tensors).filter(|_| layers.is_none()) {
            Some(body) => of_tensors(&tensors, body, image, classes).map(Some),
            None => Ok(None),
        }
    }
}

fn of_tensors(
    tensors: &SafeTensors,
    body: Body,
    image: Option<MapShape>,
    classes: usize,
) -> Result<ConvNets, PerceptronError> {
    let image = image.ok_or_else(|| refused("it takes pictures, which the examples of this data set are not"))?;
    let names = body.names(true);
    let batch_norm = tensors.tensor(&format!("{}.running_mean", names[0][1])).is_ok();
    let dense = dense_of(tensors, body, batch_norm)?;
    let sizes = match body {
        Body::Vgg(vgg) => {
            [(vgg.channels, BOUNDS.channels), (vgg.blocks, BOUNDS.blocks), (vgg.convolutions, BOUNDS.convolutions)]
        }
        Body::Resnet(resnet) => [(resnet.channels, BOUNDS.channels), (resnet.blocks, BOUNDS.blocks), (1, 1)],
    };
    let of_dense = [(dense.width, BOUNDS.width), (dense.depth + 1, BOUNDS.depth + 1)];
    if sizes.into_iter().chain(of_dense).any(|(found, most)| !(1..=most).contains(&(found as u64))) {
        return Err(refused("its sizes are beyond what is taken"));
    }
    let architecture = Convolutional { image, body, dense, code: CodeUnits::All };
    let mut network =
        ConvNet::new(classes, architecture, 0, Engine::cpu().device()).map_err(|error| refused(&error.to_string()))?;
    let mut file = File { tensors, taken: BTreeSet::new() };
    for ([name, norm_name], (unit, to)) in
        body.names(batch_norm).iter().zip(network.units.iter().zip(&mut network.convolutions))
    {
        let outputs = unit.outputs;
        let kernel = file.numbers(name, "weight", &[outputs, unit.taken.channels, 3, 3])?;
        let norm = if batch_norm { Some(file.norm(norm_name, outputs)?) } else { None };
        *to = Convolution { kernel, bias: file.numbers(name, "bias", &[outputs])?, norm };
    }
    file.dense(&mut network, body.dense_names(dense.depth, batch_norm), classes)?;
    if let Some(other) = tensors.names().into_iter().find(|&name| !file.taken.contains(name)) {
        return Err(refused(&format!("'{other}' is no tensor of such a network")));
    }
    Ok(ConvNets { networks: vec![network], seeds: [0] })
}

/// The sizes of the Dense layers behind.
fn dense_of(tensors: &SafeTensors, body: Body, batch_norm: bool) -> Result<Mlp, PerceptronError> {
    let weight = |name: &str| tensors.tensor(&format!("{name}.weight"));
    let (depth, width) = match body {
        Body::Vgg(_) => {
            let is_there = |depth: &usize| {
                let names = body.dense_names(*depth, batch_norm);
                names.last().is_some_and(|[name, _]| weight(name).is_ok())
            };
            let layers = (0..).take_while(is_there).count();
            if layers < 2 {
                return Err(PerceptronError::Shallow);
            }
            let first = &body.dense_names(0, batch_norm)[0][0];
            (layers - 1, weight(first)?.shape().first().copied())
        }
        Body::Resnet(_) => (0, weight("fc")?.shape().get(1).copied()),
    };
    Ok(Mlp { depth, width: width.unwrap_or_default(), batch_norm, dropout: 0.0, activation: Activation::Relu })
}

/// A file, and what of it was taken.
struct File<'a> {
    tensors: &'a SafeTensors<'a>,
    taken: BTreeSet<String>,
}

impl File<'_> {
    /// Takes the Dense layers, the output among them.
    fn dense(&mut self, network: &mut ConvNet, names: Vec<[String; 2]>, classes: usize) -> Result<(), PerceptronError> {
        let (device, head, width) = (Engine::cpu(), &mut network.head, network.architecture.dense.width);
        let device = device.device();
        let mut inputs = network.architecture.features().len();
        let last = names.len() - 1;
        let layers = head.parameters.hidden.iter_mut().chain([&mut head.parameters.output]);
        let mut running = head.running.iter_mut();
        for ((index, [name, norm_name]), to) in names.iter().enumerate().zip(layers) {
            let units = if index == last { self.outputs(name, classes)? } else { width };
            let kernel = self.numbers(name, "weight", &[units, inputs])?;
            let turned = (0..kernel.len()).map(|at| kernel[at % units * inputs + at / units]).collect();
            to.kernel = tensor(turned, [1, inputs, units], device);
            to.bias = tensor(self.numbers(name, "bias", &[units])?, [1, 1, units], device);
            if let (Some(norm), Some(own)) = (&mut to.norm, running.next()) {
                let [scale, shift, mean, variance] =
                    self.norm(norm_name, units)?.map(|numbers| tensor(numbers, [1, 1, units], device));
                (*norm, *own) = ([scale, shift], [mean, variance]);
            }
            inputs = units;
        }
        Ok(())
    }

    /// As many outputs as classes.
    fn outputs(&self, name: &str, classes: usize) -> Result<usize, PerceptronError> {
        match self.tensors.tensor(&format!("{name}.weight"))?.shape() {
            &[outputs, _] if outputs != classes => Err(PerceptronError::Classes { outputs, classes }),
            _ => Ok(classes),
        }
    }

    fn norm(&mut self, module: &str, units: usize) -> Result<[Vec<f32>; 4], PerceptronError> {
        let mut part = |part: usize| self.numbers(module, NORM[part], &[units]);
        Ok([part(0)?, part(1)?, part(2)?, part(3)?])
    }

    /// The numbers of a tensor of that shape.
    fn numbers(&mut self, module: &str, part: &str, shape: &[usize]) -> Result<Vec<f32>, PerceptronError> {
        let name = format!("{module}.{part}");
        let view = self.tensors.tensor(&name)?;
        let Some(numbers) = floats(&view) else {
            return Err(PerceptronError::Type { name, found: view.dtype() });
        };
        if view.shape() != shape || shape.contains(&0) {
            return Err(refused(&format!("'{name}' has the shape {:?} where {shape:?} belongs", view.shape())));
        }
        if numbers.iter().any(|number| !number.is_finite()) {
            return Err(PerceptronError::Infinite { what: format!("numbers of '{name}'") });
        }
        self.taken.insert(name);
        Ok(numbers)
    }
}

fn refused(reason: &str) -> PerceptronError {
    PerceptronError::Convolutional { reason: reason.into() }
}

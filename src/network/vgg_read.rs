//! Reads a convolutional network that [`ConvNets::weights`] has written.

use std::collections::BTreeSet;

use safetensors::tensor::{Dtype, SafeTensors};

use super::vgg_file::NORM;
use super::{Activation, CodeUnits, ConvNet, ConvNets, Convolution, Mlp, PerceptronError, Vgg};
use crate::bounds::BOUNDS;
use crate::engine::{Engine, MapShape, TAPS, tensor};

impl ConvNets {
    /// The network in a file that [`weights`](Self::weights) wrote, for pictures of that shape; its code is that of all its ReLUs. Nothing where the
    /// file has no convolutions, or `layers` says in which order data pass those of a perceptron.
    pub(super) fn read(
        file: &[u8],
        layers: Option<&str>,
        image: Option<MapShape>,
        classes: usize,
    ) -> Result<Option<Self>, PerceptronError> {
        let tensors = SafeTensors::deserialize(file)?;
        let is_vgg = tensors.tensor("features.0.weight").is_ok_and(|first| first.shape().len() == 4);
        if layers.is_some() || !is_vgg {
            return Ok(None);
        }
        Self::of_tensors(&tensors, image, classes).map(Some)
    }

    fn of_tensors(tensors: &SafeTensors, image: Option<MapShape>, classes: usize) -> Result<Self, PerceptronError> {
        let engine = Engine::cpu();
        let device = engine.device();
        let image = image.ok_or_else(|| vgg("it takes pictures, which the examples of this data set are not"))?;
        let (convolutions, ends) = convolutions(tensors)?;
        let pooled = ends.iter().filter(|&&pooled| pooled).count();
        let dense = layers(tensors, "classifier")?;
        let (hidden, output) = match &dense[..] {
            [hidden @ .., output] if !hidden.is_empty() => (hidden, output),
            _ => return Err(PerceptronError::Shallow),
        };
        let architecture = Vgg {
            image,
            channels: convolutions[0].bias.len(),
            blocks: pooled,
            convolutions: convolutions.len() / pooled.max(1),
            dense: Mlp {
                depth: hidden.len(),
                width: hidden[0].units,
                batch_norm: convolutions[0].norm.is_some(),
                dropout: 0.0,
                activation: Activation::Relu,
            },
            code: CodeUnits::All,
        };
        let within = [
            (architecture.channels, BOUNDS.channels),
            (pooled, BOUNDS.blocks),
            (architecture.convolutions, BOUNDS.convolutions),
            (hidden.len(), BOUNDS.depth),
            (hidden[0].units, BOUNDS.width),
        ];
        if pooled == 0 || within.iter().any(|&(found, most)| found as u64 > most) {
            return Err(vgg("its sizes are beyond what is taken"));
        }
        let wanted: Vec<_> = architecture.convolutions().map(|(taken, outputs)| [outputs, taken.channels]).collect();
        let found: Vec<_> =
            convolutions.iter().map(|one| [one.bias.len(), one.kernel.len() / TAPS / one.bias.len()]).collect();
        let regular = (0..ends.len()).all(|index| ends[index] == architecture.is_pooled(index));
        if wanted != found || !regular {
            return Err(vgg("each block must have as many convolutions, and twice the channels of the one before"));
        }
        let features = architecture.features().len();
        let mut given = features;
        for layer in &dense {
            if layer.kernel.len() != given * layer.units {
                let inputs = layer.kernel.len() / layer.units.max(1);
                return Err(PerceptronError::Chain { module: "classifier".into(), inputs, given });
            }
            given = layer.units;
        }
        if output.units != classes {
            return Err(PerceptronError::Classes { outputs: output.units, classes });
        }
        let norms =
            convolutions.iter().map(|one| one.norm.is_some()).chain(hidden.iter().map(|one| one.norm.is_some()));
        let uneven = hidden.iter().any(|one| one.units != hidden[0].units);
        if uneven
            || norms.into_iter().any(|is_there| is_there != architecture.dense.batch_norm)
            || output.norm.is_some()
        {
            return Err(vgg("its dense layers must be of one width, and all hidden layers have batch norm or none"));
        }
        let mut network = ConvNet::new(classes, architecture, 0, device).map_err(|error| vgg(&error.to_string()))?;
        network.convolutions = convolutions;
        let head = &mut network.head;
        let layers = head.parameters.hidden.iter_mut().chain([&mut head.parameters.output]);
        let mut running = head.running.iter_mut();
        let mut inputs = features;
        for (to, from) in layers.zip(dense) {
            let units = from.units;
            let turned = (0..from.kernel.len()).map(|at| from.kernel[at % units * inputs + at / units]).collect();
            to.kernel = tensor(turned, [1, inputs, units], device);
            to.bias = tensor(from.bias, [1, 1, units], device);
            if let (Some(norm), Some([scale, shift, mean, variance]), Some(own)) =
                (&mut to.norm, from.norm, running.next())
            {
                let one = |numbers| tensor(numbers, [1, 1, units], device);
                *norm = [one(scale), one(shift)];
                *own = [one(mean), one(variance)];
            }
            inputs = units;
        }
        Ok(Self { networks: vec![network], seeds: [0] })
    }
}

fn vgg(reason: &str) -> PerceptronError {
    PerceptronError::Vgg { reason: reason.into() }
}

/// The convolutions of a file, and of each whether pooling follows: PyTorch numbers what has no weights, too.
fn convolutions(tensors: &SafeTensors) -> Result<(Vec<Convolution>, Vec<bool>), PerceptronError> {
    let places = places(tensors, "features");
    let (mut convolutions, mut ends, mut last) = (Vec::new(), Vec::new(), None);
    for &place in &places {
        let name = |part: &str| format!("features.{place}.{part}");
        let shape = tensors.tensor(&name("weight"))?.shape().to_vec();
        if let &[outputs, inputs, 3, 3] = &shape[..] {
            if let Some(last) = last {
                ends.push(match place - last {
                    2 => false,
                    3 => true,
                    _ => return Err(vgg("only ReLU and pooling stand between two convolutions")),
                });
            }
            let kernel = numbers(tensors, &name("weight"), &[outputs, inputs, 3, 3])?;
            convolutions.push(Convolution { kernel, bias: numbers(tensors, &name("bias"), &[outputs])?, norm: None });
        } else if let (Some(before), true) = (convolutions.last_mut(), last == place.checked_sub(1)) {
            before.norm = Some(norm(tensors, "features", place, before.bias.len())?);
        } else {
            return Err(vgg("convolutions are 3 x 3, and batch norm follows them at once"));
        }
        last = Some(place);
    }
    if convolutions.is_empty() {
        return Err(vgg("it has no convolution"));
    }
    ends.push(true);
    Ok((convolutions, ends))
}

/// A Dense layer of a file.
struct Dense {
    units: usize,
    /// `[units, inputs]`.
    kernel: Vec<f32>,
    bias: Vec<f32>,
    norm: Option<[Vec<f32>; 4]>,
}

fn layers(tensors: &SafeTensors, sequence: &str) -> Result<Vec<Dense>, PerceptronError> {
    let mut layers: Vec<Dense> = Vec::new();
    for place in places(tensors, sequence) {
        let name = |part: &str| format!("{sequence}.{place}.{part}");
        let shape = tensors.tensor(&name("weight"))?.shape().to_vec();
        if let &[units, inputs] = &shape[..] {
            let kernel = numbers(tensors, &name("weight"), &[units, inputs])?;
            layers.push(Dense { units, kernel, bias: numbers(tensors, &name("bias"), &[units])?, norm: None });
        } else if let Some(before) = layers.last_mut() {
            before.norm = Some(norm(tensors, sequence, place, before.units)?);
        } else {
            return Err(vgg("batch norm follows a dense layer"));
        }
    }
    Ok(layers)
}

/// The numbers of modules in a sequence that have weights, rising.
fn places(tensors: &SafeTensors, sequence: &str) -> BTreeSet<usize> {
    let of = |name: &str| name.strip_prefix(sequence)?.strip_prefix('.')?.split('.').next()?.parse().ok();
    tensors.names().into_iter().filter_map(of).collect()
}

fn norm(tensors: &SafeTensors, sequence: &str, place: usize, units: usize) -> Result<[Vec<f32>; 4], PerceptronError> {
    let part = |part: &str| numbers(tensors, &format!("{sequence}.{place}.{part}"), &[units]);
    Ok([part(NORM[0])?, part(NORM[1])?, part(NORM[2])?, part(NORM[3])?])
}

/// The numbers of a tensor of that shape.
fn numbers(tensors: &SafeTensors, name: &str, shape: &[usize]) -> Result<Vec<f32>, PerceptronError> {
    let view = tensors.tensor(name)?;
    if view.dtype() != Dtype::F32 {
        return Err(PerceptronError::Type { name: name.into(), found: view.dtype() });
    }
    if view.shape() != shape || shape.contains(&0) {
        return Err(vgg(&format!("'{name}' has the shape {:?} where {shape:?} belongs", view.shape())));
    }
    let numbers: Vec<f32> = view.data().as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
    if numbers.iter().any(|number| !number.is_finite()) {
        return Err(PerceptronError::Infinite { what: format!("numbers of '{name}'") });
    }
    Ok(numbers)
}

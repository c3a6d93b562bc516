//! One step of convolutional networks that stand side by side, as a tensor program: there and back again, written out layer by layer, so that it
//! takes as few kernels as it can.

use burn::tensor::Tensor;

use crate::network::{Layer, NORM_EPSILON, Role, Then, Towers, activate, flat, move_running};
use crate::training::Protocol;
use crate::training::cross_entropy::Outputs;
use crate::training::optimizer::{Step, Stepper};

/// Networks in training.
pub(super) struct Program {
    pub towers: Towers,
    stepper: Stepper,
    /// Of the last step.
    pub outputs: Option<Outputs>,
}

/// What a hidden layer has made of what it took, kept for the way back.
struct Made {
    taken: Taken,
    /// With batch norm, what came of the division, and 1 by the standard deviations.
    normalised: Option<[Tensor<3>; 2]>,
    /// What the activation let through, `[networks, units, columns]`.
    through: Tensor<3>,
    /// For each square that was pooled, the corner of its largest number.
    corner: Option<Tensor<4>>,
    /// Factors of dropout.
    mask: Option<Tensor<3>>,
}

/// What a layer took.
enum Taken {
    /// Of a convolution, `[networks, inputs, places, examples]`, or the same for all networks.
    Maps(Tensor<4>),
    /// Of a Dense layer, `[networks, inputs, examples]`.
    Units(Tensor<3>),
}

/// The gradients of a layer's tensors, in their order.
type Gradients = Vec<Option<Tensor<3>>>;

impl Program {
    /// For networks that are to be trained under `protocol`.
    pub fn new(towers: Towers, protocol: &Protocol) -> Self {
        let tensors = towers.parameters.tensors().count();
        let stepper = Stepper::new(protocol.optimizer, tensors, &towers.parameters.output.kernel.device());
        Self { towers, stepper, outputs: None }
    }

    /// Takes a step on pictures, `[1, channels, places, examples]`, and what they show, `[1, examples, classes]`. `masks` holds, with dropout, a
    /// factor for every activation of every hidden Dense layer.
    pub fn step(
        &mut self,
        pictures: Tensor<4>,
        targets: Tensor<3>,
        masks: Vec<Tensor<3>>,
        protocol: &Protocol,
        rate: f64,
    ) {
        let (mut made, mut statistics) = (Vec::new(), Vec::new());
        let signal = self.forward(pictures, masks, &mut made, &mut statistics);
        let output = &self.towers.parameters.output;
        let outputs = Outputs { logits: output.of(signal.clone()).swap_dims(1, 2), targets };
        let slopes = outputs.gradient().swap_dims(1, 2);
        self.outputs = Some(outputs);

        let arriving = output.kernel.clone().swap_dims(1, 2).matmul(slopes.clone());
        let of_output = gradients(output, None, slopes, |slopes| slopes.matmul(signal.swap_dims(1, 2))).0;
        let mut gradients = self.backward(arriving, made);
        gradients.push(of_output);
        let own = self.towers.parameters.tensors_mut().zip(gradients.into_iter().flatten());
        for (index, ((role, tensor), gradient)) in own.enumerate() {
            let Some(gradient) = gradient else { continue };
            let decay = if role == Role::HiddenKernel { protocol.weight_decay } else { 0.0 };
            let step = Step { index, rate, decay };
            tensor.inplace(|tensor| self.stepper.step(&step, tensor, gradient));
        }
        move_running(&mut self.towers.running, statistics);
    }

    /// What comes to the output, `[networks, units, examples]`; and what every hidden layer made on the way, with its batch norm's statistics.
    fn forward(
        &self,
        pictures: Tensor<4>,
        masks: Vec<Tensor<3>>,
        made: &mut Vec<Made>,
        statistics: &mut Vec<[Tensor<3>; 2]>,
    ) -> Tensor<3> {
        let Towers { units, places, parameters, activation, .. } = &self.towers;
        let [.., examples] = pictures.dims();
        let mut signal = pictures;
        for ((unit, places), layer) in units.iter().zip(places).zip(&parameters.hidden) {
            let sums = places.convolve(layer, signal.clone());
            let shape = sums.dims();
            let (mut sums, normalised) = normalise(layer, flat(sums), statistics);
            if let Some(source) = unit.shortcut {
                let from = units[source].out();
                let around = made[source].through.clone();
                let around = around.reshape([self.towers.len(), from.channels, from.positions(), examples]);
                sums = sums + flat(places.shorten(around, unit.outputs));
            }
            let through = activate(*activation, sums);
            let maps = through.clone().reshape(shape);
            let (passed, corner) = match unit.then {
                Then::Nothing => (maps, None),
                Then::Averaged => (maps.mean_dim(2), None),
                Then::Pooled => match places.pool(maps.clone()) {
                    Some((largest, corner)) => (largest, Some(corner)),
                    None => (maps, None),
                },
            };
            made.push(Made { taken: Taken::Maps(signal), normalised, through, corner, mask: None });
            signal = passed;
        }
        let [networks, channels, left, _] = signal.dims();
        let mut signal = signal.reshape([networks, channels * left, examples]);
        let mut masks = masks.into_iter();
        for layer in &parameters.hidden[units.len()..] {
            let (sums, normalised) = normalise(layer, layer.of(signal.clone()), statistics);
            let (through, mask) = (activate(*activation, sums), masks.next());
            let passed = mask.iter().fold(through.clone(), |passed, mask| passed * mask.clone());
            made.push(Made { taken: Taken::Units(signal), normalised, through, corner: None, mask });
            signal = passed;
        }
        signal
    }

    /// The gradients of every hidden layer, from that of what came to the output.
    fn backward(&self, arriving: Tensor<3>, made: Vec<Made>) -> Vec<Gradients> {
        let Towers { units, places, parameters, .. } = &self.towers;
        let [.., examples] = arriving.dims();
        let negative = self.towers.activation.negative_slope().unwrap_or_default();
        let mut arriving = arriving;
        // The part of the gradient that arrives through a shortcut starting at this unit.
        let mut around: Vec<Option<Tensor<4>>> = vec![None; units.len()];
        let mut all = Vec::new();
        for (index, made) in made.into_iter().enumerate().rev() {
            let layer = &parameters.hidden[index];
            let networks = self.towers.len();
            let mut slopes = made.mask.into_iter().fold(arriving, |slopes, mask| slopes * mask);
            if let Some(unit) = units.get(index) {
                let (out, passed) = (unit.out(), unit.passed());
                let own = slopes.reshape([networks, passed.channels, passed.positions(), examples]);
                let mut of_maps = match (unit.then, made.corner) {
                    (Then::Averaged, _) => own.repeat_dim(2, out.positions()).div_scalar(out.positions() as f64),
                    (Then::Pooled, Some(corner)) => places[index].pool_back(own.clone(), corner).unwrap_or(own),
                    _ => own,
                };
                if let Some(also) = around[index].take() {
                    of_maps = of_maps + also;
                }
                slopes = of_maps.reshape([networks, out.channels, out.positions() * examples]);
            }
            let fires = made.through.greater_elem(0.0).float();
            slopes =
                slopes * if negative > 0.0 { fires.mul_scalar(1.0 - negative).add_scalar(negative) } else { fires };
            if let Some(source) = units.get(index).and_then(|unit| unit.shortcut) {
                let out = units[index].out();
                let own = slopes.clone().reshape([networks, out.channels, out.positions(), examples]);
                let back = places[index].shorten_back(own, units[source].out().channels);
                around[source] = Some(match around[source].take() {
                    Some(others) => others + back,
                    None => back,
                });
            }
            let (own, back) = match &made.taken {
                Taken::Maps(maps) => {
                    let [_, outputs, columns] = slopes.dims();
                    let of_maps = |sums: Tensor<3>| sums.reshape([networks, outputs, columns / examples, examples]);
                    let places = &places[index];
                    let of_kernel = |sums| places.filter_gradient(maps.clone(), of_maps(sums));
                    let (own, sums) = gradients(layer, made.normalised, slopes, of_kernel);
                    // The gradient with respect to the pictures is not needed.
                    (own, (index > 0).then(|| flat(places.convolve_back(&layer.kernel, of_maps(sums)))))
                }
                Taken::Units(taken) => {
                    let of_kernel = |sums: Tensor<3>| sums.matmul(taken.clone().swap_dims(1, 2));
                    let (own, sums) = gradients(layer, made.normalised, slopes, of_kernel);
                    (own, Some(layer.kernel.clone().swap_dims(1, 2).matmul(sums)))
                }
            };
            all.push(own);
            let Some(back) = back else { break };
            arriving = back;
        }
        all.reverse();
        all
    }
}

/// What batch norm makes of the sums of a layer, `[networks, units, columns]`, where it has it, and what of that the way back asks for.
fn normalise(
    layer: &Layer,
    sums: Tensor<3>,
    statistics: &mut Vec<[Tensor<3>; 2]>,
) -> (Tensor<3>, Option<[Tensor<3>; 2]>) {
    let Some([scale, shift]) = &layer.norm else { return (sums, None) };
    let mean = sums.clone().mean_dim(2);
    let centred = sums - mean.clone();
    let variance = centred.clone().square().mean_dim(2);
    let inverse = variance.clone().add_scalar(NORM_EPSILON).sqrt().recip();
    let normalised = centred * inverse.clone();
    statistics.push([mean, variance]);
    (normalised.clone() * scale.clone() + shift.clone(), Some([normalised, inverse]))
}

/// The gradients of a layer's tensors, and of its sums before batch norm, from that of what came to its units.
fn gradients(
    layer: &Layer,
    normalised: Option<[Tensor<3>; 2]>,
    slopes: Tensor<3>,
    of_kernel: impl FnOnce(Tensor<3>) -> Tensor<3>,
) -> (Gradients, Tensor<3>) {
    let (Some([scale, _]), Some([normalised, inverse])) = (&layer.norm, normalised) else {
        return (vec![Some(of_kernel(slopes.clone())), Some(slopes.clone().sum_dim(2))], slopes);
    };
    let [.., columns] = slopes.dims();
    let of_scale = (slopes.clone() * normalised.clone()).sum_dim(2);
    let of_shift = slopes.clone().sum_dim(2);
    let [of_normalised, of_all] = [&of_scale, &of_shift].map(|sums| sums.clone().div_scalar(columns as f64));
    let sums = (slopes - of_all - normalised * of_normalised) * (inverse * scale.clone());
    // Batch norm cancels the bias before it, so the bias is not trained.
    (vec![Some(of_kernel(sums.clone())), None, Some(of_scale), Some(of_shift)], sums)
}

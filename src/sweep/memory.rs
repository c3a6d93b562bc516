//! The memory that a plan needs, checked against the [bounds](crate::bounds) before anything is allocated.

use super::{Plan, PlanError};
use crate::bounds::BOUNDS;
use crate::dataset::{Dataset, Known};
use crate::engine::MapShape;
use crate::network::{Architecture, Body, Convolutional, Unit};
use crate::properties;
use crate::training::{Family, Protocol};

/// Inputs of the user's own data as long as they are not known; those of larger ones are held against the bounds once they are loaded.
const OWN_INPUTS: u64 = 100_000;
/// Test examples that the user's own data have, about.
const TEST: u64 = 10_000;

/// The size of a data set, as far as it is known.
#[derive(Clone, Copy)]
pub(super) struct Size {
    pub inputs: u64,
    pub classes: u64,
    /// Test examples.
    pub test: u64,
    pub form: Form,
}

/// What is known of the form of an example.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// A picture, or something else.
    Known(Option<MapShape>),
    /// Nothing, before the user's own data are loaded.
    Unknown,
}

impl Form {
    /// A picture's, as far as it is known.
    pub fn picture(self) -> Option<MapShape> {
        if let Self::Known(picture) = self { picture } else { None }
    }
}

impl Size {
    /// Before it is loaded.
    pub fn named(dataset: &str) -> Self {
        let of_known = |known: &Known| Self {
            inputs: known.inputs.into(),
            classes: known.classes.len() as u64,
            test: u64::from(known.test).max(TEST),
            form: Form::Known(known.kind.as_ref().and_then(MapShape::of)),
        };
        let own = Self { inputs: OWN_INPUTS, classes: BOUNDS.own_classes, test: TEST, form: Form::Unknown };
        Known::named(dataset).map_or(own, of_known)
    }

    pub fn of(data: &Dataset) -> Self {
        let test = (data.test().len() as u64).max(TEST);
        let form = Form::Known(MapShape::of(&data.description().kind));
        Self { inputs: data.inputs() as u64, classes: data.classes() as u64, test, form }
    }
}

impl Plan {
    /// Checks its numbers against the bounds.
    pub(super) fn bounded(&self, size: Size) -> Result<(), PlanError> {
        let axes = &self.axes;
        let most = |values: &[u32]| values.iter().copied().map(u64::from).max().unwrap_or_default();
        bound("axes.width", most(&axes.width), BOUNDS.width)?;
        bound("axes.epoch", most(&axes.epoch), BOUNDS.epoch)?;
        bound("the number of seeds", axes.seed.len() as u64, BOUNDS.seeds)?;
        bound("the number of squares", axes.squares(), BOUNDS.squares)?;
        for level in 0..axes.levels() {
            let plan = self.at(level);
            let protocol = &plan.protocol;
            bound("depth", protocol.depth.into(), BOUNDS.depth)?;
            match protocol.network {
                Family::Mlp => {}
                Family::Vgg { channels, blocks, convolutions } => {
                    bound("channels", channels.into(), BOUNDS.channels)?;
                    bound("blocks", blocks.into(), BOUNDS.blocks)?;
                    bound("convolutions", convolutions.into(), BOUNDS.convolutions)?;
                }
                Family::Resnet { blocks } => {
                    bound("axes.width", most(&axes.width), BOUNDS.channels)?;
                    bound("blocks", blocks.into(), BOUNDS.blocks)?;
                }
            }
            bound("batch", protocol.batch.into(), BOUNDS.batch)?;
            bound("neighbours", protocol.neighbours.into(), BOUNDS.neighbours)?;
            bound("kmeans_starts", protocol.kmeans_starts.into(), BOUNDS.kmeans_starts)?;
            let bytes = plan.bytes_of(size);
            if bytes > BOUNDS.bytes {
                return Err(PlanError::Memory { bytes, most: BOUNDS.bytes });
            }
        }
        Ok(())
    }

    /// Bytes that one of its populations takes at most, beside the data set: weights with gradients and Adam's two moments, and once more
    /// while they are looked at; the activations of a batch and their gradients (of convolutions, which train one network after the other, those of
    /// one), those of the 500 examples that are encoded at a time; the codes of all its networks, and what measuring those of one takes; the noise that
    /// it sees in the place of inputs.
    pub fn population_bytes(&self) -> u64 {
        self.bytes_of(Size::named(&self.dataset))
    }

    /// The same of data of that size.
    fn bytes_of(&self, size: Size) -> u64 {
        let Size { inputs, classes, test, form } = size;
        let widths = || self.axes.width.iter().copied().map(u64::from);
        let examples = self.axes.samples.last().map_or(0, |&samples| u64::from(samples)) + test;
        // The code of one layer is cut out of the code of all layers.
        let whole = Protocol { layer: None, ..self.protocol.clone() };
        let bits = |width: u64| whole.code_bits(width as u32, form.picture()).unwrap_or_default();
        let all_bits = widths().map(bits).fold(0, u64::saturating_add);
        let measured = properties::bytes(examples, test, widths().map(bits).max().unwrap_or_default(), classes);
        let noise = if self.protocol.noise_inputs { product(&[examples, inputs]) } else { 0 };
        let towers: Result<Vec<_>, _> =
            widths().map(|width| self.protocol.architecture(width as usize, form.picture())).collect();
        let trained = self.trained_bytes(&towers.unwrap_or_default(), size);
        sum(&[trained, product(&[examples, all_bits]) / 8, measured, noise])
    }

    /// Those that its networks take while they are trained.
    fn trained_bytes(&self, networks: &[Architecture], Size { inputs, classes, .. }: Size) -> u64 {
        let towers = networks.iter().filter_map(|one| match one {
            Architecture::Convolutional(network) => Some(network),
            Architecture::Mlp(_) => None,
        });
        let Some(first) = towers.clone().next() else { return self.dense_bytes(inputs, classes) };
        let convolutions = towers.clone().map(convolution_bytes).fold(0, u64::saturating_add);
        let batch = u64::from(self.protocol.batch).max(64);
        // Networks whose feature maps have the same sizes share the buffers.
        let maps = match first.body {
            Body::Vgg(_) => map_bytes(first),
            Body::Resnet(_) => towers.map(map_bytes).fold(0, u64::saturating_add),
        };
        sum(&[convolutions, self.dense_bytes(first.features().len() as u64, classes), product(&[maps, batch])])
    }

    /// Those of the Dense layers of all networks, their activations included.
    fn dense_bytes(&self, inputs: u64, classes: u64) -> u64 {
        let widths = || self.axes.width.iter().copied().map(u64::from);
        let (networks, widest) = (widths().count() as u64, widths().max().unwrap_or_default());
        let side_by_side = widths().fold(0, u64::saturating_add);
        let later = u64::from(self.protocol.depth.saturating_sub(1));
        let weights = sum(&[
            product(&[inputs, side_by_side]),
            product(&[later, networks, widest, widest]),
            product(&[networks, widest, classes]),
        ]);
        let activations =
            sum(&[inputs, side_by_side, product(&[later, networks, widest]), product(&[networks, classes])]);
        sum(&[
            product(&[20, weights]),
            product(&[8, activations, u64::from(self.protocol.batch)]),
            product(&[4, activations, 500]),
        ])
    }
}

fn product(factors: &[u64]) -> u64 {
    factors.iter().fold(1, |product: u64, &factor| product.saturating_mul(factor))
}

fn sum(terms: &[u64]) -> u64 {
    terms.iter().fold(0, |sum: u64, &term| sum.saturating_add(term))
}

/// Bytes of the convolutions of one network: each weight with its moments, packed for its kernels, and with a gradient for each of the eight examples
/// that are computed abreast.
fn convolution_bytes(network: &Convolutional) -> u64 {
    network.units().iter().map(|unit| product(&[64, 9, unit.taken.channels as u64, unit.outputs as u64])).sum()
}

/// Bytes of an example's feature maps, with their borders: of each convolution what came of it, with batch norm, rectified, passed on, and the
/// gradients, with that of a shortcut; with a stride what all places come to, and the gradient of it.
fn map_bytes(network: &Convolutional) -> u64 {
    let bordered = |shape: MapShape| product(&[shape.channels as u64, shape.height as u64 + 2, shape.width as u64 + 2]);
    let of_unit = |unit: &Unit| {
        let whole = MapShape { channels: unit.outputs, ..unit.taken };
        let strided = if unit.stride > 1 { product(&[8, bordered(whole)]) } else { 0 };
        sum(&[product(&[24, bordered(unit.out())]), strided])
    };
    network.units().iter().map(of_unit).fold(0, u64::saturating_add)
}

/// Checks the memory for measuring the codes of a file against the bounds.
///
/// # Errors
///
/// More than the bound.
pub fn held(bytes: u64) -> Result<(), PlanError> {
    if bytes <= BOUNDS.codes_bytes { Ok(()) } else { Err(PlanError::Codes { bytes, most: BOUNDS.codes_bytes }) }
}

/// Refuses a number above its bound.
pub(super) fn bound(what: &'static str, value: u64, most: u64) -> Result<(), PlanError> {
    if value <= most { Ok(()) } else { Err(PlanError::Bound { what, value, most }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::Preset;

    #[test]
    fn every_preset_is_far_within_the_bounds() {
        for dataset in Dataset::NAMES {
            for preset in Preset::NAMES {
                let plan = Plan::preset(preset.parse().unwrap(), dataset).unwrap();
                plan.bounded(Size::named(dataset)).unwrap();
                assert!(plan.population_bytes() < BOUNDS.bytes / 8, "{dataset} {preset}: {}", plan.population_bytes());
            }
        }
    }

    #[test]
    fn what_would_die_of_memory_is_refused_with_the_number() {
        let with = |change: fn(&mut Plan)| {
            let mut plan = Plan::preset(Preset::Quick, "mnist-small").unwrap();
            change(&mut plan);
            plan.check(8_000).unwrap_err().to_string()
        };
        assert_eq!(
            with(|plan| plan.axes.width = vec![100_000_000]),
            "axes.width: 100000000 is more than 16384: use 16384 or less"
        );
        assert_eq!(with(|plan| plan.protocol.depth = u32::MAX), "depth: 4294967295 is more than 100: use 100 or less");
        assert_eq!(
            with(|plan| plan.axes.epoch = (0..50_000).collect()),
            "the number of squares: 1800000 is more than 1000000: use 1000000 or less"
        );
        let wide = with(|plan| {
            plan.axes.width = vec![16_000];
            plan.protocol.depth = 5;
        });
        let words =
            "GB for a population, more than the limit of 3.0 GB: use narrower layers, fewer of them or smaller batches";
        assert!(wide.starts_with("this plan needs 2") && wide.ends_with(words), "{wide}");
        // 100 classes of one's own, whose 4,950 pairs are fit a group at a time.
        let classes = properties::bytes(70_000, 10_000, 3_000, 100);
        assert!(classes < 500_000_000, "{classes}");
    }
}

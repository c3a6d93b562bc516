//! What tensor programs need of a population besides its forward pass.

use burn::tensor::{Device, Int, Tensor, TensorData};

use super::{Layer, Parameters, Population};

impl Population {
    /// A population of some of its cohorts, with their current weights.
    pub(super) fn selected(&self, cohorts: &[usize]) -> Self {
        let places = |each: usize| {
            let places = cohorts.iter().flat_map(|cohort| cohort * each..(cohort + 1) * each);
            integers(places.map(|place| place as i32).collect(), &self.device)
        };
        let (of_cohort, of_network) = (places(1), places(self.architectures.len()));
        // The first layer has one group per cohort, the others one group per network.
        let layer = |index: usize| if index == 0 { of_cohort.clone() } else { of_network.clone() };
        let select =
            |layer: &Layer, places: &Tensor<1, Int>| layer.map(|tensor| tensor.clone().select(0, places.clone()));
        let hidden = self.parameters.hidden.iter().enumerate().map(|(index, own)| select(own, &layer(index)));
        let running = self.running.iter().enumerate().map(|(index, own)| {
            let places = layer(index);
            own.each_ref().map(|tensor| tensor.clone().select(0, places.clone()))
        });
        Self {
            parameters: Parameters { hidden: hidden.collect(), output: select(&self.parameters.output, &of_network) },
            running: running.collect(),
            seeds: cohorts.iter().map(|&cohort| self.seeds[cohort]).collect(),
            architectures: self.architectures.clone(),
            device: self.device.clone(),
            stacking: self.stacking.clone(),
            ..*self
        }
    }

    /// The sum of squares of each network's hidden kernels, `[networks]`, which weight decay penalises.
    pub(crate) fn squares(&self) -> Option<Tensor<1>> {
        let of_layer = |(index, layer): (usize, &Layer)| {
            let of_units = layer.kernel.clone().square().sum_dim(1);
            let of_units = if index == 0 { self.stack(of_units) } else { of_units };
            of_units.sum_dim(2).reshape([self.len()])
        };
        self.parameters.hidden.iter().enumerate().map(of_layer).reduce(|sum, layer| sum + layer)
    }
}

pub(super) fn integers(numbers: Vec<i32>, device: &Device) -> Tensor<1, Int> {
    let count = numbers.len();
    Tensor::from_data(TensorData::new(numbers, [count]), device)
}

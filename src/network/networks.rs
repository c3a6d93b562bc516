//! Networks of any family that see the same batches.

use super::{Architecture, ConvNet, ConvNets, Member, NetworkError, Population};
use crate::engine::{Device, is_host};

/// Networks that are trained together: what training and encoding need of every family.
#[derive(Debug, Clone)]
pub enum Networks {
    /// Perceptrons, as one program.
    Dense(Box<Population>),
    /// Convolutional networks: one after the other on the CPU, on a GPU as one program where their convolutions are alike.
    Convolutional(ConvNets),
}

impl From<Population> for Networks {
    fn from(population: Population) -> Self {
        Self::Dense(Box::new(population))
    }
}

impl From<ConvNets> for Networks {
    fn from(networks: ConvNets) -> Self {
        Self::Convolutional(networks)
    }
}

impl Networks {
    /// Of one family, with initial weights drawn from each of `seeds`, for examples of so many `inputs` and `classes`.
    ///
    /// # Errors
    ///
    /// Networks that cannot be trained together, or not at all.
    pub fn new(
        inputs: usize,
        classes: usize,
        architectures: &[Architecture],
        seeds: &[u64],
        device: &Device,
    ) -> Result<Self, NetworkError> {
        let (mut mlps, mut convolutional) = (Vec::new(), Vec::new());
        for architecture in architectures {
            match *architecture {
                Architecture::Mlp(mlp) => mlps.push(mlp),
                Architecture::Convolutional(network) => convolutional.push(network),
            }
        }
        match (mlps.is_empty(), convolutional.is_empty()) {
            (_, true) => Population::new(inputs, classes, &mlps, seeds, device).map(Self::from),
            (true, false) => ConvNets::new(classes, &convolutional, seeds, device).map(Self::Convolutional),
            (false, false) => Err(NetworkError::Families),
        }
    }

    /// Each network, cohort by cohort, in the order they were given.
    pub fn members(&self) -> Vec<Member> {
        match self {
            Self::Dense(population) => population.members().collect(),
            Self::Convolutional(networks) => {
                let member = |(index, one): (usize, &ConvNet)| Member {
                    index,
                    cohort: 0,
                    width: one.architecture.width(),
                    bits: one.architecture.code_layers().iter().sum(),
                    start: 0,
                };
                networks.networks.iter().enumerate().map(member).collect()
            }
        }
    }

    /// ReLUs of each layer of a network's code.
    pub fn code_layers(&self, member: Member) -> Vec<usize> {
        match self {
            Self::Dense(population) => vec![member.width; population.depth()],
            Self::Convolutional(networks) => networks.networks[member.index].architecture.code_layers(),
        }
    }

    /// How many networks.
    #[allow(clippy::len_without_is_empty)] // never empty
    pub fn len(&self) -> usize {
        match self {
            Self::Dense(population) => population.len(),
            Self::Convolutional(networks) => networks.networks.len(),
        }
    }

    /// The seed of each cohort.
    pub fn seeds(&self) -> &[u64] {
        match self {
            Self::Dense(population) => population.seeds(),
            Self::Convolutional(networks) => networks.seeds(),
        }
    }

    /// Whether the CPU has kernels of its own for them, and they are there.
    pub(crate) fn have_kernels(&self) -> bool {
        match self {
            Self::Dense(population) => population.has_kernels(),
            Self::Convolutional(networks) => is_host(networks.device()),
        }
    }

    /// Perceptrons, where they are.
    pub fn population(&self) -> Option<&Population> {
        if let Self::Dense(population) = self { Some(population.as_ref()) } else { None }
    }

    /// Of each network whether all its numbers are finite, running statistics included.
    pub(crate) async fn are_finite(&self) -> Result<Vec<bool>, NetworkError> {
        match self {
            Self::Dense(population) => population.are_finite().await,
            Self::Convolutional(networks) => {
                let mut finite = Vec::with_capacity(networks.networks.len());
                for one in &networks.networks {
                    finite.push(one.is_finite() && one.head.are_finite().await?.into_iter().all(|sound| sound));
                }
                Ok(finite)
            }
        }
    }

    /// The weights of each layer's kernels, network by network.
    pub(crate) async fn all_kernels(&self) -> Result<Vec<Vec<f32>>, NetworkError> {
        match self {
            Self::Dense(population) => population.all_kernels().await,
            Self::Convolutional(networks) => {
                let mut layers: Vec<Vec<f32>> = Vec::new();
                for one in &networks.networks {
                    let own = one.convolutions.iter().map(|convolution| convolution.kernel.clone());
                    let own: Vec<_> = own.chain(one.head.all_kernels().await?).collect();
                    layers.resize(own.len(), Vec::new());
                    layers.iter_mut().zip(own).for_each(|(layer, own)| layer.extend(own));
                }
                Ok(layers)
            }
        }
    }

    /// One network's weights as a safetensors file.
    ///
    /// # Errors
    ///
    /// Those of [`Population::weights`] and [`ConvNets::weights`].
    pub async fn weights(&self, member: Member, stated: &[(&str, String)]) -> Result<Vec<u8>, NetworkError> {
        match self {
            Self::Dense(population) => population.weights(member, stated).await,
            Self::Convolutional(networks) => networks.weights(member, stated).await,
        }
    }
}

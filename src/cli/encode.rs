//! `hash-phase encode`.

use std::path::{Path, PathBuf};

use clap::Args;
use hash_phase::code::{Encoding, encode_perceptron};
use hash_phase::dataset::Dataset;
use hash_phase::network::{Perceptron, PerceptronError};
use hash_phase::properties::Labelled;
use serde_json::json;

use super::output::{Output, print};
use super::properties::Measuring;
use super::{Failure, read_bytes};

/// A network trained elsewhere, and the data set it was trained on.
#[derive(Args)]
pub struct Arguments {
    /// A multi-layer perceptron with ReLUs in a safetensors file: Dense and batch norm layers as PyTorch or Keras name their tensors
    network: PathBuf,
    /// The order in which data passes them and ReLUs, as fc1,relu,norm1,fc2; if not given, as the file's metadata says under
    /// `layers`, or as the numbers of PyTorch's nn.Sequential tell
    #[arg(long)]
    layers: Option<String>,
    /// mnist-small, mnist, fashion-mnist, cifar10, moons, circles, spirals, xor or blobs; inputs from 0 to 1
    #[arg(long)]
    dataset: String,
    /// Folder of the data sets
    #[arg(long, env = "HASH_PHASE_DATA", default_value = "www/public/data")]
    data: PathBuf,
    /// Write the codes, too: a JSON file with their description, and beside it one of the ending .bits, as `properties` reads them
    #[arg(short, long)]
    output: Option<PathBuf>,
    #[command(flatten)]
    measuring: Measuring,
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        let name = self.network.display();
        let outputs = self.output.as_deref().map(|path| self.outputs(path)).transpose()?;
        let file = read_bytes(&self.network)?;
        let data = Dataset::load(&self.dataset, &self.data)?;
        let network = Perceptron::read(&file, self.layers.as_deref(), data.inputs(), data.classes());
        let network = network.map_err(|error| format!("{name}: {error}"))?;
        let (train, test) = (encode_perceptron(&network, data.train()), encode_perceptron(&network, data.test()));
        if !(train.finite && test.finite) {
            return Err(format!("{name}: {}", PerceptronError::outputs()).into());
        }

        let [train_labels, test_labels] = [data.train().labels(), data.test().labels()];
        let mut answer = self.measuring.answer(
            Labelled { codes: &train.codes, labels: train_labels },
            Labelled { codes: &test.codes, labels: test_labels },
            data.classes(),
        )?;
        answer["accuracy"] = json!({ "train": train.accuracy, "test": test.accuracy });
        answer["widths"] = json!(network.widths());
        if let Some([output, bits_output]) = outputs {
            let description = json!({
                "bits": train.codes.bits(), "train": train.codes.rows(), "test": test.codes.rows(),
                "classes": data.classes(), "labels": { "train": train_labels, "test": test_labels },
            });
            let bytes = |encoding: &Encoding| {
                let codes = &encoding.codes;
                (0..codes.rows()).flat_map(|row| codes.bytes(row).collect::<Vec<_>>()).collect::<Vec<u8>>()
            };
            bits_output.finish(|draft| Ok(std::fs::write(draft, [bytes(&train), bytes(&test)].concat())?))?;
            output.finish(|draft| Ok(std::fs::write(draft, description.to_string() + "\n")?))?;
        }
        print(&serde_json::to_string_pretty(&answer)?)
    }

    /// The description's place and that of the codes beside it.
    fn outputs(&self, path: &Path) -> Result<[Output; 2], Failure> {
        let bits = path.with_extension("bits");
        let refused = |what: &str| format!("-o {}: {what}: give it a name that ends in .json", path.display());
        if bits == path {
            return Err(refused("the codes would take the place of their description").into());
        }
        let same = |one: &Path| {
            one.canonicalize().ok().zip(self.network.canonicalize().ok()).is_some_and(|(one, network)| one == network)
        };
        if same(path) || same(&bits) {
            return Err(refused("this would take the place of the network").into());
        }
        Ok([Output::at(path)?, Output::at(&bits)?])
    }
}

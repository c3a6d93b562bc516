//! `hash-phase encode`.

use std::path::PathBuf;

use clap::Args;
use hash_phase::code::{Encoding, encode_perceptron};
use hash_phase::dataset::Dataset;
use hash_phase::engine::Engine;
use hash_phase::network::{Perceptron, PerceptronError};
use hash_phase::properties::Labelled;
use serde_json::json;

use super::output::{Output, print};
use super::properties::Measuring;
use super::{Failure, read_bytes};

/// A network trained elsewhere, and the data set it was trained on.
#[derive(Args)]
pub struct Arguments {
    /// A multi-layer perceptron with ReLUs in a safetensors file, named as PyTorch's nn.Sequential or as INDEX.NAME of Keras' weights
    network: PathBuf,
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
        let output = self.output.as_deref().map(Output::at).transpose()?;
        let bits_output = self.output.as_ref().map(|path| Output::at(&path.with_extension("bits"))).transpose()?;
        let file = read_bytes(&self.network)?;
        let data = Dataset::load(&self.dataset, &self.data)?;
        let engine = Engine::cpu();
        let network = Perceptron::read(&file, data.inputs(), data.classes(), engine.device());
        let network = network.map_err(|error| format!("{name}: {error}"))?;
        let encode = |examples| pollster::block_on(encode_perceptron(&network, examples, engine.device()));
        let (train, test) = (encode(data.train())?, encode(data.test())?);
        if !(train.finite && test.finite) {
            return Err(format!("{name}: {}", PerceptronError::Infinite).into());
        }

        let [train_labels, test_labels] = [data.train().labels(), data.test().labels()];
        let mut answer = self.measuring.answer(
            Labelled { codes: &train.codes, labels: train_labels },
            Labelled { codes: &test.codes, labels: test_labels },
            data.classes(),
        )?;
        answer["accuracy"] = json!({ "train": train.accuracy, "test": test.accuracy });
        answer["widths"] = json!(network.widths());
        if let (Some(output), Some(bits_output)) = (output, bits_output) {
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
}

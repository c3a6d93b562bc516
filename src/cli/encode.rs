//! `hash-phase encode`.

use std::path::{Path, PathBuf};

use clap::Args;
use hash_phase::code::Encoding;
use hash_phase::sweep::{AskedOf, Found};
use serde_json::json;

use super::data::Data;
use super::output::{Output, Replace, print};
use super::properties::{Measuring, as_printed};
use super::{Failure, read_bytes, tell};

/// A network trained elsewhere, and the data set it was trained on.
#[derive(Args)]
pub struct Arguments {
    /// A multi-layer perceptron with ReLUs in a safetensors file: Dense and batch norm layers as PyTorch or Keras name their tensors
    network: PathBuf,
    /// The layers and ReLUs in order, for example fc1,relu,norm1,fc2 [default: `layers` in the file's metadata, or the numbering
    /// of PyTorch's nn.Sequential]
    #[arg(long)]
    layers: Option<String>,
    /// mnist-small, mnist, fashion-mnist, cifar10, moons, circles, spirals, xor or blobs; or your own: a table (.csv, .tsv), NumPy's
    /// .npz, idx or svmlight files, or a folder of pictures; inputs from 0 to 1
    #[arg(long)]
    dataset: String,
    #[command(flatten)]
    data: Data,
    /// Measure the codes of the first SAMPLES training examples [default: those that the network was trained on if the file says so,
    /// else all]
    #[arg(long)]
    samples: Option<usize>,
    /// Also write the codes: a JSON file that describes them, and a .bits file beside it, as `properties` reads them
    #[arg(short, long)]
    output: Option<PathBuf>,
    #[command(flatten)]
    replace: Replace,
    #[command(flatten)]
    measuring: Measuring,
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        let name = self.network.display();
        let outputs = self.output.as_deref().map(|path| self.outputs(path)).transpose()?;
        let file = read_bytes(&self.network)?;
        let data = self.data.load(&self.dataset)?;
        let asked = AskedOf { samples: self.samples, ..self.measuring.asked()? };
        let found =
            Found::measure(&file, self.layers.as_deref(), &data, asked).map_err(|error| format!("{name}: {error}"))?;
        let Found { numbers, train: (train, train_labels), test, properties } = &found;
        if numbers.as_cell {
            tell(&format!(
                "{name}: measured like its cell in the chart, on the {} examples it was trained on",
                numbers.samples
            ));
        }
        if !numbers.left_out.is_empty() {
            tell(&format!("{name}: left out, since the layers were named without it: {}", numbers.left_out.join(", ")));
        }
        if numbers.is_guessing {
            tell(&format!(
                "{name}: right for {:.0}% of the training examples, as guessing is: it may have been trained on inputs of another scale (here they are from 0 to 1), on other classes, or with its layers in another order",
                100.0 * numbers.accuracy.train
            ));
        }
        let mut answer = as_printed(properties, data.test().labels(), self.measuring.predictions);
        answer["accuracy"] = json!(numbers.accuracy);
        answer["widths"] = json!(numbers.widths);
        answer["samples"] = json!(numbers.samples);
        if !numbers.left_out.is_empty() {
            answer["left_out"] = json!(numbers.left_out);
        }
        if let Some([output, bits_output]) = outputs {
            let description = json!({
                "bits": train.codes.bits(), "train": train.codes.rows(), "test": test.codes.rows(),
                "classes": data.classes(), "labels": { "train": train_labels, "test": data.test().labels() },
            });
            let bytes = |encoding: &Encoding| {
                let codes = &encoding.codes;
                (0..codes.rows()).flat_map(|row| codes.bytes(row).collect::<Vec<_>>()).collect::<Vec<u8>>()
            };
            // If interrupted in between, codes are left without a description, never under the description of another network.
            output.clear()?;
            bits_output.finish(|draft| Ok(std::fs::write(draft, [bytes(train), bytes(test)].concat())?))?;
            output.finish(|draft| Ok(std::fs::write(draft, description.to_string() + "\n")?))?;
        }
        print(&serde_json::to_string_pretty(&answer)?)
    }

    /// The description's place and that of the codes beside it.
    fn outputs(&self, path: &Path) -> Result<[Output; 2], Failure> {
        let bits = path.with_extension("bits");
        if bits == path {
            return Err(format!(
                "-o {}: the codes would overwrite their description: give a name that ends in .json",
                path.display()
            )
            .into());
        }
        // The network's file may have the name that the codes would get.
        let bits = self.replace.output(&bits, &[&self.network])?;
        Ok([self.replace.output(path, &[&self.network])?, bits])
    }
}

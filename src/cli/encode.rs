//! `hash-phase encode`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use hash_phase::code::CodeMatrix;
use hash_phase::dataset::Dataset;
use hash_phase::network::{CodeUnits, Fed, Onnx, StoredFile};
use hash_phase::sweep::{AskedOf, Found, Otherwise};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::data::Data;
use super::layers::{self, Format};
use super::numpy;
use super::output::{Output, Replace, print};
use super::properties::{Measuring, as_printed};
use super::{Failure, read_bytes, tell};

/// A network trained elsewhere, and the data set it was trained on.
#[derive(Args)]
pub struct Arguments {
    /// Any network with ReLUs in an ONNX file; or a multi-layer perceptron in a safetensors file: Dense and batch norm layers as PyTorch or
    /// Keras name their tensors
    network: PathBuf,
    /// Of an ONNX file, the ReLUs that are the code: by name, or by places from 1 on, such as 1,3 or 2-4 [default: all]. Of a safetensors file, the
    /// layers and ReLUs in order, for example fc1,relu,norm1,fc2 [default: `layers` in the file's metadata, or the numbering of PyTorch's nn.Sequential]
    #[arg(long)]
    layers: Option<String>,
    /// mnist-small, mnist, fashion-mnist, cifar10, moons, circles, spirals, xor or blobs; or your own: a table (.csv, .tsv), NumPy's
    /// .npz, idx or svmlight files, or a folder of pictures; inputs from 0 to 1
    #[arg(long)]
    dataset: String,
    /// Of these ReLUs, what is the code: all of them, or channels: a bit a channel of each feature map, whether it fires at more places than on the median
    /// training example [default: as the file says, else all]
    #[arg(long)]
    code: Option<Code>,
    #[command(flatten)]
    data: Data,
    /// Measure the codes of the first SAMPLES training examples [default: those that the network was trained on if the file says so,
    /// else all]
    #[arg(long)]
    samples: Option<usize>,
    /// Measure the codes of the first TESTS test examples [default: all]
    #[arg(long)]
    tests: Option<usize>,
    /// Also write the codes, as `properties` reads them: a JSON file that describes them and a .bits file beside it; or, if the name ends in
    /// .npz, NumPy's arrays `train` and `test` (packed, lowest bit first), `bits`, `y_train`, `y_test`, `widths` and `names` of the layers, and
    /// of a code by channel `train_sums` and `test_sums`
    #[arg(short, long, visible_alias = "codes")]
    output: Option<PathBuf>,
    #[command(flatten)]
    replace: Replace,
    /// The network was trained on inputs times SCALE instead of those from 0 to 1: 255 for pixels that stayed bytes
    #[arg(long)]
    scale: Option<f32>,
    /// ... less MEAN, after scaling; three numbers for the channels of coloured pictures
    #[arg(long, value_delimiter = ',', num_args = 1)]
    mean: Vec<f32>,
    /// ... divided by STD then, as torchvision's Normalize(mean, std) does
    #[arg(long, value_delimiter = ',', num_args = 1)]
    std: Vec<f32>,
    /// How the network was fed the channels of pictures: those of a pixel side by side (nhwc, as Keras does), or one behind the other (nchw, as PyTorch
    /// does) [default: as an ONNX file's input has them; nhwc if it is flat]
    #[arg(long)]
    layout: Option<Layout>,
    /// Also measure each layer of ReLUs alone, and print what its codes come to, under `layers`
    #[arg(long)]
    by_layer: bool,
    /// Also write what each layer's code comes to alone as a table, a row a layer: a .csv or (Apache Arrow) .arrow file
    #[arg(long)]
    layers_to: Option<PathBuf>,
    #[command(flatten)]
    measuring: Measuring,
}

/// What the code is.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Code {
    All,
    Channels,
}

/// The order of the channels of a picture.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Layout {
    Nhwc,
    Nchw,
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        let name = self.network.display();
        let outputs = self.output.as_deref().map(|path| self.outputs(path)).transpose()?;
        let table = self.layers_to.as_deref().map(|path| self.table(path)).transpose()?;
        let file = read_bytes(&self.network)?;
        let data = self.data.load(&self.dataset)?;
        let code = self.code.map(|code| if code == Code::All { CodeUnits::All } else { CodeUnits::Channels });
        let asked =
            AskedOf { code, fed: self.fed()?, samples: self.samples, tests: self.tests, ..self.measuring.asked()? };
        let folder = self.network.parent().unwrap_or(Path::new(""));
        let beside = |file: &str| read_bytes(&folder.join(file)).ok();
        let stored = StoredFile { bytes: &file, layers: self.layers.as_deref(), beside: &beside };
        let bar = encoding_bar();
        let found = Found::measure(stored, &data, asked, &|share| bar.set_position((share * BAR as f64) as u64));
        bar.finish_and_clear();
        let found = found.map_err(|error| format!("{name}: {error}"))?;
        let Found { numbers, properties, .. } = &found;
        let is_onnx = Onnx::is(&file);
        if numbers.as_cell {
            tell(&format!(
                "{name}: measured like its cell in the chart, on the {} examples it was trained on",
                numbers.samples
            ));
        }
        if !numbers.left_out.is_empty() {
            let why = if is_onnx { "they have no on and off" } else { "the layers were named without it" };
            tell(&format!("{name}: left out, since {why}: {}", numbers.left_out.join(", ")));
        }
        if let Some(Otherwise { fed, accuracy, as_they_are }) = &numbers.otherwise {
            tell(&format!(
                "{name}: right for {accuracy:.3} of the first test examples with {}, for {as_they_are:.3} on inputs as they are, from 0 to 1: which was it trained on?",
                fed.options()
            ));
        } else if let Some(accuracy) = numbers.accuracy.filter(|_| numbers.is_guessing) {
            tell(&format!(
                "{name}: right for {:.0}% of the training examples, no more often than by guessing: it may have been trained on inputs of another scale (here they are from 0 to 1), on other classes, or with its layers in another order",
                100.0 * accuracy.train
            ));
        }
        if numbers.accuracy.is_none() {
            tell(&format!(
                "{name}: none of its outputs is a number for each of the {} classes, so that its own accuracy is left out",
                data.classes()
            ));
        }
        let mut answer = as_printed(properties, &found.test.1, self.measuring.predictions);
        answer["accuracy"] = json!(numbers.accuracy);
        answer["widths"] = json!(numbers.widths);
        if is_onnx {
            answer["names"] = json!(numbers.names);
            answer["code"] = json!(numbers.code);
        }
        answer["samples"] = json!(numbers.samples);
        answer["tests"] = json!(numbers.tests);
        if !numbers.left_out.is_empty() {
            answer["left_out"] = json!(numbers.left_out);
        }
        if let Some(knn) = numbers.channel_sums_knn {
            answer["channel_sums"] = json!({ "knn": knn });
        }
        if self.by_layer || table.is_some() {
            let layers: Result<Vec<_>, _> =
                (0..numbers.names.len()).filter_map(|place| found.of_layer(place).transpose()).collect();
            let layers = layers.map_err(|error| format!("{name}: {error}"))?;
            if self.by_layer {
                answer["layers"] = json!(layers);
            }
            if let Some((output, format)) = table {
                output.finish(|draft| layers::write(draft, format, &layers))?;
            }
        }
        if let Some(outputs) = outputs {
            outputs.write(&found, &data)?;
        }
        print(&serde_json::to_string_pretty(&answer)?)
    }

    /// What the network was trained on, if that is said.
    fn fed(&self) -> Result<Option<Fed>, Failure> {
        if self.scale.is_none() && self.mean.is_empty() && self.std.is_empty() && self.layout.is_none() {
            return Ok(None);
        }
        let each = |name: &str, numbers: &[f32], none: f32| match *numbers {
            [] => Ok([none; 3]),
            [one] => Ok([one; 3]),
            [red, green, blue] => Ok([red, green, blue]),
            _ => Err(format!(
                "--{name} takes one number, or three for the channels of coloured pictures: it has {}",
                numbers.len()
            )),
        };
        let (mean, std) = (each("mean", &self.mean, 0.0)?, each("std", &self.std, 1.0)?);
        Ok(Some(Fed { scale: self.scale.unwrap_or(1.0), mean, std, planes: self.layout == Some(Layout::Nchw) }))
    }

    /// Where the table of layers goes.
    fn table(&self, path: &Path) -> Result<(Output, Format), Failure> {
        Ok((self.replace.output(path, &[&self.network])?, Format::of(path)?))
    }

    /// Where the codes go.
    fn outputs(&self, path: &Path) -> Result<Outputs, Failure> {
        // The network's file may have the name that the codes would get.
        let output = |path: &Path| self.replace.output(path, &[&self.network]);
        if numpy::is_archive(path) {
            return Ok(Outputs::Numpy(output(path)?));
        }
        let bits = path.with_extension("bits");
        if bits == path {
            return Err(format!(
                "-o {}: the codes would overwrite their description: give a name that ends in .json",
                path.display()
            )
            .into());
        }
        let bits = output(&bits)?;
        Ok(Outputs::Described { description: output(path)?, bits })
    }
}

/// Where codes are written.
enum Outputs {
    /// One of NumPy's archives.
    Numpy(Output),
    /// A JSON file, and the codes beside it.
    Described { description: Output, bits: Output },
}

impl Outputs {
    fn write(self, found: &Found, data: &Dataset) -> Result<(), Failure> {
        let Found { train: (train, train_labels), test: (test, test_labels), .. } = found;
        let (train, test) = (&train.codes, &test.codes);
        match self {
            Self::Numpy(output) => output.finish(|draft| numpy::write(draft, found)),
            Self::Described { description, bits } => {
                let described = json!({
                    "bits": train.bits(), "train": train.rows(), "test": test.rows(),
                    "classes": data.classes(), "labels": { "train": train_labels, "test": test_labels },
                });
                let bytes = |codes: &CodeMatrix| {
                    (0..codes.rows()).flat_map(|row| codes.bytes(row).collect::<Vec<_>>()).collect::<Vec<u8>>()
                };
                // If interrupted in between, codes are left without a description, never under the description of another network.
                description.clear()?;
                bits.finish(|draft| Ok(std::fs::write(draft, [bytes(train), bytes(test)].concat())?))?;
                description.finish(|draft| Ok(std::fs::write(draft, described.to_string() + "\n")?))
            }
        }
    }
}

/// Steps of the bar.
const BAR: u64 = 1_000;

/// How much of the examples is encoded: on a terminal, and only if it takes a while.
fn encoding_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {percent}% of the codes taken, {eta} left");
    let bar = ProgressBar::new(BAR);
    style.into_iter().for_each(|style| bar.set_style(style));
    bar
}

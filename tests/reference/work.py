"""What the parts of a population's work take: `src/sweep/work.rs` has these numbers.

Runs a hundred small plans on one thread, and solves for the seconds of a multiplication, a weight's step, a comparison ... by least squares without
negative parts, each plan weighing the same. Takes two minutes on an idle machine:

    python tests/reference/work.py ~/.cache/hash-phase/target/release/hash-phase      (needs NumPy and SciPy)
"""

import json
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

import numpy as np
from scipy.optimize import nnls

# Inputs, inputs that are not 0 (all, where most are not), test and training examples, classes.
DATA = {
    "mnist": (784, 150, 10_000, 48_000, 10),
    "mnist-small": (784, 150, 2_000, 8_000, 10),
    "moons": (2, 2, 1_024, 1_024, 2),
    "cifar10": (3072, 3072, 10_000, 40_000, 10),
}
PARTS = ["data", "look", "first", "dense", "later", "norm", "dropout", "network", "tensor", "tensor network", "code", "dense code", "pair", "looked at", "problem"]
SEVERAL = "10,20,40,80"


def plans():
    """Data set, preset, widths, epochs, sample size, what else."""
    for samples, widths, epochs in product((10, 100, 1_000, 10_000, 48_000), ("5,10", "20", "50", "100", SEVERAL), ("0", "0,1,3,6")):
        yield "mnist", "figure", widths, epochs, samples, ""
    for samples, widths, epochs in product((100, 8_000), ("20", SEVERAL), ("0", "0,2")):
        for more in ("", "--batch-norm true", "--depth 3", "--dropout 0.2 --depth 2", "--activation tanh"):
            yield "mnist-small", "figure", widths, epochs, samples, more
    for samples, widths, epochs in product((100, 1_024), ("20", SEVERAL), ("0", "0,20")):
        for more in ("", "--batch-norm true", "--depth 3", "--dropout 0.2", "--activation tanh"):
            yield "moons", "figure", widths, epochs, samples, more
    for widths, epochs in product(("20", "10,20,40"), ("0", "0,1")):
        for more in ("", "--batch-norm true --depth 3"):
            yield "cifar10", "figure", widths, epochs, 1_000, more


def seconds(program, data, preset, widths, epochs, samples, more):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "chart.json"
        words = f"sweep --dataset {data} --preset {preset} --widths {widths} --epochs {epochs} --samples {samples} --seeds 1 --threads 1 {more}"
        subprocess.run([program, *words.split(), "-o", out], check=True, stderr=subprocess.DEVNULL)
        return json.loads(out.read_text())["provenance"]["seconds"]


def parts(data, preset, widths, epochs, samples, more):
    """How often each part is taken, as `Plan::work` counts it."""
    inputs, lit, test, full, classes = DATA[data]
    depth = int(more.split("--depth ")[1].split()[0]) if "depth" in more else 1
    later = depth - 1
    widths, epochs = (np.array([float(number) for number in text.split(",")]) for text in (widths, epochs))
    looks, steps, networks = len(epochs), epochs[-1] * -(-full // 64), len(widths)
    lanes = lambda width: np.ceil(width / 16) * 16
    squares = later * (widths * lanes(widths)).sum()
    tensors, dense = "tanh" in more, lit == inputs
    # What comes up again in a batch is computed once, but where something is drawn for each.
    examples = 64 if tensors or "dropout" in more else min(64, samples)
    bits = widths * depth
    regions = 1 + bits + bits * (bits - 1) / 2 if inputs == 2 else np.inf
    distinct = lambda rows: np.minimum(np.minimum(rows, regions), 2 ** np.minimum(0.65 * bits, 40))
    own, other = steps * (not tensors), steps * tensors
    return [
        full * inputs,
        looks,
        own * (not dense) * examples * lit * lanes(widths.sum()),
        own * dense * examples * inputs * lanes(widths.sum()),
        own * examples * (squares + classes * widths.sum()),
        own * ("norm" in more) * examples * depth * widths.sum(),
        own * ("dropout" in more) * examples * depth * widths.sum(),
        own * networks * depth,
        other * examples * (inputs * widths.sum() + squares + classes * widths.sum()),
        other * networks,
        looks * (samples + test) * (not dense) * lit * widths.sum(),
        looks * (samples + test) * (dense * inputs * widths.sum() + squares),
        looks * (distinct(samples) * distinct(test) * np.ceil(bits / 64)).sum(),
        looks * networks,
        # Logistic regression and K-Means, which all these plans have in one proportion.
        looks * distinct(samples).sum() * classes * (classes - 1) / 2,
    ]


def main():
    runs = list(plans())
    took = np.array([seconds(sys.argv[1], *run) for run in runs])
    counted = np.array([parts(*run) for run in runs], float)
    found, _ = nnls(counted / took[:, None], np.ones(len(runs)))
    for name, value in zip(PARTS, found):
        print(f"{name:15} {value:.2e}")
    apart = counted @ found / took
    print("estimated by measured, from the tenth to the nine tenths:", *(f"{value:.2f}" for value in np.quantile(apart, (0.1, 0.5, 0.9))))


main()

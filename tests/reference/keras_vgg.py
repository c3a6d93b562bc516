"""Makes tests/fixtures/vgg-*.safetensors: two small convolutional networks before Keras trains them and after ten steps.

    venv/bin/python tests/reference/keras_vgg.py ORDER

ORDER is that of keras_steps.py. The tensors are named and laid as PyTorch does it, as `hash-phase sweep --network vgg --weights` writes them.
"""
import gzip
import os
import sys

import keras
import numpy as np
from safetensors.numpy import save_file

here = os.path.dirname(__file__)
STEPS = 10
DECAY = keras.regularizers.L2(1e-4)


def idx(name, header):
    with gzip.open(os.path.join(here, "../../www/public/data/mnist", name)) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


order = np.fromfile(sys.argv[1], "<u4")[: 64 * STEPS]
images = idx("train-images.gz", 16).reshape(-1, 28, 28, 1)[order].astype("float32") / 255
labels = idx("train-labels.gz", 8)[order]


def network(channels, blocks, convolutions, width, batch_norm):
    inputs = signal = keras.Input((28, 28, 1))
    for block in range(blocks):
        for _ in range(convolutions):
            signal = keras.layers.Conv2D(channels << block, 3, padding="same", kernel_regularizer=DECAY)(signal)
            signal = keras.layers.BatchNormalization()(signal) if batch_norm else signal
            signal = keras.layers.ReLU()(signal)
        signal = keras.layers.MaxPooling2D(2)(signal)
    # Map by map, as PyTorch flattens.
    signal = keras.layers.Flatten()(keras.layers.Permute((3, 1, 2))(signal))
    signal = keras.layers.Dense(width, kernel_regularizer=DECAY)(signal)
    signal = keras.layers.BatchNormalization()(signal) if batch_norm else signal
    return keras.Model(inputs, keras.layers.Dense(10)(keras.layers.ReLU()(signal)))


def weights(model):
    """By PyTorch's names: modules without weights are numbered, too."""
    tensors, sequence, place = {}, "features", 0
    for layer in model.layers:
        name = f"{sequence}.{place}"
        if isinstance(layer, keras.layers.Conv2D):
            tensors[f"{name}.weight"] = layer.kernel.numpy().transpose(3, 2, 0, 1)
            tensors[f"{name}.bias"] = layer.bias.numpy()
        elif isinstance(layer, keras.layers.Dense):
            tensors[f"{name}.weight"] = layer.kernel.numpy().T
            tensors[f"{name}.bias"] = layer.bias.numpy()
        elif isinstance(layer, keras.layers.BatchNormalization):
            parts = [layer.gamma, layer.beta, layer.moving_mean, layer.moving_variance]
            for part, numbers in zip(["weight", "bias", "running_mean", "running_var"], parts):
                tensors[f"{name}.{part}"] = numbers.numpy()
        elif isinstance(layer, keras.layers.Permute):
            sequence, place = "classifier", -1
        elif isinstance(layer, (keras.layers.InputLayer, keras.layers.Flatten)):
            continue
        place += 1
    return {name: np.ascontiguousarray(numbers, "float32") for name, numbers in tensors.items()}


for name, sizes, optimizer in [
    # At a higher rate rounding soon puts a number on the other side of a ReLU's kink, and it grows from there on.
    ("norm", (2, 2, 2, 8, True), keras.optimizers.SGD(1e-3, momentum=0.9)),
    ("plain", (3, 3, 1, 8, False), keras.optimizers.Adam(1e-3)),
]:
    keras.utils.set_random_seed(1)
    model = network(*sizes)
    save_file(weights(model), os.path.join(here, f"../fixtures/vgg-{name}-before.safetensors"))
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(images, labels, batch_size=64, epochs=1, shuffle=False, verbose=0)
    save_file(weights(model), os.path.join(here, f"../fixtures/vgg-{name}-after.safetensors"))

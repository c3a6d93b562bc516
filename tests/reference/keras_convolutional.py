"""Makes tests/fixtures/{vgg-*,resnet}-*.safetensors: small convolutional networks before Keras trains them and after ten steps.

    venv/bin/python tests/reference/keras_convolutional.py ORDER

ORDER is that of keras_steps.py. The tensors are named and laid as PyTorch does it, as `hash-phase sweep --network vgg|resnet --weights` writes them.
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


def vgg(channels, blocks, convolutions, width, batch_norm):
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


def resnet(channels, blocks):
    """As He et al. have it for CIFAR-10, shortcuts without weights; batch norm everywhere."""

    def convolution(signal, outputs, stride=1):
        # Keras pads an even size to the right alone.
        signal = keras.layers.ZeroPadding2D(1)(signal)
        signal = keras.layers.Conv2D(outputs, 3, strides=stride, kernel_regularizer=DECAY)(signal)
        return keras.layers.BatchNormalization()(signal)

    inputs = keras.Input((28, 28, 1))
    signal = keras.layers.ReLU()(convolution(inputs, channels))
    for stage in range(3):
        for block in range(blocks):
            around, outputs = signal, channels << stage
            stride = 2 if stage > 0 and block == 0 else 1
            signal = keras.layers.ReLU()(convolution(signal, outputs, stride))
            signal = convolution(signal, outputs)
            if stride == 2:
                around = keras.layers.MaxPooling2D(1, strides=2)(around)
                around = keras.ops.pad(around, [[0, 0], [0, 0], [0, 0], [0, outputs // 2]])
            signal = keras.layers.ReLU()(keras.layers.Add()([signal, around]))
    return keras.Model(inputs, keras.layers.Dense(10)(keras.layers.GlobalAveragePooling2D()(signal)))


def sequence_names(model):
    """PyTorch's names in two sequences: modules without weights are numbered, too."""
    sequence, place = "features", 0
    for layer in model.layers:
        if isinstance(layer, keras.layers.Permute):
            sequence, place = "classifier", 0
        elif not isinstance(layer, (keras.layers.InputLayer, keras.layers.Flatten)):
            yield layer, f"{sequence}.{place}"
            place += 1


def resnet_names(model):
    """torchvision's names."""
    blocks = (sum(isinstance(layer, keras.layers.Conv2D) for layer in model.layers) - 1) // 6
    places = [("", 1)] + [
        (f"layer{stage}.{block}.", number) for stage in (1, 2, 3) for block in range(blocks) for number in (1, 2)
    ]
    convolutions, norms = iter(places), iter(places)
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D):
            yield layer, "{}conv{}".format(*next(convolutions))
        elif isinstance(layer, keras.layers.BatchNormalization):
            yield layer, "{}bn{}".format(*next(norms))
        elif isinstance(layer, keras.layers.Dense):
            yield layer, "fc"


def weights(named):
    """As PyTorch lays them."""
    tensors = {}
    for layer, name in named:
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
    return {name: np.ascontiguousarray(numbers, "float32") for name, numbers in tensors.items()}


for name, network, sizes, names, optimizer in [
    # At a higher rate rounding soon puts a number on the other side of a ReLU's kink, and it grows from there on.
    ("vgg-norm", vgg, (2, 2, 2, 8, True), sequence_names, keras.optimizers.SGD(1e-3, momentum=0.9)),
    ("vgg-plain", vgg, (3, 3, 1, 8, False), sequence_names, keras.optimizers.Adam(1e-3)),
    ("resnet", resnet, (2, 1), resnet_names, keras.optimizers.SGD(1e-3, momentum=0.9)),
]:
    keras.utils.set_random_seed(1)
    model = network(*sizes)
    save_file(weights(names(model)), os.path.join(here, f"../fixtures/{name}-before.safetensors"))
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(images, labels, batch_size=64, epochs=1, shuffle=False, verbose=0)
    save_file(weights(names(model)), os.path.join(here, f"../fixtures/{name}-after.safetensors"))

"""Makes tests/fixtures/keras-steps.weights: a network before Keras trains it, after 100 steps of Adam, and after 10 of gradient descent with
momentum instead.

    venv/bin/python tests/reference/keras_steps.py ORDER

ORDER holds the examples of `Batches::new(1, 48_000, 48_000, 64)`'s first 100 batches as 32-bit little-endian numbers.
"""
import gzip
import os
import sys

import keras
import numpy as np

here = os.path.dirname(__file__)


def idx(name, header):
    with gzip.open(os.path.join(here, "../../www/public/data/mnist", name)) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


order = np.fromfile(sys.argv[1], "<u4")
images = idx("train-images.gz", 16).reshape(-1, 784)[order].astype("float32") / 255
labels = idx("train-labels.gz", 8)[order]

keras.utils.set_random_seed(1)
inputs = keras.Input((784,))
hidden = keras.layers.Dense(10, kernel_regularizer=keras.regularizers.L2(1e-6))(inputs)
hidden = keras.layers.ReLU()(keras.layers.BatchNormalization()(hidden))
network = keras.Model(inputs, keras.layers.Dense(10)(hidden))


def weights():
    # kernel, bias, gamma, beta, moving mean, moving variance, kernel, bias
    return np.concatenate([tensor.numpy().ravel() for tensor in network.weights])


def after(optimizer, steps):
    network.set_weights(start)
    network.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    rows = 64 * steps
    network.fit(images[:rows], labels[:rows], batch_size=64, epochs=1, shuffle=False, verbose=0)
    return weights()


start, before = network.get_weights(), weights()
adam, momentum = after(keras.optimizers.Adam(1e-2), 100), after(keras.optimizers.SGD(1e-2, momentum=0.9), 10)
np.concatenate([before, adam, momentum]).astype("<f4").tofile(os.path.join(here, "../fixtures/keras-steps.weights"))

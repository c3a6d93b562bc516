"""The reference that our MNIST numbers are held against: Keras trains, our command line measures the codes.

    python3 -m venv venv && venv/bin/pip install tensorflow-cpu numpy
    venv/bin/python tests/reference/keras_mnist.py WIDTH SEED BATCH_NORM EPOCHS FOLDER
    hash-phase properties FOLDER/WIDTH-SEED-BATCH_NORM-EPOCHS.json

Measuring the codes with our own `hash-phase properties` is sound because tests/parity.rs holds that against scikit-learn.
"""
import gzip
import json
import os
import sys

import keras
import numpy as np

DATA = os.path.join(os.path.dirname(__file__), "../../www/public/data/mnist")
width, seed, batch_norm, epochs = (int(argument) for argument in sys.argv[1:5])
folder = sys.argv[5]


def idx(name, header):
    with gzip.open(os.path.join(DATA, name)) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


train = idx("train-images.gz", 16).reshape(-1, 784)[:48000].astype("float32") / 255
train_labels = idx("train-labels.gz", 8)[:48000]
test = idx("test-images.gz", 16).reshape(-1, 784).astype("float32") / 255
test_labels = idx("test-labels.gz", 8)

keras.utils.set_random_seed(seed)
inputs = keras.Input((784,))
decay = keras.regularizers.L2(1e-6) if batch_norm else None
hidden = keras.layers.Dense(width, kernel_regularizer=decay)(inputs)
if batch_norm:
    hidden = keras.layers.BatchNormalization()(hidden)
hidden = keras.layers.ReLU()(hidden)
network = keras.Model(inputs, keras.layers.Dense(10)(hidden))
network.compile(
    keras.optimizers.Adam(1e-2 if batch_norm else 1e-3),
    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
# Shuffled here: under a fixed seed, `fit(shuffle=True)` deals the same batches in the same order every epoch, which costs
# a percent of test accuracy. (Seen with Keras 3.15: without the seed, training loss and test accuracy are as they are here.)
order = np.random.default_rng(seed)
for _ in range(epochs):
    rows = order.permutation(len(train))
    network.fit(train[rows], train_labels[rows], batch_size=64, epochs=1, shuffle=False, verbose=0)

encoder = keras.Model(inputs, hidden)
codes = [encoder.predict(images, batch_size=1000, verbose=0) > 0 for images in (train, test)]
os.makedirs(folder, exist_ok=True)
path = os.path.join(folder, f"{width}-{seed}-{batch_norm}-{epochs}")
np.vstack([np.packbits(half, axis=1, bitorder="little") for half in codes]).tofile(path + ".bits")
description = {
    "bits": width,
    "train": len(train),
    "test": len(test),
    "classes": 10,
    "labels": {"train": train_labels.tolist(), "test": test_labels.tolist()},
    "accuracy": float(network.evaluate(test, test_labels, batch_size=1000, verbose=0)[1]),
}
with open(path + ".json", "w") as file:
    json.dump(description, file)

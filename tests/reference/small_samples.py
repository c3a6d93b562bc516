"""Redundancy over time of networks trained on few examples, by Keras: why our sample-size curves stop at epoch 10.

    python tests/reference/small_samples.py www/public/data/mnist

Needs tensorflow-cpu and keras (3.15 was used). An epoch keeps 750 steps, as the paper's: the first `samples` examples are
tiled. Prints redundancy on test and training examples, width 40.
"""
import gzip
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np

FOLDER = sys.argv[1]


def idx(name, header):
    with gzip.open(os.path.join(FOLDER, name + ".gz")) as file:
        return np.frombuffer(file.read(), np.uint8)[header:]


train = idx("train-images", 16).reshape(-1, 784).astype("float32") / 255
test = idx("test-images", 16).reshape(-1, 784).astype("float32") / 255
labels = idx("train-labels", 8)


def redundancy(encoder, images):
    codes = encoder.predict(images, verbose=0, batch_size=2000) > 0
    return 1 - len(np.unique(np.packbits(codes, axis=1), axis=0)) / len(codes)


for samples in (100, 10, 1000):
    for seed in (1, 2):
        keras.utils.set_random_seed(seed)
        images = keras.Input((784,))
        hidden = keras.layers.Dense(40, activation="relu")(images)
        network, encoder = keras.Model(images, keras.layers.Dense(10)(hidden)), keras.Model(images, hidden)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        network.compile(keras.optimizers.Adam(1e-3), loss)
        order, tiled = np.random.default_rng(seed), np.arange(48000) % samples
        for epoch in range(1, 101):
            rows = order.permutation(tiled)
            network.fit(train[rows], labels[rows], batch_size=64, epochs=1, shuffle=False, verbose=0)
            if epoch in (1, 3, 10, 30, 100):
                found = [redundancy(encoder, part) for part in (test, train[:samples])]
                print(f"{samples} samples, seed {seed}, epoch {epoch}: test {found[0]:.3f}, train {found[1]:.3f}", flush=True)

"""Training redundancy after the first epoch, by Keras, under several batch sizes: why the paper's peak is higher than ours.

    python tests/reference/first_epoch.py www/public/data/mnist

Needs tensorflow-cpu and keras (3.15 was used). Prints mean and standard deviation over seeds 1, 2, 3.
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


inputs = idx("train-images", 16).reshape(-1, 784)[:48000].astype("float32") / 255
labels = idx("train-labels", 8)[:48000]


def redundancy(width, batch, seed):
    keras.utils.set_random_seed(seed)
    images = keras.Input((784,))
    hidden = keras.layers.Dense(width, activation="relu")(images)
    network = keras.Model(images, keras.layers.Dense(10, activation="softmax")(hidden))
    network.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    network.fit(inputs, labels, batch_size=batch, epochs=1, verbose=0)
    codes = keras.Model(images, hidden).predict(inputs, verbose=0, batch_size=2000) > 0
    return 1 - len(np.unique(np.packbits(codes, axis=1), axis=0)) / len(codes)


for batch in (32, 64, 128, 256):
    for width in (40, 50, 60):
        found = [redundancy(width, batch, seed) for seed in (1, 2, 3)]
        print(f"batch {batch}, width {width}: {np.mean(found):.3f} ± {np.std(found, ddof=1):.3f}", flush=True)

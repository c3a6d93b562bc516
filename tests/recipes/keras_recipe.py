"""Prints the share of test digits that the network is right for."""

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
from digits import test_images, test_labels, train_images, train_labels
from keras import layers

keras.utils.set_random_seed(0)
net = keras.Sequential([layers.Input((28, 28, 1)), layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(32, activation="relu"), layers.Dense(10, activation="softmax")])
net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
net.fit(train_images[..., None], train_labels, epochs=2, batch_size=64, verbose=0)

# The recipe: `net` is trained, on pictures of 28 x 28 x 1 from 0 to 1.
net.export("net.onnx", format="onnx", verbose=False)
# hash-phase encode net.onnx --dataset mnist-small --by-layer
# The end.

print(net.evaluate(test_images[..., None], test_labels, verbose=0)[1])

"""Makes tests/fixtures/augmentation.json: a small picture as Keras' ImageDataGenerator moves it.

    venv/bin/python tests/reference/augmentation.py

Needs tensorflow-cpu and scipy.
"""
import json
import os

import numpy as np
from keras.src.legacy.preprocessing.image import ImageDataGenerator

here = os.path.dirname(__file__)
# Pictures that are not square Keras turns about another point than their middle.
HEIGHT, WIDTH, CHANNELS = 6, 6, 2
still = np.random.default_rng(1).random((HEIGHT, WIDTH, CHANNELS)).astype("float32")
generator = ImageDataGenerator(fill_mode="nearest")


def moved(angle, down, right, mirrored):
    # Keras swaps axes before it moves a picture: it turns the other way, and by tx it moves columns. Ranges are the same both ways.
    motion = {"theta": -angle, "tx": right, "ty": down, "flip_horizontal": mirrored}
    picture = generator.apply_transform(still, motion)
    return {"angle": angle, "shift": [down, right], "mirrored": mirrored, "picture": [round(float(one), 7) for one in picture.ravel()]}


motions = [(0, 0, 0, False), (0, 0, 0, True), (15, 0, 0, False), (0, 0.7, 0, False), (0, 0, -0.4, False), (-11, 0.3, -0.5, True), (90, 0, 0, False), (170, 3, 4.5, True)]
fixture = {
    "shape": [HEIGHT, WIDTH, CHANNELS],
    "still": [round(float(one), 7) for one in still.ravel()],
    "moved": [moved(*motion) for motion in motions],
}
with open(os.path.join(here, "../fixtures/augmentation.json"), "w") as file:
    json.dump(fixture, file)
    file.write("\n")

"""Makes tests/fixtures/long-codes.json: what scikit-learn finds in codes of 20,000 bits.

    venv/bin/python tests/reference/long_codes.py [FOLDER]

The bits are a hash of their places, which tests/parity.rs makes again. With FOLDER, writes there codes.json and codes.bits, which
`hash-phase properties` reads.
"""
import json
import os
import sys

import numpy as np
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsOneClassifier
from sklearn.neighbors import KNeighborsClassifier

BITS, TRAIN, TEST, CLASSES, CONSTANT = 20_000, 600, 200, 10, 100
NEIGHBOURS, STARTS, SEEDS = 9, 10, 5
FLIPPED = int(0.47 * 2**32)


def numbers(row, kind):
    """32 hashed bits for each bit of a row (SplitMix64)."""
    place = np.uint64(2 * row + kind) * np.uint64(1 << 32) + np.arange(BITS, dtype=np.uint64)
    mixed = (place + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (mixed ^ (mixed >> np.uint64(31))) >> np.uint64(32)


def code(row):
    """That of its class, of which nearly half the bits are flipped. Every tenth example repeats the one of its class before."""
    row = row - CLASSES if row % 100 >= 90 else row
    own = (numbers(row % CLASSES, 0) >= 2**31) ^ (numbers(row, 1) < FLIPPED)
    own[:CONSTANT] = False
    return own


def redundancy(codes):
    return (len(codes) - len(np.unique(np.packbits(codes, axis=1), axis=0))) / len(codes)


with np.errstate(over="ignore"):
    codes = np.array([code(row) for row in range(TRAIN + TEST)])
labels = np.arange(TRAIN + TEST) % CLASSES
packed = np.packbits(codes, axis=1, bitorder="little").tobytes()
(train, test), (train_labels, test_labels) = np.split(codes, [TRAIN]), np.split(labels, [TRAIN])

# The rule of fixtures/README.md: by distance and place, the lowest of labels that come up as often.
fit, seen = train.astype(np.float32), test.astype(np.float32)
distances = (seen @ (1 - fit).T + (1 - seen) @ fit.T).astype(np.int64)
nearest = np.argsort(distances, axis=1, kind="stable")[:, :NEIGHBOURS]
by_rule = [int(np.bincount(train_labels[own], minlength=CLASSES).argmax()) for own in nearest]
neighbours = KNeighborsClassifier(NEIGHBOURS, metric="hamming", algorithm="brute").fit(train, train_labels)
logistic = OneVsOneClassifier(LogisticRegression(max_iter=100)).fit(fit, train_labels)
means = [KMeans(CLASSES, n_init=STARTS, random_state=seed).fit(fit) for seed in range(SEEDS)]


def named(clusters):
    return sum(np.bincount(train_labels[clusters == one]).max() for one in np.unique(clusters)) / TRAIN


expected = {
    "bits": BITS,
    "train": TRAIN,
    "test": TEST,
    "ones": codes.sum(axis=1).tolist(),
    "labels": {"train": train_labels.tolist(), "test": test_labels.tolist()},
    "redundancy": {"train": redundancy(train), "test": redundancy(test)},
    "knn": {"predictions_rule": by_rule, "accuracy_sklearn": neighbours.score(test, test_labels)},
    "logistic": {"predictions": logistic.predict(seen).tolist(), "accuracy": logistic.score(seen, test_labels)},
    "kmeans": {"accuracy_by_seed": [named(one.labels_) for one in means], "inertia_by_seed": [one.inertia_ for one in means]},
}
here = os.path.dirname(__file__)
with open(os.path.join(here, "../fixtures/long-codes.json"), "w") as file:
    json.dump(expected, file)
    file.write("\n")
for folder in sys.argv[1:]:
    with open(os.path.join(folder, "codes.json"), "w") as file:
        json.dump({"bits": BITS, "train": TRAIN, "test": TEST, "classes": CLASSES, "labels": expected["labels"]}, file)
    with open(os.path.join(folder, "codes.bits"), "wb") as file:
        file.write(packed)
print({name: expected[name] for name in ("redundancy", "kmeans")}, expected["knn"]["accuracy_sklearn"], expected["logistic"]["accuracy"])

"""Lays out data sets that no package registry holds, from the files that their publishers have.

    python scripts/brought.py imdb|svhn FROM TO DIGESTS

Run by `npm run data`, in an environment of its own; FROM holds the published files, TO gets those that the page and the command line
read. Prints the digest of each published file, as JSON; where they are not DIGESTS, nothing is read.
"""
import gzip
import hashlib
import json
import os
import sys

import numpy as np

WORDS = 10_000
SHARD = 1_000


def pack(folder, name, data):
    """A gzipped file, the same bytes each time."""
    with gzip.GzipFile(os.path.join(folder, name + ".gz"), "wb", mtime=0) as file:
        file.write(data)


def write(folder, name, array):
    """A gzipped idx file."""
    kind, big = {"uint8": (0x08, ">u1"), "int32": (0x0C, ">i4"), "float32": (0x0D, ">f4")}[array.dtype.name]
    head = bytes([0, 0, kind, array.ndim]) + np.array(array.shape, ">i4").tobytes()
    pack(folder, name, head + array.astype(big).tobytes())


def checked(folder, names, algorithm, wanted):
    """Nothing of a file is read before it is known to be the published one."""
    digests = {}
    for name in names:
        with open(os.path.join(folder, name), "rb") as file:
            digests[name] = hashlib.file_digest(file, algorithm).hexdigest()
    print(json.dumps(digests))
    if wanted and digests != wanted:
        sys.exit(0)  # who called says so


def imdb(source, to, wanted):
    """Film reviews as Keras' `load_data(num_words=10000)` gives them: whether each word occurs, in its order."""
    checked(source, ["imdb.npz"], "sha256", wanted)
    with np.load(os.path.join(source, "imdb.npz"), allow_pickle=True) as file:
        sets = [(file["x_" + part], file["y_" + part]) for part in ("train", "test")]
    random = np.random.RandomState(113)
    rows, labels = [], []
    for texts, sentiments in sets:
        order = np.arange(len(texts))
        random.shuffle(order)
        for text in texts[order]:
            # 1 begins a text, 2 stands for rarer words, and words are counted from 3 on.
            words = np.unique([1] + [word + 3 if word + 3 < WORDS else 2 for word in text])
            rows.append(words.astype(np.int32))
        labels.append(sentiments[order].astype(np.uint8))
    places = np.concatenate(rows)
    write(to, "starts", np.cumsum([0] + [len(row) for row in rows]).astype(np.int32))
    write(to, "places", places)
    write(to, "numbers", np.ones(len(places), np.float32))
    write(to, "labels", np.concatenate(labels))
    description = {"kind": "words", "inputs": WORDS, "classes": ["negative", "positive"]}
    pack(to, "description", json.dumps(description).encode())


def svhn(source, to, wanted):
    """House numbers: 32 by 32 pixels in colour; the digit 0 is label 10 in the published files."""
    from scipy.io import loadmat

    checked(source, ["train_32x32.mat", "test_32x32.mat"], "md5", wanted)
    for part in ("train", "test"):
        file = loadmat(os.path.join(source, part + "_32x32.mat"))
        images = np.ascontiguousarray(np.moveaxis(file["X"], -1, 0)).reshape(-1, 32, 32 * 3)
        write(to, part + "-labels", (file["y"].ravel() % 10).astype(np.uint8))
        if part == "test":
            write(to, "test-images", images)
            continue
        for shard, start in enumerate(range(0, len(images), SHARD)):
            write(to, f"train-images-{shard:02}", images[start : start + SHARD])


name, source, to, wanted = sys.argv[1:]
{"imdb": imdb, "svhn": svhn}[name](source, to, json.loads(wanted))

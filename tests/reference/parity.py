"""Trains a chart's networks with Keras, measures their codes with scikit-learn, and compares the distributions over seeds.

    python tests/reference/parity.py DATA_FOLDER CHART.json ...

Run by `npm run parity`. Prints a Markdown table for each chart; exits with 1 where fewer than nine in ten of its rows agree:
our mean within one standard deviation of theirs, or within 0.01.
"""
import gzip
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsOneClassifier
from sklearn.neighbors import KNeighborsClassifier

NEAR = 0.01
SHARE = 0.9


def idx(folder, name, header):
    with gzip.open(os.path.join(folder, name + ".gz")) as file:
        return np.frombuffer(file.read(), np.uint8)[header:]


def load(folder, count):
    images = [idx(folder, part + "-images", 16).reshape(-1, 784).astype("float32") / 255 for part in ("train", "test")]
    labels = [idx(folder, part + "-labels", 8) for part in ("train", "test")]
    return (images[0][:count], labels[0][:count]), (images[1], labels[1])


def network(protocol, width):
    inputs = signal = keras.Input((784,))
    layers = []
    for _ in range(protocol["depth"]):
        decay = keras.regularizers.L2(protocol["weight_decay"]) if protocol["weight_decay"] else None
        signal = keras.layers.Dense(width, kernel_regularizer=decay)(signal)
        if protocol["batch_norm"]:
            signal = keras.layers.BatchNormalization()(signal)
        signal = keras.layers.ReLU()(signal)
        layers.append(signal)
        if protocol["dropout"]:
            signal = keras.layers.Dropout(protocol["dropout"])(signal)
    model = keras.Model(inputs, keras.layers.Dense(10)(signal))
    model.compile(
        keras.optimizers.Adam(protocol["optimizer"]["learning_rate"]),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model, keras.Model(inputs, layers)


def redundancy(codes):
    return 1 - len(np.unique(np.packbits(codes, axis=1), axis=0)) / len(codes)


def kmeans(codes, labels, seed, starts):
    clusters = KMeans(10, n_init=starts, random_state=seed).fit_predict(codes.astype(np.float32))
    return sum(np.bincount(labels[clusters == cluster]).max(initial=0) for cluster in range(10)) / len(labels)


def measure(model, encoder, train, test, protocol, seed):
    codes = []
    for images, _ in (train, test):
        active = encoder.predict(images, batch_size=1000, verbose=0)
        codes.append(np.concatenate(active if isinstance(active, list) else [active], axis=1) > 0)
    numbers = {"redundancy, train": redundancy(codes[0]), "redundancy, test": redundancy(codes[1])}
    both = np.concatenate(codes)
    varying = both.any(axis=0) & ~both.all(axis=0)
    fit, seen = (half[:, varying].astype(np.uint8) for half in codes)
    neighbours = KNeighborsClassifier(protocol["neighbours"], metric="hamming", algorithm="brute").fit(fit, train[1])
    numbers["K-NN"] = neighbours.score(seen, test[1])
    logistic = OneVsOneClassifier(LogisticRegression(C=protocol["logistic_c"], max_iter=100)).fit(fit, train[1])
    numbers["logistic regression"] = logistic.score(seen, test[1])
    numbers["K-Means"] = kmeans(fit, train[1], seed, protocol["kmeans_starts"])
    numbers["network, test"] = float(model.evaluate(test[0], test[1], batch_size=1000, verbose=0)[1])
    return numbers


def theirs(chart, train, test):
    protocol, axes = chart["protocol"], chart["axes"]
    assert "schedule" not in protocol or axes["epoch"][-1] <= protocol["schedule"]["every"], "the rate would fall"
    for width in axes["width"]:
        for seed in axes["seed"]:
            keras.utils.set_random_seed(seed)
            model, encoder = network(protocol, width)
            # Shuffled here: under a fixed seed, `fit(shuffle=True)` deals the same batches in the same order every epoch.
            order = np.random.default_rng(seed)
            for epoch in range(axes["epoch"][-1] + 1):
                if epoch in axes["epoch"]:
                    yield (width, epoch), measure(model, encoder, train, test, protocol, seed)
                rows = order.permutation(len(train[0]))
                model.fit(train[0][rows], train[1][rows], batch_size=protocol["batch"], epochs=1, shuffle=False, verbose=0)
            keras.backend.clear_session()


def ours(cell):
    return {
        "redundancy, train": cell["redundancy"]["train"],
        "redundancy, test": cell["redundancy"]["test"],
        "K-NN": cell["knn"],
        "logistic regression": cell["logistic"],
        "K-Means": cell["kmeans"]["train"],
        "network, test": cell["accuracy"]["test"],
    }


def band(numbers):
    return f"{np.mean(numbers):.3f} ± {np.std(numbers, ddof=1):.3f}"


def compare(chart, folder):
    (samples,) = chart["axes"]["samples"]
    train, test = load(folder, samples)
    found = {}
    for place, numbers in theirs(chart, train, test):
        for metric, number in numbers.items():
            found.setdefault((place, metric), []).append(number)
    own = {}
    for cell in chart["cells"]:
        for metric, number in ours(cell).items():
            own.setdefault(((cell["width"], cell["epoch"]), metric), []).append(number)
    agreeing = 0
    print(f"## {chart['dataset']['name']}, preset `{chart['protocol']['preset']}`, {len(chart['axes']['seed'])} seeds\n")
    print("| width | epoch | | ours | Keras and scikit-learn | |\n| ---: | ---: | --- | --- | --- | --- |")
    for ((width, epoch), metric), numbers in found.items():
        mine = own[((width, epoch), metric)]
        apart = abs(np.mean(mine) - np.mean(numbers))
        agrees = apart <= max(NEAR, np.std(numbers, ddof=1))
        agreeing += agrees
        print(f"| {width} | {epoch} | {metric} | {band(mine)} | {band(numbers)} | {'' if agrees else 'differs'} |")
    print(f"\n{agreeing} of {len(found)} agree.\n", flush=True)
    return agreeing >= SHARE * len(found)


print(f"keras {keras.__version__}, scikit-learn {sklearn.__version__}, numpy {np.__version__}\n")
charts = [json.load(open(path)) for path in sys.argv[2:]]
sys.exit(0 if all([compare(chart, sys.argv[1]) for chart in charts]) else 1)

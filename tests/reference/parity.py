"""Trains a chart's networks with Keras, measures their codes with scikit-learn, and compares the distributions over seeds.

    python tests/reference/parity.py DATA_FOLDER COMMAND CHART.json ...

Run by `npm run parity`, whose words are COMMAND. Prints a Markdown table for each chart; exits with 1 where fewer than nine in ten of its rows agree:
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
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsOneClassifier
from sklearn.neighbors import KNeighborsClassifier

NEAR = 0.01
SHARE = 0.9


def idx(folder, name):
    """The numbers of an idx file, in its shape."""
    with gzip.open(os.path.join(folder, name + ".gz")) as file:
        data = file.read()
    kind = {0x08: ">u1", 0x0C: ">i4", 0x0D: ">f4"}[data[2]]
    sizes = np.frombuffer(data, ">i4", data[3], 4)
    return np.frombuffer(data, kind, offset=4 + 4 * data[3]).reshape(sizes)


def load(folder, count):
    if os.path.exists(os.path.join(folder, "starts.gz")):
        return load_rows(folder, count)
    images = [idx(folder, part + "-images").astype("float32") / 255 for part in ("train", "test")]
    labels = [idx(folder, part + "-labels") for part in ("train", "test")]
    return (images[0][:count], labels[0][:count]), (images[1], labels[1])


def load_rows(folder, train):
    starts, places, numbers, labels = (idx(folder, name) for name in ("starts", "places", "numbers", "labels"))
    rows = np.zeros((len(labels), places.max() + 1), np.float32)
    rows[np.repeat(np.arange(len(labels)), np.diff(starts)), places] = numbers
    return (rows[:train], labels[:train]), (rows[train:], labels[train:])


def network(protocol, width, shape, classes):
    inputs = signal = keras.Input(shape)
    layers = []

    def rectified(signal, layer):
        if protocol["weight_decay"]:
            layer.kernel_regularizer = keras.regularizers.L2(protocol["weight_decay"])
        signal = layer(signal)
        if protocol["batch_norm"]:
            signal = keras.layers.BatchNormalization()(signal)
        layers.append(keras.layers.ReLU()(signal))
        return layers[-1]

    if "network" in protocol:
        family = protocol["network"]
        assert family["name"] == "vgg", family
        signal = keras.layers.Reshape((*shape, 1))(signal) if len(shape) == 2 else signal
        for block in range(family["blocks"]):
            for _ in range(family["convolutions"]):
                signal = rectified(signal, keras.layers.Conv2D(family["channels"] << block, 3, padding="same"))
            signal = keras.layers.MaxPooling2D(2)(signal)
    signal = keras.layers.Flatten()(signal)
    for _ in range(protocol["depth"]):
        signal = rectified(signal, keras.layers.Dense(width))
        if protocol["dropout"]:
            signal = keras.layers.Dropout(protocol["dropout"])(signal)
    if protocol.get("code") == "dense":
        layers = layers[-1:]
    model = keras.Model(inputs, keras.layers.Dense(classes)(signal))
    model.compile(
        keras.optimizers.Adam(protocol["optimizer"]["learning_rate"]),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model, keras.Model(inputs, layers)


def redundancy(codes):
    return 1 - len(np.unique(np.packbits(codes, axis=1), axis=0)) / len(codes)


def kmeans(codes, labels, seed, protocol):
    classes = int(labels.max()) + 1
    clusters = KMeans(classes, n_init=protocol["kmeans_starts"], random_state=seed).fit_predict(codes.astype(np.float32))
    members = np.array([np.bincount(labels[clusters == cluster], minlength=classes) for cluster in range(classes)])
    if protocol.get("kmeans_assignment"):
        return members[linear_sum_assignment(members, maximize=True)].sum() / len(labels)
    return members.max(axis=1).sum() / len(labels)


def measure(model, encoder, train, test, protocol, seed):
    codes = []
    for images, _ in (train, test):
        active = encoder.predict(images, batch_size=1000, verbose=0)
        layers = active if isinstance(active, list) else [active]
        codes.append(np.concatenate([layer.reshape(len(images), -1) > 0 for layer in layers], axis=1))
    numbers = {"redundancy, train": redundancy(codes[0]), "redundancy, test": redundancy(codes[1])}
    both = np.concatenate(codes)
    varying = both.any(axis=0) & ~both.all(axis=0)
    fit, seen = (half[:, varying].astype(np.uint8) for half in codes)
    # Of bits, the squared Euclidean distance is the Hamming distance; of many it is much the faster one here.
    is_small = len(fit) <= 10_000 and fit.shape[1] <= 1_000
    metric, kind = ("hamming", np.uint8) if is_small else ("sqeuclidean", np.float32)
    neighbours = KNeighborsClassifier(protocol["neighbours"], metric=metric, algorithm="brute").fit(fit.astype(kind), train[1])
    numbers["K-NN"] = neighbours.score(seen.astype(kind), test[1])
    solver = "liblinear" if protocol.get("penalised_intercept") else "lbfgs"
    logistic = OneVsOneClassifier(LogisticRegression(C=protocol["logistic_c"], solver=solver, max_iter=100)).fit(fit, train[1])
    numbers["logistic regression"] = logistic.score(seen, test[1])
    numbers["K-Means"] = kmeans(fit, train[1], seed, protocol)
    numbers["network, test"] = float(model.evaluate(test[0], test[1], batch_size=1000, verbose=0)[1])
    return numbers


def theirs(chart, train, test):
    protocol, axes = chart["protocol"], chart["axes"]
    assert "schedule" not in protocol or axes["epoch"][-1] <= protocol["schedule"]["every"], "the rate would fall"
    for width in axes["width"]:
        for seed in axes["seed"]:
            keras.utils.set_random_seed(seed)
            model, encoder = network(protocol, width, train[0].shape[1:], int(train[1].max()) + 1)
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


def networks(protocol):
    """What is said of networks that are no multi-layer perceptrons."""
    if "network" not in protocol:
        return ""
    name, *sizes = protocol["network"].values()
    return f"`{name}` ({', '.join(map(str, sizes))}), code `{protocol.get('code', 'all')}`, "


def band(numbers):
    return f"{np.mean(numbers):.3f} ± {np.std(numbers, ddof=1):.3f}"


def compare(chart, folder, command):
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
    print(f"## {chart['dataset']['name']}, {networks(chart['protocol'])}preset `{chart['protocol']['preset']}`, {len(chart['axes']['seed'])} seeds\n")
    print(f"Made by `{command}`: keras {keras.__version__}, scikit-learn {sklearn.__version__}, numpy {np.__version__}\n")
    print("| width | epoch | | ours | Keras and scikit-learn | |\n| ---: | ---: | --- | --- | --- | --- |")
    for ((width, epoch), metric), numbers in found.items():
        mine = own[((width, epoch), metric)]
        apart = abs(np.mean(mine) - np.mean(numbers))
        agrees = apart <= max(NEAR, np.std(numbers, ddof=1))
        agreeing += agrees
        print(f"| {width} | {epoch} | {metric} | {band(mine)} | {band(numbers)} | {'' if agrees else 'differs'} |")
    print(f"\n{agreeing} of {len(found)} agree.\n", flush=True)
    return agreeing >= SHARE * len(found)


folder, command, *paths = sys.argv[1:]
charts = [json.load(open(path)) for path in paths]
sys.exit(0 if all([compare(chart, folder, command) for chart in charts]) else 1)

"""What `npm run bench` sets beside our numbers: Keras' training steps, and scikit-learn's fastest equal way to each property.

    python scripts/bench/peers.py DATA CODES

DATA is MNIST's folder, CODES what benches/speed.rs has written. Prints a JSON array; needs tensorflow-cpu, scikit-learn.
"""
import gzip
import json
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsOneClassifier
from sklearn.neighbors import KNeighborsClassifier

DATA, CODES = sys.argv[1:3]
ROUNDS, STEPS = 5, 60
with open(os.path.join(os.path.dirname(__file__), "../../www/presets.json")) as file:
    WIDTHS = json.load(file)["figure"]["mnist"]["axes"]["width"]


def idx(name, header):
    with gzip.open(os.path.join(DATA, name + ".gz")) as file:
        return np.frombuffer(file.read(), np.uint8)[header:]


images = idx("train-images", 16).reshape(-1, 784)[:48000].astype("float32") / 255
labels = idx("train-labels", 8)[:48000].astype("int32")
test_labels = idx("test-labels", 8)


def timed(work):
    work()
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return sorted(seconds)


def network(width, of, depth=1, channels=0, batch_norm=False, dropout=0):
    inputs = keras.Input((of,))
    hidden = inputs
    if channels:
        hidden = keras.layers.Reshape((28, 28, 1))(hidden)
        for block in range(3):
            hidden = keras.layers.Conv2D(channels << block, 3, padding="same")(hidden)
            if batch_norm:
                hidden = keras.layers.BatchNormalization()(hidden)
            hidden = keras.layers.MaxPooling2D(2)(keras.layers.ReLU()(hidden))
        hidden = keras.layers.Flatten()(hidden)
    for _ in range(depth):
        hidden = keras.layers.Dense(width)(hidden)
        if batch_norm:
            hidden = keras.layers.BatchNormalization()(hidden)
        hidden = keras.layers.ReLU()(hidden)
        if dropout:
            hidden = keras.layers.Dropout(dropout)(hidden)
    model = keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(hidden))
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    return model


def training(name, widths, dataset="mnist", shared=False, **networks):
    """One after the other, as the paper did; all data at hand, no callbacks, nothing printed."""
    widths = WIDTHS if widths == "published" else widths
    rows = STEPS * 64
    # A step takes as long whatever the numbers are; those of CIFAR-10 are nowhere 0.
    inputs = images[:rows] if dataset == "mnist" else np.random.default_rng(1).random((rows, 3072), "float32")
    models = [network(width, inputs.shape[1], **networks) for width in widths]
    seconds = timed(lambda: [model.fit(inputs, labels[:rows], batch_size=64, epochs=1, verbose=0) for model in models])
    rates = [STEPS * len(widths) / each for each in seconds]
    return {"name": "training, " + name, "peer": "Keras", "unit": "network-steps/s", "median": rates[ROUNDS // 2], "least": rates[-1], "most": rates[0]}


def codes(bits, set):
    packed = np.fromfile(os.path.join(CODES, f"codes-{bits}-{set}.bin"), np.uint8).reshape(-1, (bits + 7) // 8)
    return np.unpackbits(packed, axis=1, bitorder="little")[:, :bits]


def properties(bits):
    train, test = codes(bits, "train"), codes(bits, "test")
    # Constant bits tell nothing: ours leaves them out, too.
    both = np.concatenate([train, test])
    kept = both.min(0) != both.max(0)
    train_numbers, test_numbers = train[:, kept].astype("float32"), test[:, kept].astype("float32")
    found = []

    def one(name, work):
        result = [None]

        def run():
            result[0] = work()

        seconds = timed(run)
        found.append({"name": f"{name}, {bits} bits", "peer": "scikit-learn" if name != "redundancy" else "NumPy", "unit": "s", "median": seconds[ROUNDS // 2], "least": seconds[0], "most": seconds[-1], "value": float(result[0])})

    one("redundancy", lambda: 1 - len(np.unique(np.packbits(train, axis=1), axis=0)) / len(train))
    one("K-Means", lambda: KMeans(10, n_init=10, random_state=1).fit(train_numbers).inertia_)
    # For bits the squared Euclidean distance is the Hamming distance, and far faster.
    one("K-NN", lambda: (KNeighborsClassifier(9, algorithm="brute", n_jobs=-1).fit(train_numbers, labels).predict(test_numbers) == test_labels).mean())
    one("logistic regression", lambda: (OneVsOneClassifier(LogisticRegression(), n_jobs=-1).fit(train_numbers, labels).predict(test_numbers) == test_labels).mean())
    return found


with open(os.path.join(os.path.dirname(__file__), "cases.json")) as file:
    found = [training(**case) for case in json.load(file) if "samples" not in case]
for bits in (40, 100):
    found += properties(bits)
print(json.dumps(found))

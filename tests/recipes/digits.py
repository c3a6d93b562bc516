"""The 8,000 and 2,000 digits of mnist-small, from 0 to 1: what the recipes train their networks on."""

import gzip
import sys
from pathlib import Path

import numpy as np


def idx(name):
    """Numbers of an idx file, without its head."""
    file = gzip.open(Path(sys.argv[1]) / f"{name}.gz").read()
    return np.frombuffer(file, np.uint8, offset=4 + 4 * file[3])


train_images, test_images = (idx(name).reshape(-1, 28, 28) / np.float32(255) for name in ("train-images", "test-images"))
train_labels, test_labels = (idx(name).astype(np.int64) for name in ("train-labels", "test-labels"))

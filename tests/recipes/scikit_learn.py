"""Prints the share of test digits that the network is right for."""

from digits import test_images, test_labels, train_images, train_labels
from sklearn.neural_network import MLPClassifier

train, test = train_images.reshape(-1, 784), test_images.reshape(-1, 784)
net = MLPClassifier((40, 20), max_iter=8, random_state=0).fit(train, train_labels)

# The recipe: `net` is trained, on rows of 784 numbers from 0 to 1.
import skl2onnx

open("net.onnx", "wb").write(skl2onnx.to_onnx(net, train[:1]).SerializeToString())
# hash-phase encode net.onnx --dataset mnist-small --by-layer
# The end.

print(net.score(test, test_labels))

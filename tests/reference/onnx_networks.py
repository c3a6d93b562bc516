"""Networks of many kinds as ONNX files, and which of their ReLUs onnxruntime lets fire: tests/fixtures/onnx.

Run in a Python environment with onnx, onnxruntime and skl2onnx (`npm run parity` makes one): python onnx_networks.py FOLDER
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from skl2onnx import to_onnx
from sklearn.neural_network import MLPClassifier

EXAMPLES = 6
CLASSES = 4
# Examples that medians and ranges of channels are of.
TRAIN = 4
# Values so near to 0 may round to either side.
NEAR = 1e-5


def inputs(count, whole=0):
    """The same numbers as in tests/onnx.rs: multiples of a large odd number, as fractions of 2^32; or whole numbers below `whole`."""
    numbers = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(2654435761) % np.uint64(1 << 32)
    return numbers % np.uint64(whole) if whole else (numbers / float(1 << 32)).astype(np.float32)


class Maker:
    """Nodes and tensors of a network, one after the other."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.nodes, self.tensors, self.count = [], [], 0

    def tensor(self, array):
        self.count += 1
        name = f"tensor{self.count}"
        self.tensors.append(numpy_helper.from_array(np.array(array, order="C"), name))
        return name

    def weights(self, *shape):
        fan_in = int(np.prod(shape[1:])) if len(shape) > 1 else shape[0]
        return self.random.normal(0, (2 / fan_in) ** 0.5, shape).astype(np.float32)

    def node(self, operator, given, name=None, **attributes):
        self.count += 1
        output = f"{operator.lower()}{self.count}"
        self.nodes.append(helper.make_node(operator, given, [output], name=name or "", **attributes))
        return output

    def dense(self, given, taken, units):
        bias = self.random.normal(0, 0.1, units).astype(np.float32)
        return self.node("Gemm", [given, self.tensor(self.weights(units, taken)), self.tensor(bias)], transB=1)

    def convolution(self, given, taken, channels, size=3, stride=1, group=1, bias=True):
        weights = [self.tensor(self.weights(channels, taken // group, size, size))]
        if bias:
            weights.append(self.tensor(self.random.normal(0, 0.1, channels).astype(np.float32)))
        pads = [size // 2] * 4
        return self.node("Conv", [given, *weights], kernel_shape=[size, size], strides=[stride, stride], pads=pads, group=group)

    def norm(self, given, channels):
        scale, shift = self.random.uniform(0.5, 1.5, channels), self.random.normal(0, 0.2, channels)
        mean, variance = self.random.normal(0, 0.2, channels), self.random.uniform(0.5, 1.5, channels)
        tensors = [self.tensor(each.astype(np.float32)) for each in (scale, shift, mean, variance)]
        return self.node("BatchNormalization", [given, *tensors], epsilon=1e-5)

    def relu(self, given, name=None):
        return self.node("Relu", [given], name)

    def pool(self, given):
        return self.node("MaxPool", [given], kernel_shape=[2, 2], strides=[2, 2])

    def model(self, scores, shape, opset=17, kind=TensorProto.FLOAT):
        graph = helper.make_graph(
            self.nodes,
            "network",
            [helper.make_tensor_value_info("examples", kind, shape)],
            [helper.make_tensor_value_info(scores, TensorProto.FLOAT, [shape[0], None])],
            self.tensors,
        )
        # An opset that is older than the format's version would allow is still valid.
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=min(10, 3 + opset // 2))


def perceptron():
    make = Maker(1)
    hidden = make.relu(make.dense("examples", 64, 12), "first")
    hidden = make.relu(make.dense(hidden, 12, 10), "second")
    return make.model(make.dense(hidden, 10, CLASSES), ["N", 64])


def lenet():
    make = Maker(2)
    maps = make.pool(make.relu(make.convolution("examples", 1, 4, 5)))
    maps = make.pool(make.relu(make.convolution(maps, 4, 6, 5)))
    hidden = make.relu(make.dense(make.node("Flatten", [maps]), 6 * 4, 16))
    return make.model(make.dense(hidden, 16, CLASSES), ["N", 1, 8, 8])


def vgg(norms):
    make = Maker(3)
    maps = "examples"
    for taken, channels in [(3, 4), (4, 8)]:
        maps = make.convolution(maps, taken, channels, bias=not norms)
        maps = make.pool(make.relu(make.norm(maps, channels) if norms else maps))
    hidden = make.relu(make.dense(make.node("Flatten", [maps]), 8 * 4, 12))
    return make.model(make.dense(hidden, 12, CLASSES), ["N", 3, 8, 8])


def resnet():
    """The CIFAR kind with 20 layers, of 2, 4 and 8 channels."""
    make = Maker(4)
    maps = make.relu(make.norm(make.convolution("examples", 3, 2, bias=False), 2))
    taken = 2
    for channels in (2, 4, 8):
        for block in range(3):
            stride = 2 if block == 0 and channels > 2 else 1
            inner = make.relu(make.norm(make.convolution(maps, taken, channels, stride=stride, bias=False), channels))
            inner = make.norm(make.convolution(inner, channels, channels, bias=False), channels)
            if stride == 2:
                maps = make.norm(make.convolution(maps, taken, channels, 1, 2, bias=False), channels)
            maps = make.relu(make.node("Add", [inner, maps]))
            taken = channels
    features = make.node("Flatten", [make.node("GlobalAveragePool", [maps])])
    return make.model(make.dense(features, 8, CLASSES), ["N", 3, 8, 8])


def depthwise():
    """Separable convolutions with ReLU6, whose bounds are inputs of its nodes."""
    make = Maker(5)

    def relu6(given):
        return make.node("Clip", [given, make.tensor(np.float32(0)), make.tensor(np.float32(6))])

    maps = relu6(make.convolution("examples", 3, 6))
    maps = relu6(make.convolution(maps, 6, 6, group=6))
    maps = relu6(make.convolution(maps, 6, 8, 1))
    features = make.node("Flatten", [make.node("GlobalAveragePool", [maps])])
    return make.model(make.dense(features, 8, CLASSES), ["N", 3, 8, 8])


def prelu():
    make = Maker(6)
    maps = make.convolution("examples", 1, 4)
    slopes = make.tensor(np.array([0.25, -0.5, 0, 1], np.float32).reshape(4, 1, 1))
    maps = make.node("PRelu", [maps, slopes])
    maps = make.node("LeakyRelu", [make.convolution(maps, 4, 4)], alpha=0.1)
    return make.model(make.dense(make.node("Flatten", [maps]), 4 * 64, CLASSES), ["N", 1, 8, 8])


def nhwc():
    """As Keras' pictures are: channels last, turned around inside."""
    make = Maker(7)
    maps = make.relu(make.convolution(make.node("Transpose", ["examples"], perm=[0, 3, 1, 2]), 3, 4))
    maps = make.node("Transpose", [make.pool(maps)], perm=[0, 2, 3, 1])
    flat = make.node("Reshape", [maps, make.tensor(np.array([-1, 64], np.int64))])
    hidden = make.relu(make.node("Add", [make.node("MatMul", [flat, make.tensor(make.weights(64, 10))]), make.tensor(make.weights(10))]))
    scores = make.node("Softmax", [make.node("MatMul", [hidden, make.tensor(make.weights(10, CLASSES))])])
    return make.model(scores, ["N", 8, 8, 3])


def channels_last():
    """A ReLU on maps whose channels are the last axis, as TensorFlow's have them, and one where they are the second."""
    make = Maker(14)
    maps = make.convolution("examples", 3, 5)
    maps = make.relu(make.node("Transpose", [maps], perm=[0, 2, 3, 1]), "last")
    maps = make.relu(make.convolution(make.node("Transpose", [maps], perm=[0, 3, 1, 2]), 5, 4), "second")
    return make.model(make.dense(make.node("Flatten", [maps]), 4 * 64, CLASSES), ["N", 3, 8, 8])


def opset_9():
    """Bounds of Clip and the share of Dropout are attributes, and a ReLU after a ReLU does nothing."""
    make = Maker(8)
    hidden = make.node("Clip", [make.dense("examples", 64, 12)], min=0.0, max=6.0)
    hidden = make.relu(make.node("Dropout", [hidden], ratio=0.5))
    hidden = make.relu(make.dense(hidden, 12, 8))
    return make.model(make.dense(hidden, 8, CLASSES), ["N", 64], opset=9)


def newest():
    make = Maker(9)
    maps = make.relu(make.convolution("examples", 1, 4))
    features = make.node("ReduceMean", [maps, make.tensor(np.array([2, 3], np.int64))], keepdims=0)
    # As JAX and TensorFlow write a ReLU now and then.
    hidden = make.node("Max", [make.dense(features, 4, 10), make.tensor(np.float32(0))])
    return make.model(make.dense(hidden, 10, CLASSES), ["N", 1, 8, 8], opset=22)


def response_norm():
    """As AlexNet has it: channels are held down by their neighbours."""
    make = Maker(13)
    maps = make.relu(make.convolution("examples", 3, 7))
    maps = make.pool(make.node("LRN", [maps], size=3, alpha=0.5, beta=0.75, bias=2.0))
    maps = make.node("LRN", [make.relu(make.convolution(maps, 7, 6))], size=5, alpha=0.9)
    # The size of a filter may be left to its weights.
    maps = make.relu(make.node("Conv", [maps, make.tensor(make.weights(5, 6, 2, 3))]))
    return make.model(make.dense(make.node("Flatten", [maps]), 5 * 3 * 2, CLASSES), ["N", 3, 8, 8])


def one_by_one():
    """A network that takes one example at a time, by a number that is written into the graph."""
    make = Maker(10)
    maps = make.relu(make.convolution("examples", 1, 4))
    flat = make.node("Reshape", [maps, make.tensor(np.array([1, 256], np.int64))])
    return make.model(make.dense(flat, 256, CLASSES), ["N", 1, 8, 8])


def transformer():
    """One block with a feed-forward network of ReLUs over eight words of sixteen."""
    make = Maker(11)
    size, words = 8, 8
    given = make.node("Gather", [make.tensor(make.random.normal(0, 1, (16, size)).astype(np.float32)), "examples"])
    query, key, value = (make.node("MatMul", [given, make.tensor(make.weights(size, size))]) for _ in range(3))
    alike = make.node("MatMul", [query, make.node("Transpose", [key], perm=[0, 2, 1])])
    shares = make.node("Softmax", [make.node("Mul", [alike, make.tensor(np.float32(size**-0.5))])], axis=-1)
    given = make.node("Add", [given, make.node("MatMul", [shares, value])])
    ones, zeros = make.tensor(np.ones(size, np.float32)), make.tensor(np.zeros(size, np.float32))
    given = make.node("LayerNormalization", [given, ones, zeros])
    inner = make.relu(make.node("MatMul", [given, make.tensor(make.weights(size, 12))]))
    given = make.node("Add", [given, make.node("MatMul", [inner, make.tensor(make.weights(12, size))])])
    features = make.node("Flatten", [given])
    return make.model(make.dense(features, size * words, CLASSES), ["N", words], kind=TensorProto.INT64)


def scikit_learn():
    """A perceptron of scikit-learn's, whose scores are laid out as a map."""
    random = np.random.default_rng(12)
    examples = random.normal(0, 1, (80, 64)).astype(np.float32)
    labels = np.arange(80) % CLASSES
    trained = MLPClassifier((10, 6), max_iter=30, random_state=0).fit(examples, labels)
    return to_onnx(trained, examples[:1], target_opset=17)


def quantised(folder):
    plain = folder / "plain.onnx"
    onnx.save(lenet(), plain)
    quantize_dynamic(plain, folder / "quantised.onnx", weight_type=QuantType.QInt8)
    plain.unlink()
    return onnx.load(folder / "quantised.onnx")


NETWORKS = {
    "perceptron": perceptron,
    "lenet": lenet,
    "vgg-norms": lambda: vgg(True),
    "vgg-fused": lambda: vgg(False),
    "resnet-20": resnet,
    "depthwise": depthwise,
    "prelu": prelu,
    "nhwc": nhwc,
    "channels-last": channels_last,
    "opset-9": opset_9,
    "newest": newest,
    "one-by-one": one_by_one,
    "response-norm": response_norm,
    "transformer": transformer,
    "scikit-learn": scikit_learn,
}


def relus(model):
    """Names of the ReLUs, what comes to them and what is above 0 of it: by the words of the standard, not by our reader."""
    numbers = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    found, before = [], set()
    for node in model.graph.node:
        is_zero = lambda name: name in numbers and numbers[name].size == 1 and numbers[name].item() == 0
        low = next((attribute.f for attribute in node.attribute if attribute.name == "min"), None)
        stops = (
            node.op_type == "Relu"
            or (node.op_type == "Clip" and (low == 0 or (len(node.input) > 1 and is_zero(node.input[1]))))
            or (node.op_type == "Max" and any(map(is_zero, node.input)))
        )
        if node.op_type == "Dropout" and node.input[0] in before:
            before.add(node.output[0])
        if stops:
            before.add(node.output[0])
        if stops and node.input[0] not in before or node.op_type in ("PRelu", "LeakyRelu"):
            comes = next(given for given in node.input if not is_zero(given))
            found.append([node.name or node.output[0], comes, node.output[0] if stops else comes])
    return found


def run(model, path, examples):
    """What onnxruntime has come to the ReLUs of each example alone: a quantised network may choose its scale by all examples of a batch."""
    found = relus(model)
    known = {output.name for output in model.graph.output}
    wanted = list(dict.fromkeys(value for _, *values in found for value in values))
    for value in wanted:
        if value not in known:
            model.graph.output.append(helper.make_tensor_value_info(value, TensorProto.FLOAT, None))
    wired = path.with_suffix(".wired.onnx")
    onnx.save(model, wired)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(wired, options)
    wired.unlink()
    name = session.get_inputs()[0].name
    runs = [dict(zip(wanted, session.run(wanted, {name: part}))) for part in np.split(examples, EXAMPLES)]
    values = [np.concatenate([run[comes].reshape(1, -1) for run in runs]) for _, comes, _ in found]
    above = [np.maximum(np.concatenate([run[gives] for run in runs]), 0) for _, _, gives in found]
    return found, values, above


def channels(values, axis):
    """By channel: at how many places it is above 0, and the sum over them."""
    maps = np.moveaxis(values, axis, 1).reshape(EXAMPLES, values.shape[axis], -1)
    return (maps > 0).sum(2), maps.sum(2, dtype=np.float64)


def channel_codes(above, axes):
    """A bit a channel by the median of the training examples, and the sums as the paper's published code has them: a layer by its range."""
    codes, sums = [], []
    for values, axis in zip(above, axes):
        fired, own = channels(values, axis)
        is_map = fired.shape[1] < values[0].size
        # The lower median of an even number.
        least = np.sort(fired[:TRAIN], axis=0)[(TRAIN - 1) // 2] if is_map else 0
        codes.append(fired > least)
        sums.append(own / np.ptp(own[:TRAIN]))
    return np.concatenate(codes, 1), np.concatenate(sums, 1)


def words(values):
    return eights("".join("?" if abs(each) < NEAR else str(int(each > 0)) for each in values))


def eights(bits):
    return " ".join(bits[at : at + 8] for at in range(0, len(bits), 8))


def moons():
    """Two lines that cut the plane into four regions, for the page's tests."""
    make = Maker(0)
    lines = [make.tensor(np.eye(2, dtype=np.float32)), make.tensor(np.array([-0.5, -0.25], np.float32))]
    hidden = make.relu(make.node("Gemm", ["examples", *lines]), "lines")
    hidden = make.relu(make.dense(hidden, 2, 3), "more")
    return make.model(make.dense(hidden, 3, 2), ["N", 2])


def moons_of_bytes():
    """Which half moon a point is of, by its height: of inputs that were 255 times as large."""
    make = Maker(0)
    lines = [make.tensor(np.array([[0, 0], [1, -1]], np.float32)), make.tensor(np.array([-25.5, 25.5], np.float32))]
    hidden = make.relu(make.node("Gemm", ["examples", *lines]), "lines")
    scores = make.node("MatMul", [hidden, make.tensor(np.array([[1, -1], [-1, 1]], np.float32))])
    return make.model(scores, ["N", 2])


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(moons(), folder / "moons.onnx")
    onnx.save(moons_of_bytes(), folder / "moons-of-bytes.onnx")
    codes = {}
    for name, make in {**NETWORKS, "quantised": lambda: quantised(folder), "external": lambda: vgg(True)}.items():
        path = folder / f"{name}.onnx"
        model = make()
        if name == "external":
            onnx.save(model, path, save_as_external_data=True, location="external.weights", size_threshold=0)
            model = onnx.load(path)
        elif name != "quantised":
            onnx.save(model, path)
        onnx.checker.check_model(path)
        taken = model.graph.input[0].type.tensor_type
        sizes = [dimension.dim_value for dimension in taken.shape.dim][1:]
        whole = taken.elem_type == TensorProto.INT64
        examples = inputs(EXAMPLES * int(np.prod(sizes)), whole=16 if whole else 0).reshape(EXAMPLES, *sizes)
        examples = examples.astype(np.int64 if whole else np.float32)
        found, values, above = run(model, path, examples)
        codes[name] = {
            "inputs": sizes,
            "names": [relu for relu, *_ in found],
            # The code of each example as words of eight times 0 or 1, a ? where a number is too near to 0 to tell.
            "codes": [[words(value[row]) for value in values] for row in range(EXAMPLES)],
        }
        if not whole:
            maps = [len(each.shape) == 4 for each in above]
            axes = [-1 if relu == "last" or not is_map else 1 for (relu, *_), is_map in zip(found, maps)]
            bits, sums = channel_codes(above, axes)
            codes[name]["channels"] = [eights("".join(str(int(bit)) for bit in row)) for row in bits]
            codes[name]["sums"] = [[float(f"{number:.6g}") for number in row] for row in sums]
    (folder / "codes.json").write_text(json.dumps(codes, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

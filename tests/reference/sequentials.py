"""Makes tests/fixtures/sequentials/: small networks of PyTorch and Keras with their layers in any order, exported as the
README says, with the bits that their own framework sees.

    python3 -m venv venv && venv/bin/pip install torch tensorflow-cpu safetensors && venv/bin/python tests/reference/sequentials.py
"""
import json
import os

import keras
import numpy as np
import safetensors.numpy
import safetensors.torch
import torch
from torch import nn

FOLDER = os.path.join(os.path.dirname(__file__), "../fixtures/sequentials")
EACH, INPUTS, CLASSES, EXAMPLES = 12, 4, 3, 16
random = np.random.default_rng(7)


def kinds():
    """Names of layers in any order, at least two of them dense, with a ReLU somewhere before the last of these."""
    while True:
        names = list(random.choice(["dense", "dense", "norm", "relu", "dropout"], size=random.integers(4, 9)))
        if names.count("dense") >= 2 and "relu" in names[: len(names) - names[::-1].index("dense")]:
            return names


def widths(names):
    """Units of each dense layer."""
    return [int(random.integers(2, 7)) for _ in range(names.count("dense") - 1)] + [CLASSES]


def sees(steps, last):
    """Bits of each ReLU before the last dense layer, of two in a row the first one's; steps are (is ReLU, outputs)."""
    bits, after_relu = [], False
    for place, (is_relu, outputs) in enumerate(steps):
        if is_relu and not after_relu and place < last:
            bits.append((np.asarray(outputs) > 0).astype(int).tolist())
        # What does nothing leaves a ReLU's outputs as they are.
        after_relu = is_relu or (after_relu and np.array_equal(outputs, steps[place - 1][1]))
    return bits


def torch_network(names, inputs):
    units, modules, width = widths(names), [], INPUTS
    for name in names:
        if name == "dense":
            modules.append(nn.Linear(width, units[0]))
            width = units.pop(0)
        elif name == "norm":
            norm = nn.BatchNorm1d(width)
            for tensor, low, high in [(norm.weight, -1.5, 1.5), (norm.bias, -0.5, 0.5), (norm.running_mean, -0.5, 0.5), (norm.running_var, 0.1, 2)]:
                tensor.data = torch.tensor(random.uniform(low, high, width), dtype=torch.float32)
            modules.append(norm)
        else:
            modules.append(nn.ReLU() if name == "relu" else nn.Dropout())
    net = nn.Sequential(*modules).eval()
    steps, signal = [], torch.tensor(inputs)
    for module in net:
        signal = module(signal)
        steps.append((isinstance(module, nn.ReLU), signal.detach().numpy()))

    # As the README says.
    layers = ",".join("relu" if isinstance(m, nn.ReLU) else name for name, m in net.named_children() if isinstance(m, nn.ReLU) or m.state_dict())
    return net.state_dict(), layers, steps


def keras_network(names, inputs):
    units, stack = widths(names), [keras.Input((INPUTS,))]
    for name in names:
        if name == "dense":
            activation = random.choice([None, "relu"]) if len(units) > 1 else None
            stack.append(keras.layers.Dense(units.pop(0), activation=activation))
        elif name == "norm":
            stack.append(keras.layers.BatchNormalization())
        elif name == "relu":
            stack.append(keras.layers.ReLU() if random.random() < 0.5 else keras.layers.Activation("relu"))
        else:
            stack.append(keras.layers.Dropout(0.5))
    net = keras.Sequential(stack)
    for layer in net.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            size = layer.gamma.shape
            layer.set_weights([random.uniform(low, high, size) for low, high in [(-1.5, 1.5), (-0.5, 0.5), (-0.5, 0.5), (0.1, 2)]])
    steps, signal = [], inputs
    for layer in net.layers:
        if isinstance(layer, keras.layers.Dense) and layer.activation is keras.activations.relu:
            steps.append((False, np.asarray(signal @ layer.kernel.numpy() + layer.bias.numpy())))
        signal = np.asarray(layer(signal, training=False) if isinstance(layer, (keras.layers.BatchNormalization, keras.layers.Dropout)) else layer(signal))
        steps.append((isinstance(layer, keras.layers.ReLU) or getattr(layer, "activation", None) is keras.activations.relu, signal))

    # As the README says.
    is_relu = lambda layer: isinstance(layer, keras.layers.ReLU) or getattr(layer, "activation", None) is keras.activations.relu
    layers = ",".join(word for i, layer in enumerate(net.layers) for word in [str(i)] * bool(layer.weights) + ["relu"] * is_relu(layer))
    return {f"{i}.{w.name}": w.numpy() for i, layer in enumerate(net.layers) for w in layer.weights}, layers, steps


torch.manual_seed(7)
keras.utils.set_random_seed(7)
os.makedirs(FOLDER, exist_ok=True)
for framework, network in [("torch", torch_network), ("keras", keras_network)]:
    for number in range(EACH):
        names = kinds()
        inputs = random.uniform(0, 1, (EXAMPLES, INPUTS)).astype("float32")
        tensors, layers, steps = network(names, inputs)
        dense = {name.rsplit(".", 1)[0] for name, tensor in tensors.items() if len(tensor.shape) == 2}
        words = layers.split(",")
        hidden = words[: max(i for i, word in enumerate(words) if word in dense)].count("relu")
        # The first so many ReLUs stand before the last dense layer.
        places = [place for place, (is_relu, _) in enumerate(steps) if is_relu]
        last = places[hidden] if hidden < len(places) else len(steps)
        told = {"layers": layers, "inputs": json.dumps(inputs.tolist()), "bits": json.dumps(sees(steps, last))}
        save = safetensors.torch.save_file if framework == "torch" else safetensors.numpy.save_file
        save(tensors, os.path.join(FOLDER, f"{framework}-{number:02}.safetensors"), metadata=told)

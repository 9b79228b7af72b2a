"""
Pickled values of every kind that checkpoints hold, by Python itself, with a description of each.

    python -m venv venv && venv/bin/pip install torch==2.13.0 numpy
    venv/bin/python packages/checkpoints/oracle/pickles.py

Writes fixtures/pickles.bin (the pickles, one after another) and fixtures/pickles.json: for each its name, protocol,
offset, length, and what it is in a JSON form of its own (`describe` below), made from the value and not from the pickle.
Each value is pickled in all of the protocols 0 to 5 by Python's C pickler, and in 0 and 2 by the one in Python as well.
"""

import argparse
import collections
import io
import json
import pathlib
import pickle
import sys
import types

import numpy as np
import torch

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures"


class Network:
    """Stands for dnnlib.tflib.network.Network: an object whose state is a dict with numpy arrays."""

    def __getstate__(self):
        return self.__dict__


class EasyDict(dict):
    """Stands for dnnlib.util.EasyDict: a dict by another name."""


def as_module(cls, module):
    """Gives a class the place that its original has, so that pickles name it so."""
    cls.__module__ = module
    parts = module.split(".")
    for i in range(1, len(parts) + 1):
        name = ".".join(parts[:i])
        sys.modules.setdefault(name, types.ModuleType(name))
    setattr(sys.modules[module], cls.__name__, cls)


def describe(value):
    """The value as JSON: plain for None, booleans and text; a record with one key for everything else."""
    if value is None or isinstance(value, (bool, str)) and not isinstance(value, np.generic):
        return value
    if isinstance(value, np.generic):
        return describe(value.item())
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, float):
        return {"float": value.hex() if value == value else "nan"}
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": bytes(value).hex()}
    if isinstance(value, np.ndarray):
        if value.dtype == object:
            return {"list": [describe(item) for item in value]}
        little = np.ascontiguousarray(value).astype(value.dtype.newbyteorder("<"))
        return {"array": value.dtype.newbyteorder("<").str.lstrip("<|"), "shape": list(value.shape), "data": little.tobytes().hex()}
    if isinstance(value, torch.Size):
        return {"tuple": [describe(item) for item in value]}
    if isinstance(value, tuple):
        return {"tuple": [describe(item) for item in value]}
    if isinstance(value, list):
        return {"list": [describe(item) for item in value]}
    if isinstance(value, (set, frozenset)):
        return {"set": [describe(item) for item in value]}
    if isinstance(value, dict):
        kind = "" if type(value) is dict else f"{type(value).__module__}.{type(value).__name__}"
        return {"dict": [[describe(key), describe(item)] for key, item in value.items()], "type": kind}
    if isinstance(value, torch.dtype):
        return {"global": str(value)}
    if isinstance(value, torch.device):
        return {"object": "torch.device", "args": [describe(part) for part in value.__reduce__()[1]]}
    if isinstance(value, type):
        return {"global": f"{value.__module__}.{value.__name__}"}
    if isinstance(value, pathlib.PurePath):
        return {"object": f"pathlib.{type(value).__name__}", "args": [describe(part) for part in value.parts]}
    if isinstance(value, (slice, range)):
        return {"object": f"builtins.{type(value).__name__}", "args": [describe(x) for x in (value.start, value.stop, value.step)]}
    if isinstance(value, complex):
        return {"object": "builtins.complex", "args": [describe(value.real), describe(value.imag)]}
    return {"object": f"{type(value).__module__}.{type(value).__name__}", "state": describe(vars(value))}


def arrays():
    """Numpy arrays of every dtype that is read, in every order."""
    numbers = np.arange(6).reshape(2, 3)
    for dtype in ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?"):
        yield f"array {dtype}", (numbers - 2 if dtype[0] in "fi" else numbers).astype(dtype)
    yield "array of one number", np.array(2.5, dtype="f4")
    yield "array of nothing", np.zeros((0, 3), dtype="f4")
    yield "array big-endian", numbers.astype(">f4")
    yield "array big-endian i8", numbers.astype(">i8")
    yield "array in Fortran's order", np.asfortranarray(np.arange(24).reshape(2, 3, 4).astype("f4"))
    yield "array in Fortran's order, big-endian", np.asfortranarray(numbers.astype(">f8"))
    yield "array of a part", np.arange(24, dtype="i4").reshape(4, 6)[1:, ::2]
    ragged = np.empty(2, dtype=object)
    ragged[0], ragged[1] = np.arange(3, dtype="f4"), np.ones((2, 2), dtype="f8")
    yield "array of arrays", ragged
    yield "list of arrays", [np.arange(3, dtype="f4"), np.arange(2, dtype="f2"), np.zeros((1, 2), "u1")]
    yield "scalars", [np.float32(0.1), np.float64(0.1), np.float16(0.1), np.int64(2**60), np.uint8(7), np.bool_(True), np.str_("né")]


def values():
    """Every value with its name; nothing depends on the order of hashes."""
    yield "none", None
    yield "booleans", [True, False, 0, 1]
    yield "integers", [0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, -(2**31), 2**31, 2**32]
    yield "long integers", [2**53 - 1, 2**53, 2**53 + 1, -(2**53) - 1, 2**63, -(2**63), 10**100, -(10**100), 128, -128, 2**2039]
    yield "floats", [0.0, -0.0, 0.1, 1.5, -1e308, 5e-324, float("inf"), float("-inf"), float("nan")]
    yield "texts", ["", "plain", "ümläut", "日本", "😀", "\ufeffbom", "a\nb\\c'd\"e\0f\x1ag\r", "\\u0041 \\\\u0041", "x" * 300]
    yield "bytes", [b"", b"abc", bytes(range(256)), b"y" * 300]
    yield "bytearrays", [bytearray(), bytearray(b"abc\xff")]
    yield "tuples", [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((), ((),))]
    yield "lists", [[], [1], [[2], [[3]]]]
    yield "long list", [None] * 2001
    yield "dicts", [{}, {"a": 1}, {1: "i", 2.5: "f", None: "n", (1, 2): "t", b"k": "b", 2**70: "long"}]
    yield "long dict", {i: None for i in range(1001)}
    yield "sets", [set(), {1, 2, 3}, frozenset(), frozenset({4, 5})]
    shared = ["shared"]
    yield "shared parts", [shared, shared, {"again": shared}, (shared, shared)]
    counter = collections.Counter("abca")
    ordered = collections.OrderedDict([("z", 1), ("a", collections.OrderedDict())])
    yield "dicts by other names", [ordered, collections.defaultdict(list, {"k": [1]}), counter, EasyDict(a=1, b=EasyDict())]
    yield "names", [int, list, object]
    yield "objects", [slice(1, None, 2), range(3, 9, 2), complex(1.5, -2)]
    options = argparse.Namespace(lr=0.002, batch=16, path=pathlib.PurePosixPath("/data/ffhq"), tags=["a", None], nested=argparse.Namespace(x=1))
    yield "options", options
    yield "simple namespace", types.SimpleNamespace(x=1, y="two")
    yield "torch values", [torch.Size([1, 512]), torch.device("cuda", 1), torch.device("cpu"), torch.float32]
    network = Network()
    network.version, network.name, network.static_kwargs = 4, "Gs", EasyDict(resolution=8)
    network.variables = [("4x4/Const/const", np.arange(4, dtype="f4").reshape(1, 1, 2, 2)), ("lod", np.float32(0))]
    network.components = EasyDict()
    yield "network", network
    yield from arrays()


def main():
    as_module(Network, "dnnlib.tflib.network")
    as_module(EasyDict, "dnnlib.util")
    data = io.BytesIO()
    described = []
    for name, value in values():
        pickles = []
        for protocol, pickler in [(p, pickle.Pickler) for p in range(6)] + [(p, pickle._Pickler) for p in (0, 2)]:
            offset = data.tell()
            pickler(data, protocol).dump(value)
            pickles.append([protocol, offset, data.tell() - offset])
        described.append({"name": name, "value": describe(value), "pickles": pickles})
    (FIXTURES / "pickles.bin").write_bytes(data.getvalue())
    lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in described)
    (FIXTURES / "pickles.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()

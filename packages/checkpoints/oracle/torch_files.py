"""Small files of torch.save, torch.jit.save and numpy, of every kind that checkpoints come in, and what is in them.

    python -m venv venv && venv/bin/pip install torch==2.13.0 numpy safetensors
    venv/bin/python oracle/torch_files.py fixtures

Writes torch-files{,-legacy,-big-endian,-views,-script,-complex,-sparse}.pt, arrays.npz, arrays-deflated.npz, objects.npy
and, with the numbers of them all, torch-files.safetensors, where names are `<group>/<dotted name>` and every tensor is
contiguous. What torch and numpy do not write themselves (big-endian storages, views of storages, versions 2 and 3 of .npy)
is written by hand and read back by torch or numpy. The numbers are the same each time; the legacy file (its keys are
addresses) and the scripted one (it has an id) differ in some bytes.
"""
import io
import pickle
import struct
import sys
import zipfile
from argparse import Namespace
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

folder = Path(sys.argv[1])
torch.manual_seed(3)
rng = np.random.default_rng(3)
golden = {}


def flatten(value, path, out):
    """Tensors by dotted names, as a state_dict names them."""
    if isinstance(value, torch.nn.Module):
        value = value.state_dict()
    if isinstance(value, np.ndarray):
        value = torch.from_numpy(value)
    if isinstance(value, torch.Tensor):
        out[".".join(path)] = value.detach()
    elif isinstance(value, dict):
        for key, item in value.items():
            flatten(item, [*path, str(key)], out)
    elif isinstance(value, (list, tuple)) and not isinstance(value, torch.Size):
        for i, item in enumerate(value):
            flatten(item, [*path, str(i)], out)


def remember(group, value):
    found = {}
    flatten(value, [], found)
    # A plain copy: no shared memory, no subclass, no strides.
    golden.update({f"{group}/{k}": torch.empty(v.shape, dtype=v.dtype).copy_(v) for k, v in found.items()})


# --- torch.save: all number types, and all ways in which tensors share and walk their storages.
numbers = torch.randn(4, 3) * 50
dtypes = [
    torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8,
    torch.uint8, torch.bool, torch.uint16, torch.uint32, torch.uint64,
]  # fmt: skip
base = torch.arange(60, dtype=torch.float32).reshape(3, 4, 5)
shared = torch.randn(10)
noted = torch.randn(2)
noted.note = "a tensor with an attribute"
special = torch.tensor([float("nan"), float("inf"), -float("inf"), -0.0, 1e-45])

contents = {
    "dtypes": {str(d).removeprefix("torch."): (numbers.abs() if "uint" in str(d) else numbers).to(d) for d in dtypes},
    "views": OrderedDict(
        transposed=base[0].t(),
        permuted=base.permute(2, 0, 1),
        sliced=base[1:, ::2, 1:4],
        column=base[:, 1, 2],
        halves=base.half()[1].t(),
        bytes=base.to(torch.uint8)[:, :, 0],
        wide=base.double().permute(1, 2, 0),
        flags=(base > 30).permute(2, 1, 0),
        expanded=torch.randn(3).expand(4, 3),
        expanded_scalar=torch.tensor(7.5).expand(2, 2),
        windows=shared.unfold(0, 4, 2),
        channels_last=torch.randn(2, 3, 4, 4).contiguous(memory_format=torch.channels_last),
    ),
    "shared": [shared, shared[2:5], shared[3:], shared.view(2, 5), shared.view(5, 2).t()],
    "edges": {
        "scalar": torch.tensor(2.5),
        "one": torch.ones(1, 1, 1),
        "empty": torch.zeros(0, 3),
        "empty_inside": torch.zeros(2, 0, 5),
        "special": special,
    },
    "parameter": torch.nn.Parameter(torch.randn(2, 2)),
    "frozen": torch.nn.Parameter(torch.randn(2), requires_grad=False),
    "noted": noted,
    "module": torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2), torch.nn.PReLU(2)),
    "numpy": {
        "array": rng.standard_normal((2, 3)),
        "fortran": np.asfortranarray(rng.standard_normal((2, 3)).astype("f4")),
    },
    "deep": {"a": [{"b": ({"c": torch.randn(2)},)}]},
    "others": {
        "int": 12, "large": 2**70, "float": 0.25, "text": "Grüße", "none": None, "flag": True,
        "size": torch.Size([2, 3]), "dtype": torch.float16, "device": torch.device("cpu"),
        "options": Namespace(size=64, lr=0.002), "scalar": np.float32(1.5), 3: "a key that is a number",
    },
}  # fmt: skip
torch.save(contents, folder / "torch-files.pt")
torch.save(contents, folder / "torch-files-legacy.pt", _use_new_zipfile_serialization=False, pickle_protocol=4)
remember("torch", contents)

# --- The zip format of a big-endian machine: the same archive with every storage turned round.
small = {"f4": numbers, "f8t": numbers.double().t(), "i2": numbers.to(torch.int16), "u1": numbers.to(torch.uint8)}
buffer = io.BytesIO()
torch.save(small, buffer)
with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(folder / "torch-files-big-endian.pt", "w") as target:
    for entry in source.infolist():
        data = source.read(entry)
        if entry.filename.endswith("byteorder"):
            data = b"big"
        if "/data/" in entry.filename:
            # The keys of storages count up from 0.
            width = list(small.values())[int(entry.filename.rsplit("/", 1)[1])].element_size()
            data = np.frombuffer(data, f"<u{width}").astype(f">u{width}").tobytes()
        target.writestr(zipfile.ZipInfo(entry.filename), data)
read = torch.load(folder / "torch-files-big-endian.pt", weights_only=True)
assert all(torch.equal(read[k], small[k]) for k in small)
remember("big-endian", small)


# --- The older format with parts of storages, as torch wrote it before 0.4 for storages that overlap.
class Part:
    def __init__(self, view):
        self.view = view


class Writer(pickle.Pickler):
    def persistent_id(self, value):
        return ("storage", torch.FloatStorage, "root", "cpu", 6, value.view) if isinstance(value, Part) else None


class Rebuild:
    def __init__(self, *args):
        self.args = args

    def __reduce__(self):
        return (torch._utils._rebuild_tensor_v2, self.args)


buffer = io.BytesIO()
for value in (0x1950A86A20F9469CFC6C, 1001, dict(protocol_version=1001, little_endian=True, type_sizes={})):
    pickle.dump(value, buffer, protocol=2)
parts = {
    "whole": Rebuild(Part(None), 0, (2, 3), (3, 1), False, OrderedDict()),
    "part": Rebuild(Part(("part", 2, 3)), 0, (3,), (1,), False, OrderedDict()),
    "inside": Rebuild(Part(("late", 3, 3)), 1, (2,), (1,), False, OrderedDict()),
}
Writer(buffer, protocol=2).dump(parts)
pickle.dump(["root"], buffer, protocol=2)
buffer.write(struct.pack("<q6f", 6, *shared[:6].tolist()))
(folder / "torch-files-views.pt").write_bytes(buffer.getvalue())
remember("views", torch.load(io.BytesIO(buffer.getvalue()), weights_only=True))


# --- A scripted module, with what modules of this kind carry besides tensors.
class Inner(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(3, 2)
        self.register_buffer("mean", torch.randn(2).half())

    def forward(self, x):
        return self.fc(x) + self.mean


class Outer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.ModuleList([Inner(), Inner()])
        self.scale = torch.nn.Parameter(torch.randn(3))
        self.tied = self.scale
        self.count = 7
        self.sizes = [1, 2, 3]
        self.table = {"x": torch.randn(2)}
        self.extra = [torch.randn(1), torch.randn(2)]
        self.pair = (1, 0.5)

    def forward(self, x):
        y = x * self.scale + self.table["x"].sum() + self.extra[0] + self.count + self.sizes[0] + self.pair[1]
        for layer in self.layers:
            y = y + layer(x).sum()
        return y


outer = Outer()
torch.jit.save(torch.jit.script(outer.eval()), folder / "torch-files-script.pt")
state = dict(outer.state_dict(), **{"table.x": outer.table["x"], "extra.0": outer.extra[0], "extra.1": outer.extra[1]})
remember("script", state)

# --- What is not read.
torch.save({"x": torch.zeros(2, dtype=torch.complex64)}, folder / "torch-files-complex.pt")
torch.save({"x": torch.eye(2).to_sparse()}, folder / "torch-files-sparse.pt")

# --- numpy: all dtypes, both orders, all versions of the format.
plain = rng.standard_normal((2, 3, 4)) * 40
arrays = {
    **{d: plain.astype(d) for d in ("f2", "f4", "f8", "i1", "i2", "i4", "i8")},
    **{d: np.abs(plain).astype(d) for d in ("u1", "u2", "u4", "u8")},
    "b1": plain > 0,
    "big_f2": plain.astype(">f2"), "big_f4": plain.astype(">f4"), "big_f8": plain.astype(">f8"),
    "big_i4": plain.astype(">i4"),
    "fortran": np.asfortranarray(plain.astype("f4")), "big_fortran": np.asfortranarray(plain.astype(">f8")),
    "scalar": np.array(2.5), "empty": np.zeros((0, 4), "f4"), "vector": np.arange(5),
}  # fmt: skip
np.savez(folder / "arrays.npz", **arrays)
with zipfile.ZipFile(folder / "arrays.npz", "a") as archive:
    for version in ((2, 0), (3, 0)):
        with archive.open(f"version_{version[0]}.npy", "w") as entry:
            np.lib.format.write_array(entry, plain.astype("f4"), version=version)
np.savez_compressed(folder / "arrays-deflated.npz", **{k: arrays[k] for k in ("f4", "fortran", "big_i4", "empty")})
with np.load(folder / "arrays.npz") as loaded:
    remember("numpy", {k: v.astype(v.dtype.newbyteorder("="), order="C") for k, v in loaded.items()})

ragged = np.empty(2, object)
ragged[0], ragged[1] = plain[0].astype("f4"), plain[1, :2]
np.save(folder / "objects.npy", ragged, allow_pickle=True)
remember("objects", list(ragged))

save_file(golden, folder / "torch-files.safetensors")
print(f"{len(golden)} tensors")
for file in sorted([*folder.glob("torch-files*"), *folder.glob("arrays*"), folder / "objects.npy"]):
    print(f"{file.name}: {file.stat().st_size} bytes")

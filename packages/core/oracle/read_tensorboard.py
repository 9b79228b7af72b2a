"""Reads a run's TensorBoard files with PyPI's tensorboard and compares them with what the run says elsewhere.

    python -m venv venv && venv/bin/pip install tensorboard pyyaml
    venv/bin/python oracle/read_tensorboard.py ../../runs/train-mapper/purple-hair

Scalars with metrics.jsonl, to float32's last bit and with no step too few or too many; pictures with samples/*.png, byte
by byte; texts with config.yaml. A run that was killed and resumed has to pass as well. TensorBoard has two readers in
Python, which take a restart differently; scalars are compared with both. (Its third, in Rust, works only as a server.)
"""
import json
import math
import struct
import sys
from pathlib import Path

import yaml
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator as PluginEventAccumulator
from tensorboard.util.tensor_util import make_ndarray

run = Path(sys.argv[1])
files = sorted(run.glob("events.out.tfevents.*"))
keep_all = {"scalars": 0, "images": 0, "tensors": 0}
board = EventAccumulator(str(run), size_guidance=keep_all)
board.Reload()
tags = board.Tags()
plugins = PluginEventAccumulator(str(run), tensor_size_guidance={"scalars": 0, "images": 0, "text": 0})
plugins.Reload()


def flat(record, prefix=""):
    for key, value in record.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}/")
        elif value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
            if prefix + key != "step":
                yield prefix + key, value


def same(seen, value):
    return not math.isfinite(seen) if value is None else seen == struct.unpack("f", struct.pack("f", value))[0]


step, wanted = 0, {}
for line in (run / "metrics.jsonl").read_text().splitlines():
    record = json.loads(line)
    step = record.get("step", step)
    for tag, value in flat(record):
        wanted.setdefault(tag, []).append((step, value))

readers = {
    "EventAccumulator": {tag: [(e.step, e.value) for e in board.Scalars(tag)] for tag in tags["scalars"]},
    "PluginEventAccumulator": {
        tag: [(e.step, float(make_ndarray(e.tensor_proto))) for e in plugins.Tensors(tag)]
        for tag in plugins.PluginTagToContent("scalars")
    },
}

# A null is a number that JSON can't hold, or a key that holds no number at all: only the former is a scalar.
wrong = []
for reader, found in readers.items():
    for tag in sorted(set(wanted) | set(found)):
        seen, expected = found.get(tag, []), wanted.get(tag, [])
        if not seen and all(value is None for _, value in expected):
            continue
        if len(seen) != len(expected) or not all(s == t and same(x, y) for (s, x), (t, y) in zip(seen, expected)):
            wrong.append(f"{reader}: {tag}: {len(seen)} events {seen[:3]}…, metrics.jsonl has {len(expected)} {expected[:3]}…")
numbers = sum(len(values) for values in wanted.values())
print(f"{len(files)} event files; {len(wanted)} scalars, {numbers} numbers of metrics.jsonl compared")

pictures = {}
for tag in tags["images"]:
    for event in board.Images(tag):
        name = f"step-{event.step:06d}" if tag == "samples" else tag.removeprefix("samples/")
        if name in pictures and tag == "samples":
            wrong.append(f"picture {name} twice")
        pictures[name] = event.encoded_image_string
on_disk = {path.stem: path.read_bytes() for path in (run / "samples").glob("*.png")}
for name in sorted(set(pictures) | set(on_disk)):
    if pictures.get(name) != on_disk.get(name):
        wrong.append(f"picture {name}: differs from samples/{name}.png, or one of them is not there")
print(f"{len(on_disk)} pictures compared")

config = yaml.safe_load((run / "config.yaml").read_text())


def text_of(tag):
    """The newest text, out of its block of code."""
    lines = board.Tensors(tag)[-1].tensor_proto.string_val[0].decode().split("\n")
    assert all(line.startswith("    ") for line in lines), f"{tag} is not a block of code"
    return "\n".join(line[4:] for line in lines)


if yaml.safe_load(text_of("config")) != config:
    wrong.append("text config: differs from config.yaml")
if isinstance(config.get("prompt"), str) and text_of("prompt") != config["prompt"]:
    wrong.append(f"text prompt: {text_of('prompt')!r}, config.yaml has {config['prompt']!r}")
print("texts compared: " + ", ".join(tag for tag in tags["tensors"] if tag in ("config", "prompt")))

print("\n".join(wrong) or "all equal")
sys.exit(bool(wrong))

"""The features of clip-tiny with plain GELU, from CLIP's definition in float64 with Python's own erf.

    python3 oracle/clip_gelu.py fixtures      (numpy)

Reads clip-tiny-hf/model.safetensors and the pictures and tokens of clip-tiny.io.safetensors; writes
clip-tiny-gelu.io.safetensors. Run with QuickGELU it must give clip-tiny.io's own features, which is checked first.
"""
import json
import math
import struct
import sys

import numpy as np

TYPES = {"F32": "<f4", "I64": "<i8"}


def load(path):
    raw = open(path, "rb").read()
    start = 8 + struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8:start])
    return {
        name: np.frombuffer(raw[start + e["data_offsets"][0] : start + e["data_offsets"][1]], TYPES[e["dtype"]])
        .reshape(e["shape"]).astype(np.int64 if e["dtype"] == "I64" else np.float64)
        for name, e in header.items() if name != "__metadata__"
    }


def save(path, tensors):
    header, data = {}, b""
    for name, array in tensors.items():
        dtype = "I64" if array.dtype == np.int64 else "F32"
        part = array.astype(TYPES[dtype]).tobytes()
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    open(path, "wb").write(struct.pack("<Q", len(text)) + text + data)


erf = np.vectorize(math.erf)
ACTIVATIONS = {
    "quick_gelu": lambda x: x / (1 + np.exp(-1.702 * x)),
    "gelu": lambda x: x * (1 + erf(x / math.sqrt(2))) / 2,
}


def norm(w, name, x):
    x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
    return x * w[f"{name}.weight"] + w[f"{name}.bias"]


def linear(w, name, x):
    return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]


def encoder(w, side, x, mask, activation):
    """One head on either side: width / 64, and at least one."""
    i = 0
    while f"{side}.encoder.layers.{i}.layer_norm1.weight" in w:
        layer = f"{side}.encoder.layers.{i}"
        y = norm(w, f"{layer}.layer_norm1", x)
        q, k, v = (linear(w, f"{layer}.self_attn.{part}_proj", y) for part in "qkv")
        scores = q @ k.transpose(0, 2, 1) / math.sqrt(q.shape[-1]) + mask
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        x = x + linear(w, f"{layer}.self_attn.out_proj", scores / scores.sum(-1, keepdims=True) @ v)
        y = activation(linear(w, f"{layer}.mlp.fc1", norm(w, f"{layer}.layer_norm2", x)))
        x, i = x + linear(w, f"{layer}.mlp.fc2", y), i + 1
    return x


def features(w, image, tokens, activation):
    n, _, side, _ = image.shape
    kernel = w["vision_model.embeddings.patch_embedding.weight"]  # [W,3,p,p]
    width, _, p, _ = kernel.shape
    grid = side // p
    patches = image.reshape(n, 3, grid, p, grid, p).transpose(0, 2, 4, 1, 3, 5).reshape(n, grid * grid, -1)
    x = patches @ kernel.reshape(width, -1).T
    first = np.broadcast_to(w["vision_model.embeddings.class_embedding"], (n, 1, width))
    x = np.concatenate([first, x], 1) + w["vision_model.embeddings.position_embedding.weight"]
    x = encoder(w, "vision_model", norm(w, "vision_model.pre_layrnorm", x), 0, activation)
    pictures = norm(w, "vision_model.post_layernorm", x[:, 0]) @ w["visual_projection.weight"].T

    t = tokens.shape[1]
    x = w["text_model.embeddings.token_embedding.weight"][tokens] + w["text_model.embeddings.position_embedding.weight"]
    x = encoder(w, "text_model", x, np.triu(np.full((t, t), -np.inf), 1), activation)
    x = norm(w, "text_model.final_layer_norm", x)
    texts = x[np.arange(len(tokens)), tokens.argmax(-1)] @ w["text_projection.weight"].T
    unit = lambda y: y / np.linalg.norm(y, axis=-1, keepdims=True)
    return {"image_features": pictures, "text_features": texts,
            "logits_per_image": unit(pictures) @ unit(texts).T * np.exp(w["logit_scale"])}


folder = sys.argv[1]
weights, io = load(f"{folder}/clip-tiny-hf/model.safetensors"), load(f"{folder}/clip-tiny.io.safetensors")
for name, value in features(weights, io["image"], io["tokens"], ACTIVATIONS["quick_gelu"]).items():
    assert np.abs(value - io[name]).max() < 1e-4 * np.abs(io[name]).max(), name
plain = features(weights, io["image"], io["tokens"], ACTIVATIONS["gelu"])
save(f"{folder}/clip-tiny-gelu.io.safetensors", {"image": io["image"], "tokens": io["tokens"], **plain})
for name, value in plain.items():
    print(name, np.abs(value - io[name]).max() / np.abs(io[name]).max())

"""Full-size networks as real files: StyleGAN2 1024² config-f, CLIP ViT-B/32 and IR-SE50 with the weights of a formula.

    venv/bin/python oracle/formula_checkpoints.py FOLDER [generator tf clip identity]      (torch==2.13.0, numpy)

Writes ffhq-formula.pt (133 MB, rosinality's layout with latent_avg), ffhq-formula.pkl (TensorFlow's, G and Gs alike:
254 MB), ViT-B-32-formula.pt (605 MB, OpenAI's names) and ir-se50-formula.pth (175 MB); give names to write some of them.
The formula is that of packages/core/fixtures/README.md, so the golden numbers there hold for what is imported from these
files: `nx run core:parity --bundle FOLDER-OF-THE-BUNDLE`. 1.2 GB, so none of them is kept.
"""
import math
import os
import pickle
import re
import sys
import types
from collections import OrderedDict

import numpy as np
import torch

UNIT = math.sqrt(12)


def formula(t, count, salt=1):
    """u(t, i) for i < count: float64 in [-0.5, 0.5)."""
    i = np.arange(count, dtype=np.uint32)
    h = i ^ np.uint32(((t + 1 + 1000 * salt) * 0x9E3779B1) % 2**32)
    h = h * np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h = h * np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return h.astype(np.float64) / 2**32 - 0.5


def make(shapes, rule):
    """A state dict; tensors are numbered by the sorted names."""
    state = OrderedDict()
    numbers = {name: t for t, name in enumerate(sorted(shapes))}
    for name, shape in shapes.items():
        values = rule(name, shape)(formula(numbers[name], math.prod(shape)))
        state[name] = torch.from_numpy(np.asarray(values, dtype=np.float32).reshape(shape).copy())
    return state


def channels(r):
    return min(32768 // r, 512)


def generator_shapes():
    shapes = OrderedDict({"input.input": (1, 512, 4, 4)})
    for i in range(1, 9):
        shapes[f"style.{i}.weight"], shapes[f"style.{i}.bias"] = (512, 512), (512,)

    def modulated(name, outputs, inputs, k):
        shapes[f"{name}.conv.weight"] = (1, outputs, inputs, k, k)
        shapes[f"{name}.conv.modulation.weight"], shapes[f"{name}.conv.modulation.bias"] = (inputs, 512), (inputs,)

    def conv(name, outputs, inputs, number, r):
        modulated(name, outputs, inputs, 3)
        shapes[f"{name}.noise.weight"], shapes[f"{name}.activate.bias"] = (1,), (outputs,)
        shapes[f"noises.noise_{number}"] = (1, 1, r, r)

    def to_rgb(name, inputs):
        modulated(name, 3, inputs, 1)
        shapes[f"{name}.bias"] = (1, 3, 1, 1)

    conv("conv1", 512, 512, 0, 4)
    to_rgb("to_rgb1", 512)
    for i in range(8):
        r = 8 * 2**i
        conv(f"convs.{2 * i}", channels(r), channels(r // 2), 2 * i + 1, r)
        conv(f"convs.{2 * i + 1}", channels(r), channels(r), 2 * i + 2, r)
        to_rgb(f"to_rgbs.{i}", channels(r))
    return shapes


def generator_rule(name, shape):
    if name.endswith("modulation.bias"):
        return lambda u: 1 + 0.4 * u
    if re.fullmatch(r"style\..*\.weight", name):
        return lambda u: UNIT * u / 0.01
    if re.fullmatch(r"style\..*\.bias", name):
        return lambda u: 20 * u
    if name.endswith("noise.weight"):
        return lambda u: 0.4 * u
    if name.startswith("noises."):
        return lambda u: UNIT * u
    if name.endswith("bias"):
        return lambda u: 0.4 * u
    return lambda u: UNIT * u


def average_w(state):
    x = torch.from_numpy((UNIT * formula(901, 256 * 512)).astype(np.float32).reshape(256, 512))
    x = x * (x.square().mean(1, keepdim=True) + 1e-8).rsqrt()
    for i in range(1, 9):
        x = x @ (state[f"style.{i}.weight"] * 0.01 / 512**0.5).T + state[f"style.{i}.bias"] * 0.01
        x = torch.nn.functional.leaky_relu(x, 0.2) * 2**0.5
    return x.mean(0)


def clip_shapes():
    shapes = OrderedDict({"positional_embedding": (77, 512), "text_projection": (512, 512), "logit_scale": (),
                          "visual.class_embedding": (768,), "visual.positional_embedding": (50, 768),
                          "visual.proj": (768, 512), "visual.conv1.weight": (768, 3, 32, 32),
                          "token_embedding.weight": (49408, 512)})

    def norm(name, width):
        shapes[f"{name}.weight"], shapes[f"{name}.bias"] = (width,), (width,)

    for prefix, width in (("visual.", 768), ("", 512)):
        for i in range(12):
            block = f"{prefix}transformer.resblocks.{i}."
            shapes[block + "attn.in_proj_weight"], shapes[block + "attn.in_proj_bias"] = (3 * width, width), (3 * width,)
            shapes[block + "attn.out_proj.weight"], shapes[block + "attn.out_proj.bias"] = (width, width), (width,)
            norm(block + "ln_1", width)
            shapes[block + "mlp.c_fc.weight"], shapes[block + "mlp.c_fc.bias"] = (4 * width, width), (4 * width,)
            shapes[block + "mlp.c_proj.weight"], shapes[block + "mlp.c_proj.bias"] = (width, 4 * width), (width,)
            norm(block + "ln_2", width)
    norm("visual.ln_pre", 768)
    norm("visual.ln_post", 768)
    norm("ln_final", 512)
    return shapes


def clip_rule(name, shape):
    if name == "logit_scale":
        return lambda u: np.full_like(u, math.log(100))
    if ".ln_" in name or name.startswith("ln_"):
        return (lambda u: 1 + 0.4 * u) if name.endswith("weight") else (lambda u: 0.2 * u)
    if "embedding" in name:
        return lambda u: 0.05 * UNIT * u
    if name.endswith("bias"):
        return lambda u: 0.1 * u
    fan_in = shape[0] if name in ("visual.proj", "text_projection") else math.prod(shape[1:])
    return lambda u: UNIT * u / math.sqrt(fan_in)


def identity_shapes():
    shapes = OrderedDict()

    def norm(name, width):
        for field in ("weight", "bias", "running_mean", "running_var"):
            shapes[f"{name}.{field}"] = (width,)

    shapes["input_layer.0.weight"], shapes["input_layer.2.weight"] = (64, 3, 3, 3), (64,)
    norm("input_layer.1", 64)
    block, inputs = 0, 64
    for outputs, blocks in ((64, 3), (128, 4), (256, 14), (512, 3)):
        for _ in range(blocks):
            name = f"body.{block}.res_layer"
            norm(f"{name}.0", inputs)
            shapes[f"{name}.1.weight"], shapes[f"{name}.2.weight"] = (outputs, inputs, 3, 3), (outputs,)
            shapes[f"{name}.3.weight"] = (outputs, outputs, 3, 3)
            norm(f"{name}.4", outputs)
            shapes[f"{name}.5.fc1.weight"], shapes[f"{name}.5.fc2.weight"] = (outputs // 16, outputs, 1, 1), (outputs, outputs // 16, 1, 1)
            if inputs != outputs:
                shapes[f"body.{block}.shortcut_layer.0.weight"] = (outputs, inputs, 1, 1)
                norm(f"body.{block}.shortcut_layer.1", outputs)
            block, inputs = block + 1, outputs
    norm("output_layer.0", 512)
    shapes["output_layer.3.weight"], shapes["output_layer.3.bias"] = (512, 512 * 7 * 7), (512,)
    norm("output_layer.4", 512)
    return shapes


def identity_rule(shapes):
    def rule(name, shape):
        if f"{name.rpartition('.')[0]}.running_mean" in shapes:
            if name.endswith(".weight"):
                return lambda u: 1 + 0.4 * u
            return (lambda u: 1 + u) if name.endswith("running_var") else (lambda u: 0.2 * u)
        if len(shape) == 1:
            return (lambda u: 0.25 + 0.1 * u) if name.endswith(".weight") else (lambda u: 0.1 * u)
        return lambda u: 0.7 * UNIT * math.sqrt(2 / math.prod(shape[1:])) * u

    return rule


class EasyDict(dict):
    pass


class Network:
    def __init__(self, name, variables, components=()):
        self.name, self.variables, self.components = name, variables, EasyDict(components)

    def __getstate__(self):
        static = EasyDict(resolution=1024, num_channels=3, label_size=0, mapping_lrmul=0.01, architecture="skip")
        return dict(version=4, name=self.name, static_kwargs=static, variables=self.variables, components=self.components,
                    build_module_src="# left out", build_func_name=self.name)


def tensorflow_pickle(state, w_avg):
    """The same network by TensorFlow's names and layouts (what legacy.py of stylegan2-ada-pytorch does, backwards)."""
    for path in ("dnnlib", "dnnlib.util", "dnnlib.tflib", "dnnlib.tflib.network"):
        sys.modules[path] = types.ModuleType(path)
    sys.modules["dnnlib.util"].EasyDict, EasyDict.__module__ = EasyDict, "dnnlib.util"
    sys.modules["dnnlib.tflib.network"].Network, Network.__module__ = Network, "dnnlib.tflib.network"
    values = {name: tensor.numpy() for name, tensor in state.items()}

    def layer(scope, source, flip):
        weight = values[f"{source}.conv.weight"][0].transpose(2, 3, 1, 0)
        yield f"{scope}/weight", np.ascontiguousarray(weight[::-1, ::-1] if flip else weight)
        yield f"{scope}/mod_weight", np.ascontiguousarray(values[f"{source}.conv.modulation.weight"].T)
        yield f"{scope}/mod_bias", values[f"{source}.conv.modulation.bias"] - 1
        if f"{source}.bias" in values:
            yield f"{scope}/bias", values[f"{source}.bias"].reshape(3)
        else:
            yield f"{scope}/noise_strength", values[f"{source}.noise.weight"][0]
            yield f"{scope}/bias", values[f"{source}.activate.bias"]

    def synthesis():
        for i in range(17):
            yield f"noise{i}", values[f"noises.noise_{i}"]
        yield "4x4/Const/const", values["input.input"]
        yield from layer("4x4/Conv", "conv1", False)
        yield from layer("4x4/ToRGB", "to_rgb1", False)
        for i in range(8):
            scope = f"{8 * 2**i}x{8 * 2**i}"
            yield from layer(f"{scope}/Conv0_up", f"convs.{2 * i}", True)
            yield from layer(f"{scope}/Conv1", f"convs.{2 * i + 1}", False)
            yield from layer(f"{scope}/ToRGB", f"to_rgbs.{i}", False)

    def mapping():
        for i in range(8):
            yield f"Dense{i}/weight", np.ascontiguousarray(values[f"style.{i + 1}.weight"].T)
            yield f"Dense{i}/bias", values[f"style.{i + 1}.bias"]

    def network(name):
        parts = dict(synthesis=Network("G_synthesis", list(synthesis())), mapping=Network("G_mapping", list(mapping())))
        return Network(name, [("lod", np.float32(0)), ("dlatent_avg", w_avg.numpy())], parts)

    return network("G"), Network("D", []), network("Gs")


folder, wanted = sys.argv[1], sys.argv[2:] or ["generator", "tf", "clip", "identity"]
os.makedirs(folder, exist_ok=True)
if "generator" in wanted or "tf" in wanted:
    state = make(generator_shapes(), generator_rule)
    w_avg = average_w(state)
    if "tf" in wanted:
        with open(f"{folder}/ffhq-formula.pkl", "wb") as file:
            pickle.dump(tensorflow_pickle(state, w_avg), file, protocol=4)
    if "generator" in wanted:
        kernel = torch.outer(torch.tensor([1.0, 3, 3, 1]), torch.tensor([1.0, 3, 3, 1])) / 16
        for i in range(8):
            state[f"convs.{2 * i}.conv.blur.kernel"] = state[f"to_rgbs.{i}.upsample.kernel"] = kernel
        torch.save({"g_ema": state, "latent_avg": w_avg}, f"{folder}/ffhq-formula.pt")
if "clip" in wanted:
    torch.save(make(clip_shapes(), clip_rule), f"{folder}/ViT-B-32-formula.pt")
if "identity" in wanted:
    shapes = identity_shapes()
    torch.save(make(shapes, identity_rule(shapes)), f"{folder}/ir-se50-formula.pth")

"""A small StyleGAN2 as rosinality's stylegan2-pytorch defines it: raw parameters by its names, and its arithmetic.

Used by training_checkpoint.py and official_mapper.py. Weights carry their gain at run time, convolutions are modulated
picture by picture, upsampling is a transposed convolution and a blur whose stored kernel has gain 4.
"""
import torch
from torch.nn import functional as F

from upfirdn import fir, upfirdn

CHANNELS = {4: 8, 8: 8, 16: 6}


def make_state(w_dim, layers, seed):
    """g_ema of a 16×16 generator."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape, scale=1.0):
        return torch.randn(*shape, generator=generator) * scale

    state = {}
    for i in range(1, layers + 1):
        state[f"style.{i}.weight"], state[f"style.{i}.bias"] = normal(w_dim, w_dim, scale=100), normal(w_dim, scale=20)
    state["input.input"] = normal(1, CHANNELS[4], 4, 4)

    def modulated(name, inputs, outputs, k):
        state[f"{name}.conv.weight"] = normal(1, outputs, inputs, k, k)
        state[f"{name}.conv.modulation.weight"] = normal(inputs, w_dim)
        state[f"{name}.conv.modulation.bias"] = 1 + normal(inputs, scale=0.2)

    def conv(name, inputs, outputs, up):
        modulated(name, inputs, outputs, 3)
        if up:
            state[f"{name}.conv.blur.kernel"] = fir(4)
        state[f"{name}.noise.weight"] = normal(1, scale=0.3)
        state[f"{name}.activate.bias"] = normal(outputs, scale=0.3)

    def to_rgb(name, inputs, up):
        modulated(name, inputs, 3, 1)
        state[f"{name}.bias"] = normal(1, 3, 1, 1, scale=0.1)
        if up:
            state[f"{name}.upsample.kernel"] = fir(4)

    conv("conv1", CHANNELS[4], CHANNELS[4], False)
    to_rgb("to_rgb1", CHANNELS[4], False)
    state["noises.noise_0"] = normal(1, 1, 4, 4)
    for i, r in enumerate(list(CHANNELS)[1:]):
        conv(f"convs.{2 * i}", CHANNELS[r // 2], CHANNELS[r], True)
        conv(f"convs.{2 * i + 1}", CHANNELS[r], CHANNELS[r], False)
        to_rgb(f"to_rgbs.{i}", CHANNELS[r], True)
        state[f"noises.noise_{2 * i + 1}"], state[f"noises.noise_{2 * i + 2}"] = normal(1, 1, r, r), normal(1, 1, r, r)
    return state


def map_latents(state, z):
    x = z * (z.square().mean(1, keepdim=True) + 1e-8).rsqrt()
    i = 1
    while f"style.{i}.weight" in state:
        weight = state[f"style.{i}.weight"]
        x = x @ (weight * 0.01 / weight.shape[1] ** 0.5).T + state[f"style.{i}.bias"] * 0.01
        x = F.leaky_relu(x, 0.2) * 2**0.5
        i += 1
    return x


def synthesize(state, w_plus):
    """w_plus [N,L,D] -> picture [N,3,16,16]."""

    def modulated(name, x, w, demodulate, up=False):
        weight = state[f"{name}.conv.weight"][0]
        weight = weight / weight[0].numel() ** 0.5
        affine = state[f"{name}.conv.modulation.weight"]
        styles = w @ (affine / affine.shape[1] ** 0.5).T + state[f"{name}.conv.modulation.bias"]
        pictures = []
        for picture, style in zip(x, styles):
            own = weight * style[None, :, None, None]
            if demodulate:
                own = own * (own.square().sum([1, 2, 3], keepdim=True) + 1e-8).rsqrt()
            if up:
                y = F.conv_transpose2d(picture[None], own.transpose(0, 1), stride=2)
                pictures.append(upfirdn(y, state[f"{name}.conv.blur.kernel"], pad=(1, 1)))
            else:
                pictures.append(F.conv2d(picture[None], own, padding=own.shape[-1] // 2))
        return torch.cat(pictures)

    def conv(name, x, w, noise, up=False):
        x = modulated(name, x, w, True, up) + state[f"{name}.noise.weight"] * state[f"noises.noise_{noise}"]
        return F.leaky_relu(x + state[f"{name}.activate.bias"][None, :, None, None], 0.2) * 2**0.5

    def to_rgb(name, x, w, skip=None):
        y = modulated(name, x, w, False) + state[f"{name}.bias"]
        return y if skip is None else y + upfirdn(skip, state[f"{name}.upsample.kernel"], up=2, pad=(2, 1))

    x = conv("conv1", state["input.input"].repeat(len(w_plus), 1, 1, 1), w_plus[:, 0], 0)
    skip = to_rgb("to_rgb1", x, w_plus[:, 1])
    for i in range(len(CHANNELS) - 1):
        x = conv(f"convs.{2 * i}", x, w_plus[:, 2 * i + 1], 2 * i + 1, up=True)
        x = conv(f"convs.{2 * i + 1}", x, w_plus[:, 2 * i + 2], 2 * i + 2)
        skip = to_rgb(f"to_rgbs.{i}", x, w_plus[:, 2 * i + 3], skip)
    return skip

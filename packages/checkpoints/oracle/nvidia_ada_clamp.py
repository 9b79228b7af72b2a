"""A pickle as stylegan2-ada-pytorch writes it, with two mapping layers and conv_clamp, and its pictures.

    python -m venv venv && venv/bin/pip install torch==2.13.0 numpy safetensors
    venv/bin/python oracle/nvidia_ada_clamp.py fixtures

Writes nvidia-ada-clamp.pkl and nvidia-ada-clamp.io.safetensors. The modules below have the names, attributes and
pickling of NVIDIA's (persistent classes: `torch_utils.persistence._reconstruct_persistent_obj(meta)`, the source text
left out); the arithmetic is written from the paper and the published layer definitions: weights are modulated and
demodulated picture by picture, in float32. The clamp is far lower than in practice, so that it acts.
"""
import pickle
import sys
import types

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

from upfirdn import fir, upfirdn

CLAMP, Z, W, RESOLUTION, LAYERS = 1.5, 12, 16, 16, 2
CHANNELS = {4: 8, 8: 8, 16: 6}
torch.manual_seed(31)


def reconstruct(meta):
    raise RuntimeError("this file is only written here")


reconstruct.__name__ = reconstruct.__qualname__ = "_reconstruct_persistent_obj"
reconstruct.__module__ = "torch_utils.persistence"
sys.modules["torch_utils"] = types.ModuleType("torch_utils")
sys.modules["torch_utils.persistence"] = types.ModuleType("torch_utils.persistence")
sys.modules["torch_utils.persistence"]._reconstruct_persistent_obj = reconstruct


class EasyDict(dict):
    pass


EasyDict.__module__ = "dnnlib.util"
sys.modules["dnnlib"] = types.ModuleType("dnnlib")
sys.modules["dnnlib.util"] = types.ModuleType("dnnlib.util")
sys.modules["dnnlib.util"].EasyDict = EasyDict


class Persistent(nn.Module):
    """Remembers its arguments, and pickles as a call with a record of class name and state."""

    def __init__(self, *args, **kwargs):
        super().__init__()
        self._init_args, self._init_kwargs = args, EasyDict(kwargs)

    def __reduce_ex__(self, protocol):
        meta = dict(type="class", version=6, module_src="# left out", class_name=type(self).__name__, state=self.__dict__)
        return reconstruct, (meta,)


class FullyConnectedLayer(Persistent):
    def __init__(self, inputs, outputs, activation="linear", lr_multiplier=1, bias_init=0):
        super().__init__(inputs, outputs, activation=activation, lr_multiplier=lr_multiplier, bias_init=bias_init)
        self.activation = activation
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / lr_multiplier)
        self.bias = nn.Parameter(bias_init + 0.2 * torch.randn(outputs) / lr_multiplier)
        self.weight_gain = lr_multiplier / np.sqrt(inputs)
        self.bias_gain = lr_multiplier

    def forward(self, x):
        x = x @ (self.weight * float(self.weight_gain)).T + self.bias * self.bias_gain
        return F.leaky_relu(x, 0.2) * 2**0.5 if self.activation == "lrelu" else x


class MappingNetwork(Persistent):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.z_dim, self.c_dim, self.w_dim, self.num_ws, self.num_layers = Z, 0, W, 2 * len(CHANNELS), LAYERS
        self.w_avg_beta = 0.995
        for i in range(LAYERS):
            setattr(self, f"fc{i}", FullyConnectedLayer(Z if i == 0 else W, W, "lrelu", 0.01))
        self.register_buffer("w_avg", 0.3 * torch.randn(W))

    def forward(self, z):
        x = z * (z.square().mean(1, keepdim=True) + 1e-8).rsqrt()
        for i in range(LAYERS):
            x = getattr(self, f"fc{i}")(x)
        return x


def modulated(x, weight, styles, demodulate, up, padding, resample_filter):
    pictures = []
    for picture, style in zip(x, styles):
        w = weight * style[None, :, None, None]
        if demodulate:
            w = w * (w.square().sum([1, 2, 3], keepdim=True) + 1e-8).rsqrt()
        picture = picture[None]
        if up == 2:  # transposed convolution, then the filter with gain 4
            picture = F.conv_transpose2d(picture, w.transpose(0, 1), stride=2)
            picture = upfirdn(picture, resample_filter * 4, pad=(1, 1))
        else:
            picture = F.conv2d(picture, w, padding=padding)
        pictures.append(picture)
    return torch.cat(pictures)


class SynthesisLayer(Persistent):
    def __init__(self, inputs, outputs, w_dim, resolution, up=1, **kwargs):
        super().__init__(inputs, outputs, w_dim=w_dim, resolution=resolution, up=up, **kwargs)
        self.resolution, self.up, self.use_noise, self.activation = resolution, up, True, "lrelu"
        self.conv_clamp, self.padding, self.act_gain = CLAMP, 1, np.sqrt(2)
        self.register_buffer("resample_filter", fir(1))
        self.affine = FullyConnectedLayer(w_dim, inputs, bias_init=1)
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3))
        self.register_buffer("noise_const", torch.randn(resolution, resolution))
        self.noise_strength = nn.Parameter(0.3 * torch.randn([]))
        self.bias = nn.Parameter(0.3 * torch.randn(outputs))

    def forward(self, x, w):
        x = modulated(x, self.weight, self.affine(w), True, self.up, self.padding, self.resample_filter)
        x = x + self.noise_const * self.noise_strength + self.bias[None, :, None, None]
        return (F.leaky_relu(x, 0.2) * 2**0.5).clamp(-self.conv_clamp, self.conv_clamp)


class ToRGBLayer(Persistent):
    def __init__(self, inputs, outputs, w_dim):
        super().__init__(inputs, outputs, w_dim=w_dim)
        self.conv_clamp = CLAMP
        self.affine = FullyConnectedLayer(w_dim, inputs, bias_init=1)
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 1, 1))
        self.bias = nn.Parameter(0.1 * torch.randn(outputs))
        self.weight_gain = 1 / np.sqrt(inputs)

    def forward(self, x, w):
        x = modulated(x, self.weight, self.affine(w) * float(self.weight_gain), False, 1, 0, None)
        return (x + self.bias[None, :, None, None]).clamp(-self.conv_clamp, self.conv_clamp)


class SynthesisBlock(Persistent):
    def __init__(self, inputs, outputs, resolution):
        super().__init__(inputs, outputs, w_dim=W, resolution=resolution, img_channels=3, conv_clamp=CLAMP)
        self.in_channels, self.w_dim, self.resolution, self.img_channels = inputs, W, resolution, 3
        self.is_last, self.architecture, self.use_fp16 = resolution == RESOLUTION, "skip", resolution == RESOLUTION
        self.register_buffer("resample_filter", fir(1))
        self.num_conv, self.num_torgb = (1 if inputs == 0 else 2), 1
        if inputs == 0:
            self.const = nn.Parameter(torch.randn(outputs, resolution, resolution))
        else:
            self.conv0 = SynthesisLayer(inputs, outputs, w_dim=W, resolution=resolution, up=2, conv_clamp=CLAMP)
        self.conv1 = SynthesisLayer(outputs, outputs, w_dim=W, resolution=resolution, conv_clamp=CLAMP)
        self.torgb = ToRGBLayer(outputs, 3, w_dim=W)


class SynthesisNetwork(Persistent):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.w_dim, self.img_resolution, self.img_channels, self.num_ws = W, RESOLUTION, 3, 2 * len(CHANNELS)
        self.block_resolutions = list(CHANNELS)
        for i, (r, c) in enumerate(CHANNELS.items()):
            setattr(self, f"b{r}", SynthesisBlock(0 if i == 0 else CHANNELS[r // 2], c, r))

    def forward(self, ws):
        image, row = None, 0
        for r in self.block_resolutions:
            block = getattr(self, f"b{r}")
            if r == 4:
                x = block.const[None].repeat(len(ws), 1, 1, 1)
            else:
                x = block.conv0(x, ws[:, row])
                row += 1
                image = upfirdn(image, block.resample_filter * 4, up=2, pad=(2, 1))
            x = block.conv1(x, ws[:, row])
            row += 1
            rgb = block.torgb(x, ws[:, row])
            image = rgb if image is None else image + rgb
        return image


class Generator(Persistent):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.z_dim, self.c_dim, self.w_dim, self.img_resolution, self.img_channels = Z, 0, W, RESOLUTION, 3
        self.synthesis = SynthesisNetwork(w_dim=W, img_resolution=RESOLUTION, img_channels=3, conv_clamp=CLAMP)
        self.num_ws = self.synthesis.num_ws
        self.mapping = MappingNetwork(z_dim=Z, c_dim=0, w_dim=W, num_ws=self.num_ws, num_layers=LAYERS)


def make():
    return Generator(
        z_dim=Z, c_dim=0, w_dim=W, img_resolution=RESOLUTION, img_channels=3,
        mapping_kwargs=EasyDict(num_layers=LAYERS),
        synthesis_kwargs=EasyDict(channel_base=96, channel_max=8, num_fp16_res=1, conv_clamp=CLAMP),
    ).eval()


target = sys.argv[1]
other, generator = make(), make()  # G and G_ema differ, so that taking the wrong one shows
with open(f"{target}/nvidia-ada-clamp.pkl", "wb") as file:
    pickle.dump(dict(G=other, D=None, G_ema=generator, training_set_kwargs=EasyDict(), augment_pipe=None), file)

z = torch.randn(3, Z)
w = generator.mapping(z)
w_plus = (w[:, None].repeat(1, generator.num_ws, 1) + 0.5 * torch.randn(3, generator.num_ws, W)).detach().requires_grad_()
image = generator.synthesis(w_plus)
image.square().mean().backward()
clamped = (image.detach().abs() > CLAMP - 1e-6).float().mean().item()
print(f"pixels beyond one layer's clamp: {clamped:.3f}")
result = {"z": z, "w": w, "w_plus": w_plus, "image": image, "grad_w_plus": w_plus.grad, "w_avg": generator.mapping.w_avg}
save_file({k: v.detach().contiguous() for k, v in result.items()}, f"{target}/nvidia-ada-clamp.io.safetensors")

"""Times StyleGAN2 1024 config-f in PyTorch on the CPU: a picture from W+, and the gradient of its mean square by W+.

    python -m venv venv && venv/bin/pip install torch==2.13.0 numpy
    venv/bin/python oracle/time_stylegan2.py --threads 2 --runs 3

The peer of `nx run core:bench --model ffhq1024-formula --phases forward,gradient`. Two forms of the modulated convolution:
`grouped`, a kernel for each picture, as the official programs have it; `scaled`, the input scaled by the style and the output by the
demodulation, as in packages/core. Weights are random; only the time matters. The last line is JSON.
"""
import argparse
import json
import math
import resource
import time

import torch
import torch.nn.functional as F

RESOLUTION, W = 1024, 512


def channels(resolution):
    return min(32768 // resolution, 512)


def blur_kernel(gain):
    k = torch.tensor([1.0, 3.0, 3.0, 1.0])
    return torch.outer(k, k) / 64 * gain


def blur(x, kernel, pad):
    n, c, h, w = x.shape
    y = F.conv2d(F.pad(x.reshape(n * c, 1, h, w), pad), kernel[None, None])
    return y.reshape(n, c, y.shape[2], y.shape[3])


class Layer:
    def __init__(self, inputs, outputs, resolution, up=False, rgb=False):
        k = 1 if rgb else 3
        self.weight = torch.randn(outputs, inputs, k, k) / math.sqrt(inputs * k * k)
        self.affine = torch.randn(inputs, W) / math.sqrt(W)
        self.bias = torch.zeros(outputs)
        self.noise = torch.randn(1, 1, resolution, resolution)
        self.up, self.rgb = up, rgb

    def __call__(self, x, w, form):
        style = w @ self.affine.T + 1
        y = (grouped if form == "grouped" else scaled)(self, x, style)
        if self.rgb:
            return y + self.bias[:, None, None]
        return F.leaky_relu(y + 0.1 * self.noise + self.bias[:, None, None], 0.2) * math.sqrt(2)


def demodulation(layer, style):
    return torch.rsqrt((style**2) @ layer.weight.square().sum([2, 3]).T + 1e-8)


def convolve(layer, x, weight, groups=1):
    if not layer.up:
        return F.conv2d(x, weight, padding=weight.shape[-1] // 2, groups=groups)
    outputs, inputs, k, _ = weight.shape
    turned = weight.reshape(groups, outputs // groups, inputs, k, k).transpose(1, 2).reshape(groups * inputs, -1, k, k)
    return F.conv_transpose2d(x, turned, stride=2, groups=groups)


def grouped(layer, x, style):
    n, i, h, w = x.shape
    outputs = layer.weight.shape[0]
    weight = layer.weight[None] * style[:, None, :, None, None]
    if not layer.rgb:
        weight = weight * torch.rsqrt(weight.square().sum([2, 3, 4], keepdim=True) + 1e-8)
    y = convolve(layer, x.reshape(1, n * i, h, w), weight.reshape(n * outputs, i, *layer.weight.shape[2:]), n)
    y = y.reshape(n, outputs, y.shape[2], y.shape[3])
    return blur(y, blur_kernel(4), (1, 1, 1, 1)) if layer.up else y


def scaled(layer, x, style):
    y = convolve(layer, x * style[:, :, None, None], layer.weight)
    if layer.up:
        y = blur(y, blur_kernel(4), (1, 1, 1, 1))
    return y if layer.rgb else y * demodulation(layer, style)[:, :, None, None]


def build():
    blocks = []
    resolution = 4
    while resolution <= RESOLUTION:
        c = channels(resolution)
        layers = [] if resolution == 4 else [Layer(channels(resolution // 2), c, resolution, up=True)]
        layers.append(Layer(c, c, resolution))
        blocks.append((layers, Layer(c, 3, resolution, rgb=True)))
        resolution *= 2
    return torch.randn(1, channels(4), 4, 4), blocks


def synthesize(network, w_plus, form):
    constant, blocks = network
    x, rgb, row = constant.expand(w_plus.shape[0], -1, -1, -1), None, 0
    for layers, to_rgb in blocks:
        for layer in layers:
            x = layer(x, w_plus[:, row], form)
            row += 1
        y = to_rgb(x, w_plus[:, row], form)
        if rgb is not None:
            zeros = rgb.new_zeros(rgb.shape[0], 3, rgb.shape[2] * 2, rgb.shape[3] * 2)
            zeros[:, :, ::2, ::2] = rgb
            y = y + blur(zeros, blur_kernel(4), (2, 1, 2, 1))
        rgb = y
    return rgb


def median_seconds(work, runs):
    times = []
    for _ in range(runs + 1):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return round(sorted(times[1:])[runs // 2], 2)


parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--runs", type=int, default=3)
parser.add_argument("--forms", default="grouped,scaled")
options = parser.parse_args()
torch.set_num_threads(options.threads)
torch.manual_seed(0)
network = build()
w_plus = torch.randn(1, 18, W)


def forward(form):
    with torch.no_grad():
        synthesize(network, w_plus, form)


def gradient(form):
    w = w_plus.clone().requires_grad_()
    synthesize(network, w, form).square().mean().backward()


result = {"torch": torch.__version__, "threads": options.threads}
for form in options.forms.split(","):
    result[form] = {
        "forward": median_seconds(lambda: forward(form), options.runs),
        "gradient": median_seconds(lambda: gradient(form), options.runs),
    }
result["peakGB"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9, 2)
print(json.dumps(result))

"""Up-sample, pad, filter, down-sample two-dimensional signals, by the definition (StyleGAN2's `upfirdn_2d`).

Zeros are put between pixels, the border is padded with zeros, and the result is convolved with the filter (true
convolution, the filter flipped). Differentiable; used by the small programs in this folder.
"""
import torch
from torch.nn import functional as F


def fir(gain):
    """[4,4] filter of [1,3,3,1], sum `gain`."""
    taps = torch.tensor([1.0, 3.0, 3.0, 1.0], dtype=torch.float64)
    kernel = torch.outer(taps, taps)
    return (kernel / kernel.sum() * gain).float()


def upfirdn(x, kernel, up=1, pad=(0, 0)):
    """x [N,C,H,W], the same padding (before, after) along both axes."""
    n, c, h, w = x.shape
    if up > 1:
        spread = x.new_zeros(n, c, h, up, w, up)
        spread[:, :, :, 0, :, 0] = x
        x = spread.reshape(n, c, h * up, w * up)
    x = F.pad(x, (pad[0], pad[1], pad[0], pad[1]))
    weight = kernel.flip([0, 1])[None, None].repeat(c, 1, 1, 1)
    return F.conv2d(x, weight, groups=c)

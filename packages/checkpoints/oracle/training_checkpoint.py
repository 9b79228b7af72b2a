"""A checkpoint as rosinality's train.py saves it: networks, their averages, optimizers, arguments; no `latent_avg`.

    venv/bin/python oracle/training_checkpoint.py fixtures      (torch==2.13.0, safetensors)

Writes stylegan2-training.pt and stylegan2-training.io.safetensors (w of z, the average w of the very numbers that an
importer draws is not among them: only that it is near `w_mean`, the mean over 100,000 z).
"""
import argparse
import sys

import torch
from safetensors.torch import save_file

from rosinality import make_state, map_latents, synthesize

W, LAYERS = 16, 2
torch.manual_seed(5)
g, g_ema = make_state(W, LAYERS, seed=1), make_state(W, LAYERS, seed=2)
d = {"convs.0.0.weight": torch.randn(4, 3, 1, 1), "final_linear.1.bias": torch.randn(1)}


def optimizer(parameters):
    tensors = [torch.nn.Parameter(t.clone()) for t in parameters]
    adam = torch.optim.Adam(tensors, lr=0.002, betas=(0.0, 0.99))
    sum(t.square().sum() for t in tensors).backward()
    adam.step()
    return adam.state_dict()


args = argparse.Namespace(path="ffhq.lmdb", arch="stylegan2", iter=800000, batch=16, size=16, r1=10.0, channel_multiplier=2,
                          ckpt=None, lr=0.002, wandb=False, augment=False, latent=W, n_mlp=LAYERS, distributed=False)
target = sys.argv[1]
torch.save({"g": g, "d": d, "g_ema": g_ema, "g_optim": optimizer([g["style.1.weight"], g["style.1.bias"]]),
            "d_optim": optimizer(d.values()), "args": args, "ada_aug_p": 0.125}, f"{target}/stylegan2-training.pt")

z = torch.randn(3, W)
w = map_latents(g_ema, z)
w_plus = w[:, None].repeat(1, 6, 1) + 0.5 * torch.randn(3, 6, W)
result = {"z": z, "w": w, "w_plus": w_plus, "image": synthesize(g_ema, w_plus),
          "w_mean": map_latents(g_ema, torch.randn(100000, W)).mean(0)}
save_file({k: v.contiguous() for k, v in result.items()}, f"{target}/stylegan2-training.io.safetensors")

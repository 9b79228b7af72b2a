"""A latent mapper's checkpoint as StyleCLIP's training saves it: mapper and decoder in one state dict, and `opts`.

    venv/bin/python oracle/official_mapper.py fixtures      (torch==2.13.0, safetensors)

Writes official-mapper.pt and official-mapper.io.safetensors: w_plus, ŵ = w + 0.1·M(w), and the decoder's pictures of
both. Levels: coarse and medium rows have a mapper, the fine ones none (`no_fine_mapper`); PixelNorm is over axis 1, the
axis of layers, as in the original.
"""
import sys

import torch
from safetensors.torch import save_file
from torch.nn import functional as F

from rosinality import make_state, synthesize

W, LAYERS = 16, 2
torch.manual_seed(9)
decoder = make_state(W, LAYERS, seed=3)
mapper = {}
for level in ("course_mapping", "medium_mapping"):
    for i in range(1, 5):
        mapper[f"{level}.mapping.{i}.weight"] = torch.randn(W, W) / 0.01
        mapper[f"{level}.mapping.{i}.bias"] = 20 * torch.randn(W)


def level(name, x):
    x = x * torch.rsqrt(x.square().mean(1, keepdim=True) + 1e-8)  # [N,rows,D]: over the rows
    for i in range(1, 5):
        weight, bias = mapper[f"{name}.mapping.{i}.weight"], mapper[f"{name}.mapping.{i}.bias"]
        x = F.leaky_relu(x @ (weight * 0.01 / W**0.5).T + bias * 0.01, 0.2) * 2**0.5
    return x


opts = {"exp_dir": "results/purple", "mapper_type": "LevelsMapper", "no_coarse_mapper": False, "no_medium_mapper": False,
        "no_fine_mapper": True, "stylegan_size": 16, "description": "purple hair", "batch_size": 2, "learning_rate": 0.5,
        "optim_name": "ranger", "id_lambda": 0.1, "clip_lambda": 1.0, "latent_l2_lambda": 0.8, "max_steps": 50000,
        "work_in_stylespace": False, "checkpoint_path": None, "latents_train_path": "train_faces.pt"}
target = sys.argv[1]
state = {f"mapper.{k}": v for k, v in mapper.items()} | {f"decoder.{k}": v for k, v in decoder.items()}
torch.save({"state_dict": state, "opts": opts}, f"{target}/official-mapper.pt")

w_plus = 0.8 * torch.randn(2, 6, W)
offset = torch.cat([level("course_mapping", w_plus[:, :4]), level("medium_mapping", w_plus[:, 4:8]),
                    torch.zeros_like(w_plus[:, 8:])], 1)
w_hat = w_plus + 0.1 * offset
save_file({"w_plus": w_plus, "w_hat": w_hat, "image": synthesize(decoder, w_plus), "image_hat": synthesize(decoder, w_hat)},
          f"{target}/official-mapper.io.safetensors")

"""Converts a torch checkpoint into a safetensors fixture, names and layouts kept.

    python -m venv venv && venv/bin/pip install torch==2.13.0 numpy safetensors
    venv/bin/python oracle/convert_checkpoint.py stylegan2-small.pt fixtures/stylegan2-small.safetensors

Nested records are flattened by dropping the name of the inner state dict: a StyleGAN2 checkpoint's `g_ema.*` come
out bare, beside `latent_avg`. Blur kernels are constants of the architecture and stay in, to test that they are skipped.
"""
import sys

import torch
from safetensors.torch import save_file

source, target = sys.argv[1:]
checkpoint = torch.load(source, map_location="cpu", weights_only=True)
state = {}
for name, value in checkpoint.items():
    if isinstance(value, dict):
        state.update(value)
    elif isinstance(value, torch.Tensor):
        state[name] = value
save_file({k: v.detach().contiguous().clone() for k, v in state.items()}, target)
print(f"{target}: {len(state)} tensors")

"""The small identity network of packages/core as a plain .pth state dict, the way `model_ir_se50.pth` is one.

    venv/bin/python oracle/identity_checkpoint.py ../core/fixtures/identity-small.safetensors fixtures      (torch==2.13.0, safetensors)

Writes identity-small.pth. Its golden pictures and embeddings are in the safetensors file (packages/core/oracle/identity_small.py).
"""
import sys
from collections import OrderedDict

import torch
from safetensors.torch import load_file

source, target = sys.argv[1:]
state = OrderedDict((name[4:], tensor) for name, tensor in load_file(source).items() if name.startswith("net."))
torch.save(state, f"{target}/identity-small.pth")

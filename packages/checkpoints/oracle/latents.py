"""Small latents and directions in all the forms that other programs write them, and what must be read from them.

    python -m venv venv && venv/bin/pip install torch==2.13.0 numpy safetensors
    venv/bin/python packages/checkpoints/oracle/latents.py packages/checkpoints/fixtures

The generator they are for is that of stylegan2-small.pt: 64 pixels, w of 64, channels 4:32 8:32 16:24 32:16 64:8, hence ten
rows of W+ and fourteen style layers. The pickle of statistics is written as numpy 1 did, by the module names of its time.
Run again, every file comes out the same but latents-half-legacy.pt: torch's older format names tensors by their addresses.
"""
import pickle
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

out = Path(sys.argv[1])
rng = np.random.default_rng(20260202)

# Latents: two codes [2, 10, 64], the first one alone too.
w_plus = rng.standard_normal((2, 10, 64)).astype(np.float32)
tensor = torch.from_numpy(w_plus)
torch.save(tensor, out / "latents.pt")
torch.save({"latents": tensor.unsqueeze(1), "names": ["a", "b"]}, out / "latents-stacked-dict.pt")
torch.save(tensor.half(), out / "latents-half-legacy.pt", _use_new_zipfile_serialization=False)
np.save(out / "latents-one.npy", w_plus[0].astype(np.float64))
np.savez_compressed(out / "latents.npz", w_plus)
save_file({"w_plus": w_plus}, out / "latents.safetensors")

# Style layers: (input channels, resolution, toRGB) in the order of execution.
channels = {4: 32, 8: 32, 16: 24, 32: 16, 64: 8}
layers = [(32, 4, False), (32, 4, True)]
for r in (8, 16, 32, 64):
    layers += [(channels[r // 2], r, False), (channels[r], r, False), (channels[r], r, True)]

means = [rng.standard_normal(c).astype(np.float32) for c, _, _ in layers]
stds = [(0.1 + rng.random(c)).astype(np.float32) for c, _, _ in layers]
blob = pickle.dumps([means, stds], protocol=3).replace(b"cnumpy._core.multiarray\n", b"cnumpy.core.multiarray\n")
(out / "S_mean_std-small").write_bytes(blob)

# Directions: unit rows of sixteen numbers, in float16 for all layers and in float32 up to 32 pixels.
rows = sum(c for c, _, rgb in layers if not rgb)
short = sum(c for c, r, rgb in layers if not rgb and r <= 32)
fs3 = rng.standard_normal((rows, 16))
fs3 /= np.linalg.norm(fs3, axis=1, keepdims=True)
np.save(out / "fs3-small-f16.npy", fs3.astype(np.float16))
np.save(out / "fs3-small-32px-f32.npy", fs3[:short].astype(np.float32))

kept = [i for i, (_, _, rgb) in enumerate(layers) if not rgb]
save_file({
    "layer": np.concatenate([np.full(layers[i][0], i, np.int16) for i in kept]),
    "channel": np.concatenate([np.arange(layers[i][0], dtype=np.int16) for i in kept]),
    "resolution": np.concatenate([np.full(layers[i][0], layers[i][1], np.int16) for i in kept]),
    "mean": np.concatenate([means[i] for i in kept]),
    "std": np.concatenate([stds[i] for i in kept]),
    "direction": fs3.astype(np.float16).astype(np.float32),
    "direction_32px": np.concatenate([fs3[:short], np.zeros((rows - short, 16))]).astype(np.float32),
}, out / "directions-small.io.safetensors")
print(f"{rows} rows, {short} up to 32 pixels")

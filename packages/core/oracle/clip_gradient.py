"""Gradients of the small CLIP fixture by PyTorch, from a plain restatement of OpenAI's model.py.

    venv/bin/python oracle/clip_gradient.py fixtures/clip-small.safetensors fixtures/clip-small.io.safetensors \
        fixtures/clip-small.gradient.safetensors

loss = mean over image i of 1 - cos(image feature i, text feature i); its gradients by the picture, the token embedding
and the two in_proj weights of the last blocks. The features must equal the fixture's own to 1e-5.
"""
import sys

import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional as F

weights_path, io_path, target = sys.argv[1:]
w = {k: v.requires_grad_() for k, v in load_file(weights_path).items()}
io = load_file(io_path)


def norm(x, name):
    return F.layer_norm(x, x.shape[-1:], w[f"{name}.weight"], w[f"{name}.bias"])


def linear(x, name):
    return F.linear(x, w[f"{name}.weight"], w[f"{name}.bias"])


def transformer(x, prefix, heads, mask=None):
    n, t, width = x.shape
    i = 0
    while f"{prefix}resblocks.{i}.ln_1.weight" in w:
        b = f"{prefix}resblocks.{i}."
        qkv = F.linear(norm(x, b + "ln_1"), w[b + "attn.in_proj_weight"], w[b + "attn.in_proj_bias"])
        q, k, v = (y.reshape(n, t, heads, -1).transpose(1, 2) for y in qkv.chunk(3, -1))
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2).reshape(n, t, width)
        x = x + linear(a, b + "attn.out_proj")
        h = linear(norm(x, b + "ln_2"), b + "mlp.c_fc")
        x = x + linear(h * torch.sigmoid(1.702 * h), b + "mlp.c_proj")
        i += 1
    return x


def encode_image(image):
    x = F.conv2d(image, w["visual.conv1.weight"], stride=w["visual.conv1.weight"].shape[-1]).flatten(2).transpose(1, 2)
    x = torch.cat([w["visual.class_embedding"].expand(len(x), 1, -1), x], 1) + w["visual.positional_embedding"]
    x = transformer(norm(x, "visual.ln_pre"), "visual.transformer.", 1)
    return norm(x[:, 0], "visual.ln_post") @ w["visual.proj"]


def encode_text(tokens):
    x = w["token_embedding.weight"][tokens] + w["positional_embedding"]
    mask = torch.full((tokens.shape[1],) * 2, float("-inf")).triu(1)
    x = norm(transformer(x, "transformer.", 2, mask), "ln_final")
    return x[torch.arange(len(x)), tokens.argmax(-1)] @ w["text_projection"]


image = io["image"].clone().requires_grad_()
image_features, text_features = encode_image(image), encode_text(io["tokens"])
print("features off by", (image_features - io["image_features"]).abs().max().item(),
      (text_features - io["text_features"]).abs().max().item())
loss = (1 - F.cosine_similarity(image_features, text_features[: len(image)])).mean()
loss.backward()
result = {"loss": loss.detach().reshape(1), "grad_image": image.grad}
for name in ("token_embedding.weight", "transformer.resblocks.1.attn.in_proj_weight",
             "visual.transformer.resblocks.1.attn.in_proj_weight", "visual.conv1.weight", "visual.class_embedding"):
    result[f"grad.{name}"] = w[name].grad
rows = sorted(set(io["tokens"].flatten().tolist()))  # all other rows of the embedding have gradient 0
result["grad.token_embedding.weight"] = w["token_embedding.weight"].grad[rows]
result["token_rows"] = torch.tensor(rows, dtype=torch.int32)
save_file({k: v.contiguous() for k, v in result.items()}, target, metadata={"seed": "none", "torch": torch.__version__})

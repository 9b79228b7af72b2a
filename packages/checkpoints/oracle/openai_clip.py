"""One tiny CLIP in the three forms that people hold: OpenAI's TorchScript archive, and Hugging Face's two files.

    venv/bin/python oracle/openai_clip.py fixtures      (torch==2.13.0, safetensors)

Writes clip-tiny-jit.pt (scripted, matrix weights in float16 as OpenAI's, with its three describing scalars and the
causal mask as an attribute), clip-tiny-hf/{model.safetensors,pytorch_model.bin,config.json} (Hugging Face's names, float32,
q, k and v apart, projections transposed; the .bin with position_ids, as older ones have) and
clip-tiny.io.safetensors: features and logits of the weights as stored, computed in float32 from CLIP's definition.
"""
import json
import os
import sys

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

EMBED, SIDE, PATCH, CONTEXT, VOCABULARY = 12, 16, 4, 12, 90
IMAGE, TEXT, IMAGE_LAYERS, TEXT_LAYERS = 24, 16, 2, 1  # one head each: width / 64 and at least one
torch.manual_seed(17)


class Attention(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.in_proj_weight = nn.Parameter(torch.randn(3 * width, width) / width**0.5)
        self.in_proj_bias = nn.Parameter(0.1 * torch.randn(3 * width))
        self.out_proj = nn.Linear(width, width)

    def forward(self, x: torch.Tensor, mask: torch.Tensor):
        q, k, v = F.linear(x, self.in_proj_weight.float(), self.in_proj_bias.float()).chunk(3, -1)
        scores = q @ k.transpose(1, 2) / q.shape[-1] ** 0.5 + mask
        y = scores.softmax(-1) @ v
        return F.linear(y, self.out_proj.weight.float(), self.out_proj.bias.float())


class Mlp(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.c_fc = nn.Linear(width, 4 * width)
        self.c_proj = nn.Linear(4 * width, width)

    def forward(self, x: torch.Tensor):
        x = F.linear(x, self.c_fc.weight.float(), self.c_fc.bias.float())
        x = x * torch.sigmoid(1.702 * x)
        return F.linear(x, self.c_proj.weight.float(), self.c_proj.bias.float())


class Block(nn.Module):
    def __init__(self, width: int, mask: torch.Tensor):
        super().__init__()
        self.attn, self.mlp = Attention(width), Mlp(width)
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn_mask = mask

    def forward(self, x: torch.Tensor):
        x = x + self.attn(self.ln_1(x), self.attn_mask)
        return x + self.mlp(self.ln_2(x))


class Transformer(nn.Module):
    def __init__(self, width: int, layers: int, mask: torch.Tensor):
        super().__init__()
        self.resblocks = nn.Sequential(*[Block(width, mask) for _ in range(layers)])

    def forward(self, x: torch.Tensor):
        return self.resblocks(x)


class Visual(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, IMAGE, PATCH, PATCH, bias=False)
        self.class_embedding = nn.Parameter(torch.randn(IMAGE) * 0.3)
        self.positional_embedding = nn.Parameter(torch.randn((SIDE // PATCH) ** 2 + 1, IMAGE) * 0.3)
        self.ln_pre, self.ln_post = nn.LayerNorm(IMAGE), nn.LayerNorm(IMAGE)
        self.transformer = Transformer(IMAGE, IMAGE_LAYERS, torch.zeros(1, 1))
        self.proj = nn.Parameter(torch.randn(IMAGE, EMBED) / IMAGE**0.5)

    def forward(self, image: torch.Tensor):
        x = F.conv2d(image, self.conv1.weight.float(), stride=4).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_embedding.float().expand(x.shape[0], 1, -1), x], 1) + self.positional_embedding.float()
        return self.ln_post(self.transformer(self.ln_pre(x))[:, 0]) @ self.proj.float()


class Clip(nn.Module):
    def __init__(self):
        super().__init__()
        self.visual = Visual()
        self.transformer = Transformer(TEXT, TEXT_LAYERS, torch.full((CONTEXT, CONTEXT), float("-inf")).triu(1))
        self.token_embedding = nn.Embedding(VOCABULARY, TEXT)
        self.positional_embedding = nn.Parameter(torch.randn(CONTEXT, TEXT) * 0.3)
        self.ln_final = nn.LayerNorm(TEXT)
        self.text_projection = nn.Parameter(torch.randn(TEXT, EMBED) / TEXT**0.5)
        self.logit_scale = nn.Parameter(torch.tensor(3.2))
        for name, value in (("input_resolution", SIDE), ("context_length", CONTEXT), ("vocab_size", VOCABULARY)):
            self.register_buffer(name, torch.tensor(value))

    def forward(self, image: torch.Tensor, tokens: torch.Tensor):
        image_features = self.visual(image)
        x = self.token_embedding(tokens).float() + self.positional_embedding.float()
        x = self.ln_final(self.transformer(x))
        text_features = x[torch.arange(x.shape[0]), tokens.argmax(-1)] @ self.text_projection.float()
        cosines = F.normalize(image_features) @ F.normalize(text_features).t()
        return image_features, text_features, cosines * self.logit_scale.exp()


clip = Clip().eval()
with torch.no_grad():
    for name, p in clip.named_parameters():
        if ".ln_" in name or name.startswith("ln_"):
            p.add_(0.2 * torch.randn_like(p))
        # as OpenAI's convert_weights: convolutions, linear layers, attention and projections
        elif "embedding" not in name and name != "logit_scale":
            p.data = p.data.half()
    tokens = torch.zeros(3, CONTEXT, dtype=torch.long)
    for row, words in zip(tokens, ([5, 17, 3], [44, 60, 61, 7, 8], [2])):
        row[: len(words) + 2] = torch.tensor([VOCABULARY - 2, *words, VOCABULARY - 1])
    image = torch.randn(2, 3, SIDE, SIDE)
    image_features, text_features, logits = clip(image, tokens)

target = sys.argv[1]
torch.jit.script(clip).save(f"{target}/clip-tiny-jit.pt")
save_file({"image": image, "tokens": tokens, "image_features": image_features, "text_features": text_features,
           "logits_per_image": logits}, f"{target}/clip-tiny.io.safetensors")

state = {name: tensor.float() for name, tensor in clip.state_dict().items()}
hf = {"logit_scale": state["logit_scale"], "text_projection.weight": state["text_projection"].t(),
      "visual_projection.weight": state["visual.proj"].t(),
      "text_model.embeddings.token_embedding.weight": state["token_embedding.weight"],
      "text_model.embeddings.position_embedding.weight": state["positional_embedding"],
      "vision_model.embeddings.class_embedding": state["visual.class_embedding"],
      "vision_model.embeddings.patch_embedding.weight": state["visual.conv1.weight"],
      "vision_model.embeddings.position_embedding.weight": state["visual.positional_embedding"]}
for field in ("weight", "bias"):
    hf[f"text_model.final_layer_norm.{field}"] = state[f"ln_final.{field}"]
    hf[f"vision_model.pre_layrnorm.{field}"] = state[f"visual.ln_pre.{field}"]
    hf[f"vision_model.post_layernorm.{field}"] = state[f"visual.ln_post.{field}"]
for side, prefix, layers in (("text", "", TEXT_LAYERS), ("vision", "visual.", IMAGE_LAYERS)):
    for i in range(layers):
        ours, theirs = f"{prefix}transformer.resblocks.{i}", f"{side}_model.encoder.layers.{i}"
        for field in ("weight", "bias"):
            for letter, part in zip("qkv", state[f"{ours}.attn.in_proj_{field}"].chunk(3)):
                hf[f"{theirs}.self_attn.{letter}_proj.{field}"] = part
            hf[f"{theirs}.self_attn.out_proj.{field}"] = state[f"{ours}.attn.out_proj.{field}"]
            for a, b in (("ln_1", "layer_norm1"), ("ln_2", "layer_norm2"), ("mlp.c_fc", "mlp.fc1"), ("mlp.c_proj", "mlp.fc2")):
                hf[f"{theirs}.{b}.{field}"] = state[f"{ours}.{a}.{field}"]
hf = {name: tensor.contiguous().clone() for name, tensor in hf.items()}
os.makedirs(f"{target}/clip-tiny-hf", exist_ok=True)
save_file(hf, f"{target}/clip-tiny-hf/model.safetensors", metadata={"format": "pt"})
hf["text_model.embeddings.position_ids"] = torch.arange(CONTEXT)[None]
hf["vision_model.embeddings.position_ids"] = torch.arange((SIDE // PATCH) ** 2 + 1)[None]
torch.save(hf, f"{target}/clip-tiny-hf/pytorch_model.bin")
config = {"model_type": "clip", "projection_dim": EMBED, "architectures": ["CLIPModel"],
          "text_config": {"hidden_act": "quick_gelu", "hidden_size": TEXT, "num_attention_heads": 1},
          "vision_config": {"hidden_act": "quick_gelu", "hidden_size": IMAGE, "num_attention_heads": 1}}
with open(f"{target}/clip-tiny-hf/config.json", "w") as file:
    json.dump(config, file, indent=2)
    file.write("\n")

"""A small random IR-SE network in PyTorch: its weights, a picture, the embedding and the ID loss with its gradient.

    venv/bin/python oracle/identity_small.py fixtures/identity-small.safetensors

Written from the architecture of StyleCLIP's models/facial_recognition (names and order of layers as there), with stages
of 2 and 2 blocks, 8 and 16 channels, 32 pixels, embedding 16; batch normalisation has random statistics. The picture
of 48 pixels goes through the ID loss's kind of preparation: adaptive pool to 40, crop 33, adaptive pool to 32.
"""
import sys

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

torch.manual_seed(20260101)


class Excite(nn.Module):
    def __init__(self, d, reduction):
        super().__init__()
        self.fc1 = nn.Conv2d(d, d // reduction, 1, bias=False)
        self.fc2 = nn.Conv2d(d // reduction, d, 1, bias=False)

    def forward(self, x):
        return x * torch.sigmoid(self.fc2(F.relu(self.fc1(F.adaptive_avg_pool2d(x, 1)))))


class Block(nn.Module):
    def __init__(self, inputs, d, stride):
        super().__init__()
        if inputs == d:
            self.shortcut_layer = nn.MaxPool2d(1, stride)
        else:
            self.shortcut_layer = nn.Sequential(nn.Conv2d(inputs, d, 1, stride, bias=False), nn.BatchNorm2d(d))
        self.res_layer = nn.Sequential(
            nn.BatchNorm2d(inputs), nn.Conv2d(inputs, d, 3, 1, 1, bias=False), nn.PReLU(d),
            nn.Conv2d(d, d, 3, stride, 1, bias=False), nn.BatchNorm2d(d), Excite(d, 4))

    def forward(self, x):
        return self.res_layer(x) + self.shortcut_layer(x)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.input_layer = nn.Sequential(nn.Conv2d(3, 8, 3, 1, 1, bias=False), nn.BatchNorm2d(8), nn.PReLU(8))
        self.body = nn.Sequential(Block(8, 8, 2), Block(8, 8, 1), Block(8, 16, 2), Block(16, 16, 1))
        self.output_layer = nn.Sequential(
            nn.BatchNorm2d(16), nn.Dropout(0.4), nn.Flatten(), nn.Linear(16 * 8 * 8, 16), nn.BatchNorm1d(16))

    def forward(self, x):
        return F.normalize(self.output_layer(self.body(self.input_layer(x))))


net = Network()
for name, value in [*net.named_parameters(), *net.named_buffers()]:
    if "running_mean" in name or (name.endswith("bias")):
        value.data.uniform_(-0.1, 0.1)
    elif "running_var" in name or (value.ndim == 1 and name.endswith("weight")):
        value.data.uniform_(0.5, 1.5) if "running_var" in name else value.data.uniform_(0.2, 1.2)


def prepare(image):
    return F.adaptive_avg_pool2d(F.adaptive_avg_pool2d(image, 40)[:, :, 4:37, 3:36], 32)


image = (torch.rand(2, 3, 48, 48) * 2 - 1).requires_grad_()
source = torch.rand(2, 3, 48, 48) * 2 - 1
net.eval()
embedding, source_embedding = net(prepare(image)), net(prepare(source)).detach()
loss = (1 - (embedding * source_embedding).sum(1)).mean()
loss.backward()
result = {f"net.{k}": v.clone() for k, v in net.state_dict().items()}
result |= {"image": image, "source": source, "prepared": prepare(image), "embedding": embedding,
           "source_embedding": source_embedding, "loss": loss.reshape(1), "grad_image": image.grad}
net.train()  # batch statistics, dropout off
net.output_layer[1].p = 0.0
result["embedding_batch_statistics"] = net(prepare(image))
result["running_var_after.input_layer.1"] = net.input_layer[1].running_var  # momentum 0.1
save_file({k: v.detach().contiguous().clone() for k, v in result.items()}, sys.argv[1])

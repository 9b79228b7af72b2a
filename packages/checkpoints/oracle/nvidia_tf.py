"""A pickle as TensorFlow stylegan2 and stylegan2-ada write it, and its pictures, by TensorFlow's definitions in numpy.

    python -m venv venv && venv/bin/pip install numpy safetensors
    venv/bin/python oracle/nvidia_tf.py fixtures

Writes nvidia-tf-small.pkl, a tuple (G, D, Gs) of `dnnlib.tflib.network.Network` with `variables` and `components`, and
nvidia-tf-small.io.safetensors. Layouts of variables are TensorFlow's (convolutions [k,k,in,out], dense [in,out]). The
arithmetic restates what the graph of config-f does, in float64: equalised learning rates at run time
(1/sqrt(fan_in), times lrmul in the mapping), the style's bias plus one, and for Conv0_up `upsample_conv_2d`: the kernel
flipped, `conv2d_transpose` of stride 2, the filter [1,3,3,1] with gain 4.
"""
import pickle
import sys
import types

import numpy as np
from safetensors.numpy import save_file

Z, W, RESOLUTION, LAYERS, HIDDEN, LRMUL = 12, 16, 16, 3, 20, 0.01
CHANNELS = {4: 8, 8: 8, 16: 6}
rng = np.random.RandomState(47)


class Network:
    def __init__(self, name, static_kwargs, variables, components):
        self.name, self.static_kwargs = name, static_kwargs
        self.variables, self.components = variables, components

    def __getstate__(self):
        return dict(version=4, name=self.name, static_kwargs=self.static_kwargs, components=self.components,
                    build_module_src="# left out", build_func_name=self.name, variables=self.variables)


class EasyDict(dict):
    pass


for path in ("dnnlib", "dnnlib.util", "dnnlib.tflib", "dnnlib.tflib.network"):
    sys.modules[path] = types.ModuleType(path)
sys.modules["dnnlib.util"].EasyDict, EasyDict.__module__ = EasyDict, "dnnlib.util"
sys.modules["dnnlib.tflib.network"].Network, Network.__module__ = Network, "dnnlib.tflib.network"


def normal(*shape, scale=1.0):
    return (rng.standard_normal(shape) * scale).astype(np.float32)


def make(name):
    mapping = []
    for i in range(LAYERS):
        inputs, outputs = Z if i == 0 else HIDDEN, W if i == LAYERS - 1 else HIDDEN
        mapping += [(f"Dense{i}/weight", normal(inputs, outputs, scale=1 / LRMUL)), (f"Dense{i}/bias", normal(outputs, scale=20))]
    synthesis = []

    def layer(scope, k, inputs, outputs, noise):
        synthesis.extend([
            (f"{scope}/weight", normal(k, k, inputs, outputs)),
            (f"{scope}/mod_weight", normal(W, inputs)), (f"{scope}/mod_bias", normal(inputs, scale=0.2))])
        if noise:
            synthesis.append((f"{scope}/noise_strength", np.float32(rng.standard_normal() * 0.3)))
        synthesis.append((f"{scope}/bias", normal(outputs, scale=0.3)))

    index = 0
    for r, c in CHANNELS.items():
        for _ in range(1 if r == 4 else 2):
            synthesis.append((f"noise{index}", normal(1, 1, r, r)))
            index += 1
    for r, c in CHANNELS.items():
        if r == 4:
            synthesis.append(("4x4/Const/const", normal(1, c, 4, 4)))
            layer("4x4/Conv", 3, c, c, True)
        else:
            layer(f"{r}x{r}/Conv0_up", 3, CHANNELS[r // 2], c, True)
            layer(f"{r}x{r}/Conv1", 3, c, c, True)
        layer(f"{r}x{r}/ToRGB", 1, c, 3, False)
    components = EasyDict(synthesis=Network("G_synthesis", EasyDict(), synthesis, EasyDict()),
                          mapping=Network("G_mapping", EasyDict(), mapping, EasyDict()))
    static = EasyDict(num_channels=3, resolution=RESOLUTION, label_size=0, latent_size=Z, dlatent_size=W,
                      mapping_layers=LAYERS, mapping_fmaps=HIDDEN, mapping_lrmul=LRMUL, fmap_base=48, fmap_max=8,
                      architecture="skip", resample_kernel=[1, 3, 3, 1], randomize_noise=True)
    return Network(name, static, [("lod", np.float32(0)), ("dlatent_avg", normal(W, scale=0.3))], components)


def get_weight(value, lrmul=1.0):
    return value.astype(np.float64) * lrmul / np.sqrt(np.prod(value.shape[:-1]))


def lrelu(x):
    return np.where(x > 0, x, 0.2 * x) * np.sqrt(2)


def map_latents(v, z):
    x = z / np.sqrt(np.mean(z**2, axis=1, keepdims=True) + 1e-8)
    for i in range(LAYERS):
        x = lrelu(x @ get_weight(v[f"mapping/Dense{i}/weight"], LRMUL) + v[f"mapping/Dense{i}/bias"] * LRMUL)
    return x


def conv2d(x, w):
    """tf.nn.conv2d, NHWC, stride 1, SAME."""
    k = w.shape[0]
    p = k // 2
    n, h, width, _ = x.shape
    padded = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    y = np.zeros((n, h, width, w.shape[3]))
    for a in range(k):
        for b in range(k):
            y += padded[:, a:a + h, b:b + width] @ w[a, b]
    return y


def conv2d_transpose(x, w):
    """tf.nn.conv2d_transpose, NHWC, stride 2, VALID; w [k,k,out,in]: pixel i adds x[i]·w[a] to output 2i+a."""
    n, h, width, _ = x.shape
    k = w.shape[0]
    y = np.zeros((n, 2 * (h - 1) + k, 2 * (width - 1) + k, w.shape[2]))
    for a in range(k):
        for b in range(k):
            y[:, a:a + 2 * h - 1:2, b:b + 2 * width - 1:2] += x @ w[a, b].T
    return y


def simple_upfirdn_2d(x, k, up=1, pad0=0, pad1=0):
    n, h, w, c = x.shape
    spread = np.zeros((n, h, up, w, up, c))
    spread[:, :, 0, :, 0] = x
    x = np.pad(spread.reshape(n, h * up, w * up, c), ((0, 0), (pad0, pad1), (pad0, pad1), (0, 0)))
    flipped = k[::-1, ::-1]
    size = x.shape[1] - k.shape[0] + 1
    return sum(flipped[a, b] * x[:, a:a + size, b:b + size] for a in range(4) for b in range(4))


def setup_kernel():
    k = np.outer([1, 3, 3, 1], [1, 3, 3, 1]).astype(np.float64)
    return k / k.sum()


def upsample_conv_2d(x, w):
    k = setup_kernel() * 4
    p = (k.shape[0] - 2) - (w.shape[0] - 1)
    y = conv2d_transpose(x, w[::-1, ::-1].transpose(0, 1, 3, 2))
    return simple_upfirdn_2d(y, k, pad0=(p + 1) // 2 + 1, pad1=p // 2 + 1)


def upsample_2d(x):
    k = setup_kernel() * 4
    p = k.shape[0] - 2
    return simple_upfirdn_2d(x, k, up=2, pad0=(p + 1) // 2 + 1, pad1=p // 2)


def modulated_conv2d_layer(v, scope, x, dlatent, styles, up=False, demodulate=True):
    style = dlatent @ get_weight(v[f"{scope}/mod_weight"]) + v[f"{scope}/mod_bias"] + 1
    styles.append(style)
    pictures = []
    for picture, s in zip(x, style):
        w = get_weight(v[f"{scope}/weight"]) * s[None, None, :, None]
        if demodulate:
            w = w / np.sqrt(np.sum(w**2, axis=(0, 1, 2)) + 1e-8)
        pictures.append((upsample_conv_2d if up else conv2d)(picture[None], w))
    return np.concatenate(pictures)


def synthesize(v, dlatents):
    styles = []

    def layer(scope, x, row, noise, up=False):
        x = modulated_conv2d_layer(v, scope, x, dlatents[:, row], styles, up)
        x = x + v[f"synthesis/noise{noise}"].transpose(0, 2, 3, 1) * v[f"{scope}/noise_strength"]
        return lrelu(x + v[f"{scope}/bias"])

    def torgb(scope, x, row, image):
        y = modulated_conv2d_layer(v, scope, x, dlatents[:, row], styles, demodulate=False) + v[f"{scope}/bias"]
        return y if image is None else image + y

    const = v["synthesis/4x4/Const/const"].astype(np.float64).transpose(0, 2, 3, 1)
    x = layer("synthesis/4x4/Conv", np.tile(const, (len(dlatents), 1, 1, 1)), 0, 0)
    image = torgb("synthesis/4x4/ToRGB", x, 1, None)
    for log in range(3, int(np.log2(RESOLUTION)) + 1):
        scope = f"synthesis/{2**log}x{2**log}"
        x = layer(f"{scope}/Conv0_up", x, log * 2 - 5, log * 2 - 5, up=True)
        x = layer(f"{scope}/Conv1", x, log * 2 - 4, log * 2 - 4)
        image = torgb(f"{scope}/ToRGB", x, log * 2 - 3, upsample_2d(image))
    return image.transpose(0, 3, 1, 2), styles


target = sys.argv[1]
g, gs = make("G"), make("Gs")
d = Network("D", EasyDict(resolution=RESOLUTION), [("4x4/Dense0/weight", normal(4, 4))], EasyDict())
with open(f"{target}/nvidia-tf-small.pkl", "wb") as file:
    pickle.dump((g, d, gs), file, protocol=4)

values = dict(gs.variables)
for prefix, component in gs.components.items():
    values |= {f"{prefix}/{name}": value for name, value in component.variables}
z = normal(3, Z)
w = map_latents(values, z.astype(np.float64))
w_plus = np.tile(w[:, None], (1, 2 * len(CHANNELS), 1)) + 0.5 * normal(3, 2 * len(CHANNELS), W)
w_plus = w_plus.astype(np.float32)
image, styles = synthesize(values, w_plus.astype(np.float64))
result = {"z": z, "w": w, "w_avg": values["dlatent_avg"], "w_plus": w_plus, "image": image}
result |= {f"s.{i:02}": style for i, style in enumerate(styles)}
save_file({k: np.ascontiguousarray(v, dtype=np.float32) for k, v in result.items()}, f"{target}/nvidia-tf-small.io.safetensors")
print("picture", image.min(), image.max())

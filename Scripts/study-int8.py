"""What 8-bit products in the decoder's hidden layers would cost, simulated in the numpy reference.

Development only. Inputs of the hidden layers are rounded to 8 bits without sign, one scale a layer; their weights to
8 bits, one scale an output; the first and the last layer stay as they are.
Usage: python3 Scripts/study-int8.py MODEL.safetensors benchmark/Set5        (needs numpy, Pillow, safetensors)
"""

import json
import pathlib
import sys

import numpy as np
import reference_liif
from PIL import Image
from safetensors import safe_open

LUMA = np.array([65.738, 129.057, 25.064]) / 256


def read_model(path):
    with safe_open(path, "np") as file:
        weights = {name: file.get_tensor(name).astype(np.float32) for name in file.keys()}
        return weights, json.loads(file.metadata()["liif.model"])["args"]


def rounded_weight(weight):
    scale = np.abs(weight).max(axis=1, keepdims=True) / 127
    return np.round(weight / scale) * scale


def make_mlp(weights, eight_bits):
    layers = sorted(int(n.split(".")[2]) for n in weights if n.startswith("imnet.") and n.endswith("weight"))
    matrices = {layer: weights[f"imnet.layers.{layer}.weight"] for layer in layers}
    for layer in layers[1:-1] if eight_bits else []:
        matrices[layer] = rounded_weight(matrices[layer])

    def mlp(x, _):
        for layer in layers:
            if eight_bits and layer in layers[1:-1]:
                scale = x.max() / 255
                x = np.clip(np.round(x / scale), 0, 255) * scale
            x = x @ matrices[layer].T + weights[f"imnet.layers.{layer}.bias"]
            if layer != layers[-1]:
                x = np.maximum(0, x)
        return x

    return mlp


def bilinear(image, height, width):
    def axis(count, source):
        position = np.clip(((reference_liif.pixel_centres(count) + 1) * source - 1) / 2, 0, source - 1)
        first = position.astype(int)
        return first, np.minimum(first + 1, source - 1), position - first

    top, bottom, fy = axis(height, image.shape[0])
    left, right, fx = axis(width, image.shape[1])
    fx, fy = fx[None, :, None], fy[:, None, None]
    above = image[top][:, left] * (1 - fx) + image[top][:, right] * fx
    below = image[bottom][:, left] * (1 - fx) + image[bottom][:, right] * fx
    return above * (1 - fy) + below * fy


def psnr(model, low, high, scale, mlp):
    weights, args = model
    reference_liif.mlp = mlp
    x = (low - 0.5) / 0.5
    height, width = low.shape[0] * scale, low.shape[1] * scale
    features = reference_liif.edsr(x, weights, args["encoder_spec"]["args"]["n_resblocks"]).astype(np.float32)
    prediction = reference_liif.liif(features, weights, height, width).astype(np.float64)
    if args.get("input_skip") == "bilinear":
        prediction += bilinear(x, height, width)
    difference = (np.clip(prediction * 0.5 + 0.5, 0, 1) - high[:height, :width]) @ LUMA
    return -10 * np.log10(np.mean(difference[scale:-scale, scale:-scale] ** 2))


def main():
    model, folder = read_model(sys.argv[1]), pathlib.Path(sys.argv[2])
    for scale in (2, 4):
        table = []
        for path in sorted((folder / "HR").iterdir()):
            small = folder / "LR_bicubic" / f"X{scale}" / f"{path.stem}x{scale}.png"
            low = np.asarray(Image.open(small).convert("RGB"), np.float32) / 255
            high = np.asarray(Image.open(path).convert("RGB"), np.float64) / 255
            table.append([psnr(model, low, high, scale, make_mlp(model[0], e)) for e in (False, True)])
        print(f"x{scale}: float32 {np.mean(table, axis=0)[0]:.4f} dB, 8 bits {np.mean(table, axis=0)[1]:.4f} dB")


main()

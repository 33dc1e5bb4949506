"""EDSR and LIIF (CVPR 2021) in plain numpy, in double precision: an oracle for tests, written for reading.

Development only. It is independent of the Swift sources: it unfolds the feature map, concatenates and asks
the whole decoder for each of the four latents, as the paper describes it.
"""

import numpy as np


def convolution(x, weight, bias):
    """x [H, W, C], weight [O, C, k, k]: zero-padded, stride 1."""
    k = weight.shape[2]
    radius = k // 2
    height, width, _ = x.shape
    padded = np.pad(x, ((radius, radius), (radius, radius), (0, 0)))
    result = np.broadcast_to(bias, (height, width, weight.shape[0])).copy()
    for dy in range(k):
        for dx in range(k):
            result += padded[dy : dy + height, dx : dx + width] @ weight[:, :, dy, dx].T
    return result


def edsr(x, weights, blocks, residual_scale=1.0):
    """x [H, W, 3], normalised → features [H, W, D]."""

    def conv(name, x):
        return convolution(x, weights[f"encoder.{name}.weight"], weights[f"encoder.{name}.bias"])

    head = conv("head.0", x)
    y = head
    for i in range(blocks):
        y = y + residual_scale * conv(f"body.{i}.body.2", np.maximum(0, conv(f"body.{i}.body.0", y)))
    return head + conv(f"body.{blocks}", y)


def unfold(features):
    """[H, W, D] → [H, W, 9·D], channel c·9 + k, k row by row over the 3×3 window, zeros outside."""
    height, width, _ = features.shape
    padded = np.pad(features, ((1, 1), (1, 1), (0, 0)))
    windows = [padded[dy : dy + height, dx : dx + width] for dy in range(3) for dx in range(3)]
    return np.stack(windows, axis=-1).reshape(height, width, -1)


def pixel_centres(count):
    """The release's make_coord, in float32 as there."""
    r = 1 / count
    return np.float32(-1 + r) + np.float32(2 * r) * np.arange(count, dtype=np.float32)


def nearest(coordinates, shift, count):
    """Index of the nearest latent on one axis after a shift, and its relative coordinate; float32 as there."""
    offset = np.float32(shift / count + 1e-6) if shift else np.float32(0)
    limit = np.float32(1 - 1e-6)
    moved = np.clip(coordinates + offset, -limit, limit)
    index = np.rint(((moved + np.float32(1)) * np.float32(count) - np.float32(1)) / np.float32(2))
    index = np.clip(index, 0, count - 1).astype(int)
    return index, (coordinates - pixel_centres(count)[index]) * np.float32(count)


def mlp(x, weights):
    layers = sorted(int(name.split(".")[2]) for name in weights if name.startswith("imnet.") and name.endswith("weight"))
    for layer in layers:
        x = x @ weights[f"imnet.layers.{layer}.weight"].T + weights[f"imnet.layers.{layer}.bias"]
        if layer != layers[-1]:
            x = np.maximum(0, x)
    return x


def liif(features, weights, height, width, local_ensemble=True, feat_unfold=True, cell_decode=True):
    """Features [H, W, D] → colours [height, width, 3], before de-normalisation."""
    rows, columns, _ = features.shape
    latents = unfold(features) if feat_unfold else features
    ys, xs = pixel_centres(height), pixel_centres(width)
    shifts = [(-1, -1), (-1, 1), (1, -1), (1, 1)] if local_ensemble else [(0, 0)]
    predictions, areas = [], []
    for shift_y, shift_x in shifts:
        iy, ry = nearest(ys, shift_y, rows)
        ix, rx = nearest(xs, shift_x, columns)
        grid_y = np.broadcast_to(ry[:, None], (height, width)).astype(np.float64)
        grid_x = np.broadcast_to(rx[None, :], (height, width)).astype(np.float64)
        parts = [latents[iy[:, None], ix[None, :]], grid_y[..., None], grid_x[..., None]]
        if cell_decode:
            cell = np.array([np.float32(2 / height) * rows, np.float32(2 / width) * columns])
            parts.append(np.broadcast_to(cell, (height, width, 2)))
        predictions.append(mlp(np.concatenate(parts, axis=-1), weights))
        areas.append(np.abs(grid_y * grid_x) + 1e-9)
    total = sum(areas)
    return sum(p * (a / total)[..., None] for p, a in zip(predictions, reversed(areas)))

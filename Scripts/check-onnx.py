#!/usr/bin/env python3
"""Runs ONNX files that liif wrote with onnxruntime, and compares with liif's outputs. Tests call it.

    check-onnx.py FOLDER

For each NAME@*.safetensors: `image` [H, W, 3] in 0…1, `features` [H, W, D] and pictures [h, w, 3] in 0…1; against
NAME.onnx, and against NAME-encoder.onnx followed by NAME-decoder.onnx. All are checked by the onnx package first.
"""

import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from safetensors.numpy import load_file

WORST = 1e-4


def session(path):
    onnx.checker.check_model(str(path), full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def pixel_centres(count):
    r = 1 / count
    return np.float32(-1 + r) + np.float32(2 * r) * np.arange(count, dtype=np.float32)


def compare(what, actual, expected):
    assert actual.shape == expected.shape, f"{what}: {actual.shape}, expected {expected.shape}"
    worst = np.abs(actual - expected).max()
    print(f"{what}: worst difference {worst:.1e}, range {expected.min():.2f}…{expected.max():.2f}")
    if not worst <= WORST:
        raise SystemExit(f"{what}: differs by {worst}, more than {WORST}")


def decode(decoder, features, image, height, width):
    """All pixels in two calls, the second with one cell for all its queries where cells are asked for."""
    ys, xs = np.meshgrid(pixel_centres(height), pixel_centres(width), indexing="ij")
    coordinates = np.stack([ys, xs], -1).reshape(1, -1, 2)
    cell = np.array([[[2 / height, 2 / width]]], np.float32)
    names = {value.name for value in decoder.get_inputs()}
    half = coordinates.shape[1] // 2
    parts = []
    for part in (coordinates[:, :half], coordinates[:, half:]):
        cells = np.broadcast_to(cell, part.shape) if not parts else cell
        feeds = {"features": features, "coordinates": part, "cells": cells, "image": image}
        parts.append(decoder.run(["colours"], {k: np.ascontiguousarray(v) for k, v in feeds.items() if k in names})[0])
    return np.concatenate(parts, 1).reshape(height, width, 3)


def check(folder, name):
    whole, encoder, decoder = (session(folder / f"{name}{part}.onnx") for part in ("", "-encoder", "-decoder"))
    for path in sorted(folder.glob(f"{name}@*.safetensors")):
        expected = load_file(path)
        image = np.ascontiguousarray(expected.pop("image").transpose(2, 0, 1)[None])
        features = encoder.run(["features"], {"image": image})[0]
        compare(f"{path.stem} features", features[0].transpose(1, 2, 0), expected.pop("features"))
        for size, picture in sorted(expected.items()):
            height, width = picture.shape[:2]
            pixels = whole.run(["pixels"], {"image": image, "size": np.array([height, width], np.int64)})[0]
            compare(f"{path.stem} {size} whole", pixels[0].transpose(1, 2, 0), picture)
            compare(f"{path.stem} {size} in two", decode(decoder, features, image, height, width), picture)


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    names = sorted({path.name.split("@")[0] for path in folder.glob("*@*.safetensors")})
    assert names, "no case in the folder"
    for name in names:
        check(folder, name)

#!/usr/bin/env python3
"""Loads .pth files that liif wrote with PyTorch, and compares their outputs with liif's. Tests call it.

    check-torch.py FOLDER

For each NAME.pth: torch.load(weights_only=True), the released classes of released_model.py with a strict
load_state_dict, and the outputs in NAME.safetensors: `image` [H, W, 3] in 0…1 and pictures [h, w, 3] in 0…1.
NAME.refused.pth must load, and then be refused by the classes.
"""

import pathlib
import sys

import released_model
import torch
from safetensors.torch import load_file

WORST = 1e-5


def outputs(model, image, height, width):
    coordinates = released_model.grid(height, width).view(1, -1, 2)
    cells = torch.tensor([2 / height, 2 / width]).expand_as(coordinates)
    colours = model((image.permute(2, 0, 1)[None] - 0.5) / 0.5, coordinates, cells)
    return (colours.view(height, width, 3) * 0.5 + 0.5).clamp(0, 1)


def check(path):
    checkpoint = torch.load(path, weights_only=True)
    if path.name.endswith(".refused.pth"):
        try:
            released_model.make(checkpoint["model"], load_state=True)
        except TypeError as error:
            print(f"{path.name}: refused: {error}")
            return
        raise SystemExit(f"{path.name}: the released classes took it")
    model = released_model.make(checkpoint["model"], load_state=True).eval()
    expected = load_file(path.with_suffix(".safetensors"))
    image = expected.pop("image")
    with torch.no_grad():
        for name, picture in expected.items():
            worst = (outputs(model, image, *picture.shape[:2]) - picture).abs().max().item()
            print(f"{path.name}: {name}: worst difference {worst:.1e}, range {picture.min():.2f}…{picture.max():.2f}")
            if not worst <= WORST:
                raise SystemExit(f"{path.name}: {name}: differs by {worst}, more than {WORST}")


if __name__ == "__main__":
    paths = sorted(pathlib.Path(sys.argv[1]).glob("*.pth"))
    assert paths, "no .pth in the folder"
    for path in paths:
        check(path)

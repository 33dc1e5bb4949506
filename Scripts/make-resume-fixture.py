#!/usr/bin/env python3
"""Makes the fixture of ReleasedResumeTests: development only, needs PyTorch and safetensors.

Run from the root of the repository: python3 Scripts/make-resume-fixture.py
A small EDSR-LIIF is moved by three steps of torch.optim.Adam along made-up gradients and saved as the released code
saves its checkpoints; the weights after a fourth step are the oracle.
"""

import pathlib

import torch
from released_model import make
from safetensors.torch import save_file

FOLDER = pathlib.Path("Tests/LIIFTrainingTests/Fixtures")
SPECIFICATION = {
    "name": "liif",
    "args": {
        "encoder_spec": {"name": "edsr-baseline", "args": {"no_upsampling": True, "n_resblocks": 1, "n_feats": 8}},
        "imnet_spec": {"name": "mlp", "args": {"out_dim": 3, "hidden_list": [16]}},
    },
}


def set_gradients(model, step):
    """Element i of every trained parameter: sin(0.37 i + step)."""
    for parameter in model.parameters():
        if parameter.requires_grad:
            angles = torch.arange(parameter.numel(), dtype=torch.float64) * 0.37 + step
            parameter.grad = torch.sin(angles).float().view_as(parameter)


torch.manual_seed(1)
model = make(SPECIFICATION)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(3):
    set_gradients(model, step)
    optimizer.step()
torch.save(
    {
        "model": {**SPECIFICATION, "sd": model.state_dict()},
        "optimizer": {"name": "adam", "args": {"lr": 1e-3}, "sd": optimizer.state_dict()},
        "epoch": 1,
    },
    FOLDER / "released-training.pth")
set_gradients(model, 3)
optimizer.step()
save_file(
    {name: p.detach().clone() for name, p in model.named_parameters() if p.requires_grad},
    FOLDER / "released-training-next.safetensors")

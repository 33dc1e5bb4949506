#!/usr/bin/env python3
"""Makes the fixture of MuonTrainingTests: development only, needs PyTorch 2.9 or later and safetensors.

Run from the root of the repository: python3 Scripts/make-muon-fixture.py
The weights of make-resume-fixture.py's checkpoint after three steps along made-up gradients: torch.optim.Muon for the
matrices that neither read nor write colours, torch.optim.Adam for all else. PyTorch iterates in BF16; here it is made to
in float32.
"""

import pathlib

import torch
from released_model import make
from safetensors.torch import save_file

FOLDER = pathlib.Path("Tests/LIIFTrainingTests/Fixtures")
RATE = 1e-2


class AsMatrix(torch.Tensor):
    """A gradient that stays in float32 when it is asked to be BF16."""

    def bfloat16(self):
        return self.as_subclass(torch.Tensor).clone()


def gradient(parameter, step):
    """Element i: sin(0.37 i + 0.011 i² + step)."""
    i = torch.arange(parameter.numel(), dtype=torch.float64)
    return torch.sin(0.37 * i + 0.011 * i * i + step).float().view_as(parameter)


checkpoint = torch.load(FOLDER / "released-training.pth")["model"]
model = make({"name": checkpoint["name"], "args": checkpoint["args"]})
model.load_state_dict(checkpoint["sd"])
trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
is_matrix = {name: p.ndim > 1 and p.shape[0] > 3 and p.shape[1] > 3 for name, p in trained.items()}
matrices = {name: torch.nn.Parameter(p.detach().flatten(1).clone()) for name, p in trained.items() if is_matrix[name]}
others = {name: p for name, p in trained.items() if not is_matrix[name]}
muon = torch.optim.Muon(matrices.values(), lr=RATE, weight_decay=0, adjust_lr_fn="match_rms_adamw")
adam = torch.optim.Adam(others.values(), lr=RATE)
original = torch.optim._muon._zeropower_via_newtonschulz
torch.optim._muon._zeropower_via_newtonschulz = lambda g, *rest: original(g.as_subclass(AsMatrix), *rest)
for step in range(3):
    for name, parameter in (matrices | others).items():
        parameter.grad = gradient(parameter, step)
    muon.step()
    adam.step()
moved = {name: p.detach().view_as(trained[name]).clone() for name, p in (matrices | others).items()}
assert all(p.dtype == torch.float32 for p in moved.values())
save_file(moved, FOLDER / "muon-three-steps.safetensors")

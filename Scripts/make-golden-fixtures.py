#!/usr/bin/env python3
"""Makes the fixtures of LIIFTests and LIIFTrainingTests: development only, needs numpy, pillow, safetensors.

Run from the root of the repository: python3 Scripts/make-golden-fixtures.py GOLDENS
where GOLDENS is the folder of golden numbers that the paper's released implementation made.

- LIIFTests: input.png, models.json and every model's features and outputs, copied as they are;
  `released-small.pth`, a small model in a released checkpoint's exact layout, and its outputs according
  to Scripts/reference_liif.py, which is first checked against the released implementation's.
- LIIFTrainingTests: training.safetensors with every element of tensors up to WHOLE elements and every
  STRIDE-th (counted row-major from 0) of larger ones. STRIDE is prime to every axis, so that all rows,
  columns and kernel positions are met.
"""

import importlib.util
import pathlib
import shutil
import sys
from collections import OrderedDict

import numpy as np
import reference_liif
from PIL import Image
from safetensors.numpy import load_file, save_file

WHOLE, STRIDE = 4096, 7
MODELS = pathlib.Path("Tests/LIIFTests/Fixtures")
TRAINING = pathlib.Path("Tests/LIIFTrainingTests/Fixtures")
FAMILY = ["edsr-baseline-liif", *(f"edsr-baseline-liif-{x}" for x in "cude"), "rdn-liif", "edsr-baseline-metasr",
          "rdn-metasr", *(f"edsr-baseline-x{s}" for s in "2348"), *(f"rdn-x{s}" for s in "234")]

specification = importlib.util.spec_from_file_location(
    "tensorfiles", pathlib.Path(__file__).with_name("make-tensorfiles-fixtures.py"))
tensorfiles = importlib.util.module_from_spec(specification)
specification.loader.exec_module(tensorfiles)


def formula(name, shape, fan_in):
    bits = np.array(tensorfiles.formula_bits(name, int(np.prod(shape)), fan_in), np.uint32)
    return bits.view(np.float32).reshape(shape)


def parameters(blocks, channels, hidden):
    """Names and shapes in the order of PyTorch's state dict, without the frozen mean shifts."""
    shapes = OrderedDict()

    def layer(name, *shape):
        shapes[f"{name}.weight"], shapes[f"{name}.bias"] = shape, shape[:1]

    layer("encoder.head.0", channels, 3, 3, 3)
    for i in range(blocks):
        layer(f"encoder.body.{i}.body.0", channels, channels, 3, 3)
        layer(f"encoder.body.{i}.body.2", channels, channels, 3, 3)
    layer(f"encoder.body.{blocks}", channels, channels, 3, 3)
    inputs = channels * 9 + 4
    for i, outputs in enumerate([*hidden, 3]):
        layer(f"imnet.layers.{2 * i}", outputs, inputs)
        inputs = outputs
    return shapes


def formula_weights(shapes):
    fan_in = {name: int(np.prod(shape[1:])) for name, shape in shapes.items() if name.endswith("weight")}
    return {name: formula(name, shape, fan_in[name.rsplit(".", 1)[0] + ".weight"]) for name, shape in shapes.items()}


def input_image():
    pixels = np.asarray(Image.open(MODELS / "input.png").convert("RGB"), np.float32) / np.float32(255)
    return ((pixels - np.float32(0.5)) / np.float32(0.5)).astype(np.float64)


def check_reference():
    """The numpy oracle against the released implementation: features and outputs of the formula weights."""
    weights = {k: v.astype(np.float64) for k, v in formula_weights(parameters(16, 64, [256] * 4)).items()}
    golden = load_file(MODELS / "edsr-baseline-liif.safetensors")
    features = reference_liif.edsr(input_image(), weights, 16)
    worst = {"features": np.abs(features.transpose(2, 0, 1) - golden["features"]).max()}
    for name in ["x1", "x2", "x3.7", "stretch"]:
        height, width, _ = golden[name].shape
        worst[name] = np.abs(reference_liif.liif(features, weights, height, width) - golden[name]).max()
    print("reference against released implementation, worst absolute difference:", worst)
    assert max(worst.values()) < 1e-5


def small_checkpoint():
    """A model of 2 blocks and 8 channels as the release saves one: frozen layers, Adam's state, epoch."""
    blocks, channels, hidden = 2, 8, [16, 16]
    shapes = parameters(blocks, channels, hidden)
    rng = np.random.default_rng(7)
    trained = {}
    for name, shape in shapes.items():
        if name.endswith("bias"):
            trained[name] = (0.3 * rng.standard_normal(shape)).astype(np.float32)
        else:
            # A decoder of a larger gain than at the start of training: an error anywhere shows in the colours.
            gain = np.float32(2.5 if name.startswith("imnet") else 1)
            trained[name] = gain * formula(f"small.{name}", shape, int(np.prod(shape[1:])))
    state = OrderedDict()
    for shift, sign in [("encoder.sub_mean", -1), ("encoder.add_mean", 1)]:
        frozen = {f"{shift}.weight": np.eye(3, dtype=np.float32).reshape(3, 3, 1, 1),
                  f"{shift}.bias": sign * np.array([0.4488, 0.4371, 0.4040], np.float32)}
        for name, values in frozen.items():
            state[name] = tensorfiles.Tensor(values, values.shape)
    for name, values in trained.items():
        state[name] = tensorfiles.Tensor(values, values.shape)
    modules = sorted({prefix for name in state for prefix in
                      (".".join(name.split(".")[:i]) for i in range(len(name.split("."))))})
    state._metadata = OrderedDict((module, {"version": 1}) for module in modules)
    adam = {
        i: {"step": tensorfiles.Tensor([1000.0], []),
            "exp_avg": tensorfiles.Tensor(1e-3 * rng.standard_normal(shape), shape),
            "exp_avg_sq": tensorfiles.Tensor(1e-6 * rng.random(shape), shape)}
        for i, shape in enumerate(shapes.values(), start=4)
    }
    group = {"lr": 1e-4, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0, "amsgrad": False,
             "maximize": False, "foreach": None, "capturable": False, "differentiable": False, "fused": None,
             "params": list(range(len(shapes) + 4))}
    checkpoint = {
        "model": {
            "name": "liif",
            "args": {
                "encoder_spec": {"name": "edsr-baseline",
                                 "args": {"n_resblocks": blocks, "n_feats": channels, "no_upsampling": True}},
                "imnet_spec": {"name": "mlp", "args": {"out_dim": 3, "hidden_list": hidden}},
            },
            "sd": state,
        },
        "optimizer": {"name": "adam", "args": {"lr": 1e-4}, "sd": {"state": adam, "param_groups": [group]}},
        "epoch": 1,
    }
    tensorfiles.FIXTURES = MODELS
    tensorfiles.write_checkpoint("released-small.pth", checkpoint)

    weights = {name: values.astype(np.float64) for name, values in trained.items()}
    features = reference_liif.edsr(input_image(), weights, blocks)
    outputs = {"features": features.transpose(2, 0, 1)}
    for name, (height, width) in {"x1": (24, 32), "stretch": (31, 200), "x3.7": (89, 118), "small": (5, 1)}.items():
        outputs[name] = reference_liif.liif(features, weights, height, width)
    save_file({k: np.ascontiguousarray(v, np.float32) for k, v in outputs.items()},
              MODELS / "released-small.outputs.safetensors")


def reduce_training(source):
    reduced = {}
    for name, values in load_file(source).items():
        whole = not name.startswith("gradient.") or values.size <= WHOLE
        assert whole or all(np.gcd(extent, STRIDE) == 1 for extent in values.shape)
        reduced[name] = values if whole else np.ascontiguousarray(values.ravel()[::STRIDE])
    save_file(reduced, TRAINING / "training.safetensors", metadata={"whole": str(WHOLE), "stride": str(STRIDE)})


if __name__ == "__main__":
    goldens = pathlib.Path(sys.argv[1])
    MODELS.mkdir(parents=True, exist_ok=True)
    TRAINING.mkdir(parents=True, exist_ok=True)
    for name in ["input.png", "models.json", *(f"{model}.safetensors" for model in FAMILY)]:
        shutil.copyfile(goldens / name, MODELS / name)
    check_reference()
    small_checkpoint()
    reduce_training(goldens / "training.safetensors")
    for file in [*MODELS.iterdir(), *TRAINING.iterdir()]:
        file.chmod(0o644)
        print(f"{file.stat().st_size:9} {file}")

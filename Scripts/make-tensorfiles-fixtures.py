#!/usr/bin/env python3
"""Makes Tests/TensorFilesTests/Fixtures: development only, needs numpy and safetensors, no torch.

Run from the root of the repository: python3 Scripts/make-tensorfiles-fixtures.py
"""

import json
import math
import pathlib
import struct

import numpy as np
import safetensors
import safetensors.numpy

FIXTURES = pathlib.Path("Tests/TensorFilesTests/Fixtures")

# ---------------------------------------------------------------- safetensors: the reference library writes


def bfloat16_bits(values):
    """Nearest-even BF16 of finite float32 values, by exact search between the two neighbours."""
    bits = []
    for value in np.asarray(values, np.float32):
        down = int(np.float32(value).view(np.uint32)) >> 16
        candidates = [b for b in (down, down + 1) if b < 0x10000]
        floats = [float(np.uint32(b << 16).view(np.float32)) for b in candidates]
        distance = [abs(f - float(value)) if math.isfinite(f) else math.inf for f in floats]
        best = min(distance)
        ties = [b for b, d in zip(candidates, distance) if d == best]
        bits.append(ties[0] if len(ties) == 1 else next(b for b in ties if b % 2 == 0))
    return np.array(bits, np.uint16)


def make_safetensors():
    rng = np.random.default_rng(1)
    safetensors.numpy.save_file(
        {
            "bias": rng.standard_normal(5).astype(np.float32),
            "empty": np.zeros((3, 0, 2), np.float32),
            "scalar": np.array(-2.5, np.float32),
            "weight": rng.standard_normal((5, 3, 2, 2)).astype(np.float32),
        },
        FIXTURES / "float32.safetensors",
        metadata={"config": '{"name": "liif", "µ": "1\\n\\t2"}'},
    )
    # The same numbers in every type, and as float32 or exact integers beside them.
    real = np.array(
        [0.0, -0.0, 1.0, -1.5, 0.1, 1 / 3, 65504.0, 65519.9, 65520.0, -1e6, 6.1e-5, 6.0e-5, 2.0**-24,
         2.0**-25, 3 * 2.0**-25, 1e-9, 1.00390625, 1.01171875, 2049.0, 2051.0, math.inf, -math.inf],
        np.float32,
    )
    with np.errstate(over="ignore"):
        half = real.astype(np.float16)
    brain = bfloat16_bits(real[:-2])
    brain = np.concatenate([brain, np.array([0x7F80, 0xFF80], np.uint16)])
    whole = {
        "I64": np.array([0, -1, 2**53 + 1, -(2**63), 2**63 - 1], np.int64),
        "I32": np.array([0, -1, 2**31 - 1, -(2**31)], np.int32),
        "I16": np.array([0, -1, 2**15 - 1, -(2**15)], np.int16),
        "I8": np.array([0, -1, 127, -128], np.int8),
        "U8": np.array([0, 1, 127, 255], np.uint8),
        "BOOL": np.array([0, 1, 1, 0], np.uint8),
    }
    kinds = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16", "I64": "int64",
             "I32": "int32", "I16": "int16", "I8": "int8", "U8": "uint8", "BOOL": "bool"}
    raw = {"F64": real.astype(np.float64) * (1 + 2.0**-40), "F32": real, "F16": half, "BF16": brain, **whole}
    data = {
        name: safetensors.TensorSpec(
            dtype=kinds[name], shape=list(values.shape), data_ptr=values.ctypes.data, data_len=values.nbytes)
        for name, values in raw.items()
    }
    safetensors.serialize_file(data, str(FIXTURES / "types.safetensors"))
    for file in FIXTURES.glob("*.safetensors"):
        file.chmod(0o644)
    with np.errstate(over="ignore"):
        expected = {
            "F64": raw["F64"].astype(np.float32),
            "F32": real,
            "F16": half.astype(np.float32),
            "BF16": (brain.astype(np.uint32) << 16).view(np.float32),
        }
    (FIXTURES / "types.json").write_text(
        json.dumps(
            {
                "floatBits": {k: [int(b) for b in v.view(np.uint32)] for k, v in expected.items()},
                "integers": {k: [int(x) for x in v] for k, v in whole.items()},
            }
        )
        + "\n"
    )


# ------------------------------------------------------------------------- the goldens' formula for weights


def formula_bits(name, count, fan_in):
    mask = (1 << 64) - 1
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x100000001B3) & mask
    bits = []
    for i in range(count):
        z = (seed + (i + 1) * 0x9E3779B97F4A7C15) & mask
        z ^= z >> 30
        z = (z * 0xBF58476D1CE4E5B9) & mask
        z ^= z >> 27
        z = (z * 0x94D049BB133111EB) & mask
        z ^= z >> 31
        u = (z >> 40) * 2.0**-24
        bits.append(struct.unpack("<I", struct.pack("<f", (2 * u - 1) / math.sqrt(fan_in)))[0])
    return bits


def make_formula():
    cases = [
        ("encoder.body.0.body.0.weight", [64, 64, 3, 3], 576),
        ("imnet.layers.0.bias", [256], 580),
        ("encoder.head.0.weight", [64, 3, 3, 3], 27),
    ]
    rows = []
    for name, shape, fan_in in cases:
        bits = formula_bits(name, math.prod(shape), fan_in)
        total = 0
        for b in bits:
            total = (total * 31 + b) & ((1 << 64) - 1)
        rows.append({"name": name, "shape": shape, "fanIn": fan_in, "first": bits[:8], "last": bits[-1],
                     "polynomial31": str(total)})
    (FIXTURES / "formula-weights.json").write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    FIXTURES.mkdir(parents=True, exist_ok=True)
    make_safetensors()
    make_formula()

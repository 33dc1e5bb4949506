#!/usr/bin/env python3
"""Makes Tests/TensorFilesTests/Fixtures: development only, needs numpy and safetensors, no torch.

Run from the root of the repository: python3 Scripts/make-tensorfiles-fixtures.py
"""

import io
import json
import math
import pathlib
import pickle
import struct
import sys
import types
import zlib
from collections import OrderedDict

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


# ------------------------------------------------------ PyTorch checkpoints, written without PyTorch
# pickle.Pickler names classes and functions by module: these stand where torch's would be.

torch = types.ModuleType("torch")
torch._utils = types.ModuleType("torch._utils")
sys.modules.update({"torch": torch, "torch._utils": torch._utils})


def stand_in(module, name):
    def function(*arguments):
        raise RuntimeError("only its name is pickled")

    function.__module__, function.__name__, function.__qualname__ = module.__name__, name, name
    setattr(module, name, function)
    return function


rebuild_tensor = stand_in(torch._utils, "_rebuild_tensor_v2")
rebuild_parameter = stand_in(torch._utils, "_rebuild_parameter")
torch_size = stand_in(torch, "Size")
STORAGES = {
    name: stand_in(torch, f"{name}Storage")
    for name in ("Double", "Float", "Half", "BFloat16", "Long", "Int", "Short", "Char", "Byte", "Bool")
}


class Storage:
    def __init__(self, values, kind="Float"):
        self.values, self.kind = values, kind


class Tensor:
    """A view of a storage: `strides` in elements, row-major when left out."""

    def __init__(self, storage, shape, strides=None, offset=0):
        if not isinstance(storage, Storage):
            storage = Storage(np.asarray(storage, np.float32).ravel())
        if strides is None:
            strides = [math.prod(shape[i + 1 :]) for i in range(len(shape))]
        self.storage, self.shape, self.strides, self.offset = storage, tuple(shape), tuple(strides), offset

    def __reduce__(self):
        return rebuild_tensor, (self.storage, self.offset, self.shape, self.strides, False, OrderedDict())

    def numpy(self):
        values = self.storage.values
        if self.storage.kind == "BFloat16":
            values = (values.astype(np.uint32) << 16).view(np.float32)
        step = values.itemsize
        return np.lib.stride_tricks.as_strided(
            values[self.offset :], self.shape, [step * s for s in self.strides]).astype(np.float32)


class Parameter(Tensor):
    def __reduce__(self):
        plain = Tensor(self.storage, self.shape, self.strides, self.offset)
        return rebuild_parameter, (plain, True, OrderedDict())


class Size(tuple):
    def __reduce__(self):
        return torch_size, (tuple(self),)


class CheckpointPickler(pickle.Pickler):
    def __init__(self, file, protocol, legacy):
        super().__init__(file, protocol=protocol)
        self.storages, self.legacy = [], legacy

    def persistent_id(self, value):
        if not isinstance(value, Storage):
            return None
        if all(value is not known for known in self.storages):
            self.storages.append(value)
        key = next(str(i) for i, known in enumerate(self.storages) if known is value)
        identifier = ("storage", STORAGES[value.kind], key, "cpu", len(value.values))
        return identifier + (None,) if self.legacy else identifier


def dump(value, protocol=2, legacy=False):
    file = io.BytesIO()
    pickler = CheckpointPickler(file, protocol, legacy)
    pickler.dump(value)
    return file.getvalue(), pickler.storages


def torch_zip(entries):
    """Bytes as miniz lays them out for torch.save: data aligned to 64, descriptors, a zip64 end record."""
    out, directory = bytearray(), bytearray()
    for name, data in entries:
        name, start, checksum = name.encode(), len(out), zlib.crc32(data)
        padding = -(start + 30 + len(name) + 4) % 64
        extra = b"FB" + struct.pack("<H", padding) + b"Z" * padding
        out += struct.pack("<IHHHHHIIIHH", 0x04034B50, 0, 0x0808, 0, 0, 0, 0, 0, 0, len(name), len(extra))
        out += name + extra + data + struct.pack("<IIII", 0x08074B50, checksum, len(data), len(data))
        directory += struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 0, 0, 0x0808, 0, 0, 0, checksum, len(data),
                                 len(data), len(name), 0, 0, 0, 0, 0, start) + name
    start, count = len(out), len(entries)
    end = start + len(directory)
    out += directory
    out += struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 0x031E, 45, 0, 0, count, count, len(directory), start)
    out += struct.pack("<IIQI", 0x07064B50, 0, end, 1)
    out += struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(directory), start, 0)
    return bytes(out)


def write_checkpoint(name, value, protocol=2):
    pickled, storages = dump(value, protocol)
    entries = [("data.pkl", pickled), (".format_version", b"1"), (".storage_alignment", b"64"),
               ("byteorder", b"little")]
    entries += [(f"data/{i}", storage.values.tobytes()) for i, storage in enumerate(storages)]
    entries += [("version", b"3\n"), (".data/serialization_id", b"0" * 40)]
    stem = name.removesuffix(".pth")
    (FIXTURES / name).write_bytes(torch_zip([(f"{stem}/{entry}", data) for entry, data in entries]))


def write_legacy_checkpoint(name, value):
    system = {"protocol_version": 1001, "little_endian": True,
              "type_sizes": {"short": 2, "int": 4, "long": 4}}
    pickled, storages = dump(value, legacy=True)
    out = b"".join(pickle.dumps(x, 2) for x in (0x1950A86A20F9469CFC6C, 1001, system)) + pickled
    order = sorted(range(len(storages)), key=str)
    out += pickle.dumps([str(i) for i in order], 2)
    for i in order:
        out += struct.pack("<q", len(storages[i].values)) + storages[i].values.tobytes()
    (FIXTURES / name).write_bytes(out)


def tiny_checkpoint():
    rng = np.random.default_rng(2)

    def normal(*shape):
        return rng.standard_normal(shape).astype(np.float32)

    shared = Storage(normal(24).ravel())
    state = OrderedDict()
    state["encoder.head.0.weight"] = Tensor(normal(2, 3, 2, 2), [2, 3, 2, 2])
    state["encoder.head.0.bias"] = Tensor(normal(2), [2])
    state["transposed"] = Tensor(shared, [4, 3], [1, 4])
    state["row"] = Tensor(shared, [5], offset=13)
    state["channelsLast"] = Tensor(shared, [1, 2, 3, 4], [24, 1, 8, 2])
    state["spread"] = Tensor(shared, [2, 2], [12, 5], offset=3)
    state["expanded"] = Tensor(shared, [3, 2], [0, 1], offset=1)
    state["scalar"] = Tensor(normal(1), [])
    state["empty"] = Tensor(np.zeros(0), [0, 3])
    state["half"] = Tensor(Storage(normal(3).astype(np.float16), "Half"), [3])
    state["brain"] = Tensor(Storage(bfloat16_bits(normal(3)), "BFloat16"), [3])
    state["double"] = Tensor(Storage(rng.standard_normal(3), "Double"), [3])
    state["parameter"] = Parameter(normal(2), [2])
    for kind, dtype in {"Long": np.int64, "Int": np.int32, "Short": np.int16, "Char": np.int8,
                        "Byte": np.uint8, "Bool": np.uint8}.items():
        state[kind.lower()] = Tensor(Storage(np.array([1, 0, 1], dtype), kind), [3])
    # state_dict() hangs the modules' versions on the dictionary as an attribute.
    state._metadata = OrderedDict([("", {"version": 1}), ("encoder", {"version": 1})])
    return {
        "model": {
            "name": "liif",
            "args": {
                "encoder_spec": {"name": "edsr-baseline", "args": {"no_upsampling": True}},
                "imnet_spec": {"name": "mlp", "args": {"out_dim": 3, "hidden_list": [256, 256, 256, 256]}},
            },
            "sd": state,
        },
        "optimizer": {
            "name": "adam",
            "args": {"lr": 1e-4},
            "sd": {
                "state": {
                    0: {"step": 1000, "exp_avg": Tensor(normal(2), [2])},
                    1: {"step": Tensor([70000.0], []), "exp_avg": Tensor(normal(3), [3])},
                },
                "param_groups": [
                    {"lr": 5e-5, "betas": (0.9, 0.999), "eps": 1e-8, "foreach": None, "amsgrad": False,
                     "params": [0, 1]}
                ],
            },
        },
        "epoch": 1000,
        "numbers": [-1, 255, 256, 65535, 65536, -(2**31), 2**31, -(2**63), 2**63 - 1, 0.1, -1e300],
        "long name": "µ" * 200,
        "size": Size((48, 64)),
        "names": [f"n{i}" for i in range(200)] * 2,  # more than the memo's one-byte indices reach
        "nothing": ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], {}),
    }


def make_checkpoints():
    value = tiny_checkpoint()
    write_checkpoint("tiny.pth", value)
    write_checkpoint("tiny-protocol-5.pth", value, protocol=5)
    write_legacy_checkpoint("tiny-legacy.pth", value)
    expected = {name: np.ascontiguousarray(t.numpy()).reshape(t.shape) for name, t in value["model"]["sd"].items()}
    for i, state in value["optimizer"]["sd"]["state"].items():
        expected[f"exp_avg.{i}"] = state["exp_avg"].numpy()
    safetensors.numpy.save_file(expected, FIXTURES / "tiny.safetensors")


if __name__ == "__main__":
    FIXTURES.mkdir(parents=True, exist_ok=True)
    make_safetensors()
    make_formula()
    make_checkpoints()
    for file in FIXTURES.iterdir():
        file.chmod(0o644)

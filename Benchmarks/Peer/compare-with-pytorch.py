#!/usr/bin/env python3
"""Times this program and PyTorch on the same jobs, in turns, on the same cores. Development only.

    python Benchmarks/Peer/compare-with-pytorch.py [--liif .build/release/liif] [--rounds 3]

Needs PyTorch and numpy (pip install torch numpy). PyTorch runs the released model's classes (Scripts/released_model.py) as the
release does: the encoder once, then queries in batches of 30,000; a training step on a batch of 16 with Adam. float32, and
BF16 where the processor has it (autocast, as one would). Medians, and how many times as fast liif was in the median round.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import time

root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "Scripts"))

import released_model  # noqa: E402
import torch  # noqa: E402

QUERIES_PER_BATCH = 30_000


def specification():
    return {
        "name": "liif",
        "args": {
            "encoder_spec": {"name": "edsr-baseline", "args": {"no_upsampling": True}},
            "imnet_spec": {"name": "mlp", "args": {"out_dim": 3, "hidden_list": [256] * 4}},
        },
    }


def upscaling(model, precision, size=256, scale=2):
    image = torch.rand(1, 3, size, size) * 2 - 1
    extent = size * scale
    coordinates = released_model.grid(extent, extent).view(1, -1, 2)
    cells = torch.full_like(coordinates, 2 / extent)
    encoder = model.encoder

    class Cached(torch.nn.Module):
        def __init__(self, features):
            super().__init__()
            self.features = features

        def forward(self, _):
            return self.features

    def run():
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
            model.encoder = Cached(encoder(image))
            try:
                for start in range(0, coordinates.shape[1], QUERIES_PER_BATCH):
                    batch = slice(start, start + QUERIES_PER_BATCH)
                    model(image, coordinates[:, batch], cells[:, batch])
            finally:
                model.encoder = encoder

    return run


def training(model, precision, batch=16, size=48, samples=2304):
    image = torch.rand(batch, 3, size, size) * 2 - 1
    coordinates = torch.rand(batch, samples, 2) * 2 - 1
    cells = torch.full_like(coordinates, 2 / 96)
    truth = torch.rand(batch, samples, 3) * 2 - 1
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], 1e-4)

    def run():
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
            loss = (model(image, coordinates, cells) - truth).abs().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return run


def seconds_of_liif(program, job, precision):
    command = [program, "benchmark", "--only", job, "--rounds", "1", "--json", "--precision", precision]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    (measured,) = report["jobs"]
    return measured["median_seconds"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--liif", default=str(root / ".build/release/liif"))
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    precisions = ["float32"]
    # Linux's; elsewhere float32 alone.
    features = pathlib.Path("/proc/cpuinfo")
    if features.exists() and "avx512_bf16" in features.read_text():
        precisions.append("bfloat16")
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads\n")
    print("| job | precision | PyTorch | liif | times as fast |\n|---|---|---:|---:|---:|")
    for name, job, make in [
        ("256×256 to 512×512", "file x2", upscaling),
        ("training step, batch 16", "training step", training),
    ]:
        for precision in precisions:
            peer = make(released_model.make(specification()), precision)
            peer()  # warms up
            theirs, ours = [], []
            for _ in range(options.rounds):
                start = time.perf_counter()
                peer()
                theirs.append(time.perf_counter() - start)
                ours.append(seconds_of_liif(options.liif, job, precision))
            ratio = statistics.median(t / o for t, o in zip(theirs, ours))
            print(
                f"| {name} | {precision} | {statistics.median(theirs):.2f} s | {statistics.median(ours):.2f} s "
                f"| {ratio:.1f} |",
                flush=True)


if __name__ == "__main__":
    main()

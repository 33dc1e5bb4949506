#!/usr/bin/env python3
"""Makes the fixtures of ImagingTests and PictureFixtures. Development only.

Needs numpy, pillow and scikit-image. The pictures are crops of scikit-image's `coffee` and `astronaut`, which are in
the public domain (CC0, NASA), and seeded noise. Run from the package's root: python3 Scripts/make-imaging-fixtures.py

Resampling fixtures are raw: one file per oracle, a sequence of cases, each
  int32 little endian: channels, height, width, newHeight, newWidth; then the input's and the output's bytes.
"""

import math
import struct
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from skimage import data

TESTS = Path(__file__).resolve().parent.parent / "Tests"
IMAGING = TESTS / "ImagingTests" / "Fixtures"
CODECS = TESTS / "PictureFixtures" / "Fixtures"

coffee = data.coffee()
astronaut = data.astronaut()
noise = np.random.default_rng(2021).integers(0, 256, (64, 64, 4), dtype=np.uint8)
MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


def picture(height, width, channels):
    """Detail and edges: a crop of `coffee`; the extra channels are noise."""
    crop = coffee[90 : 90 + height, 150 : 150 + width]
    if channels == 3:
        return np.ascontiguousarray(crop)
    if channels == 1:
        return np.ascontiguousarray(crop[..., :1])
    alpha = noise[:height, :width, :1].copy()
    alpha[:4] = 0
    alpha[4:8] = 255
    return np.concatenate([crop[..., : channels - 1], alpha], 2)


def case(source, result):
    height, width, channels = source.shape
    header = struct.pack("<5i", channels, height, width, *result.shape[:2])
    return header + source.tobytes() + result.tobytes()


def pillow_bicubic(source, height, width):
    channels = source.shape[2]
    image = Image.fromarray(source.squeeze(2) if channels == 1 else source)
    assert image.mode == MODES[channels]
    result = image.resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(result).reshape(height, width, channels)


# MATLAB's imresize, from its documentation and published behaviour, over whole columns of weights: written
# independently of the Swift code and checked against the low-resolution images of Set5 and Set14 (no byte differs).


def cubic(x):
    a = np.abs(x)
    square = a * a
    cube = square * a  # a**3 differs in the last bit, which decides exact halves
    near = 1.5 * cube - 2.5 * square + 1
    far = -0.5 * cube + 2.5 * square - 4 * a + 2
    return near * (a <= 1) + far * ((a > 1) & (a <= 2))


def contributions(extent, new_extent):
    scale = new_extent / extent
    shrink = min(scale, 1.0)
    width = 4.0 / shrink
    output = np.arange(1, new_extent + 1, dtype=float)
    center = output / scale + 0.5 * (1 - 1 / scale)
    left = np.floor(center - width / 2)
    positions = left[:, None] + np.arange(math.ceil(width) + 2)[None]
    weights = shrink * cubic(shrink * (center[:, None] - positions))
    weights /= np.add.accumulate(weights, 1)[:, -1:]  # in order; `sum` adds in pairs
    mirrored = np.r_[0:extent, extent - 1 : -1 : -1]
    return weights, mirrored[np.mod(positions.astype(int) - 1, 2 * extent)]


def matlab_axis(source, new_extent, axis):
    weights, positions = contributions(source.shape[axis], new_extent)
    moved = np.moveaxis(source.astype(float), axis, 0)
    result = np.zeros((new_extent,) + moved.shape[1:])
    for tap in range(weights.shape[1]):
        result += weights[:, tap].reshape(-1, 1, 1) * moved[positions[:, tap]]
    return np.moveaxis(np.clip(np.floor(result + 0.5), 0, 255), 0, axis)


def matlab_bicubic(source, height, width):
    axes = [(height / source.shape[0], 0, height), (width / source.shape[1], 1, width)]
    result = source.astype(float)
    for _, axis, extent in sorted(axes, key=lambda item: item[0]):  # stable: equal scales start with rows
        if extent != source.shape[axis]:
            result = matlab_axis(result, extent, axis)
    return result.astype(np.uint8)


def resampling_fixtures():
    shapes = [  # height, width -> height, width
        (48, 48, 12, 12), (48, 48, 17, 31), (37, 53, 53, 37), (37, 53, 37, 20), (37, 53, 11, 53), (24, 25, 59, 62),
        (9, 7, 1, 1), (1, 1, 5, 7), (1, 1, 1, 1), (1, 40, 1, 13), (40, 1, 90, 1), (64, 64, 2, 3), (5, 5, 6, 4),
    ]  # fmt: skip
    pillow = bytearray()
    matlab = bytearray()
    for index, (height, width, new_height, new_width) in enumerate(shapes):
        for channels in (1, 2, 3, 4) if index in (1, 2, 5, 7) else (3,):
            source = picture(height, width, channels)
            pillow += case(source, pillow_bicubic(source, new_height, new_width))
        source = picture(height, width, 3)
        matlab += case(source, matlab_bicubic(source, new_height, new_width))
    for channels in (1, 3):  # full range: clipping between and after the passes
        source = np.where(noise[..., :channels] < 128, 0, 255).astype(np.uint8)
        for size in ((150, 130), (48, 16)):
            pillow += case(source, pillow_bicubic(source, *size))
            matlab += case(source, matlab_bicubic(source, *size))
    for factor in (2, 3, 4):  # as the benchmarks are made
        source = np.ascontiguousarray(astronaut[60:132, 180:264])
        matlab += case(source, matlab_bicubic(source, 72 // factor, 84 // factor))
    # A training crop: round(48 * 3.7) squared to 48 x 48.
    source = np.ascontiguousarray(astronaut[20:198, 140:318])
    pillow += case(source, pillow_bicubic(source, 48, 48))
    (IMAGING / "pillow-bicubic.bin").write_bytes(pillow)
    (IMAGING / "matlab-bicubic.bin").write_bytes(matlab)




# Codecs. Each picture stands beside its samples as Pillow or numpy has them: NAME.png and NAME.raw.


def write_codec(name, encoded, samples):
    (CODECS / name).write_bytes(encoded)
    (CODECS / (name + ".raw")).write_bytes(samples)


def encoded(image, kind, **options):
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png_chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_file(width, height, depth, color, interlace, stream, extra=b""):
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace))
    body = png_chunk(b"IDAT", zlib.compress(stream, 9)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + extra + body


def interlaced_png(samples):
    """Adam7, which Pillow reads but does not write. 8-bit RGB, filter 0."""
    height, width, _ = samples.shape
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    stream = b""
    for y, x, dy, dx in passes:
        part = samples[y::dy, x::dx]
        if part.size:
            stream += b"".join(b"\0" + row.tobytes() for row in part)
    return png_file(width, height, 8, 2, 1, stream)


def codec_fixtures():
    rgb = np.ascontiguousarray(coffee[100:131, 160:197])  # 31 rows of 37 pixels
    image = Image.fromarray(rgb)
    grey = image.convert("L")
    write_codec("rgb.png", encoded(image, "PNG"), rgb.tobytes())
    write_codec("grey.png", encoded(grey, "PNG"), grey.tobytes())
    write_codec("interlaced.png", interlaced_png(rgb), rgb.tobytes())
    with_alpha = picture(31, 37, 4)
    write_codec("alpha.png", encoded(Image.fromarray(with_alpha), "PNG"), with_alpha.tobytes())
    grey_alpha = picture(31, 37, 2)
    write_codec("grey-alpha.png", encoded(Image.fromarray(grey_alpha), "PNG"), grey_alpha.tobytes())
    palette = image.quantize(13)
    write_codec("palette.png", encoded(palette, "PNG"), palette.convert("RGB").tobytes())
    transparent = encoded(palette, "PNG", transparency=3)
    write_codec("palette-transparent.png", transparent, Image.open(BytesIO(transparent)).convert("RGBA").tobytes())
    bilevel = grey.convert("1")
    write_codec("bilevel.png", encoded(bilevel, "PNG"), bilevel.convert("L").tobytes())
    deep = np.random.default_rng(7).integers(0, 65536, (31, 37, 3), dtype=np.uint16)
    stream = b"".join(b"\0" + row.astype(">u2").tobytes() for row in deep)
    write_codec("deep.png", png_file(37, 31, 16, 2, 0, stream), deep.astype("<u2").tobytes())

    for name, source, options in [
        ("rgb-420.jpg", image, dict(quality=88, subsampling=2)),
        ("rgb-422.jpg", image, dict(quality=75, subsampling=1)),
        ("rgb-444.jpg", image, dict(quality=95, subsampling=0)),
        ("progressive.jpg", image, dict(quality=85, progressive=True)),
        ("grey.jpg", grey, dict(quality=90)),
    ]:
        file = encoded(source, "JPEG", **options)
        write_codec(name, file, Image.open(BytesIO(file)).tobytes())
    # What Pillow writes with the settings of our own defaults.
    (CODECS / "pillow-q95-444.jpg").write_bytes(encoded(image, "JPEG", quality=95, subsampling=0))


if __name__ == "__main__":
    IMAGING.mkdir(parents=True, exist_ok=True)
    CODECS.mkdir(parents=True, exist_ok=True)
    resampling_fixtures()
    codec_fixtures()
    for folder in (IMAGING, CODECS):
        print(folder.name, sum(file.stat().st_size for file in folder.iterdir()), "bytes in", folder)

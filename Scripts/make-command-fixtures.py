#!/usr/bin/env python3
"""Makes the files in Tests/LIIFCommandTests/Fixtures that no honest program writes. Development only."""

import os
import pickle
import struct
import zipfile
import zlib
from pathlib import Path

FIXTURES = Path(__file__).parent.parent / "Tests" / "LIIFCommandTests" / "Fixtures"


class RunsACommand:
    """Unpickled by Python, it makes the file `executed` in the current folder."""

    def __reduce__(self):
        return os.system, ("touch executed",)


def torch_archive(path, value):
    """The zip that torch.save writes, as far as a reader looks."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in [("data.pkl", pickle.dumps(value, protocol=2)), ("version", b"3\n")]:
            archive.writestr(zipfile.ZipInfo(f"archive/{name}", (1980, 1, 1, 0, 0, 0)), data)


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(path, width, height):
    """A sound header that announces far more than the few bytes that follow hold."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")
    )


FIXTURES.mkdir(exist_ok=True)
torch_archive(FIXTURES / "hostile.pth", {"model": {"name": "liif", "args": {}, "sd": RunsACommand()}})
png_bomb(FIXTURES / "bomb.png", 65536, 65536)

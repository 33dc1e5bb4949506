#!/usr/bin/env python3
"""Makes the TIFF, WebP, JPEG XL, CMYK and metadata fixtures of pictures. Development only.

Needs numpy, pillow, scikit-image, libtiff's tools (tiffcp) and libjxl's (cjxl, djxl), libbrotlienc. The pictures are crops of scikit-image's `coffee` (CC0).
Beside each picture lies NAME.raw, its samples as Pillow or the array that it was made of has them. Run from the
package's root: python3 Scripts/make-format-fixtures.py
"""

import ctypes
import struct
import subprocess
import tempfile
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms
from skimage import data

FIXTURES = Path(__file__).resolve().parent.parent / "Tests" / "PictureFixtures" / "Fixtures"
HEIGHT, WIDTH = 31, 37
coffee = np.ascontiguousarray(data.coffee()[90 : 90 + HEIGHT, 150 : 150 + WIDTH])
random = np.random.default_rng(6)
alpha = random.integers(0, 256, (HEIGHT, WIDTH), dtype=np.uint8)
alpha[:4], alpha[4:8] = 0, 255
deep = (coffee.astype(np.uint16) << 8) + random.integers(0, 256, coffee.shape, dtype=np.uint16)


# ICC profiles, small ones of our own. Numbers are big-endian; s15Fixed16 is a number times 65536.


def s15(*values):
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def profile(space, connection, tags, kind=b"mntr"):
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, value in tags:
        value += b"\0" * (-len(value) % 4)
        table += name + struct.pack(">II", start + len(body), len(value))
        body += value
    size = start + len(body)
    header = struct.pack(">I4sI", size, b"none", 0x02400000) + kind + space + connection
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + s15(0.9642, 1, 0.8249)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def text(value):
    raw = value.encode() + b"\0"
    return b"desc" + bytes(4) + struct.pack(">I", len(raw)) + raw + bytes(4 + 4 + 2 + 1 + 67)


def display_p3():
    """P3's primaries for D50, sRGB's curve as a table."""
    x = np.linspace(0, 1, 1024)
    light = np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    curve = b"curv" + bytes(4) + struct.pack(">I", len(x)) + np.round(light * 65535).astype(">u2").tobytes()
    primaries = {b"rXYZ": (0.51512, 0.2412, -0.00105), b"gXYZ": (0.29198, 0.69225, 0.04189),
                 b"bXYZ": (0.1571, 0.06657, 0.78407)}  # fmt: skip
    tags = [(b"desc", text("P3 for tests")), (b"cprt", b"text" + bytes(4) + b"CC0\0"),
            (b"wtpt", b"XYZ " + bytes(4) + s15(0.9642, 1, 0.8249))]  # fmt: skip
    tags += [(name, b"XYZ " + bytes(4) + s15(*value)) for name, value in primaries.items()]
    tags += [(name, curve) for name in (b"rTRC", b"gTRC", b"bTRC")]
    return profile(b"RGB ", b"XYZ ", tags)


def cmyk_inks():
    """Inks mixed in the corners of a cube: L*a*b* of 16 overprints, between them linear."""
    paper, black = np.array([95.0, 0, -2]), np.array([12.0, 0, 0])
    inks = [np.array(v) for v in ((55.0, -37, -50), (48.0, 74, -3), (89.0, -5, 93))]
    values = []
    for corner in range(16):  # cyan is the slowest index
        c, m, y, k = corner >> 3 & 1, corner >> 2 & 1, corner >> 1 & 1, corner & 1
        lab = paper.copy()
        for used, ink in zip((c, m, y), inks):
            if used:
                lab = np.array([lab[0] * ink[0] / 95, lab[1] + ink[1] * lab[0] / 95, lab[2] + ink[2] * lab[0] / 95])
        if k:
            lab = black * lab[0] / 95 + lab * 0.08
        values += [lab[0] * 255 / 100, lab[1] + 128, lab[2] + 128]
    grid = np.clip(np.round(values), 0, 255).astype(np.uint8).tobytes()
    identity = bytes(range(256))
    table = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + s15(1, 0, 0, 0, 1, 0, 0, 0, 1)
    table += identity * 4 + grid + identity * 3
    tags = [(b"desc", text("Inks for tests")), (b"cprt", b"text" + bytes(4) + b"CC0\0"),
            (b"wtpt", b"XYZ " + bytes(4) + s15(0.9642, 1, 0.8249)), (b"A2B0", table)]  # fmt: skip
    return profile(b"CMYK", b"Lab ", tags, b"prtr")


# TIFF files from nothing but their definition: one strip, no compression.


def tiff(pixels, photometric, extra=(), order="<", tags=()):
    height, width = pixels.shape[:2]
    samples = 1 if pixels.ndim == 2 else pixels.shape[2]
    bits = pixels.dtype.itemsize * 8
    raw = pixels.astype(pixels.dtype.newbyteorder(order)).tobytes()
    entries = [(256, 3, [width]), (257, 3, [height]), (258, 3, [bits] * samples), (259, 3, [1]),
               (262, 3, [photometric]), (273, 4, [8]), (277, 3, [samples]), (278, 3, [height]),
               (279, 4, [len(raw)]), *tags]  # fmt: skip
    if extra:
        entries.append((338, 3, list(extra)))
    entries.sort()
    raw += b"\0" * (len(raw) % 2)
    place = 8 + len(raw)
    table, values = struct.pack(order + "H", len(entries)), b""
    behind = place + 2 + 12 * len(entries) + 4
    for tag, kind, content in entries:
        value = content if isinstance(content, bytes) else struct.pack(f"{order}{len(content)}{'HI'[kind == 4]}", *content)
        count = len(content)
        table += struct.pack(order + "HHI", tag, kind, count)
        if len(value) <= 4:
            table += value.ljust(4, b"\0")
        else:
            table += struct.pack(order + "I", behind + len(values))
            values += value + b"\0" * (len(value) % 2)
    header = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", place)
    return header + raw + table + bytes(4) + values


def save(name, contents, raw):
    (FIXTURES / name).write_bytes(contents)
    if raw is not None:
        (FIXTURES / (name + ".raw")).write_bytes(np.ascontiguousarray(raw).tobytes())


def converted(contents, *options):
    """libtiff's tiffcp does the rest: tiles, compressions, BigTIFF, planes apart."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "a.tif"), Path(folder, "b.tif")
        source.write_bytes(contents)
        subprocess.run(["tiffcp", *options, source, target], check=True)
        return target.read_bytes()


def tiff_fixtures():
    rgb, rgb16 = tiff(coffee, 2), tiff(deep, 2)
    grey = np.ascontiguousarray(coffee[..., 0])
    rgba = np.dstack([coffee, alpha])
    save("strips-lzw.tif", converted(rgb, "-c", "lzw:2", "-r", "7"), coffee)
    save("big-tiles-zstd.tif", converted(rgb, "-8", "-t", "-w", "16", "-l", "16", "-c", "zstd"), coffee)
    save("tiles-16.tif", converted(rgb16, "-t", "-w", "32", "-l", "16", "-c", "zip:2"), deep)
    save("planes-tiles.tif", converted(rgb, "-p", "separate", "-t", "-w", "32", "-l", "16", "-c", "zip"), coffee)
    save("planes-strips.tif", converted(rgb, "-p", "separate", "-r", "5", "-c", "lzw"), coffee)
    save("big-endian-16.tif", tiff(deep, 2, order=">"), deep)
    save("grey-alpha-16.tif", tiff(deep[..., :2], 1, extra=(2,)), deep[..., :2])
    save("white-is-zero.tif", tiff(255 - grey, 0), grey)
    save("straight.tif", tiff(rgba, 2, extra=(2,)), rgba)
    premultiplied = np.round(coffee * (alpha[..., None] / 255.0)).astype(np.uint8)
    with np.errstate(divide="ignore", invalid="ignore"):
        back = np.floor(premultiplied * 255.0 / alpha[..., None] + 0.5)
    back = np.where(alpha[..., None] == 0, premultiplied, np.minimum(back, 255)).astype(np.uint8)
    save("premultiplied.tif", tiff(np.dstack([premultiplied, alpha]), 2, extra=(1,)), np.dstack([back, alpha]))
    for name, image in (("palette.tif", Image.fromarray(coffee).quantize(16)),
                        ("fax.tif", Image.fromarray(grey).convert("1"))):  # fmt: skip
        stream = BytesIO()
        image.save(stream, "TIFF", compression="group4" if name == "fax.tif" else "tiff_lzw")
        save(name, stream.getvalue(), np.asarray(image.convert("L" if name == "fax.tif" else "RGB")))
    jpeg = converted(rgb, "-c", "jpeg:r:90", "-r", "16")
    save("jpeg.tif", jpeg, np.asarray(Image.open(BytesIO(jpeg)).convert("RGB")))


def webp_fixtures():
    for name, pixels, options in (("lossy.webp", coffee, dict(quality=80)),
                                  ("lossless.webp", np.dstack([coffee, alpha]), dict(lossless=True, exact=True))):  # fmt: skip
        stream = BytesIO()
        Image.fromarray(pixels).save(stream, "WEBP", **options)
        save(name, stream.getvalue(), np.asarray(Image.open(stream)))
    frames = [Image.fromarray(coffee), Image.fromarray(coffee[::-1])]
    stream = BytesIO()
    frames[0].save(stream, "WEBP", save_all=True, append_images=frames[1:], duration=100)
    save("animation.webp", stream.getvalue(), None)


def through_jxl(png, *options):
    """A PNG file as libjxl's own programs write it, and as they show that."""
    with tempfile.TemporaryDirectory() as folder:
        source, packed, back = Path(folder, "a.png"), Path(folder, "a.jxl"), Path(folder, "b.png")
        source.write_bytes(png)
        subprocess.run(["cjxl", "--quiet", *options, source, packed], check=True)
        subprocess.run(["djxl", "--quiet", packed, back], check=True)
        return packed.read_bytes(), np.asarray(Image.open(back))


def png(pixels):
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def box(kind, contents):
    return struct.pack(">I", 8 + len(contents)) + kind + contents


def brotli(contents):
    room = len(contents) + 1000
    packed, size = ctypes.create_string_buffer(room), ctypes.c_size_t(room)
    library = ctypes.CDLL("libbrotlienc.so.1")
    assert library.BrotliEncoderCompress(9, 22, 0, ctypes.c_size_t(len(contents)), contents, ctypes.byref(size), packed)
    return packed.raw[: size.value]


def jxl_fixtures():
    grey = np.ascontiguousarray(coffee[..., 0])
    for name, pixels, options in (
        ("lossy.jxl", coffee, ("-d", "1")), ("progressive.jxl", coffee, ("-d", "2", "-p")),
        ("lossless.jxl", np.dstack([coffee, alpha]), ("-d", "0")), ("grey.jxl", grey, ("-d", "0", "--container=1")),
        ("grey-alpha.jxl", np.dstack([grey, alpha]), ("-d", "0", "-e", "3")),
    ):  # fmt: skip
        contents, shown = through_jxl(png(pixels), *options)
        save(name, contents, shown)
        assert "-p" in options or options[1] == "1" or (shown == pixels).all(), name
    # Pillow knows no 16 bits of colour.
    contents, _ = through_jxl((FIXTURES / "deep.png").read_bytes(), "-d", "0")
    save("deep.jxl", contents, np.frombuffer((FIXTURES / "deep.png.raw").read_bytes(), np.uint16))
    # The turn is in the codestream. The boxes of metadata come behind it, one of them packed.
    contents = through_jxl((FIXTURES / "camera.png").read_bytes(), "-d", "0", "--container=1")[0]
    exif = box(b"Exif", bytes(4) + (FIXTURES / "camera.exif").read_bytes())
    save("camera.jxl", contents + exif + box(b"brob", b"xml " + brotli(XMP.encode())), None)


def ink_fixtures():
    inks = np.asarray(Image.fromarray(coffee).convert("CMYK")).copy()
    inks[..., 3] = inks[..., :3].min(2) // 2
    inks[..., :3] -= inks[..., 3:] // 2
    icc = cmyk_inks()
    transform = ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(BytesIO(icc)), ImageCms.createProfile("sRGB"), "CMYK", "RGB",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION | ImageCms.Flags.HIGHRESPRECALC)  # fmt: skip
    image = Image.fromarray(inks, "CMYK")
    for name, bytes_of_profile in (("inks.jpg", None), ("inks-profile.jpg", icc)):
        stream = BytesIO()
        image.save(stream, "JPEG", quality=95, icc_profile=bytes_of_profile)  # Adobe's marker, so inverted
        decoded = Image.open(stream)
        rgb = decoded.convert("RGB") if not bytes_of_profile else ImageCms.applyTransform(decoded, transform)
        save(name, stream.getvalue(), np.asarray(rgb))
    wide = inks.astype(np.uint16) * 257
    save("inks-profile.tif", tiff(inks, 5, tags=((34675, 7, icc),)),
         np.asarray(ImageCms.applyTransform(image, transform)))  # fmt: skip
    k, rest = 1 - wide[..., 3:] / 65535.0, 1 - wide[..., :3] / 65535.0
    save("inks-16.tif", tiff(wide, 5), np.round(k * rest * 65535).astype(np.uint16))


# EXIF as a camera writes it: big-endian, a maker note with places counted from the block's start, a thumbnail.

XMP = (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" tiff:Orientation="6" exif:PixelXDimension="37">'
    "<exif:PixelYDimension>31</exif:PixelYDimension><dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">Kaffee "
    "für zwei</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>"
)


def camera_exif(orientation):
    stream = BytesIO()
    Image.fromarray(coffee).resize((12, 10)).save(stream, "JPEG")
    thumbnail = stream.getvalue()
    order = ">"
    block = bytearray(b"MM\0*" + struct.pack(">I", 8))

    def directory(entries, follow=0):
        """Entries (tag, type, count, bytes); values behind the table. Gives the table's place."""
        place = len(block)
        values = place + 2 + 12 * len(entries) + 4
        table, behind = struct.pack(order + "H", len(entries)), b""
        for tag, kind, count, value in sorted(entries):
            table += struct.pack(order + "HHI", tag, kind, count)
            if len(value) <= 4:
                table += value.ljust(4, b"\0")
            else:
                table += struct.pack(order + "I", values + len(behind))
                behind += value + b"\0" * (len(value) % 2)
        block.extend(table + struct.pack(order + "I", follow) + behind)
        return place

    def ascii(value):
        raw = value.encode() + b"\0"
        return 2, len(raw), raw

    def short(value):
        return 3, 1, struct.pack(order + "H", value)

    def long(value):
        return 4, 1, struct.pack(order + "I", value)

    def rational(*values):
        return 5, len(values) // 2, struct.pack(f"{order}{len(values)}I", *values)

    ifd0 = [(0x10F, *ascii("Maker")), (0x110, *ascii("Model 6")), (0x112, *short(orientation)),
            (0x11A, *rational(300, 1)), (0x11B, *rational(300, 1)), (0x128, *short(2)),
            (0x132, *ascii("2026:11:23 15:00:00")), (0x8298, *ascii("CC0"))]  # fmt: skip
    # The places of the directories behind IFD0 are known once their sizes are: written twice.
    places = {"exif": 0, "gps": 0, "ifd1": 0, "note": 0, "thumbnail": 0}
    for _ in range(2):
        del block[8:]
        directory(ifd0 + [(0x8769, *long(places["exif"])), (0x8825, *long(places["gps"]))], places["ifd1"])
        note = b"NOTE" + struct.pack(">I", places["note"]) + b"own places inside"
        places["exif"] = directory([
            (0x829A, *rational(1, 250)), (0x8827, *short(200)), (0x9000, 7, 4, b"0232"),
            (0x9003, *ascii("2026:11:23 15:00:00")), (0x927C, 7, len(note), note), (0xA001, *short(1)),
            (0xA002, *short(WIDTH)), (0xA003, *short(HEIGHT)),
        ])  # fmt: skip
        places["note"] = bytes(block).rindex(b"NOTE")
        places["gps"] = directory([(1, 2, 2, b"N\0"), (2, *rational(48, 1, 8, 1, 30, 1)), (3, 2, 2, b"E\0"),
                                   (4, *rational(11, 1, 34, 1, 30, 1))])  # fmt: skip
        places["ifd1"] = directory([(0x103, *short(6)), (0x201, *long(places["thumbnail"])),
                                    (0x202, *long(len(thumbnail)))])  # fmt: skip
        places["thumbnail"] = len(block)
        block.extend(thumbnail)
    return bytes(block)


def metadata_fixtures():
    exif = camera_exif(6)
    save("camera.exif", exif, None)
    save("p3.icc", display_p3(), None)
    image = Image.fromarray(coffee)
    stream = BytesIO()
    image.save(stream, "JPEG", quality=95, subsampling=0, exif=b"Exif\0\0" + exif, icc_profile=display_p3(),
               dpi=(300, 300), xmp=XMP.encode())  # fmt: skip
    save("camera.jpg", stream.getvalue(), None)
    stream = BytesIO()
    image.save(stream, "WEBP", lossless=True, exif=exif, icc_profile=display_p3(), xmp=XMP.encode())
    save("camera.webp", stream.getvalue(), None)
    stream = BytesIO()
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", XMP)
    image.save(stream, "PNG", exif=exif, icc_profile=display_p3(), dpi=(300, 300), pnginfo=info)
    save("camera.png", stream.getvalue(), None)


FIXTURES.mkdir(exist_ok=True)
tiff_fixtures()
webp_fixtures()
ink_fixtures()
metadata_fixtures()
jxl_fixtures()

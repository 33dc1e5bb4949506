#!/usr/bin/env python3
"""Sets a piece of a picture, its enlargement by bicubic and one by LIIF side by side, with labels.

Usage: compose-figure.py INPUT ENLARGED OUTPUT   (development only; needs Pillow)
"""

import sys

from PIL import Image, ImageDraw, ImageFont

# The piece of the input that is shown: a corner, and an extent that 3.7 makes whole.
LEFT, TOP, WIDTH, HEIGHT = 80, 60, 100, 80
GAP, LABEL = 8, 28

source_path, enlarged_path, output_path = sys.argv[1:]
source = Image.open(source_path).convert("RGB")
enlarged = Image.open(enlarged_path).convert("RGB")
scale = enlarged.width / source.width
bicubic = source.resize(enlarged.size, Image.Resampling.BICUBIC)

box = tuple(round(v * scale) for v in (LEFT, TOP, LEFT + WIDTH, TOP + HEIGHT))
piece = source.crop((LEFT, TOP, LEFT + WIDTH, TOP + HEIGHT))
panels = [
    (f"input, {WIDTH}x{HEIGHT} pixels", piece.resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.NEAREST)),
    (f"bicubic x{scale:g}", bicubic.crop(box)),
    (f"LIIF x{scale:g}", enlarged.crop(box)),
]
width, height = panels[0][1].size
figure = Image.new("RGB", (len(panels) * (width + GAP) - GAP, height + LABEL), "white")
draw = ImageDraw.Draw(figure)
font = ImageFont.load_default(size=17)
for index, (label, panel) in enumerate(panels):
    x = index * (width + GAP)
    figure.paste(panel, (x, 0))
    draw.text((x + width / 2, height + LABEL / 2), label, fill="black", font=font, anchor="mm")
figure.save(output_path, optimize=True)

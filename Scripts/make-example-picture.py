#!/usr/bin/env python3
"""Makes Examples/coffee.png from scikit-image's `coffee` (Rachel Michetti, CC0): a crop at half its size.

Development only; needs scikit-image and Pillow.
"""

from pathlib import Path

from PIL import Image
from skimage import data

LEFT, TOP, WIDTH, HEIGHT = 160, 80, 400, 300

picture = Image.fromarray(data.coffee()).crop((LEFT, TOP, LEFT + WIDTH, TOP + HEIGHT))
target = Path(__file__).parent.parent / "Examples" / "coffee.png"
picture.resize((WIDTH // 2, HEIGHT // 2), Image.Resampling.BICUBIC).save(target, optimize=True)

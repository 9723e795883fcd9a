#!/usr/bin/python3
"""HEIGHT WIDTH FILE...: the files' images as grey float32 in [0, 255], resized bilinearly, one after the other on standard output."""
import sys

import numpy as np
from PIL import Image

h, w = int(sys.argv[1]), int(sys.argv[2])
for name in sys.argv[3:]:
    sys.stdout.buffer.write(np.asarray(Image.open(name).convert("L").resize((w, h), Image.BILINEAR), "<f4").tobytes())

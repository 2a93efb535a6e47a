"""Pictures in and out: a source of 16 bits, and details whose contrast is raised until bands are seen on any screen."""

import os
import subprocess

import numpy
from PIL import Image

DETAIL = (slice(60, 420), slice(300, 940))
CONTRAST = 16
# Beside one another in one picture, and how much of each detail's width.
COMPARED = ["not rounded", "ken-burns 20, none", "ken-burns 20, bayer", "ken-burns 20, 10 bits"]
COMPARED_WIDTH = 400
GAP = 8


def write_deep_png(values: numpy.ndarray, path: str) -> None:
    """R'G'B', 0…65535, as a PNG of 16 bits, which Pillow cannot write."""
    height, width, _ = values.shape
    source = ["-f", "rawvideo", "-pix_fmt", "rgb48le", "-s", f"{width}x{height}", "-i", "pipe:0"]
    subprocess.run(["ffmpeg", "-v", "error", *source, "-y", path], input=numpy.rint(values).astype("<u2").tobytes(), check=True)


def write_details(frames: dict[str, numpy.ndarray], folder: str) -> None:
    """A piece of each frame's luma as a PNG, and some of them side by side as `compared.png`."""
    os.makedirs(folder, exist_ok=True)
    for name, plane in frames.items():
        file = name.replace("/", "-").replace(", ", "-").replace(" ", "-").replace("=", "-")
        Image.fromarray(detail(plane)).save(f"{folder}/{file}.png")
    gap = numpy.full((DETAIL[0].stop - DETAIL[0].start, GAP), 255, numpy.uint8)
    strips = [part for name in COMPARED for part in (detail(frames[name])[:, :COMPARED_WIDTH], gap)]
    Image.fromarray(numpy.hstack(strips[:-1])).save(f"{folder}/compared.png", optimize=True)


def detail(plane: numpy.ndarray) -> numpy.ndarray:
    """A piece of a plane: its mean is grey, and a code value CONTRAST greys."""
    piece = plane[DETAIL].astype(numpy.float64)
    return numpy.clip(128 + CONTRAST * (piece - piece.mean()), 0, 255).astype(numpy.uint8)

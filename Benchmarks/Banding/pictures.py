"""Pictures in and out: a source of 16 bits, and details whose contrast is raised until bands are seen on any screen."""

import os
import subprocess

import numpy
from PIL import Image

DETAIL = (slice(60, 420), slice(300, 940))
CONTRAST = 16


def write_deep_png(values: numpy.ndarray, path: str) -> None:
    """R'G'B', 0…65535, as a PNG of 16 bits, which Pillow cannot write."""
    height, width, _ = values.shape
    source = ["-f", "rawvideo", "-pix_fmt", "rgb48le", "-s", f"{width}x{height}", "-i", "pipe:0"]
    subprocess.run(["ffmpeg", "-v", "error", *source, "-y", path], input=numpy.rint(values).astype("<u2").tobytes(), check=True)


def write_details(frames: dict[str, numpy.ndarray], folder: str) -> None:
    """A piece of each frame's luma as a PNG: its mean is grey, and a code value CONTRAST greys."""
    os.makedirs(folder, exist_ok=True)
    for name, plane in frames.items():
        piece = plane[DETAIL].astype(numpy.float64)
        grey = numpy.clip(128 + CONTRAST * (piece - piece.mean()), 0, 255)
        file = name.replace("/", "-").replace(", ", "-").replace(" ", "-").replace("=", "-")
        Image.fromarray(grey.astype(numpy.uint8)).save(f"{folder}/{file}.png")

"""Frames as arrays: those that Burns renders with their fractions, and those of films."""

import subprocess
from collections.abc import Iterator
from typing import BinaryIO

import numpy

WIDTH, HEIGHT = 1920, 1080
SHAPES = [(HEIGHT, WIDTH), (HEIGHT // 2, WIDTH // 2), (HEIGHT // 2, WIDTH // 2)]
Planes = list[numpy.ndarray]


def read_y4m(path: str) -> Iterator[Planes]:
    """The frames of a 1080p YUV4MPEG2 file of 8 bits."""
    with open(path, "rb") as file:
        header = file.readline()
        if f" W{WIDTH} H{HEIGHT} ".encode() not in header:
            raise ValueError(f"{path} is not of {WIDTH}x{HEIGHT}: {header!r}")
        while file.readline():
            yield read_planes(file, numpy.uint8)


def read_planes(file: BinaryIO, kind: type) -> Planes:
    """One frame's planes."""
    planes = []
    for shape in SHAPES:
        size = shape[0] * shape[1] * numpy.dtype(kind).itemsize
        data = file.read(size)
        if len(data) != size:
            raise EOFError("a frame is cut off")
        planes.append(numpy.frombuffer(data, kind).reshape(shape))
    return planes


def render_deep(measure: str, project: str, folder: str) -> list[Planes]:
    """All frames of a project in 1/64 code values."""
    parts = []
    for part in ("whole", "fraction"):
        path = f"{folder}/{part}.y4m"
        subprocess.check_call([measure, "deep-frames", project, "--part", part, "--y4m", path])
        parts.append(path)
    return [
        [whole.astype(numpy.int16) * 64 + fraction for whole, fraction in zip(*both)]
        for both in zip(*map(read_y4m, parts), strict=True)
    ]


def write_y4m(path: str, frames: Iterator[Planes], depth: int = 8) -> None:
    """Writes frames as YUV4MPEG2, 24 a second."""
    colours = "420mpeg2" if depth == 8 else f"420p{depth}"
    with open(path, "wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F24:1 Ip A1:1 C{colours} XCOLORRANGE=LIMITED\n".encode())
        for planes in frames:
            file.write(b"FRAME\n")
            for plane in planes:
                file.write(plane.tobytes())


def decode(film: str, numbers: list[int], depth: int = 8) -> list[Planes]:
    """Frames of a film, by number, in code values of 8 bits (with a fraction where the film has more)."""
    chosen = "+".join(f"eq(n\\,{number})" for number in numbers)
    layout = "yuv420p" if depth == 8 else f"yuv420p{depth}le"
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", film, "-vf", f"select={chosen}", "-vsync", "0", "-f", "rawvideo"]
    with subprocess.Popen([*command, "-pix_fmt", layout, "-"], stdout=subprocess.PIPE) as process:
        kind = numpy.uint8 if depth == 8 else numpy.uint16
        found = [[plane / 2.0 ** (depth - 8) for plane in read_planes(process.stdout, kind)] for _ in numbers]
        process.stdout.read()
    if process.returncode != 0:
        raise RuntimeError(f"{film} cannot be decoded")
    return found

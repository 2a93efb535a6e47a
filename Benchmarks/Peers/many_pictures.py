"""Projects of pictures of 12 megapixels, to see whether memory grows with their number.

    many_pictures.py FOLDER COUNT

A process of its own, because a large parent's memory would count as its children's (see measure.py).
"""

import io
import json
import os
import sys

import numpy
from PIL import Image

WIDTH, HEIGHT = 4000, 3000
DISTINCT = 6
SECONDS_EACH = 1


def make(project: str, count: int) -> None:
    """Writes a project of `count` pictures, each with content of its own, one second each."""
    os.makedirs(project)
    originals = [jpeg_bytes(seed) for seed in range(DISTINCT)]
    segments = []
    for index in range(count):
        name = f"{index:03}.jpg"
        with open(os.path.join(project, name), "wb") as file:
            file.write(with_comment(originals[index % DISTINCT], f"picture {index}"))
        segments.append({
            "id": index, "start_time": index * SECONDS_EACH, "end_time": (index + 1) * SECONDS_EACH,
            "generated_images": [{"path": name}],
        })
    with open(os.path.join(project, "manifest.json"), "w", encoding="utf-8") as file:
        json.dump({"project_id": f"pictures-{count}", "segments": segments}, file)


def jpeg_bytes(seed: int) -> bytes:
    """A JPEG with a gradient, soft shapes and grain, which no codec can make small work of."""
    random = numpy.random.default_rng(seed)
    x, y = numpy.meshgrid(numpy.linspace(0, 1, WIDTH, dtype=numpy.float32), numpy.linspace(0, 1, HEIGHT, dtype=numpy.float32))
    channels = [
        127 + 80 * numpy.sin(6 * (x * random.random() + y * random.random()) + phase) + random.normal(0, 6, (HEIGHT, WIDTH))
        for phase in random.random(3) * 6
    ]
    buffer = io.BytesIO()
    Image.fromarray(numpy.clip(numpy.stack(channels, -1), 0, 255).astype(numpy.uint8)).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def with_comment(jpeg: bytes, text: str) -> bytes:
    """The same picture with a comment segment after its start marker: another file, and so another picture to a cache."""
    comment = text.encode()
    return jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:]


if __name__ == "__main__":
    make(sys.argv[1], int(sys.argv[2]))

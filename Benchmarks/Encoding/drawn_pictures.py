"""Pictures of kinds that no package of photographs has: print, line drawing, a sky without noise. The same at every run."""

import numpy
from PIL import Image, ImageDraw, ImageFont

SERIF = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"
SIZE = (2880, 1620)
TEXT = (
    "A picture that moves slowly is nearly the same from frame to frame, and yet no sample of it stays what it was: everything "
    "is a little to the left, a little larger. What an encoder finds cheap is exactly this, if it looks for it in the right place."
)


def page() -> Image.Image:
    """A printed page: black serifs of four sizes on paper."""
    picture = Image.new("RGB", SIZE, (246, 242, 232))
    draw = ImageDraw.Draw(picture)
    y = 60
    for number, size in enumerate([96, 54, 40, 54, 32, 40, 72, 32, 54, 40]):
        font = ImageFont.truetype(SERIF, size)
        words = (TEXT + " ") * 3
        line = ""
        lines = 0
        for word in words.split():
            if draw.textlength(line + word, font=font) > SIZE[0] - 200:
                draw.text((100, y), line, font=font, fill=(24, 20, 20))
                y += int(size * 1.35)
                line = ""
                lines += 1
                if lines == 2 + number % 3:
                    break
            line += word + " "
        y += 24
    return picture


def engraving() -> Image.Image:
    """Hatching whose lines follow the relief of a surface and swell with its darkness, twice oversampled."""
    width, height = SIZE
    y, x = numpy.mgrid[0:2 * height, 0:2 * width].astype(numpy.float32) / (2 * height)
    relief = sum(
        numpy.exp(-((x - cx) ** 2 + (y - cy) ** 2) / r ** 2) * a
        for cx, cy, r, a in [(0.5, 0.45, 0.3, 1.0), (1.2, 0.6, 0.4, -0.9), (0.9, 0.25, 0.15, 0.7), (1.5, 0.3, 0.25, 0.8)]
    )
    tone = 0.55 + 0.4 * numpy.sin(3 * relief + 2 * x)
    first = numpy.sin(2 * numpy.pi * (y + 0.12 * relief) * 150)
    second = numpy.sin(2 * numpy.pi * (x * 0.8 + y * 0.6 - 0.1 * relief) * 130)
    ink = (first > 2 * tone - 1) | ((second > 0.75) & (tone < 0.4))
    paper = numpy.where(ink, 30, 238).astype(numpy.uint8)
    return Image.fromarray(paper).resize(SIZE, Image.Resampling.BOX).convert("RGB")


def dusk() -> Image.Image:
    """A dark sky, brightening to the horizon, with a black ridge: smooth, so that every step of 8 bits shows."""
    return Image.fromarray(numpy.rint(dusk_levels()).astype(numpy.uint8))


def dusk_levels() -> numpy.ndarray:
    """R'G'B' of that sky before it is rounded, 0…255; rows, columns, channels."""
    width, height = SIZE
    y, x = numpy.mgrid[0:height, 0:width].astype(numpy.float64) / height
    glow = numpy.exp(-((x - 1.1) ** 2 / 0.6 + (y - 0.9) ** 2 / 0.2))
    sky = numpy.stack([10 + 38 * glow, 14 + 22 * glow + 4 * y, 30 + 16 * glow + 10 * y], axis=-1)
    ridge = 0.86 + 0.03 * numpy.sin(5 * x) + 0.012 * numpy.sin(17 * x + 1) + 0.004 * numpy.sin(61 * x)
    edge = numpy.clip((ridge - y) * height, 0, 1)[..., None]
    return sky * edge + 6 * (1 - edge)

"""Everything that Burns is compared with, by name."""

import os

import ffmpeg_film
from perspective import perspective
from shots import Shot, as_json
from zoompan import zoompan, zoompan_8000

FFMPEG_FILTERS: dict[str, ffmpeg_film.Filters] = {"zoompan": zoompan, "zoompan-8000": zoompan_8000, "perspective": perspective}
MOVIEPY_CUTS = {"moviepy": "crop", "moviepy-box": "box"}
PEERS = [*FFMPEG_FILTERS, *MOVIEPY_CUTS]

MOVIEPY_SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "moviepy_film.py")


def film(peer: str, shots: list[Shot], narration: str, preset: str, crf: str, output: str, moviepy_python: str) -> list[str]:
    """The command that makes a peer's film."""
    if peer in MOVIEPY_CUTS:
        script = [moviepy_python, "-B", MOVIEPY_SCRIPT, "film", MOVIEPY_CUTS[peer]]
        return [*script, as_json(shots), narration, preset, crf, output]
    encoding = ["-c:v", "libx264", "-preset", preset, "-crf", crf]
    return ffmpeg_film.film(FFMPEG_FILTERS[peer], shots, narration, encoding, output)


def frames(peer: str, shot: Shot, moviepy_python: str) -> list[str]:
    """The command that writes a peer's frames of one shot, before encoding, to standard output as YUV4MPEG2."""
    if peer in MOVIEPY_CUTS:
        return [moviepy_python, "-B", MOVIEPY_SCRIPT, "frames", MOVIEPY_CUTS[peer], as_json([shot])]
    return ffmpeg_film.frames(FFMPEG_FILTERS[peer], shot)

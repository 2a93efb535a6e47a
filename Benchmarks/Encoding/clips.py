"""The films that encoders are tried on: moving pictures as Burns renders them, 1080p24, kept as YUV4MPEG2 files."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

import drawn_pictures

PHOTOS = "/usr/share/backgrounds/mate"
PORTRAIT = ".build/bench/skimage/data/astronaut.png"
FRAMES_PER_SECOND = 24


@dataclass(frozen=True)
class Clip:
    """One shot, or two with a crossfade in the middle."""

    name: str
    about: str
    # Paths of files, names in the example store (with "store:"), or functions that draw.
    pictures: tuple[str | Callable[[], Image.Image], ...]
    # Key frames of each picture: (x, y, zoom) at its start and end.
    moves: tuple[tuple[tuple[float, float, float], tuple[float, float, float]], ...]


ZOOM_IN = ((0.5, 0.5, 1.0), (0.52, 0.47, 1.14))
ZOOM_OUT = ((0.45, 0.55, 1.3), (0.5, 0.5, 1.12))
PAN_RIGHT = ((0.44, 0.5, 1.25), (0.53, 0.5, 1.25))
PAN_LEFT = ((0.55, 0.48, 1.2), (0.46, 0.5, 1.2))
DIAGONAL = ((0.45, 0.46, 1.3), (0.53, 0.52, 1.36))

CLIPS = [
    Clip("painting", "dense texture, 18 megapixels; zoom in", (f"{PHOTOS}/abstract/Elephants_5640x3172.jpg",), (ZOOM_IN,)),
    Clip("insect", "sharp subject before a soft background; zoom out", (f"{PHOTOS}/nature/LadyBird.jpg",), (ZOOM_OUT,)),
    Clip("earth", "the example's pictures, with a crossfade", ("store:blue-marble.jpg", "store:africa-europe.jpg"), (ZOOM_IN, PAN_RIGHT)),
    Clip("text", "a page of print; diagonal", (drawn_pictures.page,), (DIAGONAL,)),
    Clip("storm", "photograph of a clouded sky, with its noise; pan", (f"{PHOTOS}/nature/Storm.jpg",), (PAN_LEFT,)),
    Clip("wood", "grain of planks in fine focus; pan", (f"{PHOTOS}/nature/Wood.jpg",), (PAN_RIGHT,)),
    Clip("night", "a start at dusk, then stars, with a crossfade", ("store:rocket-launch.jpg", "store:hubble-deep-field.jpg"), (ZOOM_IN, ZOOM_OUT)),
    Clip("engraving", "hatched line drawing; zoom in", (drawn_pictures.engraving,), (ZOOM_IN,)),
    Clip("dusk", "a drawn dark sky without noise; pan", (drawn_pictures.dusk,), (PAN_LEFT,)),
    Clip("face", "a portrait of 512 pixels, enlarged; zoom in", (PORTRAIT,), (ZOOM_IN,)),
    Clip("flowers", "two photographs, with a crossfade", (f"{PHOTOS}/nature/Garden.jpg", f"{PHOTOS}/nature/TwoWings.jpg"), (DIAGONAL, ZOOM_IN)),
]


def render(clip: Clip, frames: int, folder: str, burns: str, store: str) -> str:
    """Path of the clip's frames as a YUV4MPEG2 file in `folder`, rendered by Burns unless they lie there."""
    path = f"{folder}/{clip.name}-{frames}.y4m"
    if os.path.exists(path):
        return path
    project = write_project(clip, frames, folder, store)
    subprocess.check_call([
        burns, "frames", project, "--size", "1080p", "--fps", str(FRAMES_PER_SECOND), "--jobs", "1", "--quiet", "--y4m", path + ".part",
    ])
    os.rename(path + ".part", path)
    return path


def write_project(clip: Clip, frames: int, folder: str, store: str) -> str:
    """Writes the clip as a project of so many frames, and returns the project's folder."""
    project = f"{folder}/{clip.name}"
    os.makedirs(project, exist_ok=True)
    seconds = frames / FRAMES_PER_SECOND / len(clip.pictures)
    segments = []
    for number, (picture, (start, end)) in enumerate(zip(clip.pictures, clip.moves, strict=True)):
        name = f"{number}.png"
        if callable(picture):
            picture().save(f"{project}/{name}", compress_level=1)
        else:
            name = f"{number}-{os.path.basename(picture)}"
            source = picture.replace("store:", f"{store}/projects/earthrise/images/")
            shutil.copy(source, f"{project}/{name}")
        motion = {key: dict(zip(("x", "y", "zoom"), view, strict=True)) for key, view in (("from", start), ("to", end))}
        segments.append({
            "start": number * seconds, "end": (number + 1) * seconds, "generated_images": [{"path": name, "motion": motion}],
        })
    with open(f"{project}/manifest.json", "w", encoding="utf-8") as file:
        json.dump({"project_id": clip.name, "segments": segments}, file)
    return project

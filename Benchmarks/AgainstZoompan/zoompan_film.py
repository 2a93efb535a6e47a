"""The ffmpeg command that makes the film that `burns render` makes, with zoompan and xfade.

Correspondence, shot by shot, from `burns validate --json`:

- a shot is seen for its own frames and for the halves of the crossfades at its ends; zoompan makes that many frames of it;
- its motion's name becomes a first and a last view of the same kind, extent and speed (views.py);
- xfade mixes neighbours over the same frames; the narration becomes AAC of the same rates; encoder settings are equal.

zoompan's window always has its input's aspect, so that the picture is first padded to the output's: once a picture, not per frame.
"""

import json
import subprocess
from dataclasses import dataclass

from views import first_and_last

FPS = 24
WIDTH, HEIGHT = 1920, 1080
CROSSFADE_SECONDS = 0.6


@dataclass(frozen=True)
class Shot:
    """One picture of the film: its file and the frames in which it is seen."""

    picture: str
    frames: int
    motion: str


def shots_of(burns: str, project: str, store: str) -> list[Shot]:
    """The shots as Burns lays them out, with the crossfades' halves added to their frames."""
    described = json.loads(subprocess.check_output([burns, "validate", "--json", project]))
    fade = round(CROSSFADE_SECONDS * FPS)
    before, after = fade // 2, fade - fade // 2
    listed = described["shots"]
    return [
        Shot(
            picture=f"{store}/{shot['picture']}",
            frames=shot["end_frame"] - shot["first_frame"]
            + (before if index > 0 else 0)
            + (after if index + 1 < len(listed) else 0),
            motion=shot["motion"],
        )
        for index, shot in enumerate(listed)
    ]


def zoompan(shot: Shot) -> str:
    """The filters that turn one picture into one shot."""
    width, height = picture_size(shot.picture)
    aspect = WIDTH / HEIGHT
    # The canvas around the picture has the output's aspect; the largest view is the part of it that the picture fills both ways.
    canvas_width = max(width, height * aspect)
    share_x, share_y = width / canvas_width, height * aspect / canvas_width
    largest = min(share_x, share_y)
    first, last = first_and_last(shot.motion, share_x / largest, share_y / largest, shot.frames / FPS, aspect)

    time = f"((on+0.5)/{shot.frames})"
    eased = f"({time}*{time}*(3-2*{time}))"

    def corner(size: str, share: float, begin: float, end: float) -> str:
        """The view's left or top edge: the picture's own, and so much of the room beside the view."""
        return f"{size}*({(1 - share) / 2}+({begin}+{end - begin}*{eased})*({share}-1/zoom))"

    canvas = f"pad=w='ceil(max(iw,ih*{aspect})/2)*2':h='ceil(max(ih,iw/{aspect})/2)*2':x=(ow-iw)/2:y=(oh-ih)/2"
    zoom = f"{first.zoom / largest}*pow({last.zoom / first.zoom},{eased})"
    x, y = corner("iw", share_x, first.x, last.x), corner("ih", share_y, first.y, last.y)
    return f"format=yuv420p,{canvas},zoompan=z='{zoom}':x='{x}':y='{y}':d={shot.frames}:s={WIDTH}x{HEIGHT}:fps={FPS}"


def picture_size(path: str) -> tuple[int, int]:
    """Width and height, as ffprobe reads them."""
    fields = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height", "-of", "csv=p=0", path]
    width, height = subprocess.check_output(fields, text=True).strip().split(",")[:2]
    return int(width), int(height)


def command(shots: list[Shot], narration: str, encoding: list[str], output: str) -> list[str]:
    """ffmpeg's whole command line."""
    inputs: list[str] = []
    graph: list[str] = []
    for index, shot in enumerate(shots):
        inputs += ["-i", shot.picture]
        graph.append(f"[{index}:v]{zoompan(shot)}[shot{index}]")
    fade = round(CROSSFADE_SECONDS * FPS)
    film, length = "shot0", shots[0].frames
    for index, shot in enumerate(shots[1:], start=1):
        offset = (length - fade) / FPS
        graph.append(f"[{film}][shot{index}]xfade=transition=fade:duration={fade / FPS}:offset={offset}[film{index}]")
        film, length = f"film{index}", length - fade + shot.frames
    inputs += ["-i", narration]
    return [
        "ffmpeg", "-v", "error", "-nostdin", "-y", *inputs, "-filter_complex", ";".join(graph), "-map", f"[{film}]",
        "-map", f"{len(shots)}:a", *encoding, "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "192k", "-ar", "48000",
        "-movflags", "+faststart", output,
    ]

"""The ffmpeg command that makes the film that `burns render` makes, with zoompan and xfade.

Correspondence, shot by shot, from `burns validate --json`:

- a shot is seen for its own frames and for the halves of the crossfades at its ends; zoompan makes that many frames of it;
- its first and last view are Burns' own; between them zoompan's view eases in the same way, with zoom at a constant ratio and the
  centre following the view's width (a motion with a third view in its middle is cut short to its ends);
- xfade mixes neighbours over the same frames; the narration becomes AAC of the same rate; encoder settings are equal.

zoompan's window always has its input's aspect, so that the picture is first padded to the output's: once a picture, not per frame.
"""

import json
import subprocess
from dataclasses import dataclass

FPS = 24
WIDTH, HEIGHT = 1920, 1080
CROSSFADE_SECONDS = 0.6


@dataclass(frozen=True)
class View:
    """A part of the picture, in fractions of its sides."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Shot:
    """One picture of the film: its file, the frames in which it is seen, and what the first and the last of them show."""

    picture: str
    frames: int
    first: View
    last: View


def shots_of(burns: str, project: str, store: str) -> list[Shot]:
    """The shots as Burns lays them out, with the crossfades' halves."""
    described = json.loads(subprocess.check_output([burns, "validate", "--json", project]))
    return [
        Shot(
            picture=f"{store}/{shot['picture']}", frames=shot["end_visible_frame"] - shot["first_visible_frame"],
            first=View(**shot["first_view"]), last=View(**shot["last_view"]),
        )
        for shot in described["shots"]
    ]


def zoompan(shot: Shot) -> str:
    """The filters that turn one picture into one shot."""
    width, height = picture_size(shot.picture)
    aspect = WIDTH / HEIGHT
    # The canvas around the picture has the output's aspect; this much of it is the picture, in its middle.
    canvas_width = max(width, height * aspect)
    share_x, share_y = width / canvas_width, height * aspect / canvas_width

    time = f"((on+0.5)/{shot.frames})"
    eased = f"({time}*{time}*(3-2*{time}))"
    first, last = shot.first, shot.last
    zoom = f"{1 / (first.width * share_x)}*pow({first.width / last.width},{eased})"
    # Edges move linearly with the view's width, or with time where that does not change.
    change = last.width - first.width
    way = eased if abs(change) < 1e-6 else f"((1/(zoom*{share_x})-{first.width})/{change})"

    def corner(size: str, share: float, begin: float, end: float) -> str:
        """The view's left or top edge on the canvas."""
        return f"{size}*({(1 - share) / 2}+{share}*({begin}+{end - begin}*{way}))"

    canvas = f"pad=w='ceil(max(iw,ih*{aspect})/2)*2':h='ceil(max(ih,iw/{aspect})/2)*2':x=(ow-iw)/2:y=(oh-ih)/2"
    x, y = corner("iw", share_x, first.left, last.left), corner("ih", share_y, first.top, last.top)
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

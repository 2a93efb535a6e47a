"""What a film consists of, as every contestant is told it."""

import json
import subprocess
from dataclasses import asdict, dataclass

FPS = 24
WIDTH, HEIGHT = 1920, 1080
CROSSFADE_FRAMES = round(0.6 * FPS)


@dataclass(frozen=True)
class View:
    """A part of the picture, in fractions of its sides."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Shot:
    """One picture of the film: its file, the frames in which it is seen, and what the first and the last of them show.

    Between the two the view's width has a constant ratio from frame to frame, and its edges move linearly with the width (at a
    constant width: linearly with time).
    """

    picture: str
    frames: int
    first: View
    last: View

    @property
    def closest(self) -> View:
        """The smaller of the two views."""
        return min(self.first, self.last, key=lambda view: view.width)

    @property
    def zooms(self) -> bool:
        """Whether the view's size changes."""
        return abs(self.last.width - self.first.width) > 1e-6

    def view(self, index: int) -> View:
        """What a frame shows, counted from 0."""
        time = index / (self.frames - 1)
        ratio = (self.last.width / self.first.width) ** time
        change = self.last.width - self.first.width
        way = self.first.width * (ratio - 1) / change if self.zooms else time
        return View(
            self.first.left + way * (self.last.left - self.first.left), self.first.top + way * (self.last.top - self.first.top),
            self.first.width * ratio, self.first.height * ratio,
        )


def shots_of(burns: str, project: str, store: str) -> list[Shot]:
    """The shots as Burns lays them out (`burns validate --json`), with the halves of the crossfades at their ends."""
    described = json.loads(subprocess.check_output([burns, "validate", "--json", "--store", store, project]))
    return [
        Shot(
            picture=f"{store}/{shot['picture']}", frames=shot["end_visible_frame"] - shot["first_visible_frame"],
            first=View(**shot["first_view"]), last=View(**shot["last_view"]),
        )
        for shot in described["shots"]
    ]


def film_frames(shots: list[Shot]) -> int:
    """The film's length: neighbours share a crossfade."""
    return sum(shot.frames for shot in shots) - CROSSFADE_FRAMES * (len(shots) - 1)


def as_json(shots: list[Shot]) -> str:
    return json.dumps([asdict(shot) for shot in shots])


def from_json(text: str) -> list[Shot]:
    return [Shot(shot["picture"], shot["frames"], View(**shot["first"]), View(**shot["last"])) for shot in json.loads(text)]


def picture_size(path: str) -> tuple[int, int]:
    """Width and height, as ffprobe reads them."""
    fields = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height", "-of", "csv=p=0", path]
    width, height = subprocess.check_output(fields, text=True).strip().split(",")[:2]
    return int(width), int(height)

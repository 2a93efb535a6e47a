"""First and last views that stand for Burns' motions: the same kind of move, as wide and as fast.

They do not follow Burns to the pixel (it also varies them a little from shot to shot): what scaling and encoding a shot cost depends on
the size of its views and on how fast they move, not on where in the picture they lie.
"""

from dataclasses import dataclass

ZOOM = 1.18
LONG_SIDES_PER_SECOND = 0.06


@dataclass(frozen=True)
class View:
    """`zoom` is relative to the largest view in the picture; `x`, `y` say where in the room that it leaves: 0 left or top, 1 right or bottom."""

    zoom: float
    x: float = 0.5
    y: float = 0.5


def first_and_last(motion: str, across: float, down: float, seconds: float, aspect: float) -> tuple[View, View]:
    """The views of one shot.

    `across`, `down`: how many of the largest views lie side by side and one below the other in the picture (one of them is 1);
    `aspect`: the output's width over its height, 1 or more. Motions with a third view in the middle go there and stop.
    """
    way = LONG_SIDES_PER_SECOND * seconds
    zoom_across, zoom_down = max(1, ZOOM / across), max(1, ZOOM / down)
    half = part(way, across * zoom_across) / 2
    fall = part(way * aspect, down * zoom_down)
    diagonal = min(way, across * ZOOM - 1, down * ZOOM - 1)
    x, y = part(diagonal, across * ZOOM) / 2, part(diagonal, down * ZOOM) / 2
    whole = View(1)
    pan_right = View(zoom_across, 0.5 - half), View(zoom_across, 0.5 + half)
    pan_down = View(zoom_down, 0.5, 0), View(zoom_down, 0.5, fall)
    return {
        "zoom-in": (whole, View(ZOOM)),
        "zoom-out": (View(ZOOM), whole),
        "pan-right": pan_right,
        "pan-left": pan_right[::-1],
        "pan-down": pan_down,
        "pan-up": pan_down[::-1],
        "diagonal-down": (View(ZOOM, 0.5 - x, 0.5 - y), View(ZOOM, 0.5 + x, 0.5 + y)),
        "diagonal-up": (View(ZOOM, 0.5 - x, 0.5 + y), View(ZOOM, 0.5 + x, 0.5 - y)),
        "drift": (View(1.05, 0.25), View(ZOOM, 0.75)),
        "arc": (View(ZOOM, 0.5 - x, 0.5 + y / 2), View(ZOOM, 0.5 + x, 0.5 - y / 2)),
        "breathe": (whole, View(1.11)),
        "reveal": (View(ZOOM * ZOOM, 0.36, 0.36), whole),
        "still": (whole, whole),
    }[motion]


def part(way: float, views: float) -> float:
    """A way (in views) as part of the room beside one view among several."""
    return min(1, way / (views - 1))

"""ffmpeg's perspective with its corners moved from frame to frame: its only filter that places a picture between pixels.

It interpolates (cubic) but does not filter, and gives frames of its input's size. So that nothing is lost and nothing aliases,
the picture is scaled once such that the closest view has the output's pixels one to one, views are drawn at the size of the
widest, in the frame's top left corner, cut out there, and scaled to the output.
"""

from shots import HEIGHT, WIDTH, Shot, picture_size


def perspective(shot: Shot) -> str:
    """The filters that turn one picture into one shot."""
    width, height = picture_size(shot.picture)
    scale = WIDTH / (shot.closest.width * width)
    canvas = even(width * scale), even(height * scale)
    widening = max(shot.first.width, shot.last.width) / shot.closest.width
    drawn = min(even(WIDTH * widening), canvas[0]), min(even(HEIGHT * widening), canvas[1])

    # `on` counts frames from 1.
    time = f"((on-1)/{shot.frames - 1})"
    first, last = shot.first, shot.last
    ratio = f"pow({last.width / first.width},{time})"
    way = f"(({ratio}-1)*{first.width / (last.width - first.width)})" if shot.zooms else time

    def edges(size: str, pixels: int, drawn: int, begin: float, extent: float, end: float) -> tuple[str, str]:
        """Where a frame's first edge and its last (far beyond the view) lie in the picture.

        Positions are counted from the first pixel's centre: half of a pixel less half of a step.
        """
        step = f"({extent * pixels / drawn}*{ratio})"
        near = f"({pixels}*({begin}+{end - begin}*{way})+({step}-1)/2)"
        return near, f"{near}+{step}*{size}"

    left, right = edges("W", canvas[0], drawn[0], first.left, first.width, last.left)
    top, bottom = edges("H", canvas[1], drawn[1], first.top, first.height, last.top)
    corners = f"x0='{left}':y0='{top}':x1='{right}':y1='{top}':x2='{left}':y2='{bottom}':x3='{right}':y3='{bottom}'"
    return (
        f"scale={canvas[0]}:{canvas[1]}:flags=lanczos,format=yuv420p,loop=loop={shot.frames - 1}:size=1,"
        f"perspective={corners}:interpolation=cubic:sense=source:eval=frame,crop={drawn[0]}:{drawn[1]}:0:0,scale={WIDTH}:{HEIGHT}"
    )


def even(pixels: float) -> int:
    """The even number next to it: 4:2:0 has no odd sizes."""
    return round(pixels / 2) * 2

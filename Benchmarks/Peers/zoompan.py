"""ffmpeg's zoompan, and the usual remedy for its shaking.

zoompan's window has its input's aspect, so that the picture is first padded to the output's: once a picture, not per frame.
It begins at whole pixels of its input. Hence the remedy: an input scaled to 8000 pixels has smaller ones.
"""

from shots import FPS, HEIGHT, WIDTH, Shot, picture_size


def zoompan(shot: Shot, enlarged_to: int | None = None) -> str:
    """The filters that turn one picture into one shot. `enlarged_to`: the width to which the padded picture is scaled first."""
    width, height = picture_size(shot.picture)
    aspect = WIDTH / HEIGHT
    # The canvas around the picture has the output's aspect; this much of it is the picture, in its middle.
    canvas_width = max(width, height * aspect)
    share_x, share_y = width / canvas_width, height * aspect / canvas_width

    time = f"(on/{shot.frames - 1})"
    first, last = shot.first, shot.last
    zoom = f"{1 / (first.width * share_x)}*pow({first.width / last.width},{time})"
    way = f"((1/(zoom*{share_x})-{first.width})/{last.width - first.width})" if shot.zooms else time

    def corner(size: str, share: float, begin: float, end: float) -> str:
        """The view's left or top edge on the canvas."""
        return f"{size}*({(1 - share) / 2}+{share}*({begin}+{end - begin}*{way}))"

    canvas = f"pad=w='ceil(max(iw,ih*{aspect})/2)*2':h='ceil(max(ih,iw/{aspect})/2)*2':x=(ow-iw)/2:y=(oh-ih)/2"
    if enlarged_to:
        canvas += f",scale={enlarged_to}:-2:flags=lanczos"
    x, y = corner("iw", share_x, first.left, last.left), corner("ih", share_y, first.top, last.top)
    # 4:2:0 as photographs have it: RGB would halve zoompan's step and is no one's way of using it.
    return f"format=yuv420p,{canvas},zoompan=z='{zoom}':x='{x}':y='{y}':d={shot.frames}:s={WIDTH}x{HEIGHT}:fps={FPS}"


def zoompan_8000(shot: Shot) -> str:
    """The remedy that is passed around most."""
    return zoompan(shot, enlarged_to=8000)

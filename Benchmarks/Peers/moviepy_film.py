"""The film as MoviePy's users write it. Runs in the environment of moviepy_venv.py.

    moviepy_film.py film CUT SHOTS NARRATION PRESET CRF OUTPUT
    moviepy_film.py frames CUT SHOTS

SHOTS: the shots as JSON; `frames` writes the first of them to standard output as YUV4MPEG2. CUT: how a view is cut out of the
picture in each frame, then Lanczos to the frame's size: `crop`, the usual way, takes whole pixels; `box`, a careful user's,
gives Pillow's resize the exact rectangle.
"""

import os
import subprocess
import sys
from collections.abc import Callable

# The same encoder as the others': MoviePy would bring an ffmpeg of its own.
os.environ["FFMPEG_BINARY"] = "ffmpeg"

import numpy
from moviepy import AudioFileClip, CompositeVideoClip, ImageClip, VideoClip, vfx
from PIL import Image

from shots import CROSSFADE_FRAMES, FPS, HEIGHT, WIDTH, Shot, film_frames, from_json


def shot_clip(shot: Shot, cut: str) -> VideoClip:
    """A picture with a move."""

    def moved(get_frame: Callable[[float], numpy.ndarray], time: float) -> numpy.ndarray:
        picture = Image.fromarray(get_frame(time))
        view = shot.view(min(round(time * FPS), shot.frames - 1))
        right, bottom = min(view.left + view.width, 1), min(view.top + view.height, 1)
        box = (view.left * picture.width, view.top * picture.height, right * picture.width, bottom * picture.height)
        if cut == "crop":
            shown = picture.crop(tuple(round(edge) for edge in box)).resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        else:
            shown = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS, box=box)
        return numpy.asarray(shown)

    clip = ImageClip(shot.picture, duration=shot.frames / FPS).transform(moved)
    clip.size = (WIDTH, HEIGHT)
    return clip


def film(cut: str, shots: list[Shot], narration: str, preset: str, crf: str, output: str) -> None:
    """All shots, each fading in over the one before."""
    clips, begin = [], 0
    for index, shot in enumerate(shots):
        clip = shot_clip(shot, cut).with_start(begin / FPS)
        clips.append(clip.with_effects([vfx.CrossFadeIn(CROSSFADE_FRAMES / FPS)]) if index else clip)
        begin += shot.frames - CROSSFADE_FRAMES
    # With a background of its own the film has no transparency, which MoviePy would work out for each frame.
    whole = CompositeVideoClip(clips, size=(WIDTH, HEIGHT), bg_color=(0, 0, 0))
    # MoviePy rounds the number of frames down.
    whole = whole.with_duration((film_frames(shots) + 0.1) / FPS).with_audio(AudioFileClip(narration))
    whole.write_videofile(
        output, fps=FPS, codec="libx264", preset=preset, ffmpeg_params=["-crf", crf, "-movflags", "+faststart"],
        audio_codec="aac", audio_bitrate="192k", audio_fps=48000, temp_audiofile_path=os.path.dirname(output), logger=None,
    )


def frames(cut: str, shot: Shot) -> None:
    """The clip's frames, in 4:2:0 as MoviePy has its encoder's ffmpeg make them."""
    converter = subprocess.Popen(
        ["ffmpeg", "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(FPS), "-i", "-",
         "-pix_fmt", "yuv420p", "-f", "yuv4mpegpipe", "-"],
        stdin=subprocess.PIPE,
    )
    clip = shot_clip(shot, cut)
    for index in range(shot.frames):
        converter.stdin.write(clip.get_frame(index / FPS).tobytes())
    converter.stdin.close()
    if converter.wait() != 0:
        sys.exit("ffmpeg could not convert MoviePy's frames.")


if __name__ == "__main__":
    what, way, described, *rest = sys.argv[1:]
    if what == "film":
        film(way, from_json(described), *rest)
    else:
        frames(way, from_json(described)[0])

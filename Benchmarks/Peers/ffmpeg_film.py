"""ffmpeg's command lines around a peer's filters: a whole film, or the frames of one shot."""

from collections.abc import Callable

from shots import CROSSFADE_FRAMES, FPS, Shot

Filters = Callable[[Shot], str]


def film(filters: Filters, shots: list[Shot], narration: str, encoding: list[str], output: str) -> list[str]:
    """The film that `burns render` makes: shots mixed by xfade over the same frames, the narration as AAC."""
    inputs: list[str] = []
    graph: list[str] = []
    for index, shot in enumerate(shots):
        inputs += picture(shot)
        graph.append(f"[{index}:v]{filters(shot)},setsar=1[shot{index}]")
    name, length = "shot0", shots[0].frames
    for index, shot in enumerate(shots[1:], start=1):
        fade = f"xfade=transition=fade:duration={CROSSFADE_FRAMES / FPS}:offset={(length - CROSSFADE_FRAMES) / FPS}"
        graph.append(f"[{name}][shot{index}]{fade}[film{index}]")
        name, length = f"film{index}", length - CROSSFADE_FRAMES + shot.frames
    inputs += ["-i", narration]
    return [
        "ffmpeg", "-v", "error", "-nostdin", "-y", *inputs, "-filter_complex", ";".join(graph), "-map", f"[{name}]",
        "-map", f"{len(shots)}:a", *encoding, "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "192k", "-ar", "48000",
        "-movflags", "+faststart", output,
    ]


def frames(filters: Filters, shot: Shot) -> list[str]:
    """One shot's frames before encoding, as YUV4MPEG2 on standard output."""
    return [
        "ffmpeg", "-v", "error", "-nostdin", *picture(shot), "-vf", f"{filters(shot)},format=yuv420p",
        "-frames:v", str(shot.frames), "-f", "yuv4mpegpipe", "-",
    ]


def picture(shot: Shot) -> list[str]:
    return ["-framerate", str(FPS), "-i", shot.picture]

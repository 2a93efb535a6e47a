"""Whether two films show the same: so that nobody is measured at another job."""

import re
import subprocess
from dataclasses import dataclass

from shots import CROSSFADE_FRAMES, Shot

# What positions rounded to whole pixels, other filters and other matrices differ by is less; a wrong picture or view is far more.
LOWEST_PSNR = 25.0


@dataclass(frozen=True)
class Likeness:
    """A film's number of frames, and its luma's likeness to another film in the middle of each shot (dB)."""

    frames: int
    psnr: list[float]

    def faults(self, expected_frames: int) -> list[str]:
        faults = [] if self.frames == expected_frames else [f"has {self.frames} frames, not {expected_frames}"]
        return faults + [
            f"shows something else in shot {shot} ({value:.1f} dB)"
            for shot, value in enumerate(self.psnr, start=1) if value < LOWEST_PSNR
        ]


def likeness(film: str, reference: str, shots: list[Shot]) -> Likeness:
    """Decodes both films."""
    count = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-count_frames", "-show_entries", "stream=nb_read_frames"]
    frames = int(subprocess.check_output([*count, "-of", "csv=p=0", film], text=True).strip().strip(","))
    begins = [sum(shot.frames - CROSSFADE_FRAMES for shot in shots[:index]) for index in range(len(shots))]
    chosen = "+".join(f"eq(n\\,{begin + shot.frames // 2})" for begin, shot in zip(begins, shots))
    graph = f"[0:v]select={chosen},setpts=N[a];[1:v]select={chosen},setpts=N[b];[a][b]psnr=stats_file=-"
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", film, "-i", reference, "-lavfi", graph, "-f", "null", "-"]
    stats = subprocess.check_output(command, text=True)
    return Likeness(frames, [float(value) for value in re.findall(r"psnr_y:(\S+)", stats)])

"""Encodes a clip once, as Burns would encode a chunk of it, and measures time, size and quality."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Peers"))
from measure import run  # noqa: E402

# Burns' key frames: at a chunk's start and then every 5 s.
KEY_FRAME_INTERVAL = 120
# The score is not cut off at 100: good encodes would look alike.
VMAF_MODEL = r"version=vmaf_v0.6.1\\:disable_clip=true"


@dataclass(frozen=True)
class Contestant:
    """A preset of x264 and what is changed of it, as `--x264-params` takes it."""

    name: str
    preset: str
    changes: str = ""


@dataclass(frozen=True)
class Trial:
    """One encode. SSIM: luma, mean over frames, in dB (-10 lg(1 - SSIM)). VMAF: mean of model 0.6.1, above 100 too."""

    cpu_seconds: float
    size_bytes: int
    ssim_db: float
    vmaf: float


def reading_seconds(clip: str) -> float:
    """CPU time of reading the clip without encoding it, to be taken off."""
    return run(["ffmpeg", "-v", "error", "-threads", "1", "-i", clip, "-f", "null", "-"]).cpu_seconds


def encode(clip: str, contestant: Contestant, crf: float, film: str) -> float:
    """CPU time in seconds of encoding the clip into `film` on one thread; reading included."""
    command = [
        "ffmpeg", "-v", "error", "-y", "-threads", "1", "-i", clip, "-c:v", "libx264", "-threads", "1", "-preset", contestant.preset,
        "-crf", str(crf), "-g", str(KEY_FRAME_INTERVAL), "-flags", "+cgop",
    ]
    if contestant.changes:
        command += ["-x264-params", contestant.changes]
    return run(command + [film]).cpu_seconds


def quality(vmaf_ffmpeg: str, clip: str, film: str, every: int) -> tuple[float, float]:
    """SSIM of the film in dB, of every frame, and its VMAF, of each `every`th frame."""
    graph = (
        "[0:v]split[a][b];[1:v]split[c][d];[a][c]ssim;"
        f"[b][d]libvmaf=n_threads=1:n_subsample={every}:model={VMAF_MODEL}"
    )
    done = subprocess.run(
        [vmaf_ffmpeg, "-hide_banner", "-nostats", "-threads", "1", "-i", film, "-i", clip, "-lavfi", graph, "-f", "null", "-"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    ssim = re.search(r"SSIM Y:\S+ \((\S+)\)", done.stderr)
    vmaf = re.search(r"VMAF score: (\S+)", done.stderr)
    if not ssim or not vmaf:
        sys.exit(f"no figures in what {vmaf_ffmpeg} said:\n{done.stderr}")
    return float(ssim[1]), float(vmaf[1])

"""How much of a gradient's bands are in a picture."""

import json
import subprocess
from dataclasses import dataclass

import numpy

from frames import Planes

# Bands are wider than this, dither is finer; standard deviation in luma samples.
BLUR = 4.0
# Of what is finer than the blur, in code values: more is texture, not gradient.
SMOOTH = 0.35


@dataclass(frozen=True)
class Bands:
    """In smooth parts, in code values.

    luma, chroma: RMS of what is left, after blurring, of the difference to the frame that was not rounded.
    kept: how much of the rounding's fine structure (steps, or dither) is still there, 1 being all.
    flicker: RMS of how much the blurred difference of luma changes from one frame to the next.
    """

    luma: float
    chroma: float
    kept: float
    flicker: float


def blurred(plane: numpy.ndarray, sigma: float) -> numpy.ndarray:
    """With a Gaussian; edges are repeated."""
    radius = int(3 * sigma + 0.5)
    weights = numpy.exp(-0.5 * (numpy.arange(-radius, radius + 1) / sigma) ** 2)
    weights /= weights.sum()
    result = plane.astype(numpy.float32)
    for axis in (0, 1):
        padding = [(radius, radius) if axis == one else (0, 0) for one in (0, 1)]
        padded = numpy.pad(result, padding, mode="edge")
        length = result.shape[axis]
        total = numpy.zeros_like(result)
        for offset, weight in enumerate(weights.astype(numpy.float32)):
            total += weight * numpy.take(padded, range(offset, offset + length), axis)
        result = total
    return result


def smooth_part(plane: numpy.ndarray, sigma: float) -> numpy.ndarray:
    """Where a plane without rounding is a gradient: neither texture nor an edge is within some samples."""
    fine = plane - blurred(plane, sigma)
    return numpy.sqrt(blurred(fine * fine, 2 * sigma)) < SMOOTH


def bands(found: list[Planes], rounded: list[Planes], ideal: list[Planes]) -> Bands:
    """Figures of pairs of successive frames: in the end, as they were rounded before encoding, and without rounding."""
    errors: tuple[list[float], list[float]] = ([], [])
    changes: list[float] = []
    products, squares = 0.0, 0.0
    for index in range(0, len(ideal), 2):
        for number, (got, cut, deep) in enumerate(zip(found[index], rounded[index], ideal[index])):
            sigma = BLUR if number == 0 else BLUR / 2
            exact = deep / 64
            part = smooth_part(exact, sigma)
            if not part.any():
                continue
            difference = got - exact
            coarse = blurred(difference, sigma)
            errors[min(number, 1)].append(float((coarse[part] ** 2).mean()))
            if number == 0:
                lost = cut - exact
                fine, pattern = (difference - coarse)[part], (lost - blurred(lost, sigma))[part]
                products += float((fine * pattern).sum())
                squares += float((pattern * pattern).sum())
                after = blurred(found[index + 1][0] - ideal[index + 1][0] / 64, sigma)
                changes.append(float(((after - coarse)[part] ** 2).mean()))
    luma, chroma, flicker = (float(numpy.sqrt(numpy.mean(one))) if one else float("nan") for one in (*errors, changes))
    return Bands(luma, chroma, products / squares if squares else float("nan"), flicker)


def smooth_share(ideal: list[Planes]) -> float:
    """The smooth part of the frames' luma, 0…1."""
    return float(numpy.mean([smooth_part(planes[0] / 64, BLUR).mean() for planes in ideal]))


def cambi_and_ssim(ffmpeg: str, film: str, reference: str, log: str) -> tuple[float, float]:
    """CAMBI of a film (0: no bands; 5: bands that annoy), of each fifth frame, and its luma's SSIM in dB, against a reference."""
    graph = (
        "[0:v]split[a][b];[1:v]split[c][d];[a][c]ssim;"
        f"[b][d]libvmaf=n_threads=2:n_subsample=5:feature=name=cambi:log_fmt=json:log_path={log}"
    )
    command = [ffmpeg, "-v", "info", "-hide_banner", "-nostats", "-i", film, "-i", reference, "-lavfi", graph, "-f", "null", "-"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    ssim = done.stderr.partition("SSIM Y:")[2].partition("(")[2].partition(")")[0]
    with open(log, encoding="utf-8") as file:
        cambi = json.load(file)["pooled_metrics"]["cambi"]["mean"]
    return cambi, float(ssim)

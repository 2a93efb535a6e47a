#!/usr/bin/env python3
"""x264's options on pictures that move slowly: CPU time, and size at equal quality, against `medium`.

See ../README.md.
"""

import argparse
import datetime
import glob
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile

import clips
import presets
from rate_distortion import size_ratio
from trial import Contestant, Trial, encode, quality, reading_seconds

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Bench"))
from machine import commit, first_line, processor  # noqa: E402

CURVE = [17, 20, 23, 26]
# Further apart, so that the quality of whatever is tried at one crf lies between two of them.
REFERENCE_CURVE = [15, 18, 21, 24, 28]
ONE_CRF = 21
CROP = "crop=960:544:480:272"


def main() -> None:
    """Measures, prints and writes what was asked for."""
    options = arguments()
    folder = tempfile.mkdtemp(prefix="encoder-sweep-", dir=options.scratch)
    try:
        report: dict = {"about": about(options), "clips": {clip.name: clip.about for clip in chosen(options)}}
        if "presets" in options.only:
            report["presets"] = compare_presets(options, folder)
        if "options" in options.only:
            report["options"] = compare_options(options, folder)
    finally:
        shutil.rmtree(folder)
    text = tables(report)
    print(text)
    for path, content in ((options.json, json.dumps(report, indent=1)), (options.markdown, text)):
        if path:
            with open(path, "w", encoding="utf-8") as file:
                file.write(content + "\n")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--burns", default=".build/release/burns", help="what renders the clips (default: %(default)s)")
    parser.add_argument("--store", default="Examples/store", help="the store with the example (default: %(default)s)")
    installed = glob.glob(".build/bench/imageio_ffmpeg/binaries/ffmpeg-*")
    parser.add_argument(
        "--vmaf-ffmpeg", required=not installed, default=next(iter(installed), None),
        help="an ffmpeg with libvmaf, which compares but does not encode (default: what .ci/install bench installed)")
    parser.add_argument("--only", nargs="+", choices=["presets", "options"], default=["presets", "options"])
    parser.add_argument("--quick", action="store_true", help="three clips of one second, two crf values: to see that it works")
    names = [clip.name for clip in clips.CLIPS]
    parser.add_argument("--clips", nargs="+", choices=names, default=names)
    parser.add_argument("--frames", type=int, default=48, help="of each clip (default: %(default)s)")
    parser.add_argument("--curve", nargs="+", type=int, default=CURVE, help="crf values of the first table (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=1, help="encodes of each, of which the least CPU time counts (default: %(default)s)")
    parser.add_argument("--scratch", default="/dev/shm", help="where 3 GB of frames go, best in memory (default: %(default)s)")
    parser.add_argument("--json", help="write every trial")
    parser.add_argument("--markdown", help="write the tables")
    return parser.parse_args()


def chosen(options: argparse.Namespace) -> list[clips.Clip]:
    return clips.CLIPS[:3] if options.quick else [clip for clip in clips.CLIPS if clip.name in options.clips]


def about(options: argparse.Namespace) -> dict:
    """What the figures depend on."""
    return {
        "date": datetime.date.today().isoformat(), "commit": commit(),
        "processor": f"{processor()}, {os.cpu_count()} cores", "encoder": first_line("ffmpeg", "-version"),
        "x264": first_line("dpkg-query", "-W", "-f", "${Version}", "libx264-164"),
        "metrics": first_line(options.vmaf_ffmpeg, "-version") + ": ssim, libvmaf (vmaf_v0.6.1, not clipped at 100)", "runs": options.runs,
    }


def measure(
    options: argparse.Namespace, clip: str, contestant: Contestant, crf: float, reading: float, film: str, every: int
) -> Trial:
    seconds = min(encode(clip, contestant, crf, film) for _ in range(options.runs)) - reading
    return Trial(seconds, os.path.getsize(film), *quality(options.vmaf_ffmpeg, clip, film, every))


def compare_presets(options: argparse.Namespace, folder: str) -> dict:
    """Every finalist on every clip, whole frames, over the curve; VMAF of each fifth frame, as B-frames come in sixes."""
    frames, curve = (24, [20, 26]) if options.quick else (options.frames, options.curve)
    contestants = presets.finalists()
    found: dict = {one.name: {} for one in contestants}
    for clip in chosen(options):
        path = clips.render(clip, frames, folder, options.burns, options.store)
        reading = min(reading_seconds(path) for _ in range(3))
        for one in contestants:
            found[one.name][clip.name] = {}
        for crf in curve:
            for one in contestants:
                found[one.name][clip.name][crf] = vars(measure(options, path, one, crf, reading, f"{folder}/film.mp4", 5))
        os.remove(path)
        print(f"{clip.name}: done", file=sys.stderr)
    medium = found["medium"]
    return {
        "frames": frames, "curve": curve, "parameters": {one.name: f"{one.preset} {one.changes}".strip() for one in contestants},
        "trials": found, "summary": {name: summary(trials, medium) for name, trials in found.items()},
    }


def summary(ours: dict, medium: dict) -> dict:
    """A contestant's CPU time and sizes against medium's: over all clips, and clip by clip."""
    cpu = [sum(trial["cpu_seconds"] for points in one.values() for trial in points.values()) for one in (ours, medium)]
    ratios = {
        clip: {metric: size_ratio(points_of(ours[clip], metric), points_of(medium[clip], metric)) for metric in ("ssim_db", "vmaf")}
        for clip in medium
    }
    same = {
        crf: {
            "size": mean_ratio([ours[clip][crf]["size_bytes"] / medium[clip][crf]["size_bytes"] for clip in medium]),
            "ssim_db": sum(ours[clip][crf]["ssim_db"] - medium[clip][crf]["ssim_db"] for clip in medium) / len(medium),
        }
        for crf in next(iter(medium.values())) if crf in next(iter(ours.values()))
    }
    return {
        "cpu": cpu[0] / cpu[1], "clips": ratios, "same_crf": same,
        **{metric: mean_ratio([one[metric] for one in ratios.values()]) for metric in ("ssim_db", "vmaf")},
    }


def points_of(trials: dict, metric: str) -> list[tuple[float, float]]:
    return [(trial[metric], trial["size_bytes"]) for trial in trials.values()]


def mean_ratio(ratios: list[float]) -> float:
    """The geometric mean of those that there are."""
    there = [one for one in ratios if not math.isnan(one)]
    return math.exp(sum(map(math.log, there)) / len(there)) if there else math.nan


def compare_options(options: argparse.Namespace, folder: str) -> dict:
    """Each variation at one crf, on the middle of the frames; sizes against medium's curve at the quality that was met."""
    frames = 24 if options.quick else options.frames
    variations = presets.variations()[:6 if options.quick else None]
    found: dict = {one.name: [] for one in variations}
    for clip in chosen(options):
        whole = clips.render(clip, frames, folder, options.burns, options.store)
        path = f"{folder}/middle.y4m"
        subprocess.check_call(["ffmpeg", "-v", "error", "-y", "-i", whole, "-vf", CROP, path])
        os.remove(whole)
        reading = min(reading_seconds(path) for _ in range(3))
        film = f"{folder}/film.mp4"
        medium = [measure(options, path, Contestant("medium", "medium"), crf, reading, film, 1) for crf in REFERENCE_CURVE]
        middle = medium[REFERENCE_CURVE.index(ONE_CRF)]
        for one in variations:
            trial = measure(options, path, one, ONE_CRF, reading, film, 1)
            found[one.name].append({
                "clip": clip.name, "cpu": trial.cpu_seconds, "medium_cpu": middle.cpu_seconds,
                **{
                    metric: size_at(getattr(trial, metric), trial.size_bytes, [(getattr(m, metric), m.size_bytes) for m in medium])
                    for metric in ("ssim_db", "vmaf")
                },
                "same_crf": {"size": trial.size_bytes / middle.size_bytes, "ssim_db": trial.ssim_db - middle.ssim_db},
            })
        print(f"{clip.name}: done", file=sys.stderr)
    return {"frames": frames, "crf": ONE_CRF, "trials": found}


def size_at(level: float, size: float, curve: list[tuple[float, float]]) -> float:
    """A size as a ratio to the curve's at this quality; NaN beyond its ends."""
    points = sorted(curve)
    for (low, small), (high, large) in zip(points, points[1:]):
        if low <= level <= high and high > low:
            return size / (small * (large / small) ** ((level - low) / (high - low)))
    return math.nan


def percent(ratio: float) -> str:
    return "–" if math.isnan(ratio) else f"{100 * (ratio - 1):+.1f} %"


def tables(report: dict) -> str:
    """The report as Markdown."""
    lines = [f"- {key}: {value}" for key, value in report["about"].items()]
    lines += ["", "Clips: " + "; ".join(f"*{name}*: {text}" for name, text in report["clips"].items()) + "."]
    if "presets" in report:
        lines += preset_tables(report["presets"])
    if "options" in report:
        lines += option_table(report["options"])
    return "\n".join(lines)


def preset_tables(found: dict) -> list[str]:
    middle = found["curve"][min(1, len(found["curve"]) - 1)]
    lines = [
        "", f"## Presets: {found['frames']} frames of each clip, crf {', '.join(map(str, found['curve']))}", "",
        f"| | CPU | size at equal SSIM | at equal VMAF | at crf {middle}: size | SSIM |", "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {100 * one['cpu']:.1f} % | {percent(one['ssim_db'])} | {percent(one['vmaf'])} | "
        f"{percent(one['same_crf'][middle]['size'])} | {one['same_crf'][middle]['ssim_db']:+.2f} dB |"
        for name, one in found["summary"].items()
    ]
    names = [name for name in found["summary"] if name != "medium"]
    lines += ["", "Size at equal SSIM / VMAF, clip by clip:", "", "| clip | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for clip in found["trials"]["medium"]:
        ratios = [found["summary"][name]["clips"][clip] for name in names]
        lines.append(f"| {clip} | " + " | ".join(f"{percent(one['ssim_db'])} / {percent(one['vmaf'])}" for one in ratios) + " |")
    return lines + [""] + [f"- {name}: `{text}`" for name, text in found["parameters"].items()]


def option_table(found: dict) -> list[str]:
    lines = [
        "", f"## One option at a time: {found['frames']} frames of each clip's middle (960×544), crf {found['crf']}", "",
        "| ken-burns with | CPU | size at equal SSIM | at equal VMAF | at this crf: size | SSIM |", "|---|---|---|---|---|---|",
    ]
    figures = {}
    for name, trials in found["trials"].items():
        cpu = sum(one["cpu"] for one in trials) / sum(one["medium_cpu"] for one in trials)
        figures[name] = (cpu, *(mean_ratio([one[metric] for one in trials]) for metric in ("ssim_db", "vmaf")))
        metrics = [percent(ratio) for ratio in figures[name][1:]]
        size = percent(mean_ratio([one["same_crf"]["size"] for one in trials]))
        decibel = sum(one["same_crf"]["ssim_db"] for one in trials) / len(trials)
        lines.append(f"| {name} | {100 * cpu:.1f} % | {metrics[0]} | {metrics[1]} | {size} | {decibel:+.2f} dB |")
    front = sorted((one for one in figures if on_front(one, figures)), key=figures.get)
    return lines + ["", "Not beaten by another row in all three of CPU time and the two sizes: " + "; ".join(front) + "."]


def on_front(name: str, figures: dict[str, tuple[float, ...]]) -> bool:
    """Whether no other one is at least as good in everything and better in something."""
    ours = figures[name]
    return not any(theirs != ours and all(a <= b for a, b in zip(theirs, ours)) for theirs in figures.values())


if __name__ == "__main__":
    main()

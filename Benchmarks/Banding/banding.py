#!/usr/bin/env python3
"""Bands in gradients: what dither does against them, and what x264 leaves of it.

See ../README.md.
"""

import argparse
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass

import numpy

import dither
import figures
import frames as arrays
import pictures

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Encoding"))
import clips  # noqa: E402
import drawn_pictures  # noqa: E402
import presets  # noqa: E402
from trial import Contestant, encode, reading_seconds  # noqa: E402

FRAMES = 48
# Pairs of successive frames.
JUDGED = [8, 9, 22, 23, 41, 42]
SHOWN = 2
SLOW_ZOOM = ((0.5, 0.5, 1.0), (0.51, 0.49, 1.04))
DEEP = "burns-dusk-16.png"
CLIPS = [
    clips.Clip("dusk-16", "a drawn dark sky, PNG of 16 bits", (DEEP,), (SLOW_ZOOM,)),
    clips.Clip("dusk-8", "the same, rounded to 8 bits", (drawn_pictures.dusk,), (SLOW_ZOOM,)),
    clips.Clip("launch", "photograph with a sky at dusk (the example's)", ("store:rocket-launch.jpg",), (SLOW_ZOOM,)),
    clips.Clip("storm", "photograph of a clouded sky, with its noise", (f"{clips.PHOTOS}/nature/Storm.jpg",), (SLOW_ZOOM,)),
    clips.Clip("garden", "an ordinary photograph, without a sky", (f"{clips.PHOTOS}/nature/Garden.jpg",), (SLOW_ZOOM,)),
]


@dataclass(frozen=True)
class Encoding:
    """A preset with changes, and a crf."""

    preset: str
    crf: int
    changes: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return ", ".join([f"{self.preset} {self.crf}", *(f"{key}={value}" for key, value in self.changes)])

    @property
    def contestant(self) -> Contestant:
        if self.preset == "medium":
            return Contestant("medium", "medium")
        return presets.contestant(self.preset, list((dict(presets.read()[self.preset]) | dict(self.changes)).items()))


ALL_ROUNDINGS = [Encoding("ken-burns", crf) for crf in (14, 18, 20, 23)]
TWO_ROUNDINGS = [
    Encoding("ken-burns-best", 20), Encoding("medium", 20),
    Encoding("ken-burns", 20, (("aq-strength", "1.0"),)),
    Encoding("ken-burns", 20, (("aq-strength", "1.3"),)),
    Encoding("ken-burns", 20, (("aq-mode", "1"),)),
    Encoding("ken-burns", 20, (("deadzone-inter", "6"), ("deadzone-intra", "3"))),
    Encoding("ken-burns", 20, (("deadzone-inter", "0"), ("deadzone-intra", "0"))),
]
TEN_BITS = Encoding("ken-burns", 20)


def main() -> None:
    """Measures, prints and writes what was asked for."""
    options = arguments()
    folder = tempfile.mkdtemp(prefix="banding-", dir=options.scratch)
    report = {}
    try:
        for clip in CLIPS:
            if clip.name in options.clips:
                report[clip.name] = {"about": clip.about, **measure(options, clip, folder)}
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
    parser.add_argument("--burns", default=".build/release/burns", help="what renders frames (default: %(default)s)")
    parser.add_argument("--measure", default=".build/release/burns-measure", help="what keeps their fractions (default: %(default)s)")
    parser.add_argument("--store", default="Examples/store", help="the store with the example (default: %(default)s)")
    installed = glob.glob(".build/bench/imageio_ffmpeg/binaries/ffmpeg-*")
    parser.add_argument(
        "--vmaf-ffmpeg", required=not installed, default=next(iter(installed), None),
        help="an ffmpeg with libvmaf, which compares but does not encode (default: what .ci/install bench installed)")
    names = [clip.name for clip in CLIPS]
    parser.add_argument("--clips", nargs="+", choices=names, default=names)
    parser.add_argument("--runs", type=int, default=2, help="encodes of each, of which the least CPU time counts (default: %(default)s)")
    parser.add_argument("--scratch", default="/dev/shm", help="where 1 GB of frames goes, best in memory (default: %(default)s)")
    parser.add_argument("--pictures", help="a folder for details of frames, their contrast raised")
    parser.add_argument("--json", help="write all figures")
    parser.add_argument("--markdown", help="write the tables")
    return parser.parse_args()


def measure(options: argparse.Namespace, clip: clips.Clip, folder: str) -> dict:
    """All roundings and encodings of a clip."""
    if clip.pictures == (DEEP,):
        deep_picture = f"{folder}/{DEEP}"
        pictures.write_deep_png(drawn_pictures.dusk_levels() * 257, deep_picture)
        clip = clips.Clip(clip.name, clip.about, (deep_picture,), clip.moves)
    project = clips.write_project(clip, FRAMES, folder, options.store)
    deep = arrays.render_deep(options.measure, project, folder)
    tiles = dither.thresholds()
    paths = {name: f"{folder}/{name.replace('/', '-')}.y4m" for name in tiles}
    for name, tile in tiles.items():
        arrays.write_y4m(paths[name], ([dither.apply(plane, tile) for plane in planes] for planes in deep))
    check(options, project, paths["none"], folder)
    ideal = [deep[number] for number in JUDGED]
    rounded = {name: [[dither.apply(plane, tile) for plane in planes] for planes in ideal] for name, tile in tiles.items()}
    ten_path = f"{folder}/ten.y4m"
    arrays.write_y4m(ten_path, ([clipped_ten(plane) for plane in planes] for planes in deep), 10)
    del deep
    shown = {"not rounded": ideal[SHOWN][0] / 64}
    film, log = f"{folder}/film.mp4", f"{folder}/cambi.json"
    reading = min(reading_seconds(paths["none"]) for _ in range(3))
    rows = []
    for name, path in paths.items():
        cambi, ssim = figures.cambi_and_ssim(options.vmaf_ffmpeg, path, paths["none"], log)
        found = figures.bands(rounded[name], rounded[name], ideal)
        rows.append({"encoding": "not encoded", "rounding": name, "cambi": cambi, "ssim_db": ssim, **asdict(found)})
        shown[f"{name}, not encoded"] = rounded[name][SHOWN][0]
    work = [(one, name) for one in ALL_ROUNDINGS for name in paths] + [(one, name) for one in TWO_ROUNDINGS for name in ("none", "bayer")]
    for encoding, name in work:
        cpu = min(encode(paths[name], encoding.contestant, encoding.crf, film) for _ in range(options.runs)) - reading
        cambi, ssim = figures.cambi_and_ssim(options.vmaf_ffmpeg, film, paths["none"], log)
        frames = arrays.decode(film, JUDGED)
        rows.append({
            "encoding": encoding.name, "rounding": name, "bytes": os.path.getsize(film), "cpu_seconds": cpu, "cambi": cambi,
            "ssim_db": ssim, **asdict(figures.bands(frames, rounded[name], ideal)),
        })
        shown[f"{name}, {encoding.name}"] = frames[SHOWN][0]
    reading = min(reading_seconds(ten_path) for _ in range(3))
    cpu = min(encode(ten_path, TEN_BITS.contestant, TEN_BITS.crf, film) for _ in range(options.runs)) - reading
    frames = arrays.decode(film, JUDGED, 10)
    cambi, ssim = figures.cambi_and_ssim(options.vmaf_ffmpeg, film, ten_path, log)
    rows.append({
        "encoding": f"{TEN_BITS.name}, 10 bits", "rounding": "10 bits", "bytes": os.path.getsize(film), "cpu_seconds": cpu,
        "cambi": cambi, "ssim_db": ssim, **asdict(figures.bands(frames, rounded["none"], ideal)),
    })
    shown[f"{TEN_BITS.name}, 10 bits"] = frames[SHOWN][0]
    if options.pictures:
        pictures.write_details(shown, f"{options.pictures}/{clip.name}")
    print(f"{clip.name}: done", file=sys.stderr)
    return {"smooth_share": figures.smooth_share(ideal), "rows": rows}


def clipped_ten(plane: numpy.ndarray) -> numpy.ndarray:
    """10-bit samples of a plane in 1/64 code values of 8 bits."""
    return numpy.clip((plane.astype(numpy.int32) + 8) >> 4, 0, 1023).astype(numpy.uint16)


def check(options: argparse.Namespace, project: str, path: str, folder: str) -> None:
    """The frames rounded here without dither must be those that Burns renders."""
    own = f"{folder}/own.y4m"
    subprocess.check_call([options.burns, "frames", project, "--quiet", "--y4m", own])
    for number, (one, other) in enumerate(zip(arrays.read_y4m(own), arrays.read_y4m(path), strict=True)):
        if not all(numpy.array_equal(*planes) for planes in zip(one, other, strict=True)):
            sys.exit(f"Frame {number} is not what burns renders.")
    os.remove(own)


def tables(report: dict) -> str:
    """The report as Markdown: a table for each clip."""
    lines = []
    for name, clip in report.items():
        plain = {row["encoding"]: row for row in clip["rows"] if row["rounding"] in ("none", "10 bits")}
        lines += [
            f"### {name}: {clip['about']}", "", f"Smooth: {100 * clip['smooth_share']:.0f} % of luma.", "",
            "| encoding, crf | rounding | kB | CPU s | bands Y | bands C | flicker | kept | CAMBI | SSIM dB |", "|---|---|---|---|---|---|---|---|---|---|",
        ]
        for row in clip["rows"]:
            base = plain[row["encoding"]]
            size = f"{row['bytes'] / 1e3:.0f}{change(row, base, 'bytes')}" if "bytes" in row else ""
            cpu = f"{row['cpu_seconds']:.2f}{change(row, base, 'cpu_seconds')}" if "bytes" in row else ""
            kept = "" if row["rounding"] == "10 bits" else f"{row['kept']:.2f}"
            lines.append(
                f"| {row['encoding']} | {row['rounding']} | {size} | {cpu} | {row['luma']:.3f} | {row['chroma']:.3f} | {row['flicker']:.3f} | {kept} | "
                f"{row['cambi']:.2f} | {row['ssim_db']:.2f} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def change(row: dict, base: dict, key: str) -> str:
    return "" if row is base else f" ({100 * (row[key] / base[key] - 1):+.0f} %)"


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Bands in gradients: what dither does against them, and what x264 leaves of it.

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
from trial import KEY_FRAME_INTERVAL, Contestant, encode, reading_seconds, run  # noqa: E402

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Bench"))
import machine  # noqa: E402

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


TEN = "10 bits"


@dataclass(frozen=True)
class Encoding:
    """A preset with changes, and a crf; those of libx265 begin with its name."""

    preset: str
    crf: int
    changes: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return ", ".join([f"{self.preset} {self.crf}", *(f"{key}={value}" for key, value in self.changes)])

    def encode(self, source: str, film: str) -> float:
        """CPU seconds of encoding a YUV4MPEG2 file on one thread, reading included."""
        if self.preset.startswith("x265 "):
            parameters = f"pools=1:frame-threads=1:log-level=error:keyint={KEY_FRAME_INTERVAL}:open-gop=0"
            command = ["ffmpeg", "-v", "error", "-y", "-threads", "1", "-i", source, "-c:v", "libx265", "-crf", str(self.crf)]
            return run([*command, "-preset", self.preset.removeprefix("x265 "), "-x265-params", parameters, film]).cpu_seconds
        if self.preset == "medium":
            return encode(source, Contestant("medium", "medium"), self.crf, film)
        parameters = dict(presets.read()[self.preset]) | dict(self.changes)
        return encode(source, presets.contestant(self.preset, list(parameters.items())), self.crf, film)


ROUNDINGS = dither.thresholds()
# Each encoding with the roundings that it is tried on.
TRIALS = [
    *((Encoding("ken-burns", crf), [*ROUNDINGS, TEN] if crf in (18, 20) else list(ROUNDINGS)) for crf in (14, 18, 20, 23)),
    *((one, ["none", "bayer"]) for one in (
        Encoding("ken-burns-best", 20), Encoding("medium", 20), Encoding("ken-burns", 20, (("aq-strength", "1.0"),)),
        Encoding("ken-burns", 20, (("aq-strength", "1.3"),)), Encoding("ken-burns", 20, (("aq-mode", "1"),)),
        Encoding("ken-burns", 20, (("deadzone-inter", "0"), ("deadzone-intra", "0"))),
    )),
    # What plays 10 bits nearly everywhere is H.265.
    (Encoding("x265 fast", 23), ["none", "bayer", TEN]),
]


def main() -> None:
    """Measures, prints and writes what was asked for."""
    options = arguments()
    folder = tempfile.mkdtemp(prefix="banding-", dir=options.scratch)
    encoders = [machine.first_line("ffmpeg", "-version"), *map(machine.package, ("libx264-164", "libx265-199"))]
    about = {
        "date": datetime.date.today().isoformat(), "commit": machine.commit(), "processor": machine.describe()["processor"],
        "encoders": ", ".join(encoders),
        "metrics": machine.first_line(options.vmaf_ffmpeg, "-version"), "frames of a clip": FRAMES, "runs": options.runs,
    }
    report: dict = {"about": about, "clips": {}}
    try:
        for clip in CLIPS:
            if clip.name in options.clips:
                report["clips"][clip.name] = measure(options, clip, folder)
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
    parser.add_argument(
        "--measure", default=".build/release/burns-measure", help="what keeps their fractions (default: %(default)s)")
    parser.add_argument("--store", default="Examples/store", help="the store with the example (default: %(default)s)")
    installed = glob.glob(".build/bench/imageio_ffmpeg/binaries/ffmpeg-*")
    parser.add_argument(
        "--vmaf-ffmpeg", required=not installed, default=next(iter(installed), None),
        help="an ffmpeg with libvmaf, which compares but does not encode (default: what .ci/install bench installed)")
    names = [clip.name for clip in CLIPS]
    parser.add_argument("--clips", nargs="+", choices=names, default=names)
    parser.add_argument(
        "--runs", type=int, default=2, help="encodes of each, of which the least CPU time counts (default: %(default)s)")
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
    paths = {name: f"{folder}/{name.replace('/', '-').replace(' ', '-')}.y4m" for name in (*ROUNDINGS, TEN)}
    for name, tile in ROUNDINGS.items():
        arrays.write_y4m(paths[name], ([dither.apply(plane, tile) for plane in planes] for planes in deep))
    arrays.write_y4m(paths[TEN], ([clipped_ten(plane) for plane in planes] for planes in deep), 10)
    check(options, project, paths["none"], folder)
    ideal = [deep[number] for number in JUDGED]
    del deep
    film, log = f"{folder}/film.mp4", f"{folder}/cambi.json"
    reading = {name: min(reading_seconds(path) for _ in range(3)) for name, path in paths.items()}
    shown = {"not rounded": ideal[SHOWN][0] / 64}
    rows = []

    def judge(encoding: str, rounding: str, shows: str) -> dict:
        depth = 10 if rounding == TEN else 8
        cambi, ssim = figures.cambi_and_ssim(options.vmaf_ffmpeg, shows, paths[TEN if rounding == TEN else "none"], log)
        frames = arrays.decode(shows, JUDGED, depth)
        shown[f"{encoding}, {rounding}"] = frames[SHOWN][0]
        before = [[dither.apply(plane, ROUNDINGS.get(rounding, ROUNDINGS["none"])) for plane in planes] for planes in ideal]
        bands = figures.bands(frames, before, ideal)
        return {"encoding": encoding, "rounding": rounding, "cambi": cambi, "ssim_db": ssim, **asdict(bands)}

    for name, path in paths.items():
        rows.append(judge("not encoded", name, path))
    for encoding, roundings in TRIALS:
        for name in roundings:
            cpu = min(encoding.encode(paths[name], film) for _ in range(options.runs)) - reading[name]
            rows.append({**judge(encoding.name, name, film), "bytes": os.path.getsize(film), "cpu_seconds": cpu})
    if options.pictures:
        pictures.write_details(shown, f"{options.pictures}/{clip.name}")
    print(f"{clip.name}: done", file=sys.stderr)
    return {"about": clip.about, "smooth_share": figures.smooth_share(ideal), "rows": rows}


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
    """The report as Markdown: CAMBI and sizes of all clips, then a table for each of them."""
    lines = [*(f"- {key}: {text}" for key, text in report["about"].items()), "", *summary(report["clips"])]
    for name, clip in report["clips"].items():
        plain = {row["encoding"]: row for row in clip["rows"] if row["rounding"] == "none"}
        lines += [
            f"### {name}: {clip['about']}", "", f"Smooth: {100 * clip['smooth_share']:.0f} % of luma.", "",
            "| encoding, crf | rounding | kB | CPU s | CAMBI | bands Y | bands C | flicker | kept | SSIM dB |",
            "|---|---|---|---|---|---|---|---|---|---|",
        ]
        for row in clip["rows"]:
            base = plain[row["encoding"]]
            sizes = ["", ""]
            if "bytes" in row:
                sizes = [f"{row['bytes'] / 1e3:.0f}{change(row, base, 'bytes')}", f"{row['cpu_seconds']:.2f}"]
            kept = "" if row["rounding"] == TEN else number(row["kept"], 2)
            bands = [number(row[key], 3) for key in ("luma", "chroma", "flicker")]
            cells = [row["encoding"], row["rounding"], *sizes, number(row["cambi"], 2), *bands, kept, number(row["ssim_db"], 2)]
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def summary(found: dict) -> list[str]:
    """CAMBI of every clip, and in brackets the size of what was encoded against the same without dither."""
    rows: dict[tuple[str, str], list[str]] = {}
    for clip in found.values():
        plain = {row["encoding"]: row for row in clip["rows"] if row["rounding"] == "none"}
        for row in clip["rows"]:
            size = change(row, plain[row["encoding"]], "bytes") if "bytes" in row else ""
            rows.setdefault((row["encoding"], row["rounding"]), []).append(f"{row['cambi']:.2f}{size}")
    head = ["encoding, crf", "rounding", *found]
    lines = ["### CAMBI, and size against `none`", "", f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    return lines + [f"| {' | '.join([*names, *cells])} |" for names, cells in rows.items()] + [""]


def number(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}" if math.isfinite(value) else "–"


def change(row: dict, base: dict, key: str) -> str:
    return "" if row is base else f" ({100 * (row[key] / base[key] - 1):+.0f} %)"


if __name__ == "__main__":
    main()

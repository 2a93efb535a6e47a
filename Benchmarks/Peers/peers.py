#!/usr/bin/env python3
"""Burns against ffmpeg's zoompan: the same film, the same encoder settings, on all cores; and what memory Burns takes.

See ../README.md.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

import zoompan_film
from measure import Run, median, run

PROJECT_ID = "earthrise"
ENCODING = {"preset": "veryfast", "crf": "20"}
MEMORY_LIMIT_BYTES = 1_000_000_000
MEMORY_GROWTH_LIMIT = 1.15
FEW_PICTURES, MANY_PICTURES = 6, 300
PICTURE_MAKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "many_pictures.py")


def main() -> None:
    """Measures, prints, and exits with 1 if a target is missed."""
    options = arguments()
    folder = tempfile.mkdtemp(prefix="against-zoompan-", dir=options.scratch)
    try:
        report = {"cores": os.cpu_count()}
        if "speed" in options.only:
            report["speed"] = speed(options, folder)
        if "memory" in options.only:
            report["memory"] = memory(options, folder)
    finally:
        shutil.rmtree(folder)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=2)
    missed = [text for part in ("speed", "memory") for text in report.get(part, {}).get("missed", [])]
    if missed:
        sys.exit("missed: " + "; ".join(missed))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--burns", default=".build/release/burns", help="the burns to measure (default: %(default)s)")
    parser.add_argument("--store", default="Examples/store", help="the store with the project (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="runs of each (default: %(default)s)")
    parser.add_argument("--only", nargs="+", choices=["speed", "memory"], default=["speed", "memory"])
    parser.add_argument("--scratch", help="where films and generated pictures (1.5 GB) go for the time being (default: the system's)")
    parser.add_argument("--json", help="also write the figures as JSON")
    return parser.parse_args()


def speed(options: argparse.Namespace, folder: str) -> dict:
    """Both films, in turn, so that whatever else the machine does meets both alike."""
    project = f"{options.store}/projects/{PROJECT_ID}"
    shots = zoompan_film.shots_of(options.burns, project, options.store)
    encoding = ["-c:v", "libx264", "-preset", ENCODING["preset"], "-crf", ENCODING["crf"]]
    films = {name: f"{folder}/{name}.mp4" for name in ("burns", "zoompan")}
    commands = {
        "burns": [
            options.burns, "render", project, "--no-cache", "--encoder", "libx264", "--preset", ENCODING["preset"],
            "--crf", ENCODING["crf"], "--size", "1080p", "--fps", str(zoompan_film.FPS), "-o", films["burns"],
        ],
        "zoompan": zoompan_film.command(shots, f"{project}/audio/narration.mp3", encoding, films["zoompan"]),
    }
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(options.runs):
        for name, command in commands.items():
            runs[name].append(run(command))
            print(f"run {number + 1} {name:8} {runs[name][-1].wall_seconds:7.2f} s", file=sys.stderr)
    sizes = {name: os.path.getsize(film) for name, film in films.items()}
    middle = {name: median(measured) for name, measured in runs.items()}
    print(f"\n{'':10}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}{'film MB':>9}   median of {options.runs}, {os.cpu_count()} cores")
    for name, taken in middle.items():
        print(f"{name:10}" + row(taken.wall_seconds, taken.cpu_seconds, taken.peak_bytes / 1e6, sizes[name] / 1e6))
    burns, zoompan = middle["burns"], middle["zoompan"]
    ratios = {
        "wall": burns.wall_seconds / zoompan.wall_seconds, "cpu": burns.cpu_seconds / zoompan.cpu_seconds,
        "peak": burns.peak_bytes / zoompan.peak_bytes, "film": sizes["burns"] / sizes["zoompan"],
    }
    print(f"{'ratio':10}" + row(*ratios.values()))
    missed = [] if ratios["wall"] < 1 else [f"burns takes {ratios['wall']:.2f} of zoompan's time"]
    return {
        "runs": {name: [vars(one) for one in measured] for name, measured in runs.items()},
        "film_bytes": sizes, "ratios": ratios, "missed": missed,
    }


def row(*values: float) -> str:
    return "".join(f"{value:9.2f}" for value in values)


def memory(options: argparse.Namespace, folder: str) -> dict:
    """Peak memory at the defaults, and its growth with the number of pictures (1080p; `ultrafast`, as the encoder is not in question)."""
    film = f"{folder}/film.mp4"
    example = run([options.burns, "render", f"{options.store}/projects/{PROJECT_ID}", "--no-cache", "-o", film]).peak_bytes
    print(f"\npeak memory of {PROJECT_ID} at the defaults: {example / 1e6:.0f} MB")
    peaks = {}
    # In six seconds of film the jobs' peaks do not always meet: the short project gets three chances.
    for count, runs in ((FEW_PICTURES, 3), (MANY_PICTURES, 1)):
        project = f"{folder}/pictures-{count}"
        subprocess.check_call([sys.executable, "-B", PICTURE_MAKER, project, str(count)])
        command = [options.burns, "render", project, "--no-cache", "--preset", "ultrafast", "-o", film]
        peaks[count] = max(run(command).peak_bytes for _ in range(runs))
        shutil.rmtree(project)
        print(f"peak memory of {count} pictures of 12 MP: {peaks[count] / 1e6:.0f} MB")
    growth = peaks[MANY_PICTURES] / peaks[FEW_PICTURES]
    print(f"ratio: {growth:.3f}")
    missed = []
    if example >= MEMORY_LIMIT_BYTES:
        missed.append(f"the example takes {example / 1e6:.0f} MB")
    if growth > MEMORY_GROWTH_LIMIT:
        missed.append(f"{MANY_PICTURES} pictures take {growth:.2f} of the memory of {FEW_PICTURES}")
    return {"example_bytes": example, "peak_bytes": peaks, "growth": growth, "missed": missed}


if __name__ == "__main__":
    main()

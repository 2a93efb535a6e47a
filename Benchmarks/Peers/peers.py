#!/usr/bin/env python3
"""Burns against what people use: the same film at the same encoder settings on all cores, and the same moves before encoding.

See ../README.md.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict

import contestants
import excerpt
import memory
import moviepy_venv
import same_film
from measure import Run, median, run
from scores import COLUMNS, motion_scores, not_led, table
from shots import FPS, HEIGHT, WIDTH, film_frames, shots_of

PRESET, CRF = "veryfast", "20"
PARTS = ["films", "smoothness", "memory"]


def main() -> None:
    """Measures, prints, and exits with 1 if Burns is led in a column or another target is missed."""
    options = arguments()
    scores: dict[str, dict[str, float]] = {name: {} for name in ("burns", *options.against)}
    report: dict = {"cores": os.cpu_count(), "columns": list(COLUMNS), "motion_from": options.motion, "scores": scores}
    missed: list[str] = []
    moviepy = moviepy_venv.python(options.venv) if contestants.MOVIEPY_CUTS.keys() & options.against else ""
    folder = tempfile.mkdtemp(prefix="peers-", dir=options.scratch)
    try:
        if "films" in options.only:
            report["films"] = films(options, moviepy, folder, scores)
            missed += report["films"]["missed"]
        if "smoothness" in options.only:
            report["smoothness"] = smoothness(options, moviepy, folder)
            for name, score in motion_scores(report["smoothness"]).items():
                if name in scores:
                    scores[name].update(score)
            if not report["smoothness"]["burns_is_smooth"]:
                missed.append("burns is not smooth")
        if scores["burns"]:
            print(table(scores))
        report["not_led"] = not_led(scores)
        missed += report["not_led"]
        if "memory" in options.only:
            report["memory"] = memory.measure(options.burns, f"{options.store}/projects/{excerpt.PROJECT_ID}", folder)
            missed += report["memory"]["missed"]
    finally:
        shutil.rmtree(folder)
    report["missed"] = missed
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=2)
    if missed:
        sys.exit("missed:\n  " + "\n  ".join(missed))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--burns", default=".build/release/burns", help="the burns to measure (default: %(default)s)")
    parser.add_argument("--smoothness", default=".build/release/burns-smoothness", help="what tracks dots (default: %(default)s)")
    parser.add_argument("--store", default="Examples/store", help="the store with the example (default: %(default)s)")
    parser.add_argument("--venv", default=".build/moviepy", help="where MoviePy is or is put (default: %(default)s)")
    parser.add_argument("--against", nargs="+", choices=contestants.PEERS, default=contestants.PEERS)
    parser.add_argument("--runs", type=positive, default=3, help="films of each (default: %(default)s)")
    parser.add_argument("--seconds", type=seconds, help="only the beginning of the example, 2 to 39 (default: all of it)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--motion", help="figures that burns-smoothness wrote, instead of measuring them again")
    parser.add_argument("--scratch", help="where films and pictures (1.5 GB) are in the meantime")
    parser.add_argument("--keep", help="a folder that keeps the films")
    parser.add_argument("--json", help="also write the figures as JSON")
    return parser.parse_args()


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not 1 or more")
    return number


def seconds(text: str) -> float:
    value = float(text)
    if not 2 <= value <= 39:
        raise argparse.ArgumentTypeError(f"{text} is not from 2 to 39")
    return value


def films(options: argparse.Namespace, moviepy: str, folder: str, scores: dict[str, dict[str, float]]) -> dict:
    """All films, in turn, so that whatever else the machine does meets all alike; and whether they show the same."""
    store = f"{folder}/store"
    project, narration = excerpt.write(options.store, store, options.seconds)
    shots = shots_of(options.burns, project, store)
    paths = {name: f"{folder}/{name}.mp4" for name in ("burns", *options.against)}
    commands = {
        "burns": [
            options.burns, "render", project, "--store", store, "--no-cache", "--encoder", "libx264", "--preset", PRESET,
            "--crf", CRF, "--size", f"{WIDTH}x{HEIGHT}", "--fps", str(FPS), "-o", paths["burns"],
        ],
        **{peer: contestants.film(peer, shots, narration, PRESET, CRF, paths[peer], moviepy) for peer in options.against},
    }
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(options.runs):
        for name, command in commands.items():
            runs[name].append(run(command))
            print(f"run {number + 1} {name:13} {runs[name][-1].wall_seconds:7.2f} s", file=sys.stderr)
    for name, measured in runs.items():
        middle = median(measured)
        scores[name] |= {
            "wall_seconds": middle.wall_seconds, "cpu_seconds": middle.cpu_seconds, "peak_bytes": middle.peak_bytes,
            "film_bytes": os.path.getsize(paths[name]),
        }
    frames = film_frames(shots)
    likeness = {name: same_film.likeness(path, paths["burns"], shots) for name, path in paths.items()}
    if options.keep:
        os.makedirs(options.keep, exist_ok=True)
        for path in paths.values():
            shutil.copy(path, options.keep)
    return {
        "frames": frames, "width": WIDTH, "height": HEIGHT, "fps": FPS, "encoder": "libx264", "preset": PRESET, "crf": CRF,
        "runs": {name: [vars(one) for one in measured] for name, measured in runs.items()},
        # Of itself a film is infinitely like, which JSON has no word for.
        "likeness": {name: asdict(found) for name, found in likeness.items() if name != "burns"},
        "missed": [f"{name}'s film {fault}" for name, found in likeness.items() for fault in found.faults(frames)],
    }


def smoothness(options: argparse.Namespace, moviepy: str, folder: str) -> dict:
    """What burns-smoothness finds. It exits with 1 if Burns is not smooth, which its report says too."""
    path = options.motion or f"{folder}/smoothness.json"
    if not options.motion:
        command = [options.smoothness, "--burns", options.burns, "--json", path]
        if moviepy:
            command += ["--moviepy-python", moviepy]
        status = subprocess.call(command, stdout=sys.stderr)
        if not os.path.exists(path):
            sys.exit(f"{' '.join(command)} ended with status {status} and without figures.")
    with open(path, encoding="utf-8") as file:
        return json.load(file)


if __name__ == "__main__":
    main()

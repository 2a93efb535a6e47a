#!/usr/bin/env python3
"""Burns against rclone and the AWS CLI: one large file and many small ones, to a server on loopback and back.

See ../README.md.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

import contestants
from contents import Contents
from contestants import JOBS, PREFIX, Job
from server import Server

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Bench"))
from sections.store import targets  # noqa: E402

MEASURED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "measured.py")
MEMORY, MEMORY_BYTES = "/dev/shm", 4 << 30
BURNS, BURNS_UNVERIFIED = "burns", "burns, unverified"
RCLONE, RCLONE_VERIFYING, AWS, AWS_TUNED = "rclone", "rclone, verifying", "AWS CLI", "AWS CLI, tuned"
# How many times as long as Burns the AWS CLI takes at least.
AWS_TIMES = {"one": 1.5, "many": 3.0}


@dataclass(frozen=True)
class Run:
    """What one run took, the server's CPU time beside its own."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    server_cpu_seconds: float


class Course:
    """Server and files; runs one contestant after the other, and looks at what each has done."""

    def __init__(self, server: Server, contents: dict[str, Contents], folder: str) -> None:
        self._server, self._contents, self._folder = server, contents, folder

    def prepare(self, program: str, job: Job) -> None:
        """What there is to download, for all of them."""
        self._server.empty(PREFIX)
        if not job.is_upload:
            upload = Job(job.contents, True, job.server)
            measured(contestants.burns(program, upload, self._contents[job.contents].folder))

    def run(self, name: str, job: Job, command: Callable[[str], list[str]]) -> Run:
        """Runs a command over the folder that it is given; exits if it has not done what it should."""
        contents = self._contents[job.contents]
        folder = contents.folder if job.is_upload else f"{self._folder}/arrived"
        if not job.is_upload:
            os.makedirs(folder)
        # What earlier runs have written is not for this one to wait for.
        os.sync()
        before = self._server.cpu_seconds()
        took = measured(command(folder))
        run = Run(**took, server_cpu_seconds=self._server.cpu_seconds() - before)
        if job.is_upload:
            fault = contents.fault_of_objects(self._server.sizes(PREFIX), lambda name: self._server.read(PREFIX + name))
        else:
            fault = contents.fault_of_copy(folder)
        if fault:
            sys.exit(f"{name}: {job.name}: what arrived {fault}")
        if job.is_upload:
            self._server.empty(PREFIX)
        else:
            shutil.rmtree(folder)
        print(
            f"{job.name:28} {name:60} {run.wall_seconds:7.2f} s, CPU {run.cpu_seconds:6.2f} s, {run.peak_bytes / 1e6:5.0f} MB, "
            f"server {run.server_cpu_seconds:6.2f} s", file=sys.stderr)
        return run


def measured(command: list[str]) -> dict[str, float]:
    """What a command took; exits with its own words if it fails."""
    done = subprocess.run(["/usr/bin/python3", "-B", MEASURED, *command], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.returncode)
    return json.loads(done.stdout)


def main() -> None:
    """Measures, prints, and exits with 1 if a target is missed."""
    options = arguments()
    folder = os.path.realpath(tempfile.mkdtemp(prefix="store-", dir=options.scratch))
    report: dict = {
        "rounds": options.rounds, "cores": os.cpu_count(), "aws_times": AWS_TIMES, "in_memory": options.scratch == MEMORY,
        "jobs": {},
    }
    known = {}
    if options.settings:
        with open(options.settings, encoding="utf-8") as file:
            known = {name: job["settings"] for name, job in json.load(file)["jobs"].items()}
    try:
        many, one = (1000, 1 << 30) if not options.quick else (100, 64 << 20)
        report |= {"files": many, "file_bytes": 100_000, "large_bytes": one}
        contents = {"one": Contents(f"{folder}/one", 1, one), "many": Contents(f"{folder}/many", many, 100_000)}
        for name in options.jobs:
            # Ceph does not give back all the memory of what has been deleted, and stands still where there is none left.
            with Server(JOBS[name].server) as server:
                contestants.set_environment(server, folder)
                course = Course(server, contents, folder)
                report["jobs"][name] = measure_job(course, server, JOBS[name], options, known.get(name))
    finally:
        shutil.rmtree(folder)
    for name, job in report["jobs"].items():
        print_job(name, job)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=2)
    verdicts = [one for name, job in report["jobs"].items() for one in targets(name, job, AWS_TIMES[job["contents"]])]
    missed = [verdict.sentence for verdict in verdicts if not verdict.met]
    if missed:
        sys.exit("missed:\n  " + "\n  ".join(missed))


def measure_job(course: Course, server: Server, job: Job, options: argparse.Namespace, known: dict | None) -> dict:
    """Looks for the peers' best settings, and then has all run in turn."""
    def rclone(settings: str) -> Callable[[str], list[str]]:
        return lambda folder: contestants.rclone(settings, job, folder)

    def aws(settings: str) -> Callable[[str], list[str]]:
        return lambda folder: contestants.aws(settings, job, folder, server)

    def search(tool: str, command: Callable[[str], Callable[[str], list[str]]], candidates: list[str]) -> dict[str, float]:
        return {one: course.run(f"{tool} {' '.join(one.split())}", job, command(one)).wall_seconds for one in candidates}

    course.prepare(options.burns, job)
    # The first run finds a server that has to get its memory from the system.
    course.run("burns, to warm up", job, lambda folder: contestants.burns(options.burns, job, folder))
    searched = {}
    if known is None:
        searched = {
            RCLONE: search(RCLONE, rclone, contestants.rclone_settings(job)),
            AWS_TUNED: search(AWS, aws, contestants.aws_settings(job)[1:]),
        }
        known = {tool: min(found, key=found.get) for tool, found in searched.items()}
    commands = {BURNS: lambda folder: contestants.burns(options.burns, job, folder), RCLONE: rclone(known[RCLONE])}
    # Of a large file, which came in parts, rclone knows no hash. The sink states none at all.
    if job.server == "ceph" and not job.is_upload:
        commands[BURNS_UNVERIFIED] = lambda folder: contestants.burns_unverified(options.burns, job, folder)
        if job.contents == "many":
            commands[RCLONE_VERIFYING] = rclone(known[RCLONE].replace(contestants.RCLONE_UNVERIFIED, ""))
    commands |= {AWS: aws(""), AWS_TUNED: aws(known[AWS_TUNED])}
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for round_number in range(options.rounds):
        # Whoever follows a program that has used much memory finds less of it ready.
        first = round_number % len(commands)
        for name in list(commands)[first:] + list(commands)[:first]:
            runs[name].append(course.run(name, job, commands[name]))
    return {
        "contents": job.contents, "settings": known, "searched": searched,
        "runs": {name: [asdict(run) for run in found] for name, found in runs.items()},
        "medians": {name: median(found) for name, found in runs.items()}, "pairs": pairs(commands),
        "aws_pairs": aws_pairs(commands),
    }


def pairs(contestants: Iterable[str]) -> list[tuple[str, str]]:
    """Which of Burns and of rclone do the same work."""
    if BURNS_UNVERIFIED not in contestants:
        return [(BURNS, RCLONE)]
    return [(BURNS_UNVERIFIED, RCLONE), *([(BURNS, RCLONE_VERIFYING)] if RCLONE_VERIFYING in contestants else [])]


def aws_pairs(contestants: Iterable[str]) -> list[tuple[str, str]]:
    """Burns and the AWS CLI as they are by themselves, and without what the AWS CLI, which compares nothing, does not do either."""
    return [(BURNS, AWS), (BURNS_UNVERIFIED if BURNS_UNVERIFIED in contestants else BURNS, AWS_TUNED)]


def median(runs: list[Run]) -> dict[str, float]:
    """Medians of the times, and the largest peak."""
    times = ("wall_seconds", "cpu_seconds", "server_cpu_seconds")
    return {
        **{key: statistics.median(getattr(run, key) for run in runs) for key in times},
        "peak_bytes": max(run.peak_bytes for run in runs),
    }


def print_job(name: str, job: dict) -> None:
    print(f"\n{name}\n{'':16}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}{'server CPU s':>14}{'cores busy':>12}")
    for tool, found in job["medians"].items():
        print(
            f"{tool:16}{found['wall_seconds']:9.2f}{found['cpu_seconds']:9.2f}{found['peak_bytes'] / 1e6:9.0f}"
            f"{found['server_cpu_seconds']:14.2f}{busy(found):12.2f}")
    for tool, settings in job["settings"].items():
        print(f"{tool}: {' '.join(settings.split())}")


def busy(found: dict[str, float]) -> float:
    """Cores that client and server kept busy together."""
    return (found["cpu_seconds"] + found["server_cpu_seconds"]) / found["wall_seconds"]


def scratch() -> str:
    """In memory, where that is large enough: otherwise the disk sets the pace of downloads."""
    try:
        return MEMORY if shutil.disk_usage(MEMORY).free >= MEMORY_BYTES else tempfile.gettempdir()
    except FileNotFoundError:
        return tempfile.gettempdir()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--burns", default=".build/release/burns", help="the burns to measure (default: %(default)s)")
    parser.add_argument("--jobs", nargs="+", choices=JOBS, default=list(JOBS))
    parser.add_argument(
        "--rounds", type=int, default=8, help="of all contestants in turn, beginning with another one each (default: %(default)s)")
    parser.add_argument("--settings", help="figures of an earlier run, whose settings of the peers are taken instead of looking")
    parser.add_argument("--quick", action="store_true", help="100 files and one of 64 MiB")
    parser.add_argument("--scratch", default=scratch(), help="where files (2 GB) are in the meantime (default: %(default)s)")
    parser.add_argument("--json", help="also write the figures as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""Runs a command and measures it."""

import os
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import Self

SAMPLING_SECONDS = 0.05
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Run:
    """What one run of one command took."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int


def run(command: list[str]) -> Run:
    """Runs a command to its end; its own output is shown only if it fails.

    CPU time is the kernel's for the process and the children that it has waited for (wait4). So is peak resident memory, which of
    several processes is the largest one's; therefore all of them together are also sampled, and the larger figure counts.
    A child starts as this process' double, which Linux counts as the child's: this process must stay small.
    """
    started = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    with Sampler(process.pid) as sampler:
        errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}\nended with status {process.returncode}:\n{errors.decode(errors='replace')}")
    return Run(wall, usage.ru_utime + usage.ru_stime, max(usage.ru_maxrss * 1024, sampler.peak_bytes))


class Sampler:
    """The largest sum of a process' and its descendants' resident memory, looked at every now and then."""

    def __init__(self, root: int) -> None:
        self.peak_bytes = 0
        self._root = root
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._stopped.wait(SAMPLING_SECONDS):
            self.peak_bytes = max(self.peak_bytes, resident_bytes(self._root))


def resident_bytes(root: int) -> int:
    """Resident memory of a process and its descendants."""
    children: dict[int, list[int]] = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        # The parent follows the name, which ends with the last parenthesis, and the state.
        fields = contents(f"/proc/{entry}/stat").rpartition(")")[2].split()
        if fields:
            children.setdefault(int(fields[1]), []).append(int(entry))
    family = [root]
    for process in family:
        family += children.get(process, [])
    sizes = [contents(f"/proc/{process}/statm").split() for process in family]
    return sum(int(size[1]) * PAGE_BYTES for size in sizes if size)


def contents(path: str) -> str:
    """A file of /proc; nothing where the process has ended meanwhile."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def median(runs: list[Run]) -> Run:
    """Medians of the times, and the largest peak."""
    return Run(
        statistics.median(run.wall_seconds for run in runs),
        statistics.median(run.cpu_seconds for run in runs),
        max(run.peak_bytes for run in runs),
    )

"""Runs a command and measures it."""

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """What one run of one process took."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int


def run(command: list[str]) -> Run:
    """Runs a command to its end; its own output is shown only if it fails.

    CPU time and peak resident memory are the kernel's for the process and the children that it has waited for (wait4); both
    contenders are single processes, so that the peak is that of all their threads. A child starts as this process' double, which
    Linux counts as the child's: this process must stay small.
    """
    started = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}\nended with status {process.returncode}:\n{errors.decode(errors='replace')}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def median(runs: list[Run]) -> Run:
    """Medians of the times, and the largest peak."""
    return Run(
        statistics.median(run.wall_seconds for run in runs),
        statistics.median(run.cpu_seconds for run in runs),
        max(run.peak_bytes for run in runs),
    )

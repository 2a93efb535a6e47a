"""Runs a part and keeps what came of it."""

import collections
import datetime
import json
import os
import shlex
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field

import machine
from parts import PARTS, Context

LAST_WORDS = 6


@dataclass
class Record:
    """One run of one part. `figures` is what the part wrote; without it `failure` says why there is none."""

    part: str
    began: str
    commit: str
    machine: dict[str, str]
    command: str
    seconds: float = 0
    status: int = 0
    failure: str = ""
    figures: dict = field(default_factory=dict)


def path(context: Context, part: str) -> str:
    return f"{context.folder}/{part}.json"


def read(context: Context, part: str) -> Record | None:
    """What is kept of a part's last run."""
    try:
        with open(path(context, part), encoding="utf-8") as file:
            found = Record(**json.load(file))
        # Of a time when each record said so.
        found.machine["GPU"] = found.machine.get("GPU", "").removesuffix(machine.UNMEASURED)
        return found
    except FileNotFoundError:
        return None


def run(context: Context, part: str) -> Record:
    """Runs a part, whose output goes where this program's goes, and keeps its figures, or why there are none."""
    print(f"\n== {part} ==", flush=True)
    began = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")
    record = Record(part, began, machine.commit(), machine.describe(), "")
    started = time.monotonic()
    figures = context.json(part)
    if os.path.exists(figures):
        os.remove(figures)
    last: collections.deque[str] = collections.deque(maxlen=LAST_WORDS)
    try:
        command = PARTS[part](context)
        record.command = shlex.join(command).replace(os.getcwd() + "/", "")
        record.status = call([*command, "--json", figures], last)
        if os.path.exists(figures):
            with open(figures, encoding="utf-8") as file:
                record.figures = json.load(file)
        else:
            record.failure = " ".join(last) or f"it ended with status {record.status} and said nothing"
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        record.failure = str(error)
    record.seconds = time.monotonic() - started
    with open(path(context, part), "w", encoding="utf-8") as file:
        json.dump(asdict(record), file, indent=1)
    return record


def call(command: list[str], last: collections.deque[str]) -> int:
    """Runs a command and returns its status; its last complaints are kept as well as shown."""
    # Lines come when they are written, into a pipe as well.
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace", env=environment
    ) as process:
        for line in process.stderr:
            sys.stderr.write(line)
            sys.stderr.flush()
            last.append(line.strip())
    return process.returncode

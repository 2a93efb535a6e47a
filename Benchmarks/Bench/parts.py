"""The parts of the benchmark: the commands that measure, in full and for trying."""

import glob
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Peers"))
import excerpt  # noqa: E402
import moviepy_venv  # noqa: E402

# As the repository's root sees them.
PYTHON = ["/usr/bin/python3", "-B"]
BURNS = ".build/release/burns"
PACKED = ".build/dist/burns-*-linux-*/burns"
MEASURE = ".build/release/burns-measure"
SMOOTHNESS = ".build/release/burns-smoothness"
STORE = "Examples/store"
VENV = ".build/moviepy"
# Two chunks.
QUICK_SECONDS = 6


@dataclass(frozen=True)
class Context:
    """What commands depend on: the folder of the results, and whether this is for trying only."""

    folder: str
    quick: bool

    def json(self, part: str) -> str:
        """Where a part's own figures go."""
        return f"{self.folder}/{part}.figures.json"

    def short_project(self) -> str:
        """A few seconds of the example."""
        store = f"{self.folder}/store"
        shutil.rmtree(store, ignore_errors=True)
        return excerpt.write(STORE, store, QUICK_SECONDS)[0]


def machine(context: Context) -> list[str]:
    # All three sizes take more than five minutes where a GPU is made of software.
    return [BURNS, "bench", "--verbose", *(["--quick"] if context.quick else ["--size", "1080p"])]


def kernels(context: Context) -> list[str]:
    return [MEASURE, "kernels", *(["--rounds", "2", "--seconds", "0.02"] if context.quick else [])]


def encode_alone(context: Context) -> list[str]:
    return [MEASURE, "encode-alone", *(["--runs", "1", "--project", context.short_project()] if context.quick else [])]


def scaling(context: Context) -> list[str]:
    if context.quick:
        return [MEASURE, "scaling", "--runs", "1", "--project", context.short_project()]
    # 4K on one core takes minutes.
    return [MEASURE, "scaling", "--runs", "2"]


def growth(context: Context) -> list[str]:
    return [MEASURE, "growth", *(["--runs", "1", "--minutes", "1,2"] if context.quick else [])]


def smoothness(context: Context) -> list[str]:
    return [SMOOTHNESS, *(["--burns-only"] if context.quick else ["--moviepy-python", moviepy_venv.python(VENV)])]


def peers(context: Context) -> list[str]:
    """Motion is that of the part `smoothness` where there is one."""
    command = [*PYTHON, "Benchmarks/Peers/peers.py"]
    if context.quick:
        return [*command, "--runs", "1", "--seconds", str(QUICK_SECONDS), "--against", "zoompan", "--only", "films"]
    motion = context.json("smoothness")
    # A round of all films takes some ten minutes.
    return [*command, "--runs", "2", *(["--motion", motion] if os.path.exists(motion) else [])]


def presets(context: Context) -> list[str]:
    command = [*PYTHON, "Benchmarks/Encoding/sweep.py", "--only", "presets", "--curve", "20", "26"]
    return [*command, *(["--frames", "12", "--clips", "painting"] if context.quick else [])]


def store(context: Context) -> list[str]:
    """With burns as `make dist` last packed it, where it can: the others are programs as Debian packs them."""
    program = max(glob.glob(PACKED), key=os.path.getmtime, default=BURNS)
    return [
        *PYTHON, "Benchmarks/ObjectStore/store.py", "--burns", program, *(["--quick", "--rounds", "1"] if context.quick else []),
    ]


PARTS: dict[str, Callable[[Context], list[str]]] = {
    "machine": machine,
    "kernels": kernels, "encode-alone": encode_alone, "scaling": scaling, "growth": growth, "smoothness": smoothness,
    "peers": peers, "presets": presets, "store": store,
}

"""What figures were taken on: the machine, and the versions of everything that matters."""

import glob
import os
import platform
import re
import subprocess

MOVIEPY_REQUIREMENTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Peers", "requirements.txt")
PACKAGES = [
    "libavcodec59", "libavformat59", "libavfilter8", "libswscale6", "libswresample4", "libx264-164", "libzimg2", "libcurl4",
    "radosgw", "rclone", "awscli",
]
# PCI's class of display controllers, and the makers of those that compute.
DISPLAY_CLASS = "0x03"
# Said of the GPU where the part `machine` has no figures of one.
UNMEASURED = "; not measured on GPU hardware"
GPU_MAKERS = {"0x10de": "NVIDIA", "0x1002": "AMD", "0x8086": "Intel"}


def describe() -> dict[str, str]:
    """Machine and versions, by name."""
    return {
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "memory": f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB",
        "GPU": gpu(),
        "system": f"{value_of('PRETTY_NAME', '/etc/os-release')} ({contents('/etc/debian_version')}), Linux {platform.release()}",
        "Swift": re.sub(r".*?(Swift version \S+).*", r"\1", first_line("swift", "--version")).removeprefix("Swift version "),
        "ffmpeg": first_line("ffmpeg", "-version").split()[2],
        "libraries": ", ".join(filter(None, map(package, PACKAGES))),
        "MoviePy and its own": ", ".join(contents(MOVIEPY_REQUIREMENTS).replace("==", " ").split("\n")),
    }


def commit() -> str:
    """The commit of the working tree, with `-dirty` where anything but the results differs from it."""
    changed = first_line("git", "status", "--porcelain", "--", ".", ":!Benchmarks/RESULTS.md")
    return first_line("git", "rev-parse", "--short", "HEAD") + ("-dirty" if changed else "")


def processor() -> str:
    return value_of("model name", "/proc/cpuinfo")


def gpu() -> str:
    """The maker's name of a card that could compute, and its number by PCI."""
    for device in sorted(glob.glob("/sys/bus/pci/devices/*")):
        maker = contents(f"{device}/vendor")
        if contents(f"{device}/class").startswith(DISPLAY_CLASS) and maker in GPU_MAKERS:
            return f"{GPU_MAKERS[maker]} {contents(f'{device}/device')}"
    return "none"


def package(name: str) -> str:
    """A Debian package with its version; nothing where it is not installed."""
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}", name], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def first_line(*command: str) -> str:
    """The first line that a command prints."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n", maxsplit=1)[0]


def value_of(name: str, path: str) -> str:
    """The value of the first line `name = value` or `name : value` of a file; "unknown" where there is none."""
    found = re.search(rf'^{re.escape(name)}\s*[=:]\s*"?(.*?)"?$', contents(path), re.MULTILINE)
    return found[1] if found else "unknown"


def contents(path: str) -> str:
    """A text file's, without the end of its last line; nothing where there is no such file."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except FileNotFoundError:
        return ""

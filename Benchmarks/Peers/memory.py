"""What memory Burns takes: at the defaults, and whether it grows with the number of pictures."""

import os
import shutil
import subprocess
import sys

from measure import run

LIMIT_BYTES = 1_000_000_000
GROWTH_LIMIT = 1.15
FEW_PICTURES, MANY_PICTURES = 6, 300
PICTURE_MAKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "many_pictures.py")


def measure(burns: str, example: str, folder: str) -> dict:
    """Peak memory of the example, and of few and many pictures (1080p; `ultrafast`, as the encoder is not in question)."""
    film = f"{folder}/film.mp4"
    example_bytes = run([burns, "render", example, "--no-cache", "-o", film]).peak_bytes
    print(f"\npeak memory of the example at the defaults: {example_bytes / 1e6:.0f} MB")
    peaks = {}
    # In six seconds of film the jobs' peaks do not always meet: the short project gets three chances.
    for count, runs in ((FEW_PICTURES, 3), (MANY_PICTURES, 1)):
        project = f"{folder}/pictures-{count}"
        subprocess.check_call([sys.executable, "-B", PICTURE_MAKER, project, str(count)])
        command = [burns, "render", project, "--no-cache", "--preset", "ultrafast", "-o", film]
        peaks[count] = max(run(command).peak_bytes for _ in range(runs))
        shutil.rmtree(project)
        print(f"peak memory of {count} pictures of 12 MP: {peaks[count] / 1e6:.0f} MB")
    growth = peaks[MANY_PICTURES] / peaks[FEW_PICTURES]
    print(f"ratio: {growth:.3f}")
    missed = []
    if example_bytes >= LIMIT_BYTES:
        missed.append(f"the example takes {example_bytes / 1e6:.0f} MB")
    if growth > GROWTH_LIMIT:
        missed.append(f"{MANY_PICTURES} pictures take {growth:.2f} of the memory of {FEW_PICTURES}")
    return {
        "example_bytes": example_bytes, "limit_bytes": LIMIT_BYTES, "peak_bytes": peaks, "growth": growth,
        "growth_limit": GROWTH_LIMIT, "missed": missed,
    }

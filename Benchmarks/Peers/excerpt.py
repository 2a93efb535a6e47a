"""The example project in a form in which every contestant can make the same film of it: linear easing, and as long as wanted."""

import json
import os
import shutil
import subprocess

PROJECT_ID = "earthrise"
# Crossfades of shorter shots would be shorter than the others.
SHORTEST_SHOT_SECONDS = 2


def write(store: str, folder: str, seconds: float | None) -> tuple[str, str]:
    """Writes a store with the project's first `seconds` (`None`: all), and returns the project's folder and its narration.

    Easing is linear, as an expression of ffmpeg's has no Bézier curves.
    """
    original, project = f"{store}/projects/{PROJECT_ID}", f"{folder}/projects/{PROJECT_ID}"
    os.makedirs(f"{project}/audio")
    shutil.copytree(f"{original}/images", f"{project}/images")
    with open(f"{original}/manifest.json", encoding="utf-8") as file:
        manifest = json.load(file)
    narration = f"{project}/audio/narration.mp3"
    length = [] if seconds is None else ["-t", str(seconds)]
    subprocess.check_call(
        ["ffmpeg", "-v", "error", "-nostdin", "-i", f"{store}/{manifest['audio_file']}", *length, "-c", "copy", narration]
    )
    if seconds is not None:
        last_start = seconds - SHORTEST_SHOT_SECONDS
        manifest["segments"] = [segment for segment in manifest["segments"] if segment["start_time"] <= last_start]
        manifest["segments"][-1]["end_time"] = seconds
        del manifest["duration"]
    manifest["style"] = {**manifest.get("style", {}), "easing": "linear"}
    with open(f"{project}/manifest.json", "w", encoding="utf-8") as file:
        json.dump(manifest, file)
    return project, narration

"""The machine itself, stage by stage: CPU against GPU, beside its own limits."""

from verdict import Verdict, at_least

from .markdown import Section, table

COPIES = {
    "memory_copy": "memory copied, bytes read and written", "host_to_device": "host to device, one direction",
    "device_to_host": "device to host, one direction", "within_device": "within the device's memory, bytes read and written",
}
TARGETS = {
    "times_cpu": ("resamples, against all of the CPU,", 1, "{:.2f} times as fast"),
    "share_of_device_to_host": ("of the bandwidth to the host, when frames are made and read back:", 100, "{:.0f} %"),
}
STAGES = {"read_back": "read back", "resample_and_read_back": "resample, read back", "whole": "whole film"}


def machine(figures: dict) -> Section:
    names = {device["number"]: f"{device['name']}{' (software)' if device['software'] else ''}" for device in figures["devices"]}
    about = figures["machine"]
    text = [
        f"{about['processor']}, {about['cores']} cores; kernels {', '.join(about['cpu_levels'])}; {figures['jobs']} jobs; "
        f"{figures['project']['encoder']}. " + (
            "Devices: " + "; ".join(f"{names[one['number']]}, {one['kind']}, {one['driver']}" for one in figures["devices"])
            if names else "No device with Vulkan") + ".", "",
    ]
    text += [line for failure in figures["failures"] for line in (
        f"**{failure['name']} failed at {failure['task']}: {failure['reason']}**", "")]
    notes = figures["notes"] + [note for size in figures["sizes"] for note in size["notes"]]
    text += [line for note in notes for line in (f"Note: {note}.", "")]
    text += table(["this machine's limits", "of", "threads", "GB/s"], (
        [COPIES[one["kind"]], names.get(one["device"], "the host"), str(one["threads"]), f"{one['bytes_per_s'] / 1e9:.1f}"]
        for one in figures["limits"]))
    for size in figures["sizes"]:
        text += stages(size)
    return text, [
        *(verdict(one, names[one["device"]]) for one in figures["verdicts"] if one["met"] is not None),
        *(Verdict(f"{one['name']} is measured to the end", f"it failed at {one['task']}", False) for one in figures["failures"]),
    ]


def stages(size: dict) -> list[str]:
    """A size's table. Items are pictures up to `upload`, and frames from there."""
    def cells(row: dict) -> list[str]:
        ratio = row["ratio_to_limit"]
        return [
            STAGES.get(row["stage"], row["stage"]), row["contestant"], str(row["threads"]),
            f"{row['wall_s_per_item'] * 1e3:.3g}",
            f"{row['items_per_s']:.4g}", f"{row['cpu_s_per_item'] * 1e3:.3g}", "" if ratio is None else f"{100 * ratio:.1f} %",
        ]

    sample = size["sample"]
    made = ", ".join(f"{one['contestant']} {one['frames']}" for one in sample["compared"])
    heads = [f"{size['width']} x {size['height']}", "by", "threads", "ms", "a second", "CPU ms", "of the limit"]
    return [
        *table(heads, map(cells, size["stages"])),
        f"Frames that were the same to the byte, of {sample['frames']}: {made}; of the films, {size['film_frames_compared']}.", "",
    ]


def verdict(found: dict, name: str) -> Verdict:
    """Of a GPU; a software driver has none."""
    what, scale, form = TARGETS[found["question"]]
    where = f"{name} at {found['width']} x {found['height']} {what}"
    return at_least(where, scale * found["value"], scale * found["wanted"], form)


def has_gpu(figures: dict) -> bool:
    """Whether there are figures of a device that is no software."""
    rows = [row for size in figures.get("sizes", []) for row in size["stages"]]
    return any(not row["software"] and row["device"] is not None for row in rows)

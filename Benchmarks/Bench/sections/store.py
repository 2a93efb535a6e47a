"""Moving files to and from an S3 server, beside rclone and the AWS CLI."""

from verdict import Verdict, at_least, at_most

from .markdown import Section, table

RCLONE = "rclone"


def store(figures: dict) -> Section:
    text = [
        f"To Ceph's RADOS gateway on loopback, objects in memory, on the same {figures['cores']} cores: 1 file of "
        f"{figures['large_bytes'] / 2**20:.0f} MiB, {figures['files']} of {figures['file_bytes'] / 1000:.0f} kB. Medians of "
        f"{figures['rounds']} rounds in turn, the largest peak; files {'in memory' if figures['in_memory'] else 'on the disk'}. "
        "*Busy*: cores that client and server kept busy together.", "",
    ]
    verdicts = []
    for name, job in figures["jobs"].items():
        found = job["medians"]
        rows = [
            [
                tool, f"{one['wall_seconds']:.2f}", f"{one['cpu_seconds']:.2f}", f"{one['peak_bytes'] / 1e6:.0f}",
                f"{one['server_cpu_seconds']:.2f}",
                f"{(one['cpu_seconds'] + one['server_cpu_seconds']) / one['wall_seconds']:.2f}",
            ]
            for tool, one in found.items()
        ]
        text += table([name, "wall s", "CPU s", "peak MB", "server's CPU s", "busy"], rows)
        for tool, settings in job["settings"].items():
            text += [f"{tool}: `{' '.join(settings.split())}`", ""]
        verdicts += targets(name, found, figures["aws_times"][job["contents"]])
    return text, verdicts


def targets(name: str, found: dict[str, dict[str, float]], aws_times: float) -> list[Verdict]:
    burns, rclone = found["burns"], found[RCLONE]
    others = (("wall_seconds", "wall time"), ("cpu_seconds", "CPU time"), ("peak_bytes", "peak memory"))
    fastest = min(one["wall_seconds"] for tool, one in found.items() if tool not in ("burns", RCLONE))
    return [
        *(at_most(f"{name}: {word}", burns[key] / rclone[key], 1, "{:.2f} times rclone's") for key, word in others),
        at_least(f"{name}: the AWS CLI takes", fastest / burns["wall_seconds"], aws_times, "{:.1f} times as long"),
    ]

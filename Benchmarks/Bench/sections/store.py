"""Moving files to and from an S3 server, beside rclone and the AWS CLI."""

from verdict import Verdict, at_least, at_most

from .markdown import Section, table


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
        verdicts += targets(name, job, figures["aws_times"][job["contents"]])
    return text, verdicts


def targets(name: str, job: dict, aws_times: float) -> list[Verdict]:
    """Burns beside what does the same work of rclone; beside the AWS CLI as both are by themselves, and for the same work."""
    found = job["medians"]
    columns = (("wall_seconds", "wall time"), ("cpu_seconds", "CPU time"), ("peak_bytes", "peak memory"))
    return [
        *(
            at_most(f"{name}: {word} of {burns}", found[burns][key] / found[peer][key], 1, "{:.2f} times that of " + peer)
            for burns, peer in job["pairs"] for key, word in columns
        ),
        *(
            at_least(
                f"{name}: {peer} takes", found[peer]["wall_seconds"] / found[burns]["wall_seconds"], aws_times,
                "{:.2f} times as long as " + burns)
            for burns, peer in job["aws_pairs"]
        ),
    ]

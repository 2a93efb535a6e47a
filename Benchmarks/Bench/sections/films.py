"""Films of different lengths, on different numbers of cores, and beside their encoder."""

from verdict import at_least, at_most

from .markdown import Section, listed, table, unique

# That films are rendered on, as far as a machine has them; see ScalingCommand.swift.
CORES = [1, 2, 4, 8, 16]


def encode_alone(figures: dict) -> Section:
    frames = figures["frames"]
    rows = []
    for name, key in (("burns render", "render"), ("encode alone", "encode")):
        cpu, wall = figures[f"{key}_cpu_s"], figures[f"{key}_wall_s"]
        rows.append([name, f"{cpu:.2f}", f"{wall:.2f}", f"{cpu / frames * 1e3:.2f}"])
    rows.append(["ratio", f"{figures['cpu_ratio']:.3f}", f"{figures['wall_ratio']:.3f}", ""])
    text = [
        f"`{figures['project']}`: {frames} frames of 1080p, of which {figures['frames_encoded_alone']} were encoded alone; "
        f"{figures['jobs']} jobs, medians of {figures['runs']}.", "",
        *table(["", "CPU s", "wall s", "ms CPU a frame"], rows),
        f"Cores busy between the first and the last frame: {100 * figures['busy_share']:.1f} %; peak memory "
        f"{figures['peak_rss_bytes'] / 1e6:.0f} MB.", "",
    ]
    limit = figures["cpu_ratio_limit"]
    verdicts = [at_most("a film's CPU time", figures["cpu_ratio"], limit, "{:.3f} times that of encoding its frames")]
    if "busy_share_wanted" in figures:
        busy, wanted = 100 * figures["busy_share"], 100 * figures["busy_share_wanted"]
        verdicts.append(at_least("cores busy between the first and the last frame", busy, wanted, "{:.1f} %"))
    return text, verdicts


def scaling(figures: dict) -> Section:
    rows = figures["rows"]

    def cells(row: dict) -> list[str]:
        one = next(other for other in rows if other["size"] == row["size"])
        return [row["size"], str(row["cores"]), f"{row['render_fps']:.1f}", f"{row['render_fps'] / one['render_fps']:.2f}"]

    counts = unique(row["cores"] for row in rows)
    there = figures["machine"]["cores"]
    missing = [count for count in CORES if count > there]
    unmeasured = f" Not measured with {listed(missing)} cores: this machine has {there}." if missing else ""
    return [
        f"`burns render` of `{figures['project']}`, frames a second by wall time, medians of {figures['runs']}; x: against one core. "
        f"Measured with {listed(counts)} {'cores' if counts[-1] > 1 else 'core'}.{unmeasured} "
        "(What resampling alone gains from threads, `burns bench` measures.)", "",
        *table(["size", "cores", "frames a second", "x"], map(cells, rows)),
    ], []


def growth(figures: dict) -> Section:
    rows, limits = figures["rows"], figures["limits"]
    text = [
        f"{figures['size']}, libx264 {figures['preset']}, {figures['jobs']} jobs, medians of {figures['runs']}.", "",
        *table(["minutes", "frames", "wall s", "CPU s", "ms wall a frame", "ms CPU a frame", "peak MB"], (
            [
                str(row["minutes"]), str(row["frames"]), f"{row['wall_s']:.2f}", f"{row['cpu_s']:.2f}",
                f"{row['wall_s'] / row['frames'] * 1e3:.3f}", f"{row['cpu_s'] / row['frames'] * 1e3:.3f}",
                f"{row['peak_rss_bytes'] / 1e6:.0f}",
            ]
            for row in rows)),
    ]
    before, longest = rows[-2:]
    lengths = f"a film of {longest['minutes']} minutes takes, against one of {before['minutes']},"

    def per_frame(key: str) -> float:
        return longest[key] / longest["frames"] / (before[key] / before["frames"])

    return text, [
        at_most(f"{lengths} wall time a frame of", per_frame("wall_s"), limits["time_per_frame"], "{:.3f} times"),
        at_most(f"{lengths} CPU time a frame of", per_frame("cpu_s"), limits["time_per_frame"], "{:.3f} times"),
        at_most(f"{lengths} memory of", longest["peak_rss_bytes"] / before["peak_rss_bytes"], limits["memory"], "{:.3f} times"),
    ]

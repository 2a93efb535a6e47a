"""What each part's figures say: a table, and a verdict on each of its targets."""

import math
import os
import sys
from collections.abc import Callable, Iterable

from verdict import Verdict, at_least, at_most, by

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Peers"))
import scores  # noqa: E402

Section = tuple[list[str], list[Verdict]]


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A table of Markdown."""
    heads = list(heads)
    return ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|", *("| " + " | ".join(row) + " |" for row in rows), ""]


def unique(values: Iterable) -> list:
    return list(dict.fromkeys(values))


def kernels(figures: dict) -> Section:
    rows = figures["rows"]
    ratios, contestants = (unique(row[key] for row in rows) for key in ("ratio", "contestant"))
    found = {(row["contestant"], row["ratio"], row["variant"]): row for row in rows}
    best = {row["ratio"]: row for row in rows if row["is_best_burns"] and row["variant"] == "pan"}

    def lines(title: str, cell: Callable[[dict], str], variant: str) -> list[str]:
        def cells(contestant: str) -> list[str]:
            there = [found.get((contestant, ratio, variant)) for ratio in ratios]
            return [contestant, *("" if row is None else cell(row) for row in there)]
        return [title, "", *table(["", *(f"ratio {ratio:g}" for ratio in ratios)], map(cells, contestants))]

    def milliseconds(row: dict) -> str:
        return f"{row['ms_median']:.2f}" + ("" if row["is_best_burns"] else f" (x {row['times_burns']:.2f})")

    def decibels(row: dict) -> str:
        return f"{row['psnr_true_luma']:.2f}, {min(row['psnr_true_cb'], row['psnr_true_cr']):.2f}"

    text = ["Frames of 1080p on one thread; x: against Burns' best kernels.", ""]
    text += lines("A pan, a peer's graph or context kept, ms a frame:", milliseconds, "pan")
    text += lines("A zoom, ms a frame:", milliseconds, "zoom")
    text += lines("PSNR against the true picture, dB, luma and the worse of chroma:", decibels, "pan")
    verdicts = []
    for target in figures["targets"]:
        rivals = [row for row in rows if row["contestant"].startswith(target["contestant"]) and row["variant"] == "pan"]
        closest = min(rivals, key=lambda row: row["times_burns"])
        verdicts.append(at_least(
            f"{target['contestant']} takes in a pan, at any ratio and in its faster form,", closest["times_burns"],
            target["times_burns"], "{:.2f} times as long as Burns"))
        key = "psnr_true_at_swscale_view" if target["contestant"].startswith("swscale") else "psnr_true"
        gains = [
            best[row["ratio"]][f"{key}_{plane}"] - row[f"psnr_true_{plane}"] for row in rivals for plane in ("luma", "cb", "cr")
        ]
        # By what two decimals show.
        verdicts.append(Verdict(
            f"Burns is as close to the true picture as {target['contestant']} or closer", f"by {min(gains):+.2f} dB or more",
            min(gains) >= -0.005))
    return text, verdicts


def smoothness(figures: dict) -> Section:
    motion, limits = figures["motion"], figures["limits"]
    sources, moves = (unique(row[key] for row in motion) for key in ("frames_from", "move"))
    flicker = {row["frames_from"]: row for row in figures["flicker"]}

    def worst(rows: list[dict], key: str) -> float:
        return max((row[key] if row["is_tracked"] else math.inf for row in rows), default=math.nan)

    def cells(source: str) -> list[str]:
        own = [row for row in motion if row["frames_from"] == source]
        per_move = [[row for row in own if row["move"] == move] for move in moves]
        backward, steps = (sum(row.get(key, 0) for row in own) for key in ("backward_steps", "steps"))
        shimmer = flicker.get(source)
        return [
            source, *(f"{worst(rows, 'rms_about_mean_px'):.4f}, {worst(rows, 'second_difference_px'):.4f}" for rows in per_move),
            f"{backward} of {steps}", f"{shimmer['shimmer_code_values']:.2f}" if shimmer else "",
            f"{shimmer['contrast']:.3f}" if shimmer else "",
        ]

    text = [
        "RMS px about the mean, px/frame²; the worst of luma and chroma.", "",
        *table(["frames from", *moves, "backward steps", "zone plate's shimmer", "its contrast"], map(cells, sources)),
    ]
    own = [row for row in motion if row["frames_from"] == "burns"]
    return text, [
        at_most("Burns' distance from the ideal path, in any plane of any move,", worst(own, "rms_px"), limits["rms_px"], "{:.4f} px RMS"),
        at_most("its shaking", worst(own, "second_difference_px"), limits["second_difference_px"], "{:.4f} px/frame²"),
        at_most("its steps backward", worst(own, "backward_steps"), limits["backward_steps"], "{:.0f}"),
    ]


def encode_alone(figures: dict) -> Section:
    frames = figures["frames"]
    rows = [
        [name, f"{figures[key + '_cpu_s']:.2f}", f"{figures[key + '_wall_s']:.2f}", f"{figures[key + '_cpu_s'] / frames * 1e3:.2f}"]
        for name, key in (("burns render", "render"), ("encode alone", "encode"))
    ]
    rows.append(["ratio", f"{figures['cpu_ratio']:.3f}", f"{figures['wall_ratio']:.3f}", ""])
    text = [
        f"`{figures['project']}`: {frames} frames of 1080p, of which {figures['frames_encoded_alone']} were encoded alone; {figures['jobs']} jobs, "
        f"medians of {figures['runs']}.", "",
        *table(["", "CPU s", "wall s", "ms CPU a frame"], rows),
        f"Cores busy between the first and the last frame: {100 * figures['busy_share']:.1f} %; peak memory "
        f"{figures['peak_rss_bytes'] / 1e6:.0f} MB.", "",
    ]
    return text, [at_most("a film's CPU time", figures["cpu_ratio"], figures["cpu_ratio_limit"], "{:.3f} times that of encoding its frames")]


def scaling(figures: dict) -> Section:
    rows = figures["rows"]

    def cells(row: dict) -> list[str]:
        one = next(other for other in rows if other["size"] == row["size"])
        return [
            row["size"], str(row["cores"]),
            *(text for key in ("resample_fps", "render_fps") for text in (f"{row[key]:.1f}", f"{row[key] / one[key]:.2f}")),
        ]

    return [
        f"`{figures['project']}`, frames a second by wall time, medians of {figures['runs']}; x: against one core.", "",
        *table(["size", "cores", "resampling", "x", "rendering", "x"], map(cells, rows)),
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


def peers(figures: dict) -> Section:
    text, verdicts = [], []
    if figures["scores"].get("burns"):
        text, verdicts = peer_table(figures["scores"])
    if "films" in figures:
        film = figures["films"]
        runs = len(film["runs"]["burns"])
        text = [
            f"{film['frames']} frames of {film['width']}x{film['height']} at {film['fps']}, {film['encoder']} {film['preset']} crf "
            f"{film['crf']}; medians of {runs}. In brackets what Burns has of it.", "", *text,
        ]
        lowest = min((min(one["psnr"]) for one in film["likeness"].values()), default=math.nan)
        verdicts.append(Verdict(
            "all films show the same", "; ".join(film["missed"]) or f"every shot by {lowest:.1f} dB or more", not film["missed"]))
    if "memory" in figures:
        memory = figures["memory"]
        few, many = memory["peak_bytes"].items()
        text += [f"Peak memory of pictures of 12 megapixels: {few[0]}: {few[1] / 1e6:.0f} MB; {many[0]}: {many[1] / 1e6:.0f} MB.", ""]
        verdicts += [
            at_most("the example's peak memory at the defaults", memory["example_bytes"] / 1e6, memory["limit_bytes"] / 1e6, "{:.0f} MB"),
            at_most(f"memory of {many[0]} pictures", memory["growth"], memory["growth_limit"], f"{{:.3f}} times that of {few[0]}"),
        ]
    return text, verdicts


def peer_table(found: dict[str, dict[str, float]]) -> Section:
    burns = found["burns"]
    keys = [key for key in scores.COLUMNS if key in burns]

    def cell(name: str, key: str) -> str:
        column, value = scores.COLUMNS[key], found[name][key]
        share = "" if name == "burns" else f" ({scores.share(burns[key], value)})"
        return f"{value / column.unit:.{column.decimals}f}{share}"

    text = table(["", *(scores.COLUMNS[key].heading for key in keys)], ([name, *(cell(name, key) for key in keys)] for name in found))
    verdicts = []
    for key in keys:
        name, value = min(((name, score[key]) for name, score in found.items() if name != "burns"), key=lambda one: one[1])
        column = scores.COLUMNS[key]
        shown = [f"{one / column.unit:.{column.decimals}f}" for one in (burns[key], value)]
        met = burns[key] <= value
        how = by(burns[key], value, met)
        verdicts.append(Verdict(f"{column.heading}: no peer is better", f"Burns {shown[0]}, the best peer {shown[1]} ({name}){how}", met))
    return text, verdicts


def presets(figures: dict) -> Section:
    found = figures["presets"]

    def percent(ratio: float) -> str:
        return "–" if math.isnan(ratio) else f"{100 * (ratio - 1):+.1f} %"

    rows = (
        [name, f"{100 * one['cpu']:.1f} %", percent(one["ssim_db"]), percent(one["vmaf"])] for name, one in found["summary"].items()
    )
    curve = " and ".join(map(str, found["curve"]))
    return [
        f"A shorter form of `make encoder-sweep` ([Encoding/RESULTS.md](Encoding/RESULTS.md) has the whole one): {found['frames']} frames of "
        f"{len(figures['clips'])} clips, crf {curve}, against x264's `medium`.", "",
        *table(["", "CPU", "size at equal SSIM", "at equal VMAF"], rows),
    ], []


SECTIONS: dict[str, tuple[str, Callable[[dict], Section]]] = {
    "kernels": ("Resampling beside zimg and libswscale", kernels),
    "encode-alone": ("A film beside encoding its frames", encode_alone),
    "scaling": ("More cores", scaling),
    "growth": ("Longer films", growth),
    "smoothness": ("Smoothness", smoothness),
    "peers": ("What people use", peers),
    "presets": ("Presets for libx264", presets),
}

"""The same film as others make it."""

import math
import os
import sys

from verdict import Verdict, at_most, by

from .markdown import Section, table

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Peers"))
import scores  # noqa: E402


def peers(figures: dict) -> Section:
    text, verdicts = [], []
    if figures["scores"].get("burns"):
        text, verdicts = peer_table(figures["scores"])
    if "films" in figures:
        film = figures["films"]
        runs = len(film["runs"]["burns"])
        text = [
            f"{film['frames']} frames of {film['width']}x{film['height']} at {film['fps']}, {film['encoder']} {film['preset']} "
            f"crf {film['crf']}; medians of {runs}. In brackets what Burns has of it.", "", *text,
        ]
        if figures.get("motion_from"):
            text += ["Motion and shimmer are those of the part `smoothness`.", ""]
        lowest = min((min(one["psnr"]) for one in film["likeness"].values()), default=math.nan)
        verdicts.append(Verdict(
            "all films show the same", "; ".join(film["missed"]) or f"every shot by {lowest:.1f} dB or more", not film["missed"]))
    if "memory" in figures:
        memory = figures["memory"]
        (few, few_bytes), (many, many_bytes) = memory["peak_bytes"].items()
        peaks = f"{few_bytes / 1e6:.0f} MB with {few}, {many_bytes / 1e6:.0f} MB with {many}"
        text += [f"Peak memory with pictures of 12 megapixels: {peaks}.", ""]
        example, limit = memory["example_bytes"] / 1e6, memory["limit_bytes"] / 1e6
        verdicts += [
            at_most("the example's peak memory at the defaults", example, limit, "{:.0f} MB"),
            at_most(f"memory with {many} pictures", memory["growth"], memory["growth_limit"], f"{{:.3f}} times that with {few}"),
        ]
    return text, verdicts


def peer_table(found: dict[str, dict[str, float]]) -> Section:
    burns = found["burns"]
    keys = [key for key in scores.COLUMNS if key in burns]

    def cell(name: str, key: str) -> str:
        column, value = scores.COLUMNS[key], found[name][key]
        share = "" if name == "burns" else f" ({scores.share(burns[key], value)})"
        return f"{value / column.unit:.{column.decimals}f}{share}"

    headings = [scores.COLUMNS[key].heading for key in keys]
    text = table(["", *headings], ([name, *(cell(name, key) for key in keys)] for name in found))
    verdicts = []
    for key in keys:
        name, value = min(((name, score[key]) for name, score in found.items() if name != "burns"), key=lambda one: one[1])
        column = scores.COLUMNS[key]
        shown = [f"{one / column.unit:.{column.decimals}f}" for one in (burns[key], value)]
        met = burns[key] <= value
        how = by(burns[key], value, met)
        measured = f"Burns {shown[0]}, the best peer {shown[1]} ({name}){how}"
        verdicts.append(Verdict(f"{column.heading}: no peer is better", measured, met))
    return text, verdicts

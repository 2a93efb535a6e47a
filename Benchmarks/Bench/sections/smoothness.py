"""How exactly pictures move."""

import math

from verdict import at_most

from .markdown import Section, table, unique


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
        at_most(
            "Burns' distance from the ideal path, in any plane of any move,", worst(own, "rms_px"), limits["rms_px"],
            "{:.4f} px RMS"),
        at_most("its shaking", worst(own, "second_difference_px"), limits["second_difference_px"], "{:.4f} px/frame²"),
        at_most("its steps backward", worst(own, "backward_steps"), limits["backward_steps"], "{:.0f}"),
    ]

"""The comparison: a figure for each contestant and column, of which the smaller is the better."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column's heading, the unit it is shown in, and its decimals."""

    heading: str
    unit: float = 1
    decimals: int = 1


COLUMNS = {
    "wall_seconds": Column("wall s"),
    "cpu_seconds": Column("CPU s"),
    "peak_bytes": Column("peak MB", 1e6, 0),
    "film_bytes": Column("film MB", 1e6, 2),
    "rms_about_mean_px": Column("RMS px", decimals=4),
    "second_difference_px": Column("px/frame^2", decimals=4),
    "backward_steps": Column("backward", decimals=0),
    "shimmer_code_values": Column("shimmer", decimals=2),
}


def motion_scores(smoothness: dict) -> dict[str, dict[str, float]]:
    """burns-smoothness' figures by contestant: the worst move's, of luma and chroma (all backward steps together)."""
    scores: dict[str, dict[str, float]] = {}
    for row in smoothness["motion"]:
        score = scores.setdefault(row["frames_from"], {"rms_about_mean_px": 0, "second_difference_px": 0, "backward_steps": 0})
        if not row["is_tracked"]:
            raise ValueError(f"{row['frames_from']} shows something else in '{row['move']}': dots were not found.")
        score["backward_steps"] += row["backward_steps"]
        for key in ("rms_about_mean_px", "second_difference_px"):
            score[key] = max(score[key], row[key])
    for row in smoothness["flicker"]:
        scores[row["frames_from"]]["shimmer_code_values"] = row["shimmer_code_values"]
    return scores


def not_led(scores: dict[str, dict[str, float]]) -> list[str]:
    """Where a peer is better than Burns."""
    burns = scores["burns"]
    return [
        f"{COLUMNS[key].heading}: burns has {burns[key] / COLUMNS[key].unit:.4g}, {name} {value / COLUMNS[key].unit:.4g}"
        for name, score in scores.items() for key, value in score.items() if burns[key] > value
    ]


def table(scores: dict[str, dict[str, float]]) -> str:
    """Figures, and below each peer's what Burns has of them; a star where the peer is better."""
    keys = [key for key in COLUMNS if key in scores["burns"]]
    lines = [f"{'':13}" + "".join(f"{COLUMNS[key].heading:>12}" for key in keys)]
    for name, score in scores.items():
        lines.append(f"{name:13}" + "".join(f"{score[key] / COLUMNS[key].unit:12.{COLUMNS[key].decimals}f}" for key in keys))
        if name != "burns":
            lines.append(f"{'':13}" + "".join(f"{share(scores['burns'][key], score[key]):>12}" for key in keys))
    return "\n" + "\n".join(lines)


def share(burns: float, peer: float) -> str:
    if peer == 0:
        return "*" if burns > 0 else "-"
    return f"{'* ' if burns > peer else ''}x {burns / peer:.2f}"

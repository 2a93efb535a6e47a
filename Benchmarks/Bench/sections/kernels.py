"""Resampling beside libraries."""

from collections.abc import Callable
from dataclasses import replace

from verdict import Verdict, at_least

from .markdown import Section, listed, table, unique

# Rows on 256-bit vectors alone, of Burns and of zimg.
NARROW = ("burns avx2", "zimg avx2 bicubic, 8 bit in")


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

    bound_rows: dict[str, Callable[[dict, dict], str]] = {
        "arithmetic alone, on one row of the picture": lambda bound, burns: f"{bound['arithmetic_ms_median']:.2f}",
        "fetching alone, each working sample once": lambda bound, burns: f"{bound['fetching_ms_median']:.2f}",
        "Burns": lambda bound, burns: f"{burns['ms_median']:.2f} ({burns['ms_median'] / bound['bound_ms']:.2f} x the longer)",
        "bytes a frame has to move, MB": lambda bound, burns: f"{bound['bytes'] / 1e6:.1f}",
        "Burns, GB/s of them": lambda bound, burns: f"{burns['gb_s']:.1f}",
        "multiply-adds for a sample": lambda bound, burns: f"{bound['multiply_adds_per_sample']:.1f}",
        "for a frame, millions": lambda bound, burns: f"{bound['multiply_adds_per_frame'] / 1e6:.0f}",
        "Burns, thousand millions a second": lambda bound, burns: f"{burns['gmac_s']:.1f}",
    }
    used = next((row["contestant"] for row in rows if row["is_best_burns"]), "")
    text = [f"Frames of 1080p on one thread; x: against Burns' best, {used}; zimg on the widest vectors that there are.", ""]
    text += lines("A pan, a peer's graph or context kept, ms a frame:", milliseconds, "pan")
    text += lines("A zoom, ms a frame:", milliseconds, "zoom")
    text += narrow(rows, ratios)
    text += ["What bounds Burns' pan; ms a frame, where no other unit is named:", "", *table(
        ["", *(f"ratio {ratio:g}" for ratio in ratios)],
        [[name, *(cell(bound, best[bound["ratio"]]) for bound in figures["bounds"])] for name, cell in bound_rows.items()])]
    text += lines("PSNR against the true picture, dB, luma and the worse of chroma:", decibels, "pan")
    verdicts = []
    for target in figures["targets"]:
        rivals = [row for row in rows if row["contestant"].startswith(target["contestant"]) and row["variant"] == "pan"]
        closest = min(rivals, key=lambda row: row["times_burns"])
        verdict = at_least(
            f"{target['contestant']} takes in a pan, at any ratio and in its faster form,", closest["times_burns"],
            target["times_burns"], "{:.2f} times as long as Burns")
        verdicts.append(replace(verdict, measured=f"at ratio {closest['ratio']:g} {verdict.measured}"))
        key = "psnr_true_at_swscale_view" if target["contestant"].startswith("swscale") else "psnr_true"
        gains = [
            best[row["ratio"]][f"{key}_{plane}"] - row[f"psnr_true_{plane}"] for row in rivals for plane in ("luma", "cb", "cr")
        ]
        # By what two decimals show.
        verdicts.append(Verdict(
            f"Burns is as close to the true picture as {target['contestant']} or closer", f"by {min(gains):+.2f} dB or more",
            min(gains) >= -0.005))
    return text, verdicts


def narrow(rows: list[dict], ratios: list[float]) -> list[str]:
    """Both sides held to AVX2, where that was measured: of machines that have nothing wider."""
    pans = [row for row in rows if row["variant"] == "pan"]
    burns, peers = ({row["ratio"]: row for row in pans if row["contestant"] == name} for name in NARROW)
    if not burns or not peers:
        return []
    times = [f"{peers[ratio]['ms_median'] / burns[ratio]['ms_median']:.2f}" for ratio in ratios]
    return [f"AVX2 against AVX2, a pan: {NARROW[1]}, takes {listed(times)} times as long as {NARROW[0]}. No target.", ""]

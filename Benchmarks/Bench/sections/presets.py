"""A confirmation of the presets."""

import math
import statistics

from verdict import at_most

from .markdown import Section, table

SHIPPED, CPU_LIMIT = "ken-burns", 0.4


def presets(figures: dict) -> Section:
    found = figures["presets"]

    def percent(ratio: float) -> str:
        return "–" if math.isnan(ratio) else f"{100 * (ratio - 1):+.1f} %"

    def sizes(one: dict, metric: str) -> list[str]:
        """The mean, the median, and the worst clip."""
        worst = max(one["clips"], key=lambda clip: one["clips"][clip][metric])
        middle = statistics.median(clip[metric] for clip in one["clips"].values())
        return [percent(one[metric]), percent(middle), f"{percent(one['clips'][worst][metric])} ({worst})"]

    rows = (
        [name, f"{100 * one['cpu']:.1f} %", *sizes(one, "ssim_db"), *sizes(one, "vmaf")]
        for name, one in found["summary"].items() if name != "medium"
    )
    shipped = found["summary"][SHIPPED]
    curve = " and ".join(map(str, found["curve"]))
    return [
        f"A shorter form of `make encoder-sweep`, of which [Encoding/RESULTS.md](Encoding/RESULTS.md) has the whole: "
        f"{found['frames']} frames of each clip ({', '.join(figures['clips'])}), crf {curve}, against x264's `medium`.", "",
        *table(["", "CPU", "size at equal SSIM", "median", "worst", "at equal VMAF", "median", "worst"], rows),
        f"`{SHIPPED}` clip by clip, size at equal SSIM / VMAF: " + ", ".join(
            f"{clip} {percent(one['ssim_db'])} / {percent(one['vmaf'])}" for clip, one in shipped["clips"].items()) + ".",
    ], [
        at_most(f"{SHIPPED}: CPU time", shipped["cpu"], CPU_LIMIT, "{:.3f} times medium's"),
        at_most(f"{SHIPPED}: size at equal SSIM", shipped["ssim_db"], 1, "{:.3f} times medium's"),
        at_most(f"{SHIPPED}: size at equal VMAF", shipped["vmaf"], 1, "{:.3f} times medium's"),
    ]

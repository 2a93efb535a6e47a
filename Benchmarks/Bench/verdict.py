"""Whether a target was met."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """What was asked for, what was measured, and whether that is it."""

    target: str
    measured: str
    met: bool
    word_if_not: str = "Missed"

    @property
    def sentence(self) -> str:
        return f"{'Met' if self.met else f'**{self.word_if_not}**'}: {self.target}; {self.measured}."


def at_most(target: str, value: float, limit: float, form: str) -> Verdict:
    """A figure that must not exceed a limit; `form` shows both."""
    met = value <= limit
    return Verdict(f"{target} at most {form.format(limit)}", form.format(value) + by(value, limit, met), met)


def at_least(target: str, value: float, limit: float, form: str) -> Verdict:
    """A figure that must not be less than a limit."""
    met = value >= limit
    return Verdict(f"{target} at least {form.format(limit)}", form.format(value) + by(value, limit, met), met)


def by(value: float, limit: float, met: bool) -> str:
    """By how much of the limit a target is missed."""
    return "" if met or limit == 0 else f", missed by {100 * abs(value / limit - 1):.1f} %"

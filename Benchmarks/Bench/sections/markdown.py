"""What sections are made of."""

from collections.abc import Iterable

from verdict import Verdict

# Lines of Markdown, and a verdict on each target.
Section = tuple[list[str], list[Verdict]]


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A table, and the empty line after it."""
    heads = list(heads)
    return ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|", *("| " + " | ".join(row) + " |" for row in rows), ""]


def unique(values: Iterable) -> list:
    """Each value once, in the order in which they come first."""
    return list(dict.fromkeys(values))


def listed(values: Iterable) -> str:
    """ "4", "4 and 8", "4, 8 and 16"."""
    texts = [str(value) for value in values]
    return " and ".join(filter(None, [", ".join(texts[:-1]), texts[-1]]))

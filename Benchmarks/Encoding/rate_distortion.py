"""Sizes compared at equal quality."""

import numpy


def size_ratio(points: list[tuple[float, float]], reference: list[tuple[float, float]]) -> float:
    """How large a contestant's files are, at the quality of the reference's, as a ratio (1.05: 5 % larger).

    Each list has (quality, bytes) of one clip at several crf values. Between them the logarithm of the size is taken as linear in
    quality, and its mean difference over the qualities that both reach is what counts (Bjøntegaard's delta rate with straight
    lines, which cannot swing as his polynomials do). NaN where the ranges do not meet.
    """
    ours, theirs = (numpy.array(sorted(one)) for one in (points, reference))
    low, high = max(ours[0, 0], theirs[0, 0]), min(ours[-1, 0], theirs[-1, 0])
    if low >= high:
        return float("nan")
    at = numpy.linspace(low, high, 201)
    difference = numpy.interp(at, ours[:, 0], numpy.log(ours[:, 1])) - numpy.interp(at, theirs[:, 0], numpy.log(theirs[:, 1]))
    return float(numpy.exp(difference.mean()))

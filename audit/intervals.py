"""Intervals of shares."""

import math
from typing import NamedTuple

# The 97.5th percentile of the normal distribution.
Z95 = 1.959963984540054


class Interval(NamedTuple):
    """A 95 % interval."""

    low: float
    high: float


def wilson(right: float, number: float) -> Interval:
    """The 95 % Wilson score interval of RIGHT out of NUMBER, from 0 to 1."""
    if not number:
        return Interval(0.0, 1.0)
    share = right / number
    spread = Z95**2 / number
    middle = (share + spread / 2) / (1 + spread)
    half = Z95 * math.sqrt(share * (1 - share) / number + spread / (4 * number)) / (1 + spread)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))

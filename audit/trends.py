"""How scores move over the days of a run."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from audit.scorecards import MILLIONTHS, Tally

# A period with fewer scored contacts says nothing; a trend needs three periods.
FEWEST = 5
FEWEST_PERIODS = 3
MOST_PERIODS = 12


class Period(NamedTuple):
    """The mean score (0 to 100) of the contacts from the day FIRST on."""

    first: str
    mean: float
    contacts: int


def periods(tally: Tally) -> Sequence[Period]:
    """The scores of TALLY by equal periods of whole weeks, at most twelve; periods with few contacts are left out.

    Nothing where there are fewer than three periods, or the files tell no days.
    """
    days = sorted(tally.scored_on)
    if not days:
        return ()
    first, last = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
    weeks = (last - first).days // 7 + 1
    length = timedelta(weeks=-(-weeks // MOST_PERIODS))
    found: dict[int, list[int]] = {}
    for day in days:
        sums = found.setdefault((date.fromisoformat(day) - first) // length, [0, 0])
        sums[0] += tally.points_on[day]
        sums[1] += tally.scored_on[day]
    kept = [
        Period((first + place * length).isoformat(), points / number / MILLIONTHS, number)
        for place, (points, number) in sorted(found.items())
        if number >= FEWEST
    ]
    return kept if len(kept) >= FEWEST_PERIODS else ()

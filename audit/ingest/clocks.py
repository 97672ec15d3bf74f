"""The columns of a table that hold times: in which unit, in which order of day and month, in which zone."""

import re
from collections.abc import Callable, Sequence

from audit.ingest.columns import CHANNELS, Table, simple
from audit.ingest.source import Rejected, Source
from audit.ingest.times import (
    COMPACT,
    DAY,
    EPOCH_SECONDS,
    UNITS,
    Calendar,
    Clock,
    is_local,
    seconds,
    unit_by_evidence,
    unit_of,
)
from audit.model import Channel

_NUMBER = re.compile(r"[-+]?\d*(?:\.\d+)?(?:[eE][-+]?\d+)?")
_COMMA = re.compile(r"[-+]?\d+,\d+")
# What stands in a time column where no time is known.
_NO_TIME = frozenset({"", "-", "n/a", "na", "null", "none", "nan"})
# Days since 1900, as spreadsheets count them: the years 1954 to 2119.
SERIALS = (20_000, 80_000)
SERIAL_OF_1970 = 25_569
# Characters that a word takes in English, with the blank after it.
LETTERS = 5


class Clocks:
    """How the times of one table are read. `is_local`: no zone is told; `has_no_date`: nor which day it was."""

    def __init__(self, table: Table, source: Source) -> None:
        self.table = table
        self.source = source
        self.is_local = False
        self.has_no_date = False
        self.rows = [row for _, row in table.rows if len(row) == len(table.heads)]

    def clock(self, key: str) -> Callable[[str], float | None]:
        """How to read the column for KEY: plain numbers in one unit, else dates, or whatever else a time may be."""
        place = self.table.places[key]
        values = [row[place].strip() for row in self.rows]
        known = [value for value in values if value.lower() not in _NO_TIME]
        if any(_COMMA.fullmatch(value) for value in known):
            known = [value.replace(",", ".") for value in known]
        if known and all(COMPACT.fullmatch(value) for value in known):
            self.is_local = True
            return seconds
        if all(_NUMBER.fullmatch(value) for value in known):
            return self._numbers(key, [float(value) for value in known], len(known) == len(values))
        if any(is_local(value) for value in known):
            if not all(is_local(value) for value in known):
                raise Rejected(
                    "time-zone", f"some times in `{self.table.heads[place]}` name a zone and others do not", 1
                )
            self.is_local = "utc" not in self.table.heads[place].lower()
        clock = Clock(known, self.source.options)
        calendar = Calendar(known, self.source.options.date_order)
        if not calendar.is_clear:
            if not calendar.is_one_day:
                raise Rejected("date-order", "day and month cannot be told apart; say --date-order dmy or mdy", 1)
            self.has_no_date = True
        self.is_local = self.is_local or any("/" in value or "." in value[:6] for value in known)
        return lambda value: None if value.strip().lower() in _NO_TIME else clock.read(value)

    def _numbers(self, key: str, values: Sequence[float], is_whole: bool) -> Callable[[str], float | None]:
        """How to read a column of numbers, of which VALUES are those that are there."""
        if values and SERIALS[0] < min(values) and max(values) < SERIALS[1] and any(value % 1 for value in values):
            self.is_local = True
            unit, ahead = DAY, SERIAL_OF_1970
        else:
            unit, ahead = self._unit(key, values), 0
            if unit == 1.0 and is_whole and max(values, default=0.0) < EPOCH_SECONDS:
                return lambda value: float(value.replace(",", "."))

        def read(value: str) -> float | None:
            if value.strip().lower() in _NO_TIME:
                return None
            number = float(value.replace(",", "."))
            return round((number - ahead) * DAY, 3) if ahead else seconds(number, unit)

        return read

    def _unit(self, key: str, values: Sequence[float]) -> float:
        """The unit of numbers in a column: as the user says, as its name says, else by evidence."""
        place = self.table.places[key]
        if self.source.options.time_unit in UNITS:
            return UNITS[str(self.source.options.time_unit)]
        unit = unit_of(self.table.heads[place])
        last = max(values, default=0.0)
        if unit is not None or last > EPOCH_SECONDS:
            return unit or 1.0
        text, conversation = self.table.places["text"], self.table.places.get("conversation")
        channel = self.table.places.get("channel")
        talks: dict[str, tuple[float, int]] = {}
        kinds = set()
        for row in self.rows:
            known = row[conversation] if conversation is not None else ""
            value = row[place].strip().replace(",", ".")
            at = float(value) if value.lower() not in _NO_TIME else 0.0
            before, letters = talks.get(known, (0.0, 0))
            talks[known] = (before + at if key == "duration" else max(before, at), letters + len(row[text]))
            if channel is not None:
                kinds.add(CHANNELS.get(simple(row[channel])))
        longest, letters = max(talks.values())
        is_call = None if not kinds or None in kinds else kinds == {Channel.VOICE}
        return unit_by_evidence(longest, max(1, letters // LETTERS), self.table.heads[place], is_call)

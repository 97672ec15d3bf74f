"""Times in all the ways exports write them, as seconds."""

import math
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from audit.ingest.source import Options, Rejected

# A number above these is no offset in a talk but a moment since 1970, in seconds, milliseconds or microseconds.
EPOCH_SECONDS = 1e8
EPOCH_MILLIS = 1e11
EPOCH_MICROS = 1e14
UNITS = {
    "s": 1.0,
    "seconds": 1.0,
    "sec": 1.0,
    "ms": 1e-3,
    "millis": 1e-3,
    "milliseconds": 1e-3,
    "usec": 1e-6,
    "us": 1e-6,
}
# Words a second: calls hold one to five. Faster is impossible, slower than half a word is no call; under so many words
# nothing can be told.
SLOWEST, FASTEST = 0.5, 7.0
FEWEST_TO_TELL = 20
# Spreadsheets count times in days.
DAY, MOST_OF_A_DAY = 86_400.0, 0.2

_CLOCK = re.compile(r"(?:(\d{1,3}):(?=[0-5]?\d:))?(\d{1,3}):([0-5]?\d(?:[.,]\d+)?)(?:\s*([ap])\.?m\.?)?", re.IGNORECASE)
# Dates as mails have them end in a zone.
_MAIL = re.compile(r"(?:[+-]\d{4}|GMT|UTC)$")
_LENGTH_OF_ISO = len("2026-10-05T09:00:00")
COMPACT = re.compile(r"(?:19|20)\d{12}")
_DURATION = re.compile(r"PT(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?")
_PAIR = re.compile(r"\d{1,3}:\d{2}")
# A recording whose first words come later than this many minutes is not to be expected.
NEAR_NOUGHT = 5
# Azure counts time in ticks of 100 nanoseconds.
TICK = 1e-7
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


def seconds(value: object, unit: float = 1.0) -> float | None:
    """VALUE as seconds: a number in UNIT seconds, `1:02:03.5`, or a date and time (then seconds since 1970).

    None for an empty value. Raises ValueError for anything else.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        raise ValueError("true and false are no times")
    if isinstance(value, int | float):
        return _number(float(value), unit)
    text = str(value).strip()
    if not text:
        return None
    if len(text) >= _LENGTH_OF_ISO and text[4] == "-" and text[10] in "T ":
        with suppress(ValueError):
            return _epoch_of(datetime.fromisoformat(text))
    if COMPACT.fullmatch(text):
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp()
    if _NUMBER.fullmatch(text):
        return _number(float(text), unit)
    if match := _CLOCK.fullmatch(text):
        return _of_clock(match)
    if "/" in text[:5]:
        raise ValueError("dates with a stroke are for a calendar")
    try:
        moment = datetime.fromisoformat(re.sub(r"\s*(?:UTC|GMT)$", "+00:00", text))
    except ValueError:
        if not _MAIL.search(text):
            raise
        moment = parsedate_to_datetime(text)
    return _epoch_of(moment)


def _epoch_of(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _of_clock(match: re.Match[str]) -> float:
    """The seconds that a time on a clock stands for: `1:02:03`, `02:03` (minutes first), `1:02:03 PM`, `1:02 PM`."""
    hours, minutes, rest, half = match.groups()
    if half and hours is None:
        hours, minutes, rest = minutes, rest, "0"
    hour = int(hours or 0)
    if half:
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    return hour * 3600 + int(minutes) * 60 + float(rest.replace(",", "."))


def is_local(value: object) -> bool:
    """Whether VALUE is a date and time that names no zone."""
    if not isinstance(value, str) or _NUMBER.fullmatch(value.strip()):
        return isinstance(value, str) and COMPACT.fullmatch(value.strip()) is not None
    try:
        return datetime.fromisoformat(value.strip()).tzinfo is None
    except ValueError:
        return False


class Clock:
    """The times before the turns of a text, read in the one way that fits all of them.

    `10:02` may be minutes and seconds or hours and minutes: what begins near nought counts from the start of the talk;
    anything else is unclear, and `--time-unit` settles it. Raises Rejected.
    """

    def __init__(self, texts: Sequence[str], options: Options) -> None:
        self.is_local = any(is_local(text) for text in texts) or any("/" in text for text in texts)
        self._calendar = Calendar(texts, options.date_order)
        self._scale = 60.0 if options.time_unit == "h:mm" else 1.0
        pairs = [text for text in texts if _PAIR.fullmatch(text.strip())]
        if pairs and options.time_unit not in ("h:mm", "m:ss"):
            hours = [int(text.partition(":")[0]) for text in pairs]
            if len(pairs) == len(texts) and hours[0] >= NEAR_NOUGHT and max(hours) < 24:
                raise Rejected(
                    "time-unit",
                    f"`{pairs[0]}` may be hours and minutes, or minutes and seconds; say --time-unit h:mm or m:ss",
                )

    def read(self, text: str | None) -> float | None:
        """TEXT in seconds, None where there is none. Raises Rejected where it is no time."""
        if text is None:
            return None
        try:
            at = seconds(text)
            return at * self._scale if at is not None and _PAIR.fullmatch(text.strip()) else at
        except ValueError:
            pass
        try:
            return self._calendar.read(text)
        except ValueError:
            raise Rejected("time", "a time that is neither a clock time nor a date") from None


def _number(number: float, unit: float) -> float:
    if not math.isfinite(number):
        raise ValueError("infinity and not-a-number are no times")
    if abs(number) > EPOCH_MICROS:
        return number * 1e-6
    if abs(number) > EPOCH_MILLIS:
        return number * 1e-3
    return number if abs(number) > EPOCH_SECONDS and unit == 1 else number * unit


_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_TIME = r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}(?:[.,]\d+)?))?\s*(?:([ap])\.?\s*m\.?)?"
_NUMBERS = re.compile(rf"(\d{{1,4}})[/.-](\d{{1,2}})[/.-](\d{{1,4}})(?:,?[\sT]+{_TIME})?", re.IGNORECASE)
_NAMED = re.compile(
    rf"(?:[a-z]{{3,9}},\s*)?(?:(\d{{1,2}})[\s-]+([a-z]{{3,9}})\.?|([a-z]{{3,9}})\.?\s+(\d{{1,2}})),?[\s-]+(\d{{4}})(?:,?\s+{_TIME})?",
    re.IGNORECASE,
)
ORDERS = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}


class Calendar:
    """Dates as people and spreadsheets write them; whether day or month comes first is told by all of them together.

    `order` is None where both would do. `--date-order` settles it.
    """

    def __init__(self, texts: Iterable[str], order: str | None = None) -> None:
        found = {match.groups()[:3] for text in texts if (match := _NUMBERS.match(text))}
        numbers = [tuple(map(int, parts)) for parts in found]
        fitting = [
            name
            for name, (_, month, day) in ORDERS.items()
            if all(1 <= parts[month] <= 12 and 1 <= parts[day] <= 31 for parts in numbers)
            and all((len(parts[0]) == 4) == (name == "ymd") for parts in found)
        ]
        self.order = order or (fitting[0] if len(fitting) == 1 else None)
        if order is None and len(fitting) > 1:
            self.order = self._by_order_of_lines(texts, fitting)
        # Where all dates are one, or both orders are the same day, the times between turns are certain all the same.
        self.is_clear = self.order is not None or not numbers
        self.is_one_day = len(found) < 2

    def _by_order_of_lines(self, texts: Iterable[str], fitting: list[str]) -> str | None:
        """The one order in which the dates only go forward, or only back, where in the other they do neither."""
        straight = []
        for name in fitting:
            days = [day for text in texts if (day := self._numbered(text, name)) is not None]
            if days in (sorted(days), sorted(days, reverse=True)):
                straight.append(name)
        return straight[0] if len(straight) == 1 else None

    def read(self, text: str) -> float:
        """Seconds since 1970 of TEXT, as if it were in UTC. Raises ValueError for what is no date."""
        text = " ".join(text.split())
        when = self._numbered(text, self.order or "dmy")
        if when is None:
            when = self._named(text)
        if when is None:
            raise ValueError("no date")
        return when

    def _numbered(self, text: str, order: str) -> float | None:
        match = _NUMBERS.fullmatch(" ".join(text.split()))
        if match is None:
            return None
        parts = [int(part) for part in match.groups()[:3]]
        year, month, day = (parts[place] for place in ORDERS["ymd" if len(match[1]) == 4 else order])
        return _epoch(year, month, day, match.groups()[3:])

    @staticmethod
    def _named(text: str) -> float | None:
        match = _NAMED.fullmatch(text)
        if match is None:
            return None
        month = _MONTHS.get((match[2] or match[3])[:3].lower())
        if month is None:
            return None
        return _epoch(int(match[5]), month, int(match[1] or match[4]), match.groups()[5:])


def _epoch(year: int, month: int, day: int, clock: Sequence[str | None]) -> float:
    hours, minutes, rest, half = clock
    hour = int(hours or 0)
    if half:
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    spoken = float((rest or "0").replace(",", "."))
    midnight = datetime(year + 2000 if year < 100 else year, month, day, hour, int(minutes or 0), tzinfo=UTC)
    return midnight.timestamp() + spoken


def unit_of(column: str) -> float | None:
    """The unit that the name of a column says (`start_ms`, `begin_offset_millis`), None where it says none."""
    for ending in re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", column).lower())[1:]:
        if ending in UNITS:
            return UNITS[ending]
    return None


def unit_by_evidence(last: float, words: int, column: str, is_call: bool | None = None) -> float:
    """The unit of plain numbers: LAST is the end of a talk, in which so many WORDS were said.

    Nobody talks faster than FASTEST; slower anybody may, and in writing does. IS_CALL tells calls from chats where the
    file does. Raises Rejected where both seconds and milliseconds would do.
    """
    if last <= 0 or last > EPOCH_SECONDS:
        return 1.0
    fits = [unit for unit in (1.0, 1e-3) if words <= FASTEST * last * unit]
    if not fits:
        return DAY if last < MOST_OF_A_DAY else 1.0
    if len(fits) == 1:
        return fits[0]
    if is_call or (is_call is None and words >= FEWEST_TO_TELL and words >= SLOWEST * last * 1e-3):
        return 1e-3
    raise Rejected(
        "time-unit", f"the unit of the times in `{column}` is unclear; say --time-unit s or --time-unit ms", 1
    )


def duration(value: object) -> float | None:
    """VALUE as seconds: `PT1M2.5S` of ISO 8601, `1.200s`, or seconds and nanos as Google writes them.

    None for an empty value. Raises ValueError for anything else.
    """
    if isinstance(value, dict):
        return float(value.get("seconds") or 0) + float(value.get("nanos") or 0) * 1e-9
    if isinstance(value, str) and (match := _DURATION.fullmatch(value)):
        hours, minutes, rest = (float(part or 0) for part in match.groups())
        return hours * 3600 + minutes * 60 + rest
    return seconds(value.removesuffix("s") if isinstance(value, str) else value)


def moment(epoch: float) -> datetime:
    """The date and time EPOCH seconds after 1970, in UTC."""
    return datetime.fromtimestamp(epoch, UTC)

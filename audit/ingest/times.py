"""Times in all the ways exports write them, as seconds."""

import math
import re
from datetime import UTC, datetime

from audit.ingest.source import Rejected

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
# People say one to five words a second; a talk that came out ten times faster or slower has another unit.
SLOWEST, FASTEST = 0.05, 12.0

_CLOCK = re.compile(r"(?:(\d{1,3}):(?=[0-5]?\d:))?(\d{1,3}):([0-5]?\d(?:[.,]\d+)?)")
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
    if _NUMBER.fullmatch(text):
        return _number(float(text), unit)
    if match := _CLOCK.fullmatch(text):
        hours, minutes, rest = match.groups()
        return int(hours or 0) * 3600 + int(minutes) * 60 + float(rest.replace(",", "."))
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _number(number: float, unit: float) -> float:
    if not math.isfinite(number):
        raise ValueError("infinity and not-a-number are no times")
    if abs(number) > EPOCH_MICROS:
        return number * 1e-6
    if abs(number) > EPOCH_MILLIS:
        return number * 1e-3
    return number if abs(number) > EPOCH_SECONDS and unit == 1 else number * unit


def unit_of(column: str) -> float | None:
    """The unit that the name of a column says (`start_ms`, `begin_offset_millis`), None where it says none."""
    for ending in re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", column).lower())[1:]:
        if ending in UNITS:
            return UNITS[ending]
    return None


def unit_by_evidence(last: float, words: int, column: str) -> float:
    """The unit of plain numbers, from how long the talk would have lasted: LAST is its end, WORDS how many were said.

    Raises Rejected where neither seconds nor milliseconds come to a speed at which people talk.
    """
    if last <= 0 or last > EPOCH_SECONDS or words < 5:
        return 1.0
    fits = [unit for unit in (1.0, 1e-3) if SLOWEST <= words / (last * unit) <= FASTEST]
    if len(fits) == 1:
        return fits[0]
    if fits:
        slow, fast = (abs(math.log(words / (last * unit)) - math.log(2)) for unit in fits)
        return fits[0] if slow <= fast else fits[1]
    raise Rejected(
        "time-unit", f"the unit of the times in `{column}` is unclear; say --time-unit s or --time-unit ms", 1
    )


def moment(epoch: float) -> datetime:
    """The date and time EPOCH seconds after 1970, in UTC."""
    return datetime.fromtimestamp(epoch, UTC)

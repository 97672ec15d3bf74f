"""WhatsApp export: a stamp and a name before each message, in the ways of many phones and languages."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from audit.ingest.draft import Draft
from audit.ingest.labels import is_plausible
from audit.ingest.roles import label
from audit.ingest.source import Rejected, Source
from audit.ingest.times import Calendar
from audit.model import Channel, Conversation, Participant, Role

NAME = "whatsapp"
TITLE = "WhatsApp export"
EXTENSIONS = (".txt",)
EVIDENCE = "sample"
CARRIES = ("names", "start times (local)")

# Three numbers, a word or two of some languages, and a clock; half of the day before it in Asia, behind it elsewhere.
_LINE = re.compile(
    r"\[?(\d{1,4})\s?[/.년年-]\s?(\d{1,2})\s?[/.월月-]\s?(\d{1,4})[.일日]?,?\s+(?:(?:à|klo|um|at|alle|a las|às|kl\.?)\s+)?"
    r"(?:(上午|下午|오전|오후)\s?)?(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\s*([ap])\.?\s*m\.?)?(?:\]\s*|\s+[-–]\s+|:\s+|,\s+)(.*)",
    re.IGNORECASE,
)
_SAID = re.compile(r"(?=\+?\d{4}|[^:\d]*[^\W\d]|[^\w\s:])([^:]{1,60}?)\s?:(?:\s+|(?=\S)(?!//))(.*)")
# What stands in the place of what was not text.
_NO_WORDS = re.compile(
    r"<(?:Media|Medien|Médias|Multimedia|Mídia|Archivo|Media|File|Datei)[^<>]{3,40}>|"
    r"(?:image|video|audio|GIF|sticker|document|Contact card|Bild|Video|Audio|Sticker|Dokument|imagen|image|vidéo|imagem)"
    r" (?:omitted|weggelassen|omise?|omitid[oa]|absente?|ocultad[oa])|\S+\.\w{2,4} \((?:file attached|Datei angehängt)\)"
    r"|(?:This message was deleted|You deleted this message)\.?|Missed (?:voice|video) call(?:, tap.*)?",
    re.IGNORECASE,
)
_EDITED = re.compile(r"\s*<This message was edited>\s*$")
_MARKS = str.maketrans("", "", "\u200e\u200f\u202a\u202b\u202c")
_HALVES = {"上午": "a", "오전": "a", "下午": "p", "오후": "p"}


def recognises(source: Source) -> bool:
    """Whether one of the first lines of SOURCE, or two of any, begin with a stamp."""
    if source.looks_like_json:
        return False
    lines = [line.translate(_MARKS) for line in source.lines[:20] if line.strip()]
    return bool(lines) and sum(_LINE.match(line) is not None for line in lines) >= min(2, len(lines))


def read(source: Source) -> Iterator[Conversation]:
    """The one chat of SOURCE. Lines without a stamp go on with the message before them."""
    messages: list[tuple[int, str, str, str]] = []
    goes_on = False
    shape = _shape(next(line for line in source.lines if _LINE.match(line.translate(_MARKS))))
    opened = (_LINE.match(line.translate(_MARKS)) for line in source.lines)
    often = Counter(said[1].strip() for match in opened if match and (said := _SAID.match(match[9])))
    for number, line in enumerate(source.lines, 1):
        match = _LINE.match(line.translate(_MARKS))
        if match is None or (goes_on and _shape(line) != shape):
            if goes_on and line.strip():
                at, stamp, name, text = messages[-1]
                messages[-1] = (at, stamp, name, f"{text}\n{line.translate(_MARKS)}")
            continue
        said = _SAID.match(match[9])
        goes_on = said is not None and (often[said[1].strip()] > 1 or (is_plausible(said[1]) and '"' not in said[1]))
        if said and goes_on:
            messages.append((number, _stamp(match), said[1].strip(), _EDITED.sub("", said[2])))
    stamps = [stamp for _, stamp, _, _ in messages]
    calendar = Calendar(stamps, source.options.date_order)
    if not calendar.is_clear and not calendar.is_one_day:
        raise Rejected("date-order", "day and month cannot be told apart; say --date-order dmy or mdy", 1)
    draft = Draft(source, Channel.CHAT)
    for number, stamp, name, text in messages:
        try:
            when = calendar.read(stamp)
        except ValueError:
            raise Rejected("time", "a date that is none", number) from None
        if calendar.order is None and when is not None and not calendar.is_clear:
            draft.warn("day and month of its date cannot be told apart; the date was left out (--date-order)")
        named = label(name)
        person = Participant(name, named.role, named.name, named.name if named.role is Role.AGENT else None)
        draft.say(draft.cast.add(name, person), "" if _NO_WORDS.fullmatch(text.strip()) else text, when, ref=number)
    draft.keep_order()
    made = draft.finish(local_time=True)
    yield made if calendar.is_clear else replace(made, start=None)


def _stamp(match: re.Match[str]) -> str:
    """The date and time of a line, as a calendar reads it."""
    one, two, three, before, hour, minute, second, after, _ = match.groups()
    half = (_HALVES[before] if before else after or "").lower()
    return f"{one}/{two}/{three} {hour}:{minute}:{second or '00'}{f' {half}m' if half else ''}"


def _shape(line: str) -> tuple[bool, bool]:
    """How the stamp of LINE is written: in brackets, with a comma. What looks otherwise is a date in a message."""
    plain = line.translate(_MARKS).strip()
    return plain.startswith("["), "," in plain[:14]

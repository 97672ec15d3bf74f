"""WhatsApp export: a stamp and a name before each message, in the ways of many phones and languages."""

import re
from collections.abc import Iterator

from audit.ingest.draft import Draft
from audit.ingest.roles import label
from audit.ingest.source import Rejected, Source
from audit.ingest.times import Calendar
from audit.model import Channel, Conversation, Participant, Role

NAME = "whatsapp"
TITLE = "WhatsApp export"
EXTENSIONS = (".txt",)
EVIDENCE = "sample"
CARRIES = ("names", "start times (local)")

_LINE = re.compile(
    r"\[?(\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},?\s+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*[ap]\.?\s*m\.?)?)(?:\]\s*|\s+[-–]\s+)(.*)",
    re.IGNORECASE,
)
_SAID = re.compile(r"([^:]{1,80}):(?:\s+|(?=\S)(?!//))(.*)")
# What stands in the place of what was not text.
_NO_WORDS = re.compile(
    r"<[^<>]{3,40}>|(?:image|video|audio|GIF|sticker|document|Contact card) omitted|"
    r"(?:This message was deleted|You deleted this message)\.?|null",
    re.IGNORECASE,
)
_MARKS = str.maketrans("", "", "\u200e\u200f\u202a\u202b\u202c")


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
    for number, line in enumerate(source.lines, 1):
        match = _LINE.match(line.translate(_MARKS))
        if match is None:
            if goes_on and line.strip():
                at, stamp, name, text = messages[-1]
                messages[-1] = (at, stamp, name, f"{text}\n{line.translate(_MARKS)}")
            continue
        said = _SAID.match(match[2])
        goes_on = said is not None
        if said:
            messages.append((number, match[1], said[1].strip(), said[2]))
    stamps = [stamp for _, stamp, _, _ in messages]
    calendar = Calendar(stamps, source.options.date_order)
    if calendar.order is None and not calendar.is_one_day:
        raise Rejected("date-order", "day and month cannot be told apart; say --date-order dmy or mdy", 1)
    draft = Draft(source, Channel.CHAT)
    for number, stamp, name, text in messages:
        try:
            when = calendar.read(stamp)
        except ValueError:
            raise Rejected("time", "a date that is none", number) from None
        named = label(name)
        person = Participant(name, named.role, named.name, named.name if named.role is Role.AGENT else None)
        draft.say(draft.cast.add(name, person), "" if _NO_WORDS.fullmatch(text.strip()) else text, when, ref=number)
    draft.keep_order()
    yield draft.finish(local_time=True)

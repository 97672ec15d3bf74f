"""Plain text: `Agent: …`, `[00:12] Ana (Agent): …`, `**Agent:** …`, one turn a line, with lines that go on."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from audit.ingest.draft import Draft
from audit.ingest.roles import label
from audit.ingest.source import Source
from audit.ingest.times import seconds
from audit.model import Conversation, Role

NAME = "text"
TITLE = "Plain text with a speaker before each turn"
EXTENSIONS = (".txt", ".text", ".md", ".log")
EVIDENCE = "documented"
CARRIES = ("roles", "agent names where written", "start times where written")
ORDER = 3

_LINE = re.compile(
    r"\s*(?:[\[(]?(?P<time>(?:\d{1,2}:)?\d{1,3}:\d{2}(?:[.,]\d+)?)[\])]?\s*(?:[-–|]\s*)?)?"
    r"(?P<bold>\*\*|__)?(?P<label>[^\W\d_][\w .'’&\-]{0,38}?(?:\s*[(\[][\w .'’\-]{1,40}[)\]])?)(?:\*\*|__)?"
    r"\s*:(?:\*\*|__)?(?:\s+|$)(?P<text>.*)"
)
# `Ana Duarte   0:03`, with the words on the lines below.
_ABOVE = re.compile(r"\s*(?P<label>[^\W\d_][^:\t]{0,60}?)(?:\s{2,}|\t)(?P<time>(?:\d{1,2}:)?\d{1,3}:\d{2})\s*")
_NUMBERED = re.compile(r"[A-Za-z]+[ _-]?\d+")
# Where most lines have a label, a name before a single line is a speaker too.
MOST_LINES = 0.8
LONGEST_LABEL = 5


class _Line(NamedTuple):
    number: int
    label: str
    time: str | None
    text: str


def _labelled(lines: list[str]) -> list[_Line | str]:
    """The lines with their labels taken off; a line without a speaker stays text."""
    above = [_ABOVE.fullmatch(line) for line in lines]
    if sum(match is not None for match in above) >= 2:
        return [
            _Line(number, match["label"], match["time"], "") if match else line.strip()
            for number, (line, match) in enumerate(zip(lines, above, strict=True), 1)
        ]
    matches = [_LINE.match(line) for line in lines]
    found = [match for match in matches if match and len(match["label"].split()) <= LONGEST_LABEL]
    often = Counter(match["label"].strip() for match in found)
    filled = sum(bool(line.strip()) for line in lines)
    are_most = len(found) >= MOST_LINES * filled
    read: list[_Line | str] = []
    for number, (line, match) in enumerate(zip(lines, matches, strict=True), 1):
        name = match["label"].strip() if match else ""
        is_name = are_most and (name.istitle() or _NUMBERED.fullmatch(name) is not None)
        if match and name in often and (is_name or often[name] > 1 or label(name).role is not Role.UNKNOWN):
            read.append(_Line(number, name, match["time"], match["text"].strip()))
        else:
            read.append(line.strip())
    return read


def recognises(source: Source) -> bool:
    """Whether at least two lines of SOURCE begin with a speaker, and the first words have one."""
    if source.looks_like_json or source.text.startswith("WEBVTT") or "-->" in source.text[:2000]:
        return False
    read = [line for line in _labelled(source.lines) if line]
    return sum(isinstance(line, _Line) for line in read) >= 2


def read(source: Source) -> Iterator[Conversation]:
    """The one conversation of SOURCE."""
    said: list[tuple[_Line, list[str]]] = []
    dropped = 0
    for line in _labelled(source.lines):
        if isinstance(line, _Line):
            said.append((line, [line.text]))
        elif line and said:
            said[-1][1].append(line)
        elif line:
            dropped += 1
    draft = Draft(source)
    if dropped:
        draft.warn(f"{dropped} lines before the first speaker were left out")
    for line, words in said:
        draft.say(draft.cast.add(line.label), " ".join(filter(None, words)), seconds(line.time), ref=line.number)
    yield draft.finish(ref=1)

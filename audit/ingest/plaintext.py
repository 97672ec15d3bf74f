"""Plain text with a speaker before each turn, in the many ways in which people write that."""

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from audit.ingest.draft import Draft
from audit.ingest.labels import STAMP, is_internal, is_plausible, speakers, without_note
from audit.ingest.source import Rejected, Source
from audit.ingest.times import Clock
from audit.model import Conversation

NAME = "text"
TITLE = "Plain text with a speaker before each turn"
EXTENSIONS = (".txt", ".text", ".log")
EVIDENCE = "documented"
CARRIES = ("roles", "agent names where written", "start times where written")
ORDER = 3

_LEAD = r"[\s\u200e\u200f]*(?:[-*•>]\s+|#{1,6}\s+)?(?:\[(?P<remark>[^\]\d]{4,30})\]\s*)?"
_BEFORE = rf"(?:[\[(<]?(?P<time>{STAMP})(?:\s*(?:-+>?|–|to)\s*{STAMP})?[\])>]?\s*(?:[-–|,]\s*)?)?"
_AFTER = rf"(?:\s*[\[(]\s*(?P<after>{STAMP})\s*[\])])?"
_NAME = r"(?P<label>[\w+@#(][^:：\t\n<>\[\]]{0,70}?(?:\s?[(\[][^()\[\]\d]{1,40}[)\]])?)"
# The ways, and what each of them is told by. The one that fits most lines is that of the file.
_WAYS = (
    re.compile(rf"{_LEAD}{_BEFORE}(?:\*\*|__)?{_NAME}(?:\*\*|__)?{_AFTER}(?:\*\*|__)?\s*[:：](?:\*\*|__)?(?!//)\s*(?P<text>.*)"),
    re.compile(rf"{_LEAD.replace('remark', 'remarks')}{_BEFORE}[\[<](?P<label>[^\W\d_][^\[\]<>:]{{0,60}})[\]>]:?\s+(?P<text>.*)(?P<after>)(?P<remark>)?"),
    re.compile(rf"\s*{_BEFORE}(?P<label>[^\W\d_][^\n:<>]{{0,60}}?)\s?>\s+(?P<text>.*)(?P<after>)(?P<remark>)?"),
    re.compile(rf"\s*{_BEFORE}(?P<label>[^\W\d_][^\n:\t]{{0,60}}?)\t+(?P<text>(?!\s*{STAMP}\s*$).+)(?P<after>)(?P<remark>)?"),
)  # fmt: skip
# `Ana Duarte   0:03`, with the words on the lines below.
_ABOVE = re.compile(
    rf"\s*(?:\*\*)?(?P<label>[^\W\d_][^:\t]{{0,60}}?)(?:\*\*)?(?:\s+|\t)[(\[]?(?P<time>{STAMP})[)\]]?\s*"
)
_STAMP_ALONE = re.compile(rf"\s*[\[(]?({STAMP})[\])]?\s*")
_RULER = re.compile(r"\s*[=\-_*#~]{3,}.*")
# A line that begins another talk: `Call 2`, `--- Conversation 0017 ---`.
_HEAD = re.compile(
    r"\W*(?:call|conversation|chat|transcript|interaction)\b[\s#:]*(?:id|no\.?|number)?[\s#:]*([\w-]*\d[\w-]*)\W*",
    re.IGNORECASE,
)


_CUE = re.compile(r"^\s*[\d:.,]{5,}\s*-->\s*[\d:.,]{5,}\s*$", re.MULTILINE)


class _Line(NamedTuple):
    number: int
    label: str
    time: str | None
    text: str
    internal: bool = False


def _labelled(lines: list[str]) -> list[_Line | str]:
    """The lines with their labels taken off; a line without a speaker stays text."""
    filled = sum(bool(line.strip()) for line in lines)
    above = [_ABOVE.fullmatch(line) for line in lines]
    headed = speakers([match["label"] for match in above if match], 0)
    if sum(match is not None and match["label"] in headed for match in above) >= 2:
        return [
            _Line(number, match["label"], match["time"], "") if match else line.strip()
            for number, (line, match) in enumerate(zip(lines, above, strict=True), 1)
        ]
    best: list[_Line | str] = [line.strip() for line in lines]
    most = 0
    for way in _WAYS:
        read = _in_way(way, lines, filled)
        labelled = sum(isinstance(line, _Line) for line in read)
        if labelled > most:
            best, most = read, labelled
    return best


def _in_way(way: re.Pattern[str], lines: list[str], filled: int) -> list[_Line | str]:
    matches = [way.match(line) for line in lines]
    names = [without_note(match["label"].strip("*_ ")) if match else ("", False) for match in matches]
    known = speakers([name for name, _ in names if name], filled)
    read: list[_Line | str] = []
    for number, (line, match, (name, note)) in enumerate(zip(lines, matches, names, strict=True), 1):
        if match and name in known:
            remark = match["remark"]
            note = note or bool(remark and is_internal(remark))
            read.append(_Line(number, name, match["time"] or match["after"] or None, match["text"].strip(), note))
        else:
            read.append(line.strip())
    return read


def recognises(source: Source) -> bool:
    """Whether at least two lines of SOURCE begin with a speaker."""
    if source.looks_like_json or source.text.startswith("WEBVTT") or _CUE.search(source.text[:2000]):
        return False
    return sum(isinstance(line, _Line) for line in _labelled(source.lines)) >= 2


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The conversations of SOURCE: one, or as many as there are lines that number them."""
    lines = _labelled(source.lines)
    heads = [at for at, line in enumerate(lines) if isinstance(line, str) and _HEAD.fullmatch(line)]
    cuts = [0, *heads[1:], len(lines)] if len(heads) > 1 else [0, len(lines)]
    clock = Clock([line.time for line in lines if isinstance(line, _Line) and line.time], source.options)
    for first, last in itertools.pairwise(cuts):
        head = 1 if len(heads) > 1 and first in heads else 0
        yield _conversation(lines[first + head : last], clock, source, first + 1)


def _conversation(lines: list[_Line | str], clock: Clock, source: Source, first: int) -> Conversation | Rejected:
    said: list[tuple[_Line, str | None, list[str]]] = []
    dropped = 0
    waiting: str | None = None
    for line in lines:
        if isinstance(line, _Line):
            said.append((line, line.time or waiting, [line.text]))
            waiting = None
        elif match := _STAMP_ALONE.fullmatch(line):
            waiting = match[1]
        elif line and said and not _RULER.fullmatch(line):
            said[-1][2].append(line)
        elif line and not said:
            dropped += 1
    draft = Draft(source)
    if dropped:
        draft.warn(f"{dropped} {'line' if dropped == 1 else 'lines'} before the first speaker left out")
    for line, time, words in said:
        person = draft.cast.add(line.label)
        draft.say(person, " ".join(filter(None, words)), clock.read(time), ref=line.number, internal=line.internal)
    draft.from_nought()
    draft.keep_order()
    try:
        return draft.finish(ref=first, local_time=clock.is_local)
    except Rejected as fault:
        return fault


def opens_with_speaker(line: str) -> tuple[str, str] | None:
    """The label before the colon in LINE and what follows it, None where nothing plausible stands there."""
    match = _WAYS[0].match(line) if ":" in line or "：" in line else None
    if match is None or not is_plausible(match["label"]):
        return None
    return match["label"].strip("*_ "), match["text"]

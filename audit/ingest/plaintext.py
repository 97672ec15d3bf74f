"""Plain text with a speaker before each turn, in the many ways in which people write that."""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from audit.ingest.draft import Draft
from audit.ingest.labels import STAMP, is_information, is_internal, is_plausible, speakers, without_note
from audit.ingest.roles import label, participant
from audit.ingest.source import Rejected, Source
from audit.ingest.times import Clock
from audit.model import Conversation, Participant, Role

NAME = "text"
TITLE = "Plain text with a speaker before each turn"
EXTENSIONS = (".txt", ".text", ".log")
EVIDENCE = "documented"
CARRIES = ("roles", "agent names where written", "start times where written")
ORDER = 3

_LEAD = r"[\s\u200e\u200f]*(?P<bullet>[-*•]\s+|#{1,6}\s+|>{2,}\s*)?(?:\[(?P<remark>[^\]\d]{4,30})\]\s*)?"
_BEFORE = rf"(?:[\[(<]?(?P<time>{STAMP})(?:\s*(?:-+>?|–|to)\s*{STAMP})?[\])>]?\s*(?:[-–|,]\s*)?)?"
_AFTER = rf"(?:\s*[\[(]\s*(?P<after>{STAMP})\s*[\])])?"
_NAME = r"(?P<label>(?:[\w+@#(\"']|[^\x00-\x7f\s：])[^:：\t\n<>\[\]]{0,70}?(?:\s?[(\[][^()\[\]\d]{1,40}[)\]])?)"
# The ways, and what each of them is told by. The one that fits most lines is that of the file.
_COLON = r"(?:(?<!\d)[:：]|[:：](?=\s|$))"
_REST = r"(?P<after>)(?P<remark>)?(?P<bullet>)?"
_WAYS = (
    re.compile(rf"{_LEAD}{_BEFORE}(?:\*\*|__)?{_NAME}(?:\*\*|__)?{_AFTER}(?:\*\*|__)?\s*{_COLON}(?:\*\*|__)?(?!//|\\)\s*(?P<text>.*)"),
    re.compile(rf"\s*{_BEFORE}[\[<](?P<label>[^\W\d_][^\[\]<>:]{{0,60}})[\]>]:?\s+(?P<text>.*){_REST}"),
    re.compile(rf"\s*{_BEFORE}(?P<label>[^\W\d_][^\n:<>]{{0,60}}?)\s?>\s+(?P<text>.*){_REST}"),
    re.compile(rf"\s*{_BEFORE}(?P<label>[^\W\d_][^\n:\t]{{0,60}}?)\t+(?:(?P<after>{STAMP})\t+)?(?P<text>(?!\s*{STAMP}\s*$).+)(?P<remark>)?(?P<bullet>)?"),
    # `Ana Duarte   0:03`, with the words on the lines below.
    re.compile(rf"\s*(?:\*\*)?(?P<label>[^\W\d_][^:\t]{{0,60}}?)(?:\*\*)?(?:\s+|\t)[(\[]?(?P<time>{STAMP})[)\]]?(?P<text>)\s*$(?P<after>)(?P<remark>)?(?P<bullet>)?"),
)  # fmt: skip
_STAMP_ALONE = re.compile(rf"\s*[\[(]?({STAMP})[\])]?\s*")
_RULER = re.compile(r"\s*([=\-_*#~])\1{2,}\s*")
# What a transcriber remarked: `[Customer on hold]`, `--- End of transcript ---`.
_REMARK = re.compile(r"\[[^\]]*[a-z][^\]]*\s[^\]]*\]|\([^)]*\s[^)]*\)|([-=*])\1+\s?\w[^-=*]{0,60}\1{2,}")
# A line that begins another talk: `Call 2`, `--- Conversation 0017 ---`.
_HEAD = re.compile(
    r"(?P<ruler>[=\-_*#~]{2,}\s*)?(?:Call|Conversation|Chat|Transcript|Interaction|CALL|CONVERSATION|CHAT|TRANSCRIPT|INTERACTION)\b"
    r"[\s#:]*(?:id|ID|no\.?|No\.?|number)?[\s#:]*\w*\d[\w-]{0,40}[\s=\-_*#~:]*"
)
_CUE = re.compile(r"^\s*[\d:.,]{5,}\s*-->\s*[\d:.,]{5,}\s*$", re.MULTILINE)
# So many of the labelled lines show what is common to all.
NEARLY_ALL = 0.8
# A value in the head of a file is short, in characters.
LONGEST_VALUE = 60
# Who speaks, and when, is told in so many characters of a line; a longer line is words.
LONGEST_OPENING = 250


class _Line(NamedTuple):
    number: int
    label: str
    time: str | None
    text: str
    internal: bool = False


def _labelled(lines: list[str]) -> list[_Line | str]:
    """The lines with their labels taken off, in the way that fits most; a line without a speaker stays text."""
    filled = sum(bool(line.strip()) for line in lines)
    best: list[_Line | str] = [line.strip() for line in lines]
    most = 0
    for way in _WAYS:
        read = _in_way(way, lines, filled)
        labelled = sum(isinstance(line, _Line) for line in read)
        if labelled > most:
            best, most = read, labelled
    return best


def _in_way(way: re.Pattern[str], lines: list[str], filled: int) -> list[_Line | str]:
    matches = [way.match(line[:LONGEST_OPENING]) for line in lines]
    names = [without_note(match["label"].strip("*_ ")) if match else ("", False) for match in matches]
    plain = [match for match, (name, _) in zip(matches, names, strict=True) if match and is_plausible(name)]
    # Where nearly all speakers have a stamp, a bullet, or none, a line unlike them is no speaker's.
    stamped = _usual([bool(match["time"] or match["after"]) for match in plain])
    bulleted = _usual([bool(match["bullet"]) for match in plain])
    fits = [
        match is not None
        and stamped in (None, bool(match["time"] or match["after"]))
        and bulleted in (None, bool(match["bullet"]))
        for match in matches
    ]
    known = speakers([name for (name, _), fit in zip(names, fits, strict=True) if fit], filled)
    read: list[_Line | str] = []
    for number, (line, match, (name, note), fit) in enumerate(zip(lines, matches, names, fits, strict=True), 1):
        if match and fit and name in known:
            note = note or bool(match["remark"] and is_internal(match["remark"]))
            read.append(
                _Line(number, name, match["time"] or match["after"] or None, line[match.start("text") :].strip(), note)
            )
        else:
            read.append(line.strip())
    return read


def _usual(signs: list[bool]) -> bool | None:
    """What nearly all of SIGNS are, None where they differ."""
    if not signs:
        return None
    share = sum(signs) / len(signs)
    return True if share >= NEARLY_ALL else False if share <= 1 - NEARLY_ALL else None


def recognises(source: Source) -> bool:
    """Whether at least two lines of SOURCE begin with a speaker."""
    if source.looks_like_json or source.text.startswith("WEBVTT") or _CUE.search(source.text[:2000]):
        return False
    return sum(isinstance(line, _Line) for line in _labelled(source.lines)) >= 2


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The conversations of SOURCE: one, or as many as there are lines that number them."""
    lines = source.lines
    after, known = _head(lines)
    body = _labelled(["" for _ in lines[:after]] + lines[after:])
    heads = [at for at, line in enumerate(body) if isinstance(line, str) and _begins_talk(body, at)]
    cuts = [0, *heads[1:], len(body)] if len(heads) > 1 else [0, len(body)]
    clock = Clock([line.time for line in body if isinstance(line, _Line) and line.time], source.options)
    for first, last in itertools.pairwise(cuts):
        skipped = 1 if len(heads) > 1 and first in heads else 0
        yield _conversation(body[first + skipped : last], clock, source, first + 1, known)


def _head(lines: list[str]) -> tuple[int, dict[Role, str]]:
    """How many lines the head of the file takes, and the names that it gives to roles: `Agent: Ana`, `Date: …`."""
    at = next((number for number, line in enumerate(lines) if not line.strip()), 0)
    pairs = [
        match
        for line in lines[:at]
        if (match := _WAYS[0].match(line[:LONGEST_OPENING])) and len(match["text"]) <= LONGEST_VALUE
    ]
    keys = {match["label"] for match in pairs}
    if at < 2 or len(keys) < at or not any(map(is_information, keys)) or not any(line.strip() for line in lines[at:]):
        return 0, {}
    return at, {label(match["label"]).role: match["text"].strip() for match in pairs}


def _begins_talk(lines: list[_Line | str], at: int) -> bool:
    match = _HEAD.fullmatch(str(lines[at])[:LONGEST_OPENING])
    return match is not None and (bool(match["ruler"]) or at == 0 or lines[at - 1] == "")


def _conversation(
    lines: list[_Line | str], clock: Clock, source: Source, first: int, known: Mapping[Role, str]
) -> Conversation | Rejected:
    said: list[tuple[_Line, str | None, list[str]]] = []
    dropped = remarks = 0
    waiting: str | None = None
    labelled = sum(isinstance(line, _Line) for line in lines)
    stamps = sum(isinstance(line, str) and _STAMP_ALONE.fullmatch(line[:LONGEST_OPENING]) is not None for line in lines)
    for line in lines:
        if isinstance(line, _Line):
            said.append((line, line.time or waiting, [line.text]))
            waiting = None
        elif 2 * stamps >= labelled and (match := _STAMP_ALONE.fullmatch(line[:LONGEST_OPENING])):
            waiting = match[1]
        elif len(line) < LONGEST_OPENING and _REMARK.fullmatch(line):
            remarks += 1
        elif line and said and not _RULER.fullmatch(line):
            said[-1][2].append(line)
        elif line and not said:
            dropped += 1
    draft = Draft(source)
    if dropped:
        draft.warn(f"{dropped} {'line' if dropped == 1 else 'lines'} before the first speaker left out")
    if remarks:
        draft.warn(f"{remarks} {'remark' if remarks == 1 else 'remarks'} in brackets or between rules left out")
    for line, time, words in said:
        person = draft.cast.get(line.label) or draft.cast.add(line.label, _named(participant(line.label), known))
        draft.say(person, " ".join(filter(None, words)), clock.read(time), ref=line.number, internal=line.internal)
    draft.from_nought()
    draft.keep_order()
    try:
        return draft.finish(ref=first, local_time=clock.is_local)
    except Rejected as fault:
        return fault


def _named(person: Participant, known: Mapping[Role, str]) -> Participant:
    """PERSON with the name that the head of the file gives to the role, where the label gives none."""
    name = known.get(person.role) if person.name is None else None
    return replace(person, name=name, agent_id=name if person.role is Role.AGENT else None) if name else person


def opens_with_speaker(line: str) -> tuple[str, str] | None:
    """The label before the colon in LINE and what follows it, None where nothing plausible stands there."""
    opening = line[:LONGEST_OPENING]
    match = _WAYS[0].match(opening) if ":" in opening or "：" in opening else None
    if match is None or not is_plausible(match["label"]):
        return None
    return match["label"].strip("*_ "), line[match.start("text") :]

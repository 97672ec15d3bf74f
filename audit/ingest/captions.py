"""WebVTT and SubRip captions whose cues name their speaker: `<v Ana (Agent)>…`, `Ana: …`."""

import html
import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.labels import speakers
from audit.ingest.plaintext import opens_with_speaker
from audit.ingest.roles import label
from audit.ingest.source import Rejected, Source, decode
from audit.ingest.times import seconds
from audit.model import Channel, Conversation, Participant, Role

NAME = "captions"
TITLE = "WebVTT or SRT: Zoom, Teams, any captions with speakers"
EXTENSIONS = (".vtt", ".srt")
EVIDENCE = "sample; documented: Teams"
CARRIES = ("speakers where named", "times")


class _Spoken(msgspec.Struct, rename="camel"):
    """What a cue of the Teams meta data holds."""

    spoken_text: str = ""
    speaker_name: str | None = None


# Teams writes one digit where others write two, and less than nought before its recording began.
_STAMP = r"-?(?:\d{1,3}:)?[0-5]?\d:[0-5]?\d(?:[.,]\d{1,7})?"
_CUE = re.compile(rf"\s*({_STAMP})\s*-->\s*({_STAMP})(?:\s.*)?")
_VOICE = re.compile(r"<v(?:\.[\w.]+)?[ \t]+([^>]*)>")
_TAG = re.compile(r"</?(?:v|c|i|b|u|ruby|rt|lang|font)(?:[\s.][^>]*)?>|<\d[\d:.]*>")
UNNAMED = "unnamed"


def recognises(source: Source) -> bool:
    """Whether SOURCE begins as WebVTT does, or with a numbered SubRip cue."""
    if source.looks_like_json:
        return False
    if source.text.removeprefix("\ufeff").startswith("WEBVTT"):
        return True
    first = [line.strip() for line in source.lines[:12] if line.strip()][:2]
    return any("," in line and _CUE.fullmatch(line) for line in first)


class _Cue(NamedTuple):
    line: int
    start: float | None
    end: float | None
    body: str
    lines: list[str]


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The one conversation of SOURCE, a turn for each voice of each cue."""
    draft = Draft(source, Channel.VOICE)
    cues = list(_cues(source.lines))
    wrong = [cue for cue in cues if cue.start is None]
    if len(wrong) == len(cues):
        line = wrong[0].line if wrong else 1
        reason = "a cue time that is no hh:mm:ss.mmm --> hh:mm:ss.mmm" if wrong else "no cue with a time was found"
        raise Rejected("time" if wrong else "no-turns", reason, line)
    if wrong:
        draft.warn(f"{len(wrong)} of {len(cues)} cues have no time that can be read")
    opened = [
        found[0]
        for cue in cues
        for place, line in enumerate(cue.lines)
        if (found := opens_with_speaker(line)) and (place == 0 or label(found[0]).role is not Role.UNKNOWN)
    ]
    known = speakers(opened, len(cues))
    for cue in cues:
        for speaker, text in _voices(cue, known):
            person = draft.cast.add(speaker, Participant(UNNAMED) if speaker == UNNAMED else None)
            draft.say(person, text, cue.start, cue.end, cue.line)
    nameless = sum(turn.participant.id == UNNAMED for turn in draft.turns)
    if nameless:
        draft.warn(f"{nameless} of {len(draft.turns)} cues name no speaker")
    yield draft.finish(ref=1, one_track=True)


def _cues(lines: list[str]) -> Iterator[_Cue]:
    """The cues in LINES. A line with an arrow that is no time is one of words, unless it opens a cue."""
    number = 0
    while number < len(lines):
        stamps = _CUE.fullmatch(lines[number])
        if stamps is None and not _opens(lines, number):
            number += 1
            continue
        at = number
        number += 1
        body = []
        # A blank line ends a cue, unless no time follows before the next words: some tools write one into the text.
        while number < len(lines) and not _opens(lines, number) and not _ends(lines, number):
            body.append(lines[number])
            number += 1
        start, end = (_time(stamps[1]), _time(stamps[2])) if stamps else (None, None)
        yield _Cue(at + 1, start, end, "\n".join(body).strip(), [words for line in body if (words := _words(line))])


def _opens(lines: list[str], number: int) -> bool:
    """Whether the times of a cue stand at NUMBER, right or wrong."""
    line = lines[number]
    if "-->" not in line:
        return False
    return _CUE.fullmatch(line) is not None or (line.strip()[:1].isdigit() and ":" in line.partition("-->")[0])


def _ends(lines: list[str], number: int) -> bool:
    """Whether the next cue, a note or the end follows the blank line at NUMBER."""
    if lines[number].strip():
        return False
    following = [line for line in lines[number + 1 : number + 4] if line.strip()][:2]
    return not following or any("-->" in line for line in following) or following[0].startswith(("NOTE", "STYLE"))


def _time(stamp: str) -> float:
    return -(seconds(stamp[1:]) or 0.0) if stamp[0] == "-" else seconds(stamp) or 0.0


def _voices(cue: _Cue, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Each (speaker, words) of a cue: for each voice tag or line of JSON, else by the KNOWN names before a colon."""
    if cue.body.startswith("{"):
        for line in cue.body.split("\n"):
            told = decode(line.encode(), _Spoken)
            yield told.speaker_name or UNNAMED, told.spoken_text
        return
    parts = _VOICE.split(cue.body)
    for speaker, text in zip(parts[1::2], parts[2::2], strict=True):
        yield html.unescape(speaker).strip() or UNNAMED, _words(text)
    if len(parts) > 1:
        return
    said: list[tuple[str, str]] = []
    for line in cue.lines:
        found = opens_with_speaker(line)
        if found and found[0] in known:
            said.append(found)
        elif said:
            said[-1] = (said[-1][0], f"{said[-1][1]} {line}")
        else:
            said.append((UNNAMED, line))
    yield from said


def _words(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", text)).split())

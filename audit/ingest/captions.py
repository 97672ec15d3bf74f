"""WebVTT and SubRip captions whose cues name their speaker: `<v Ana (Agent)>…`, `Ana: …`."""

import html
import re
from collections.abc import Iterator

from audit.ingest.roles import Cast, in_order
from audit.ingest.source import Rejected, Source
from audit.ingest.times import seconds
from audit.model import Channel, Conversation, Participant, Turn

NAME = "captions"
TITLE = "WebVTT or SRT captions with speakers"
EXTENSIONS = (".vtt", ".srt")
EVIDENCE = "sample"
CARRIES = ("speakers where named", "times")

_STAMP = r"(?:\d{1,3}:)?[0-5]?\d:[0-5]?\d[.,]\d{1,3}"
_CUE = re.compile(rf"\s*({_STAMP})\s*-->\s*({_STAMP})(?:\s.*)?")
_VOICE = re.compile(r"<v(?:\.[\w.]+)?[ \t]+([^>]*)>")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>|<\d[\d:.]*>")
_PREFIX = re.compile(r"([^\W\d_][^:<>\n]{0,60}?)\s*:\s+(?=\S)")
UNNAMED = "unnamed"


def recognises(source: Source) -> bool:
    """Whether SOURCE begins as WebVTT does, or with a numbered SubRip cue."""
    if source.text.startswith("WEBVTT"):
        return True
    first = [line for line in source.lines[:12] if line.strip()][:2]
    return any("," in line and _CUE.fullmatch(line) for line in first)


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The one conversation of SOURCE, a turn for each voice of each cue."""
    cast = Cast()
    turns: list[Turn] = []
    lines = source.lines
    number = 0
    while number < len(lines):
        line = lines[number]
        if "-->" not in line:
            number += 1
            continue
        stamps = _CUE.fullmatch(line)
        if stamps is None:
            raise Rejected("time", "a cue time that is no hh:mm:ss.mmm --> hh:mm:ss.mmm", number + 1)
        at = number
        body = []
        number += 1
        while number < len(lines) and lines[number].strip() and "-->" not in lines[number]:
            body.append(lines[number])
            number += 1
        start, end = seconds(stamps[1]), seconds(stamps[2])
        for speaker, text in _voices("\n".join(body)):
            person = cast.add(speaker, Participant(UNNAMED) if speaker == UNNAMED else None)
            turns.append(Turn(len(turns), person, text, start, end, source_ref=at + 1))
    if not turns:
        raise Rejected("no-turns", "no cue (hh:mm:ss.mmm --> hh:mm:ss.mmm and a line of text) was found", 1)
    nameless = sum(turn.participant.id == UNNAMED for turn in turns)
    warnings = [f"{nameless} of {len(turns)} cues name no speaker"] if nameless else []
    yield Conversation(
        id=source.name,
        channel=Channel.VOICE,
        participants=cast.people,
        turns=in_order(turns),
        source=source.name,
        source_ref=1,
        warnings=tuple(warnings),
    )


def _voices(body: str) -> Iterator[tuple[str, str]]:
    """Each (speaker, words) of a cue: one for each voice tag, else by the name before the colon."""
    parts = _VOICE.split(body)
    for speaker, text in zip(parts[1::2], parts[2::2], strict=True):
        yield html.unescape(speaker).strip() or UNNAMED, _words(text)
    if len(parts) > 1:
        return
    text = _words(body)
    if match := _PREFIX.match(text):
        yield match[1], text[match.end() :]
    elif text:
        yield UNNAMED, text


def _words(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", text)).split())

"""WebVTT and SubRip captions whose cues name their speaker: `<v Ana (Agent)>…`, `Ana: …`."""

import html
import re
from collections.abc import Iterator

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.source import Rejected, Source, decode
from audit.ingest.times import seconds
from audit.model import Channel, Conversation, Participant

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
_TAG = re.compile(r"</?[a-zA-Z][^>]*>|<\d[\d:.]*>")
_PREFIX = re.compile(r"([^\W\d_][^:<>\n]{0,60}?)\s*:\s+(?=\S)")
UNNAMED = "unnamed"


def recognises(source: Source) -> bool:
    """Whether SOURCE begins as WebVTT does, or with a numbered SubRip cue."""
    if source.looks_like_json:
        return False
    if source.text.removeprefix("\ufeff").startswith("WEBVTT"):
        return True
    first = [line for line in source.lines[:12] if line.strip()][:2]
    return any("," in line and _CUE.fullmatch(line) for line in first)


def read(source: Source) -> Iterator[Conversation]:
    """The one conversation of SOURCE, a turn for each voice of each cue."""
    draft = Draft(source, Channel.VOICE)
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
        number += 1
        body = []
        # A blank line ends a cue, unless no time follows before the next words: some tools write one into the text.
        while number < len(lines) and "-->" not in lines[number] and not _starts_cue(lines, number):
            body.append(lines[number])
            number += 1
        start, end = _time(stamps[1]), _time(stamps[2])
        for speaker, text in _voices("\n".join(body).strip()):
            draft.say(
                draft.cast.add(speaker, Participant(UNNAMED) if speaker == UNNAMED else None), text, start, end, at + 1
            )
    if not draft.turns:
        raise Rejected("no-turns", "no cue (hh:mm:ss.mmm --> hh:mm:ss.mmm and a line of text) was found", 1)
    nameless = sum(turn.participant.id == UNNAMED for turn in draft.turns)
    if nameless:
        draft.warn(f"{nameless} of {len(draft.turns)} cues name no speaker")
    yield draft.finish(ref=1, one_track=True)


def _starts_cue(lines: list[str], number: int) -> bool:
    """Whether the next cue, a note or the end follows the blank line at NUMBER."""
    if lines[number].strip():
        return False
    following = [line for line in lines[number + 1 : number + 4] if line.strip()][:2]
    return not following or any("-->" in line for line in following) or following[0].startswith(("NOTE", "STYLE"))


def _time(stamp: str) -> float:
    return -(seconds(stamp[1:]) or 0.0) if stamp[0] == "-" else seconds(stamp) or 0.0


def _voices(body: str) -> Iterator[tuple[str, str]]:
    """Each (speaker, words) of a cue: one for each voice tag or line of JSON, else by the name before the colon."""
    if body.startswith("{"):
        for line in body.split("\n"):
            told = decode(line.encode(), _Spoken)
            yield told.speaker_name or UNNAMED, told.spoken_text
        return
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

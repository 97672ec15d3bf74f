"""Fireflies: sentences with the name of the speaker."""

from collections.abc import Iterator
from typing import Any

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.source import Rejected, Source
from audit.model import Channel, Conversation, Participant

NAME = "fireflies"
TITLE = "Fireflies transcript"
EXTENSIONS = (".json",)
EVIDENCE = "documented"
CARRIES = ("speaker names", "times", "start of the meeting")


class _Sentence(msgspec.Struct):
    text: str | None = None
    raw_text: str | None = None
    speaker_name: str | None = None
    speaker_id: str | int | None = None
    start_time: Any = None
    end_time: Any = None


class _Transcript(msgspec.Struct):
    sentences: list[_Sentence] | None = None
    id: str | None = None
    date: Any = None
    title: str | None = None


class _Data(msgspec.Struct):
    transcript: _Transcript | None = None
    transcripts: list[_Transcript] = []


class _Answer(msgspec.Struct):
    data: _Data


def recognises(source: Source) -> bool:
    """Whether SOURCE holds sentences with the name of a speaker, alone or in an answer of the interface."""
    outline = source.outline
    if outline.has("data"):
        answer = outline.under("data")
        outline = answer.under("transcript") if answer.has("transcript") else answer.under("transcripts")
    if outline.has("sentences", "title", "date"):
        return True
    return outline.under("sentences").has("speaker_name", "raw_text")


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The transcripts of SOURCE."""
    if source.outline.has("data"):
        data = source.decode(_Answer).data
        several = [data.transcript] if data.transcript else data.transcripts
        where = "/data/transcript" if data.transcript else "/data/transcripts"
    else:
        several, where = [source.decode(_Transcript)], ""
    for number, told in enumerate(several):
        if not told.sentences:
            yield Rejected("no-turns", f"{where}/{number}: holds no sentences; were they ready when it was exported?")
            continue
        draft = Draft(source, Channel.VOICE)
        for place, each in enumerate(told.sentences):
            key = str(each.speaker_name or each.speaker_id or "unnamed")
            person = draft.cast.add(key, Participant(key, name=each.speaker_name))
            text = each.text or each.raw_text or ""
            draft.say(person, text, each.start_time, each.end_time, f"{where}/sentences/{place}")
        yield draft.finish(told.id, start=told.date, one_track=True)

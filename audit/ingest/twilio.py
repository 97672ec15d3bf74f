"""Twilio Conversational Intelligence: the sentences of a call, with the transcript that tells who was on each channel."""

import re
from collections.abc import Iterator

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.roles import role_of
from audit.ingest.source import Rejected, Source, decode
from audit.model import Channel, Conversation, Participant, Role, Word

NAME = "twilio"
TITLE = "Twilio Conversational Intelligence, sentences (beside them or in them: the transcript)"
EXTENSIONS = (".json",)
EVIDENCE = "documented"
CARRIES = ("roles, agent names, start: with transcript.json", "times", "word times where asked for")

BESIDE = "transcript.json"
_SID = re.compile(r"GT[0-9a-f]{32}")


class _Word(msgspec.Struct):
    word: str = ""
    start_time: float | None = None
    end_time: float | None = None


class _Sentence(msgspec.Struct):
    media_channel: int = 0
    sentence_index: int = 0
    transcript: str | None = None
    start_time: float | None = None
    end_time: float | None = None
    words: list[_Word] | None = None


class _Person(msgspec.Struct):
    channel_participant: int = 0
    role: str | None = None
    full_name: str | None = None
    user_id: str | None = None
    email: str | None = None


class _Media(msgspec.Struct):
    participants: list[_Person] = []


class _Meta(msgspec.Struct):
    url: str | None = None
    next_page_url: str | None = None


class _Export(msgspec.Struct):
    sentences: list[_Sentence] = []
    channel: _Media | None = None
    meta: _Meta = msgspec.field(default_factory=_Meta)
    sid: str | None = None
    customer_key: str | None = None
    media_start_time: str | None = None
    language_code: str | None = None


def recognises(source: Source) -> bool:
    """Whether SOURCE holds sentences on channels, or the transcript that belongs to some."""
    return source.outline.under("sentences").has("media_channel", "transcript") or _is_transcript(source)


def _is_transcript(source: Source) -> bool:
    return source.outline.has("service_sid", "channel", "media_start_time") and not source.outline.has("sentences")


def read(source: Source) -> Iterator[Conversation]:
    """The one call of SOURCE."""
    if _is_transcript(source):
        raise Rejected("companion", "tells who was on each channel of the sentences beside it")
    export = source.decode(_Export)
    about = export
    if export.channel is None and (told := source.beside(BESIDE)):
        about = decode(told, _Export)
    sid = export.sid or next(iter(_SID.findall(export.meta.url or "")), None)
    if about is not export and sid and about.sid and about.sid != sid:
        about = export
    people = {each.channel_participant: each for each in (about.channel.participants if about.channel else ())}
    draft = Draft(source, Channel.VOICE)
    for place, each in enumerate(export.sentences):
        person = people.get(each.media_channel, _Person())
        role = role_of(person.role or "")
        key = str(each.media_channel)
        who = person.user_id or person.email or person.full_name
        speaker = Participant(key, role, person.full_name, who if role is Role.AGENT else None)
        words = tuple(
            Word(word.word, word.start_time, word.end_time)
            for word in each.words or ()
            if word.start_time is not None and word.end_time is not None
        )
        draft.say(draft.cast.add(key, speaker), each.transcript or "", each.start_time, each.end_time,
                  f"/sentences/{place}", words)  # fmt: skip
    if export.meta.next_page_url:
        draft.warn("the file is one page of several; the rest is missing")
    yield draft.finish(
        about.customer_key or sid or about.sid,
        start=about.media_start_time,
        language=about.language_code,
        one_track=len({turn.participant.id for turn in draft.turns}) < 2,
        truncated=bool(export.meta.next_page_url),
    )

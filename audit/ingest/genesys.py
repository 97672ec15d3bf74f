"""Genesys Cloud transcripts: one for each leg of a conversation, with phrases of what was heard inside and outside."""

from collections.abc import Iterator

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.roles import role_of
from audit.ingest.source import Source
from audit.model import Channel, Conversation, Participant, Role, Word

NAME = "genesys"
TITLE = "Genesys Cloud transcript"
EXTENSIONS = (".json",)
EVIDENCE = "sample"
CARRIES = ("roles", "agent ids", "times", "word times", "start of the call")

_CHANNELS = {"call": Channel.VOICE, "chat": Channel.CHAT, "message": Channel.CHAT, "email": Channel.EMAIL}


class _Duration(msgspec.Struct):
    milliseconds: float | None = None


class _Word(msgspec.Struct, rename="camel"):
    word: str = ""
    start_time_ms: float | None = None
    duration: _Duration = msgspec.field(default_factory=_Duration)


class _Phrase(msgspec.Struct, rename="camel"):
    text: str = ""
    decorated_text: str | None = None
    start_time_ms: float | None = None
    duration: _Duration = msgspec.field(default_factory=_Duration)
    words: list[_Word] = []
    participant_purpose: str = ""


class _Transcript(msgspec.Struct):
    phrases: list[_Phrase] = []
    language: str | None = None


class _Participant(msgspec.Struct, rename="camel"):
    participant_purpose: str = ""
    user_id: str | None = None
    start_time_ms: float = 0.0
    end_time_ms: float = float("inf")


class _Export(msgspec.Struct, rename="camel"):
    transcripts: list[_Transcript]
    conversation_id: str | None = None
    communication_id: str | None = None
    participants: list[_Participant] = []
    media_type: str = "call"
    conversation_start_time: float | None = None
    start_time: float | None = None


def recognises(source: Source) -> bool:
    """Whether SOURCE holds transcripts made of phrases."""
    return source.outline.under("transcripts").has("phrases")


def read(source: Source) -> Iterator[Conversation]:
    """The one leg of SOURCE, known by its conversation."""
    export = source.decode(_Export)
    base = export.conversation_start_time or export.start_time or 0.0
    draft = Draft(source, _CHANNELS.get(export.media_type, Channel.UNKNOWN))
    for leg, transcript in enumerate(export.transcripts):
        for place, phrase in enumerate(transcript.phrases):
            words = tuple(
                Word(
                    word.word,
                    (word.start_time_ms - base) / 1000,
                    (word.start_time_ms - base + word.duration.milliseconds) / 1000,
                )
                for word in phrase.words
                if word.start_time_ms is not None and word.duration.milliseconds is not None
            )
            start = None if phrase.start_time_ms is None else (phrase.start_time_ms - base) / 1000
            lasted = phrase.duration.milliseconds
            end = None if start is None or lasted is None else start + lasted / 1000
            text = phrase.decorated_text or phrase.text
            draft.say(_speaker(draft, export, phrase), text, start, end, f"/transcripts/{leg}/phrases/{place}", words)
    languages = {transcript.language for transcript in export.transcripts if transcript.language}
    if len(languages) > 1:
        draft.warn(f"transcribed in {len(languages)} languages")
    yield draft.finish(
        export.conversation_id,
        language=next(iter(sorted(languages)), None),
        start=base / 1000,
        metadata={"communicationId": export.communication_id} if export.communication_id else None,
    )


def _speaker(draft: Draft, export: _Export, phrase: _Phrase) -> Participant:
    """Who said PHRASE. Whoever was on the line inside at that time: the agent, the menu, or the queue."""
    if phrase.participant_purpose != "internal":
        role = role_of(phrase.participant_purpose)
        return draft.cast.add(phrase.participant_purpose, Participant(phrase.participant_purpose, role))
    at = phrase.start_time_ms or 0.0
    inside = [each for each in export.participants if role_of(each.participant_purpose) is not Role.CUSTOMER]
    there = [each for each in inside if each.start_time_ms <= at <= each.end_time_ms]
    agents = [each for each in there or inside if role_of(each.participant_purpose) is Role.AGENT]
    found = next(iter(agents or there or inside), None)
    if found is None:
        return draft.cast.add("internal", Participant("internal", Role.UNKNOWN))
    key = found.user_id or found.participant_purpose
    role = role_of(found.participant_purpose)
    return draft.cast.add(key, Participant(key, role, agent_id=found.user_id if role is Role.AGENT else None))

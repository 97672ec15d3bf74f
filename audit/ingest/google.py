"""Google: entries for import into Conversational Insights, its Conversation resource, and Speech-to-Text with speakers."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.roles import role_of
from audit.ingest.source import Rejected, Source
from audit.ingest.times import duration, seconds
from audit.model import Channel, Conversation, Participant, Role, Word

NAME = "google"
TITLE = "Google Conversational Insights, entries and Conversation; Speech-to-Text"
EXTENSIONS = (".json",)
EVIDENCE = "sample of entries; documented: Conversation, Speech-to-Text"
CARRIES = ("roles (not in Speech-to-Text)", "start times", "word times but for entries", "agent ids in Conversation")

_MEDIA = {"PHONE_CALL": Channel.VOICE, "CHAT": Channel.CHAT}


class _Entry(msgspec.Struct):
    text: str = ""
    role: str = ""
    user_id: str | int | None = None
    start_timestamp_usec: int | None = None


class _Entries(msgspec.Struct):
    entries: list[_Entry]


class _Word(msgspec.Struct, rename="camel"):
    word: str = ""
    start_offset: Any = None
    end_offset: Any = None
    start_time: Any = None
    end_time: Any = None
    speaker_tag: int | None = None
    speaker_label: str | None = None

    @property
    def speaker(self) -> str:
        """The label of the speaker, "" where none is told."""
        return self.speaker_label or (str(self.speaker_tag) if self.speaker_tag else "")


class _Speaker(msgspec.Struct, rename="camel"):
    role: str = ""
    user_id: str | None = None
    dialogflow_participant_name: str | None = None


class _Segment(msgspec.Struct, rename="camel"):
    text: str = ""
    message_time: str | None = None
    language_code: str | None = None
    words: list[_Word] = []
    channel_tag: int | None = None
    segment_participant: _Speaker = msgspec.field(default_factory=_Speaker)


class _Transcript(msgspec.Struct, rename="camel"):
    transcript_segments: list[_Segment]


class _AgentInfo(msgspec.Struct, rename="camel"):
    agent_id: str | None = None
    display_name: str | None = None
    team: str | None = None
    teams: list[str] = []


class _Quality(msgspec.Struct, rename="camel"):
    agent_info: list[_AgentInfo] = []


class _Conversation(msgspec.Struct, rename="camel"):
    transcript: _Transcript
    call_metadata: dict[str, Any] = {}
    quality_metadata: _Quality = msgspec.field(default_factory=_Quality)
    name: str | None = None
    agent_id: str | None = None
    language_code: str | None = None
    medium: str = "PHONE_CALL"
    start_time: str | None = None
    labels: dict[str, Any] = {}


class _Alternative(msgspec.Struct):
    words: list[_Word] = []
    transcript: str = ""


class _Result(msgspec.Struct, rename="camel"):
    alternatives: list[_Alternative] = []
    channel_tag: int | None = None
    language_code: str | None = None


class _Results(msgspec.Struct):
    results: list[_Result]


def recognises(source: Source) -> bool:
    """Whether SOURCE holds entries with a role, transcript segments, or results with alternatives."""
    outline = source.outline
    entry = outline.under("entries")
    result = outline.under("results")
    return (
        entry.has("text", "role")
        or outline.under("transcript").has("transcriptSegments")
        or ("results" in outline.keys and result.is_list and result.has("alternatives"))
    )


def read(source: Source) -> Iterator[Conversation]:
    """The one conversation of SOURCE."""
    if source.outline.has("entries"):
        yield _entries(source)
    elif source.outline.has("transcript"):
        yield _conversation(source)
    else:
        yield _speech(source)


def _entries(source: Source) -> Conversation:
    draft = Draft(source)
    for place, entry in enumerate(source.decode(_Entries).entries):
        key = f"{entry.role}:{entry.user_id}"
        start = None if entry.start_timestamp_usec is None else entry.start_timestamp_usec * 1e-6
        draft.say(
            draft.cast.add(key, Participant(key, role_of(entry.role))), entry.text, start, ref=f"/entries/{place}"
        )
    return draft.finish()


def _conversation(source: Source) -> Conversation:
    export = source.decode(_Conversation)
    draft = Draft(source, _MEDIA.get(export.medium, Channel.UNKNOWN))
    channels = {
        export.call_metadata.get("agentChannel"): Role.AGENT,
        export.call_metadata.get("customerChannel"): Role.CUSTOMER,
    }
    begun = seconds(export.start_time)
    for place, segment in enumerate(export.transcript.transcript_segments):
        speaker = segment.segment_participant
        role = role_of(speaker.role)
        if role is Role.UNKNOWN and segment.channel_tag:
            role = channels.get(segment.channel_tag, role)
        key = speaker.user_id or speaker.dialogflow_participant_name or f"{speaker.role}:{segment.channel_tag}"
        person = draft.cast.add(f"{role}:{key}", _person(key, role, speaker, export))
        words = _timed(segment.words)
        said = seconds(segment.message_time)
        start = None if words else said - begun if said and begun else said
        draft.say(person, segment.text, start, ref=f"/transcript/transcriptSegments/{place}", words=words)
    return draft.finish(
        (export.name or "").rpartition("/")[2], language=export.language_code, start=begun, metadata=export.labels
    )


def _person(key: str, role: Role, speaker: _Speaker, export: _Conversation) -> Participant:
    if role is not Role.AGENT:
        return Participant(key, role)
    who = speaker.user_id or export.agent_id
    known = {each.agent_id: each for each in export.quality_metadata.agent_info}
    told = known.get(who, next(iter(known.values())) if len(known) == 1 else _AgentInfo())
    team = next(iter(told.teams), told.team)
    return Participant(key, role, told.display_name, told.agent_id or export.agent_id or who, team)


def _speech(source: Source) -> Conversation:
    """A recording in which speakers were told apart. In the older version the last result repeats all words with them."""
    results = [each for each in source.decode(_Results).results if each.alternatives]
    draft = Draft(source, Channel.VOICE)
    channels = {result.channel_tag for result in results} - {None, 0}
    if len(channels) > 1:
        for place, result in enumerate(results):
            _say(draft, f"channel {result.channel_tag}", result.alternatives[0].words, f"/results/{place}")
    else:
        told = [each.alternatives[0].words for each in results]
        earlier = sum(len(words) for words in told[:-1])
        words = told[-1] if told and len(told[-1]) >= earlier else [word for words in told for word in words]
        if not any(word.speaker for word in words):
            raise Rejected("no-speakers", "no speakers were told apart; run it with diarisation or on two channels")
        for speaker, spoken in groupby(words, key=lambda word: word.speaker):
            _say(draft, speaker or "unnamed", list(spoken), f"/results/{len(results) - 1}")
    language = next((result.language_code for result in results if result.language_code), None)
    return draft.finish(language=language, one_track=len(channels) < 2)


def _say(draft: Draft, speaker: str, words: list[_Word], ref: str) -> None:
    timed = _timed(words)
    text = " ".join(word.word for word in words)
    draft.say(draft.cast.add(speaker, Participant(speaker)), text, ref=ref, words=timed)


def _timed(words: list[_Word]) -> tuple[Word, ...]:
    """WORDS that have times. A first word's start of nought is left out by the format."""
    return tuple(
        Word(word.word, duration(start) or 0.0, finish)
        for word in words
        for start, end in [(word.start_offset or word.start_time, word.end_offset or word.end_time)]
        if (finish := duration(end)) is not None
    )

"""Google Conversational Insights: entries for import, and the Conversation resource."""

from collections.abc import Iterator
from typing import Any

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.google_speech import Spoken, timed
from audit.ingest.roles import role_of
from audit.ingest.source import Source
from audit.ingest.times import seconds
from audit.model import Channel, Conversation, Participant, Role

NAME = "google-insights"
TITLE = "Google Conversational Insights, entries and Conversation"
EXTENSIONS = (".json",)
EVIDENCE = "sample of entries; documented: Conversation"
CARRIES = ("roles", "start times", "in Conversation: agent ids, names, teams, word times, start")

_MEDIA = {"PHONE_CALL": Channel.VOICE, "CHAT": Channel.CHAT}


class _Entry(msgspec.Struct):
    text: str = ""
    role: str = ""
    user_id: str | int | None = None
    start_timestamp_usec: int | None = None


class _Entries(msgspec.Struct):
    entries: list[_Entry]


class _Speaker(msgspec.Struct, rename="camel"):
    role: str = ""
    user_id: str | None = None
    dialogflow_participant_name: str | None = None


class _Segment(msgspec.Struct, rename="camel"):
    text: str = ""
    message_time: str | None = None
    language_code: str | None = None
    words: list[Spoken] = []
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


def recognises(source: Source) -> bool:
    """Whether SOURCE holds entries with a role, or transcript segments."""
    outline = source.outline
    return outline.under("entries").has("text", "role") or outline.under("transcript").has("transcriptSegments")


def read(source: Source) -> Iterator[Conversation]:
    """The one conversation of SOURCE."""
    yield _entries(source) if source.outline.has("entries") else _conversation(source)


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
        words = timed(segment.words)
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

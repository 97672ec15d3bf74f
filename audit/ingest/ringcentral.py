"""RingCentral RingSense: the transcript among the insights of a recording."""

from collections.abc import Iterator

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.source import Outline, Source
from audit.model import Channel, Conversation, Participant, Role

NAME = "ringcentral"
TITLE = "RingCentral RingSense insights"
EXTENSIONS = (".json",)
EVIDENCE = "documented"
CARRIES = ("roles", "agent ids and names", "times", "start of the call")


class _Speaker(msgspec.Struct, rename="camel"):
    speaker_id: str
    name: str | None = None
    account_id: str | None = None
    extension_id: str | None = None


class _Spoken(msgspec.Struct, rename="camel"):
    speaker_id: str = ""
    text: str = ""
    start: float | None = None
    end: float | None = None


class _Insights(msgspec.Struct, rename="pascal"):
    transcript: list[_Spoken]


class _Export(msgspec.Struct, rename="camel"):
    insights: _Insights
    speaker_info: list[_Speaker] = []
    source_record_id: str | None = None
    owner_extension_id: str | None = None
    recording_start_time: str | None = None


class _Event(msgspec.Struct):
    body: _Export


def recognises(source: Source) -> bool:
    """Whether SOURCE holds insights with a transcript, alone or in an event."""
    return _outline(source).under("insights").under("Transcript").has("speakerId", "text")


def _outline(source: Source) -> Outline:
    return source.outline.under("body") if source.outline.has("body") else source.outline


def read(source: Source) -> Iterator[Conversation]:
    """The one recording of SOURCE. Whoever has an extension is staff, and the owner of the recording is the agent."""
    export = source.decode(_Event).body if source.outline.has("body") else source.decode(_Export)
    people = {each.speaker_id: each for each in export.speaker_info}
    draft = Draft(source, Channel.VOICE)
    for place, each in enumerate(export.insights.transcript):
        told = people.get(each.speaker_id)
        role = Role.UNKNOWN
        if told is not None:
            role = Role.AGENT if told.extension_id else Role.CUSTOMER
        person = Participant(
            each.speaker_id,
            role,
            told.name if told else None,
            told.extension_id if told and role is Role.AGENT else None,
        )
        draft.say(draft.cast.add(each.speaker_id, person), each.text, each.start, each.end,
                  f"/insights/Transcript/{place}")  # fmt: skip
    yield draft.finish(export.source_record_id, start=export.recording_start_time)

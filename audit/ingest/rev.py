"""Rev: monologues made of words and marks, speakers by number or by name."""

from collections.abc import Iterator

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.source import Source
from audit.model import Channel, Conversation, Participant, Word

NAME = "rev"
TITLE = "Rev transcript"
EXTENSIONS = (".json",)
EVIDENCE = "documented"
CARRIES = ("speaker numbers, names where known", "times", "word times")


class _Element(msgspec.Struct, gc=False):
    value: str = ""
    type: str = "text"
    ts: float | None = None
    end_ts: float | None = None


class _Speaker(msgspec.Struct):
    id: str | int | None = None
    display_name: str | None = None
    name: str | None = None


class _Monologue(msgspec.Struct):
    elements: list[_Element]
    speaker: str | int | None = None
    speaker_info: _Speaker | None = None
    speaker_name: str | None = None


class _Export(msgspec.Struct):
    monologues: list[_Monologue]
    speakers: list[_Speaker] = []


def recognises(source: Source) -> bool:
    """Whether SOURCE holds monologues made of elements."""
    return source.outline.under("monologues").has("elements")


def read(source: Source) -> Iterator[Conversation]:
    """The one recording of SOURCE."""
    export = source.decode(_Export)
    names = {str(each.id): each.name for each in export.speakers}
    draft = Draft(source, Channel.VOICE)
    for place, told in enumerate(export.monologues):
        key = "unnamed" if told.speaker is None else str(told.speaker)
        name = told.speaker_name or (told.speaker_info and told.speaker_info.display_name) or names.get(key)
        # Marks carry the blanks; without any, words stand alone.
        joint = "" if any(each.type == "punct" for each in told.elements) else " "
        text = joint.join(each.value for each in told.elements)
        words = tuple(
            Word(each.value, each.ts, each.end_ts)
            for each in told.elements
            if each.ts is not None and each.end_ts is not None
        )
        person = draft.cast.add(key, Participant(key, name=name))
        draft.say(person, text.strip(), ref=f"/monologues/{place}", words=words)
    yield draft.finish(one_track=True)

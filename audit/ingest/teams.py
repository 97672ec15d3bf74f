"""Microsoft Teams and Stream: the transcript of a meeting as JSON. Its captions are read as captions."""

from collections.abc import Iterator

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.roles import participant
from audit.ingest.source import Source
from audit.model import Channel, Conversation

NAME = "teams"
TITLE = "Microsoft Teams and Stream transcript, JSON"
EXTENSIONS = (".json",)
EVIDENCE = "documented"
CARRIES = ("names", "times")


class _Entry(msgspec.Struct, rename="camel"):
    text: str = ""
    speaker_id: str | None = None
    speaker_display_name: str | None = None
    start_offset: str | None = None
    end_offset: str | None = None
    spoken_language_tag: str | None = None


class _Export(msgspec.Struct):
    entries: list[_Entry]


def recognises(source: Source) -> bool:
    """Whether SOURCE holds entries with the name of a speaker and an offset."""
    return source.outline.under("entries").has("speakerDisplayName", "startOffset")


def read(source: Source) -> Iterator[Conversation]:
    """The one meeting of SOURCE."""
    entries = source.decode(_Export).entries
    draft = Draft(source, Channel.VOICE)
    for place, entry in enumerate(entries):
        name = entry.speaker_display_name or entry.speaker_id or "unnamed"
        start, end = entry.start_offset, entry.end_offset
        draft.say(draft.cast.add(name, participant(name)), entry.text, start, end, f"/entries/{place}")
    language = next((entry.spoken_language_tag for entry in entries if entry.spoken_language_tag), None)
    yield draft.finish(language=language, one_track=True)

"""Dialpad: lines of a call, of which only some are speech."""

from collections.abc import Iterator

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.source import Source
from audit.model import Channel, Conversation, Participant, Role

NAME = "dialpad"
TITLE = "Dialpad transcript"
EXTENSIONS = (".json",)
EVIDENCE = "documented"
CARRIES = ("roles", "agent ids and names", "start times", "start of the call")


class _Line(msgspec.Struct):
    type: str | None = None
    content: str | None = None
    name: str | None = None
    time: str | None = None
    user_id: str | int | None = None
    contact_id: str | int | None = None


class _Export(msgspec.Struct):
    lines: list[_Line]
    call_id: str | int | None = None


def recognises(source: Source) -> bool:
    """Whether SOURCE holds lines with content, of one call."""
    return source.outline.has("call_id") and source.outline.under("lines").has("content")


def read(source: Source) -> Iterator[Conversation]:
    """The one call of SOURCE."""
    export = source.decode(_Export)
    draft = Draft(source, Channel.VOICE)
    for place, line in enumerate(export.lines):
        if line.type not in (None, "", "transcript"):
            continue
        key = str(line.user_id or line.contact_id or line.name or "unnamed")
        role = Role.AGENT if line.user_id else Role.CUSTOMER if line.contact_id else Role.UNKNOWN
        person = Participant(key, role, line.name, key if role is Role.AGENT else None)
        draft.say(draft.cast.add(key, person), line.content or "", line.time, ref=f"/lines/{place}")
    yield draft.finish(export.call_id)

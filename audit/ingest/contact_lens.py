"""Amazon Connect Contact Lens, voice and chat, raw and redacted, and the Connect chat transcript."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.roles import role_of
from audit.ingest.source import Rejected, Source
from audit.model import Channel, Conversation, Participant, Role, Word

NAME = "contact-lens"
TITLE = "Amazon Connect Contact Lens, voice and chat; Connect chat transcript"
EXTENSIONS = (".json",)
EVIDENCE = "sample"
CARRIES = ("roles", "times", "display names in chats", "vendor interruptions")

REDACTED_NAMES = frozenset({"[PII]", "[NAME]", "SYSTEM_MESSAGE", ""})
# Amazon names the file {contact id}_analysis_{time}; some versions tell the id nowhere else.
_FILE_NAME = re.compile(r"(?:.*/)?([0-9a-f]{8}-[0-9a-f-]{27})_analysis_")
_METRICS = ("Interruptions", "NonTalkTime", "TalkSpeed", "ResponseTime")


class Item(msgspec.Struct, rename="pascal", gc=False):
    """A word, or a mark, which has no times."""

    content: str = ""
    begin_offset_millis: int | None = None
    end_offset_millis: int | None = None


class Entry(msgspec.Struct, rename="pascal", gc=False):
    """An entry of `Transcript`: a stretch of speech, a message or an event."""

    content: str | None = None
    participant_id: str = ""
    participant_role: str = ""
    begin_offset_millis: float | None = None
    end_offset_millis: float | None = None
    items: list[Item] = []
    type: str = ""
    content_type: str = ""
    absolute_time: str | None = None
    display_name: str = ""
    is_partial: bool = False


class _Person(msgspec.Struct, rename="pascal"):
    participant_id: str = ""
    participant_role: str = ""


class _Metadata(msgspec.Struct, rename="pascal"):
    contact_id: str | None = None


class Export(msgspec.Struct, rename="pascal"):
    """A document of Contact Lens or of Call Analytics, as far as it is read."""

    transcript: list[Entry]
    channel: str = "CHAT"
    participants: list[_Person] = []
    customer_metadata: _Metadata = msgspec.field(default_factory=_Metadata)
    contact_id: str | None = None
    initial_contact_id: str | None = None
    job_name: str | None = None
    language_code: str | None = None
    conversation_characteristics: dict[str, Any] = {}


def recognises(source: Source) -> bool:
    """Whether SOURCE is a chat, or a call whose turns name their participant by id."""
    outline = source.outline
    if not outline.has("Transcript"):
        return False
    if outline.has("InitialContactId") or str(outline.value("Channel")).upper() == "CHAT":
        return True
    first = outline.under("Transcript")
    return str(outline.value("Channel")).upper() == "VOICE" and (first.has("ParticipantId") or not first.keys)


def read(source: Source) -> Iterator[Conversation]:
    """The one contact of SOURCE."""
    export = source.decode(Export)
    known_as = export.customer_metadata.contact_id or export.contact_id or export.initial_contact_id
    in_name = _FILE_NAME.match(source.name)
    if export.channel.upper() == "VOICE":
        roles = {person.participant_id: role_of(person.participant_role) for person in export.participants}
        draft = Draft(source, Channel.VOICE)
        for place, entry in enumerate(export.transcript):
            key = entry.participant_id
            person = draft.cast.add(key, Participant(key, roles.get(key, role_of(key))))
            say(draft, person, entry, f"/Transcript/{place}")
    else:
        draft = _chat(export, source)
    yield draft.finish(
        known_as or (in_name and in_name[1]), language=export.language_code, vendor_metrics=metrics(export)
    )


def _chat(export: Export, source: Source) -> Draft:
    draft = Draft(source, Channel.CHAT)
    for place, entry in enumerate(export.transcript):
        if entry.type != "MESSAGE":
            continue
        key, role = entry.participant_id, role_of(entry.participant_role)
        name = None if entry.display_name in REDACTED_NAMES else entry.display_name
        person = draft.cast.add(key, Participant(key, role, name, name if role is Role.AGENT else None))
        draft.say(person, _words(entry), entry.absolute_time, ref=f"/Transcript/{place}")
    return draft


def _words(entry: Entry) -> str:
    """The words of a message; of an interactive one, its title."""
    content = entry.content or ""
    if "interactive" not in entry.content_type:
        return content
    try:
        return str(msgspec.json.decode(content)["data"]["content"]["title"])
    except (ValueError, KeyError, TypeError):
        return content


def say(draft: Draft, person: Participant, entry: Entry, ref: str) -> None:
    """Add the stretch of speech that ENTRY, which stands at REF, holds. Partial results are left to the final ones.

    Raises Rejected where it holds no text.
    """
    if entry.content is None and not entry.is_partial:
        raise Rejected("text", f"{ref}/Content: expected text")
    words = tuple(
        Word(item.content, item.begin_offset_millis / 1000, item.end_offset_millis / 1000)
        for item in entry.items
        if item.begin_offset_millis is not None and item.end_offset_millis is not None
    )
    if not entry.is_partial:
        start, end = (None if at is None else at / 1000 for at in (entry.begin_offset_millis, entry.end_offset_millis))
        draft.say(person, entry.content or "", start, end, ref, words)


def metrics(export: Export) -> dict[str, Any]:
    """What the vendor measured, as given."""
    figures = export.conversation_characteristics
    return {key: figures[key] for key in _METRICS if key in figures}

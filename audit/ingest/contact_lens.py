"""Amazon Connect Contact Lens, voice and chat, raw and redacted, and the Connect chat transcript."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from audit.ingest.roles import Cast, in_order, role_of
from audit.ingest.source import Rejected, Source
from audit.ingest.times import moment, seconds
from audit.model import Channel, Conversation, Participant, Role, Turn, Word

NAME = "contact-lens"
TITLE = "Amazon Connect Contact Lens, voice and chat"
EXTENSIONS = (".json",)
EVIDENCE = "sample"
CARRIES = ("roles", "times", "display names in chats", "vendor interruptions")

REDACTED_NAMES = frozenset({"[PII]", "[NAME]", "SYSTEM_MESSAGE", ""})


def recognises(source: Source) -> bool:
    """Whether SOURCE is a chat, or a call whose turns name their participant by id."""
    document = source.document
    if not isinstance(document, dict) or not isinstance(document.get("Transcript"), list):
        return False
    if document.get("Channel") == "CHAT" or "InitialContactId" in document:
        return True
    return document.get("Channel") == "VOICE" and any("ParticipantId" in entry for entry in _entries(document)[:1])


def _entries(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [entry for entry in document["Transcript"] if isinstance(entry, dict)]


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The one contact of SOURCE."""
    document = source.document
    yield _call(document, source) if document.get("Channel") == "VOICE" else _chat(document, source)


def _call(document: Mapping[str, Any], source: Source) -> Conversation:
    roles = {
        str(person.get("ParticipantId")): role_of(str(person.get("ParticipantRole")))
        for person in document.get("Participants") or ()
    }
    cast = Cast()
    turns = []
    for place, entry in enumerate(_entries(document)):
        key = str(entry.get("ParticipantId"))
        role = roles.get(key, role_of(key))
        turns.append(voice_turn(entry, cast.add(key, Participant(key, role)), place))
    metadata = document.get("CustomerMetadata") or {}
    return contact(document, str(metadata.get("ContactId") or source.name), Channel.VOICE, cast, turns, source)


def _chat(document: Mapping[str, Any], source: Source) -> Conversation:
    cast = Cast()
    turns: list[Turn] = []
    first = None
    for place, entry in enumerate(document["Transcript"]):
        if not isinstance(entry, dict) or entry.get("Type") != "MESSAGE":
            continue
        try:
            at = seconds(entry.get("AbsoluteTime"))
        except ValueError:
            raise Rejected("time", f"/Transcript/{place}/AbsoluteTime is no date and time") from None
        first = at if first is None else first
        key = str(entry.get("ParticipantId"))
        role = role_of(str(entry.get("ParticipantRole")))
        shown = str(entry.get("DisplayName") or "")
        name = None if shown in REDACTED_NAMES else shown
        person = cast.add(key, Participant(key, role, name, name if role is Role.AGENT else None))
        start = None if at is None or first is None else round(at - first, 3)
        turns.append(Turn(len(turns), person, _words(entry), start, source_ref=f"/Transcript/{place}"))
    metadata = document.get("CustomerMetadata") or {}
    known = metadata.get("ContactId") or document.get("ContactId") or document.get("InitialContactId")
    return contact(document, str(known or source.name), Channel.CHAT, cast, turns, source, first)


def _words(entry: Mapping[str, Any]) -> str:
    """The words of a message; of an interactive one, its title."""
    content = str(entry.get("Content") or "")
    if "interactive" not in str(entry.get("ContentType")):
        return content
    try:
        shown = orjson.loads(content)
        return str(shown["data"]["content"]["title"])
    except (ValueError, KeyError, TypeError):
        return content


def voice_turn(entry: Mapping[str, Any], person: Participant, place: int) -> Turn:
    """The turn that an entry of a `Transcript` of Contact Lens or Call Analytics is. Raises Rejected."""
    text = entry.get("Content")
    if not isinstance(text, str):
        raise Rejected("text", f"/Transcript/{place}/Content must be text")
    start, end = _millis(entry, "BeginOffsetMillis"), _millis(entry, "EndOffsetMillis")
    words = tuple(
        Word(str(item.get("Content")), item["BeginOffsetMillis"] / 1000, item["EndOffsetMillis"] / 1000)
        for item in entry.get("Items") or ()
        if isinstance(item.get("BeginOffsetMillis"), int) and isinstance(item.get("EndOffsetMillis"), int)
    )
    return Turn(place, person, text, start, end, words or None, f"/Transcript/{place}")


def _millis(entry: Mapping[str, Any], key: str) -> float | None:
    value = entry.get(key)
    return value / 1000 if isinstance(value, int | float) and not isinstance(value, bool) else None


def contact(
    document: Mapping[str, Any],
    known_as: str,
    channel: Channel,
    cast: Cast,
    turns: list[Turn],
    source: Source,
    first: float | None = None,
) -> Conversation:
    """The conversation of a Contact Lens or Call Analytics document. Raises Rejected where nobody said anything."""
    if not turns:
        raise Rejected("no-turns", "/Transcript holds no message")
    figures = document.get("ConversationCharacteristics")
    kept = ("Interruptions", "NonTalkTime", "TalkSpeed", "ResponseTime")
    metrics = {key: figures[key] for key in kept if key in figures} if isinstance(figures, dict) else {}
    language = document.get("LanguageCode")
    return Conversation(
        id=known_as,
        channel=channel,
        participants=cast.people,
        turns=in_order(turns),
        language=language if isinstance(language, str) else None,
        start=moment(first) if first else None,
        source=source.name,
        source_ref="",
        vendor_metrics=metrics,
    )

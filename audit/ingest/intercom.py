"""Intercom conversations: the first message stands apart from the parts that follow it."""

from collections.abc import Iterator
from typing import Any

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.markup import own_words, plain
from audit.ingest.roles import role_of
from audit.ingest.source import Rejected, Source
from audit.model import Channel, Conversation, Participant, Role

NAME = "intercom"
TITLE = "Intercom conversation"
EXTENSIONS = (".json",)
EVIDENCE = "sample"
CARRIES = ("roles", "agent ids and names", "start times", "internal notes")

# First messages that nobody typed.
_AUTOMATIC = frozenset({"automated", "campaigns_initiated", "operator_initiated"})
_SPEECH = frozenset({"comment", "note", "open", "assignment", "close", "quick_reply", "note_and_reopen"})


class _Author(msgspec.Struct):
    type: str = ""
    id: str | int | None = None
    name: str | None = None
    from_ai_agent: bool | None = False


class _Part(msgspec.Struct):
    body: str | None = None
    part_type: str = "comment"
    author: _Author = msgspec.field(default_factory=_Author)
    created_at: float | None = None
    type: str = ""
    delivered_as: str = ""


class _Parts(msgspec.Struct):
    conversation_parts: list[_Part] = []
    total_count: int = 0


class _People(msgspec.Struct):
    admins: list[_Author] = []


class _Export(msgspec.Struct):
    conversation_parts: _Parts
    id: str | int | None = None
    created_at: float | None = None
    source: _Part | None = None
    teammates: Any = None


class _Several(msgspec.Struct):
    conversations: list[_Export]


def recognises(source: Source) -> bool:
    """Whether SOURCE is a conversation with parts, or a list of such."""
    outline = source.outline
    return outline.has("conversation_parts") or outline.under("conversations").has("conversation_parts")


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The conversations of SOURCE."""
    if source.outline.has("conversations"):
        several = source.decode(_Several).conversations
    else:
        several = [source.decode(_Export)]
    for place, export in enumerate(several):
        pointer = f"/{place}" if len(several) > 1 else ""
        try:
            yield _conversation(export, source, pointer)
        except Rejected as fault:
            yield Rejected(fault.code, f"{pointer}: {fault.reason}".removeprefix(": "))


def _conversation(export: _Export, source: Source, pointer: str) -> Conversation:
    is_mail = export.source is not None and export.source.type == "email"
    draft = Draft(source, Channel.EMAIL if is_mail else Channel.CHAT)
    names = _names(export.teammates)
    parts = [(f"{pointer}/source", export.source)] if export.source else []
    for place, part in enumerate(export.conversation_parts.conversation_parts):
        parts.append((f"{pointer}/conversation_parts/conversation_parts/{place}", part))
    for ref, part in parts:
        if part.part_type not in _SPEECH or not part.body:
            continue
        at = part.created_at if part is not export.source else export.created_at
        part.author.from_ai_agent = part.author.from_ai_agent or part.delivered_as in _AUTOMATIC
        text = plain(part.body)
        text = (own_words(text) or text) if is_mail else text
        draft.say(_author(draft, part.author, names), text, at, ref=ref, internal=part.part_type.startswith("note"))
    missing = export.conversation_parts.total_count - len(export.conversation_parts.conversation_parts)
    if missing > 0:
        draft.warn(f"{missing} of {export.conversation_parts.total_count} parts are not in the export")
    return draft.finish(export.id, start=export.created_at, ref=pointer, truncated=missing > 0)


def _names(teammates: Any) -> dict[str, str]:
    """The names of colleagues by id, from either of the two shapes in which they are listed."""
    listed = teammates.get("teammates") or teammates.get("admins") if isinstance(teammates, dict) else teammates
    return {
        str(each.get("id")): str(each["name"])
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, dict) and each.get("name")
    }


def _author(draft: Draft, author: _Author, names: dict[str, str]) -> Participant:
    role = Role.AGENT if author.type in ("team", "teammate") else role_of(author.type)
    if author.from_ai_agent:
        role = Role.BOT
    key = f"{author.type}:{author.id}:{role}"
    name = author.name or names.get(str(author.id))
    return draft.cast.add(
        key, Participant(f"{author.type}:{author.id}", role, name, str(author.id) if role is Role.AGENT else None)
    )

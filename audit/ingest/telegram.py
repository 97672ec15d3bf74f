"""Telegram export: one chat, or all of them."""

from collections.abc import Iterator
from typing import Any

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.source import Rejected, Source
from audit.model import Channel, Conversation, Participant

NAME = "telegram"
TITLE = "Telegram export"
EXTENSIONS = (".json",)
EVIDENCE = "sample"
CARRIES = ("names", "start times", "several a file")


class _Message(msgspec.Struct, rename={"sender": "from", "sender_id": "from_id"}):
    type: str = "message"
    sender: str | None = None
    sender_id: str | None = None
    date_unixtime: float | None = None
    date: str | None = None
    text: Any = ""


class _Chat(msgspec.Struct):
    messages: list[_Message]
    id: int | str | None = None


class _Chats(msgspec.Struct, rename={"several": "list"}):
    several: list[_Chat] = []


class _All(msgspec.Struct):
    chats: _Chats


def recognises(source: Source) -> bool:
    """Whether SOURCE holds messages with Telegram's way of telling the time."""
    outline = source.outline
    return outline.under("messages").has("date_unixtime") or outline.under("chats", "list").has("messages")


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The chats of SOURCE; those in which nobody wrote are left alone."""
    several = source.decode(_All).chats.several if source.outline.has("chats") else [source.decode(_Chat)]
    found = False
    for number, chat in enumerate(several):
        draft = Draft(source, Channel.CHAT)
        for place, message in enumerate(chat.messages):
            if message.type == "message":
                key = message.sender_id or message.sender or "unnamed"
                at = message.date_unixtime if message.date_unixtime is not None else message.date
                person = draft.cast.add(key, Participant(key, name=message.sender))
                draft.say(person, _words(message.text), at, ref=f"/{number}/messages/{place}")
        if draft.turns:
            found = True
            yield draft.finish(chat.id)
    if not found:
        yield Rejected("no-turns", "nobody wrote anything in it")


def _words(text: Any) -> str:
    """The words of a message: a text, or a list of texts with their styles."""
    if isinstance(text, list):
        return "".join(part if isinstance(part, str) else str(part.get("text", "")) for part in text)
    return str(text)

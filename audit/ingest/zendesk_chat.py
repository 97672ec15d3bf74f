"""Zendesk Chat: the history of a chat, of which messages are one kind of event."""

from collections.abc import Iterator

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.roles import role_of
from audit.ingest.source import Rejected, Source
from audit.model import Channel, Conversation, Participant, Role

NAME = "zendesk-chat"
TITLE = "Zendesk Chat"
EXTENSIONS = (".json",)
EVIDENCE = "documented"
CARRIES = ("roles", "agent ids and names", "start times", "start of the chat", "several a file")

_SPEECH = frozenset({"chat.msg", "chat.triggermsg", "chat.systemmsg"})


class _Event(msgspec.Struct):
    type: str = ""
    msg: str | None = None
    name: str | None = None
    nick: str | None = None
    sender_type: str | None = None
    timestamp: str | None = None


class _Visitor(msgspec.Struct):
    name: str | None = None


class _Chat(msgspec.Struct):
    id: str | int | None = None
    type: str = "chat"
    history: list[_Event] = []
    message: str | None = None
    visitor: _Visitor = msgspec.field(default_factory=_Visitor)
    agent_ids: list[str] = []
    agent_names: list[str] = []
    department_name: str | None = None
    timestamp: str | None = None


class _Export(msgspec.Struct):
    chats: list[_Chat] = []
    docs: dict[str, _Chat] = {}


def recognises(source: Source) -> bool:
    """Whether SOURCE is a chat with a visitor and a history, or holds several."""
    outline = source.outline
    docs = outline.under("docs")
    first = docs.under(min(docs.keys)) if docs.keys else docs
    return any(
        each.has("visitor") and bool(each.keys & {"history", "message"})
        for each in (outline, outline.under("chats"), first)
    )


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The chats of SOURCE."""
    if source.outline.has("visitor"):
        chats = [source.decode(_Chat)]
    else:
        export = source.decode(_Export)
        chats = export.chats or list(export.docs.values())
    for place, chat in enumerate(chats):
        draft = Draft(source, Channel.CHAT)
        if chat.message and not chat.history:
            person = Participant("visitor", Role.CUSTOMER, chat.visitor.name)
            draft.say(draft.cast.add("visitor", person), chat.message, chat.timestamp, ref=f"/{place}/message")
        for number, event in enumerate(chat.history):
            if event.type in _SPEECH and event.msg:
                at = event.timestamp
                draft.say(_speaker(draft, event, chat), event.msg, at, ref=f"/{place}/history/{number}")
        if draft.turns:
            yield draft.finish(chat.id, start=chat.timestamp, ref=f"/{place}" if place else "")
        else:
            yield Rejected("no-turns", f"/{place}: a chat without messages")


def _speaker(draft: Draft, event: _Event, chat: _Chat) -> Participant:
    """Who sent EVENT: by the kind of sender, else by nick, else by the names of the chat."""
    role = Role.BOT if event.type != "chat.msg" else role_of(event.sender_type or (event.nick or "").partition(":")[0])
    if event.sender_type and event.sender_type.lower() == "trigger":
        role = Role.BOT
    if role is Role.UNKNOWN and event.name:
        if event.name in chat.agent_names:
            role = Role.AGENT
        elif event.name == chat.visitor.name:
            role = Role.CUSTOMER
    who = None
    if role is Role.AGENT:
        nick = (event.nick or "").partition(":")[2]
        ids = dict(zip(chat.agent_names, chat.agent_ids, strict=False))
        who = nick or ids.get(event.name or "") or event.name
    key = f"{role}:{who or event.name}"
    team = chat.department_name if role is Role.AGENT else None
    return draft.cast.add(key, Participant(key, role, event.name, who, team))

"""Slack export: one file for each day of a channel; a thread is a conversation, and so is what stands outside of any."""

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.source import Rejected, Source, decode
from audit.model import Channel, Conversation, Participant, Role

NAME = "slack"
TITLE = "Slack export, a day of a channel (users.json in the same archive)"
EXTENSIONS = (".json", ".zip")
EVIDENCE = "documented"
CARRIES = ("names with users.json, roles only of bots", "start times", "several a file")
LISTS = True

USERS = ("users.json", "org_users.json")
_SPEECH = frozenset({None, "me_message", "thread_broadcast", "file_share", "bot_message", "slackbot_response"})
_MARK = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


class _Profile(msgspec.Struct):
    real_name: str | None = None
    display_name: str | None = None


class _Message(msgspec.Struct):
    ts: str
    text: str | None = None
    user: str | None = None
    subtype: str | None = None
    bot_id: str | None = None
    username: str | None = None
    thread_ts: str | None = None
    hidden: bool = False
    user_profile: _Profile = msgspec.field(default_factory=_Profile)


class _User(msgspec.Struct):
    id: str
    name: str | None = None
    real_name: str | None = None
    is_bot: bool = False
    profile: _Profile = msgspec.field(default_factory=_Profile)


def recognises(source: Source) -> bool:
    """Whether SOURCE is a list of messages with a stamp, or what a Slack export holds beside them."""
    first = source.outline
    speaks = first.has("ts") and bool(first.keys & {"user", "bot_id", "subtype"})
    return first.is_list and (speaks or _is_companion(source))


def _is_companion(source: Source) -> bool:
    first = source.outline
    users = first.has("id", "name", "profile", "is_bot")
    channels = first.has("id", "members", "created") or (first.has("id", "created", "creator"))
    return users or channels or first.has("service_id", "service_type")


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The conversations of SOURCE, in the order in which they began."""
    if _is_companion(source):
        raise Rejected("companion", "tells about people and channels of the Slack export it belongs to")
    users = next((_users(told) for name in USERS if (told := source.beside(name))), {})
    threads: dict[str, list[tuple[int, _Message]]] = {}
    for place, message in enumerate(source.decode(list[_Message])):
        if message.subtype in _SPEECH and not message.hidden:
            threads.setdefault(message.thread_ts or "", []).append((place, message))
    found = False
    for thread, messages in threads.items():
        draft = Draft(source, Channel.CHAT)
        for place, message in messages:
            text = _words(message.text or "", users)
            draft.say(_speaker(draft, message, users), text, float(message.ts), ref=f"/{place}")
        if draft.turns:
            found = True
            folder, _, day = source.name.rpartition("/")
            whole = any(message.ts == thread for _, message in messages)
            known_as = f"{folder.rpartition('/')[2] or day}:{thread}" + ("" if whole else f":{day.partition('.')[0]}")
            if thread and not whole:
                draft.warn("the thread began on another day; its first message is in another file")
            yield draft.finish(known_as if thread else None, truncated=bool(thread) and not whole)
    if not found:
        raise Rejected("companion", "a day on which nobody wrote anything")


@lru_cache(maxsize=4)
def _users(told: bytes) -> dict[str, _User]:
    return {user.id: user for user in decode(told, list[_User])}


def _speaker(draft: Draft, message: _Message, users: dict[str, _User]) -> Participant:
    key = message.user or message.bot_id or message.username or "unnamed"
    user = users.get(key)
    is_bot = bool(message.bot_id or message.subtype in ("bot_message", "slackbot_response") or (user and user.is_bot))
    profile = message.user_profile
    names: list[Any] = [profile.display_name, profile.real_name, message.username]
    if user:
        names += [user.profile.display_name, user.profile.real_name, user.real_name, user.name]
    name = next((each for each in names if each), None)
    role = Role.BOT if is_bot else Role.UNKNOWN
    return draft.cast.add(f"{key}:{role}", Participant(key, role, name))


def _words(text: str, users: dict[str, _User]) -> str:
    def shown(match: re.Match[str]) -> str:
        sign, what, called = match.groups()
        if called:
            return called if sign != "@" else f"@{called}"
        if sign == "@" and what in users:
            return f"@{users[what].real_name or users[what].name or what}"
        return f"{sign if sign != '!' else '@'}{what}"

    return html.unescape(_MARK.sub(shown, text))

"""Zendesk tickets: with their comments and users where they were exported together, else the first message alone."""

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.markup import own_words, plain
from audit.ingest.roles import role_of
from audit.ingest.source import Rejected, Source, decode
from audit.model import Channel, Conversation, Participant, Role

NAME = "zendesk"
TITLE = "Zendesk tickets, comments and users (in one file, or users.json beside it)"
EXTENSIONS = (".json",)
EVIDENCE = "sample of tickets; documented: comments, users"
CARRIES = ("roles and names with the users", "agent ids", "start times", "internal notes", "several a file")

USERS = "users.json"
_CHANNELS = {"email": Channel.EMAIL, "chat": Channel.CHAT, "native_messaging": Channel.CHAT, "web": Channel.EMAIL}


class _Via(msgspec.Struct):
    channel: str | int | None = None


class _Comment(msgspec.Struct):
    author_id: int | None = None
    plain_body: str | None = None
    body: str | None = None
    html_body: str | None = None
    public: bool = True
    created_at: str | None = None
    via: _Via = msgspec.field(default_factory=_Via)


class _Ticket(msgspec.Struct):
    id: int | str | None = None
    description: str | None = None
    requester_id: int | None = None
    submitter_id: int | None = None
    assignee_id: int | None = None
    created_at: str | None = None
    comments: list[_Comment] | None = None
    via: _Via = msgspec.field(default_factory=_Via)


class _User(msgspec.Struct):
    id: int
    name: str | None = None
    role: str | None = None


class _Export(msgspec.Struct):
    tickets: list[_Ticket] = []
    ticket: _Ticket | None = None
    comments: list[_Comment] | None = None
    users: list[_User] = []
    next_page: str | None = None


def recognises(source: Source) -> bool:
    """Whether SOURCE holds tickets, comments with an author, or the users that belong to them."""
    outline = source.outline
    return (
        outline.under("comments").has("author_id")
        or outline.under("tickets").has("requester_id")
        or outline.under("ticket").has("requester_id")
        or outline.has("requester_id", "comments")
        or _is_users(source)
    )


def _is_users(source: Source) -> bool:
    outline = source.outline
    return outline.under("users").has("role", "name") and not outline.keys & {"tickets", "ticket", "comments"}


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The tickets of SOURCE."""
    if _is_users(source):
        raise Rejected("companion", "tells who wrote the comments of the tickets beside it")
    if source.outline.has("requester_id"):
        export = _Export(tickets=[source.decode(_Ticket)])
    else:
        export = source.decode(_Export)
    users = {user.id: user for user in export.users}
    if not users and (told := source.beside(USERS)):
        users = _users(told)
    several = export.tickets or [export.ticket or _Ticket()]
    for place, ticket in enumerate(several):
        comments = ticket.comments if ticket.comments is not None else export.comments if len(several) == 1 else None
        pointer = f"/tickets/{place}" if export.tickets else ""
        try:
            yield _conversation(ticket, comments, users, source, pointer, bool(export.next_page))
        except Rejected as fault:
            yield Rejected(fault.code, f"{pointer}: {fault.reason}".removeprefix(": "))


@lru_cache(maxsize=2)
def _users(told: bytes) -> dict[int, _User]:
    return {user.id: user for user in decode(told, _Export).users}


def _conversation(
    ticket: _Ticket, comments: list[_Comment] | None, users: dict[int, _User], source: Source, pointer: str, cut: bool
) -> Conversation:
    first = comments[0].via.channel if comments else ticket.via.channel
    draft = Draft(source, _CHANNELS.get(str(ticket.via.channel or first), Channel.UNKNOWN))
    if comments is None:
        draft.warn("only the first message of the ticket; export the comments too")
        comments = [_Comment(ticket.requester_id, ticket.description, created_at=ticket.created_at)]
    for place, comment in enumerate(comments):
        text = comment.plain_body or (plain(comment.html_body) if comment.html_body else comment.body) or ""
        text = own_words(plain(text)) or plain(text)
        draft.say(_author(draft, comment.author_id, ticket, users), text, comment.created_at,
                  ref=f"{pointer}/comments/{place}", internal=not comment.public)  # fmt: skip
    missing = ticket.comments is None and len(comments) == 1 and comments[0].plain_body == ticket.description
    return draft.finish(ticket.id, start=ticket.created_at, truncated=missing or cut)


def _author(draft: Draft, author: int | None, ticket: _Ticket, users: dict[int, _User]) -> Participant:
    """Who wrote it: by the list of users, else whoever asked is the customer and whoever it was given to the agent."""
    user = users.get(author or 0)
    if user is not None:
        role = role_of(user.role or "")
    elif author is not None and author == ticket.requester_id:
        role = Role.CUSTOMER
    elif author is not None and author == ticket.assignee_id:
        role = Role.AGENT
    else:
        role = Role.UNKNOWN
    key = str(author)
    return draft.cast.add(key, Participant(key, role, user.name if user else None, key if role is Role.AGENT else None))

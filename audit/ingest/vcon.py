"""vCon: text dialogs, or the transcript among the analyses, which another reader then reads."""

import base64
import email
import email.policy
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.markup import own_words, plain
from audit.ingest.roles import role_of
from audit.ingest.source import Rejected, Source
from audit.ingest.times import seconds
from audit.ingest.writers import VENDOR
from audit.model import Channel, Conversation, Participant, Role

NAME = "vcon"
TITLE = "vCon: text dialogs, or a transcript of any kind read here"
EXTENSIONS = (".vcon", ".json")
EVIDENCE = "sample"
CARRIES = ("roles where told", "names", "times", "word times by the kind of transcript", "start of the contact")


class _Party(msgspec.Struct):
    name: str | None = None
    role: str | None = None
    type: str | None = None
    meta: dict[str, Any] = {}
    uuid: str | None = None
    mailto: str | None = None
    tel: str | None = None


class _Dialog(msgspec.Struct):
    type: str = ""
    start: str | None = None
    duration: float | None = None
    parties: int | list[Any] | None = None
    originator: int | None = None
    body: Any = None
    encoding: str | None = None
    mediatype: str | None = None
    mimetype: str | None = None


class _Analysis(msgspec.Struct):
    type: str = ""
    body: Any = None
    encoding: str | None = None
    vendor: str | None = None


class _Vcon(msgspec.Struct):
    parties: list[_Party] = []
    dialog: list[_Dialog] = []
    analysis: list[_Analysis] = []
    uuid: str | None = None
    created_at: str | None = None
    subject: str | None = None


def recognises(source: Source) -> bool:
    """Whether SOURCE has parties and dialogs, open, signed or encrypted."""
    outline = source.outline
    return (outline.has("parties") and bool(outline.keys & {"dialog", "analysis"})) or _is_closed(source)


def _is_closed(source: Source) -> bool:
    return source.outline.has("payload", "signatures") or source.outline.has("ciphertext", "recipients")


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The one contact of SOURCE. Raises Rejected where it is signed or encrypted, or holds only a recording."""
    if _is_closed(source):
        kind = "signed" if source.outline.has("signatures") else "encrypted"
        raise Rejected(kind, f"{'a signed' if kind == 'signed' else 'an encrypted'} vCon; unpack it first")
    export = source.decode(_Vcon)
    ours = next((each for each in export.analysis if each.vendor == VENDOR), None)
    if ours is not None:
        yield from _transcript(ours, source)
        return
    people = [_person(at, party) for at, party in enumerate(export.parties)]
    started = next((each.start for each in export.dialog if each.start), None)
    if any(dialog.type == "text" for dialog in export.dialog):
        yield _written(export, people, source)
        return
    bodies = [each for each in export.analysis if each.type.startswith("transcript") and each.body]
    if not bodies:
        raise Rejected("no-turns", "holds neither text nor a transcript; transcribe the recording first")
    for read in _transcript(bodies[0], source):
        if isinstance(read, Conversation):
            read = _joined(read, people)
            read = replace(read, id=export.uuid or read.id, has_own_id=bool(export.uuid) or read.has_own_id)
            if read.start is None and started:
                read = replace(read, start=datetime.fromisoformat(started))
            if read.channel is Channel.UNKNOWN and any(each.type == "recording" for each in export.dialog):
                read = replace(read, channel=Channel.VOICE)
        yield read


def _person(at: int, party: _Party) -> Participant:
    told = str(party.role or party.meta.get("role") or "")
    role = role_of(told)
    if party.type == "bot" or (role is Role.UNKNOWN and "bot" in told.lower()):
        role = Role.BOT
    who = party.uuid or party.mailto or party.name if role is Role.AGENT else None
    return Participant(str(at), role, party.name, who)


def _written(export: _Vcon, people: list[Participant], source: Source) -> Conversation:
    is_mail = any(party.mailto for party in export.parties) and not any(party.tel for party in export.parties)
    draft = Draft(source, Channel.EMAIL if is_mail else Channel.CHAT)
    for place, dialog in enumerate(export.dialog):
        if dialog.type != "text":
            continue
        present = dialog.parties if isinstance(dialog.parties, list) else [dialog.parties]
        said_by = next((each for each in (dialog.originator, *present) if isinstance(each, int)), -1)
        person = people[said_by] if 0 <= said_by < len(people) else Participant("unnamed")
        text = _text(dialog)
        text = (own_words(text) or text) if is_mail else text
        start = seconds(dialog.start)
        end = start + dialog.duration if start is not None and dialog.duration else None
        draft.say(draft.cast.add(person.id, person), text, start, end, f"/dialog/{place}")
    return draft.finish(export.uuid, start=export.created_at, metadata=_about(export))


def _about(export: _Vcon) -> dict[str, Any]:
    return {"subject": export.subject} if export.subject else {}


def _text(dialog: _Dialog) -> str:
    """The words of a text dialog, whatever they are wrapped in."""
    body = _unwrapped(dialog.body, dialog.encoding)
    text = body if isinstance(body, str) else str(body or "")
    kind = (dialog.mediatype or dialog.mimetype or "").lower()
    if kind.startswith("multipart/"):
        whole = f"Content-Type: {dialog.mediatype or dialog.mimetype}\n\n{text}"
        part = email.message_from_string(whole, policy=email.policy.default).get_body(("plain", "html"))
        return plain(part.get_content()) if part is not None else ""
    return plain(text) if "html" in kind else text.strip()


def _unwrapped(body: Any, encoding: str | None) -> Any:
    if encoding == "base64url" and isinstance(body, str):
        return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
    return body


def _transcript(analysis: _Analysis, source: Source) -> Iterator[Conversation | Rejected]:
    # The readers hold this one, and this one asks them.
    from audit.ingest import readers

    body = _unwrapped(analysis.body, analysis.encoding)
    data = body.encode() if isinstance(body, str) else msgspec.json.encode(body)
    return readers.read(Source(source.name, data, replace(source.options, format=None)))


def _joined(conversation: Conversation, people: list[Participant]) -> Conversation:
    """CONVERSATION with its speakers known as the parties they are: by number, by role or by name."""
    met: dict[int, Participant] = {}
    speakers = {id(turn.participant) for turn in conversation.turns}
    # One speaker for two parties is a recording in which nobody was told apart.
    apart = len(speakers) > 1 or len(people) < 2
    for person in conversation.participants:
        party = next((each for each in people if apart and _is(person, each, people)), None)
        if party is not None:
            role = party.role if party.role is not Role.UNKNOWN else person.role
            met[id(person)] = replace(
                party, id=person.id, role=role, agent_id=party.agent_id if role is Role.AGENT else None
            )
    for turn in conversation.turns:
        turn.participant = met.get(id(turn.participant), turn.participant)
    return replace(conversation, participants=tuple(met.get(id(each), each) for each in conversation.participants))


def _is(person: Participant, party: Participant, people: list[Participant]) -> bool:
    if person.role is not Role.UNKNOWN:
        return person.role is party.role and sum(each.role is party.role for each in people) == 1
    return person.id == party.id or (person.name is not None and person.name == party.name)

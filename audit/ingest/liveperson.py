"""LivePerson: messages of conversations, and lines of the older live chat."""

from collections.abc import Iterator
from typing import Any

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.markup import plain
from audit.ingest.roles import role_of
from audit.ingest.source import Rejected, Source
from audit.model import Channel, Conversation, Participant, Role

NAME = "liveperson"
TITLE = "LivePerson messaging history; its older live chat"
EXTENSIONS = (".json",)
EVIDENCE = "sample; documented: live chat"
CARRIES = ("roles", "agent ids, names, groups", "start times", "customer satisfaction", "several a file")


class _Message(msgspec.Struct, rename="camel"):
    message_data: dict[str, Any] = {}
    type: str = ""
    seq: int = 0
    dialog_id: str | None = None
    participant_id: str | None = None
    time: str | None = None
    time_l: float | None = msgspec.field(name="timeL", default=None)
    sent_by: str = ""


class _Agent(msgspec.Struct, rename="camel"):
    agent_id: str | int | None = None
    agent_full_name: str | None = None
    agent_group_name: str | None = None
    user_type_name: str = "Human"


class _Info(msgspec.Struct, rename="camel"):
    conversation_id: str | None = None
    engagement_id: str | None = None
    csat_rate: float | None = None
    mcs: float | None = None
    is_partial: bool = False
    start_time_l: float | None = msgspec.field(name="startTimeL", default=None)


class _Line(msgspec.Struct, rename="camel"):
    text: str = ""
    source: str = ""
    sub_type: str = "REGULAR"
    by: str | None = None
    agent_id: str | int | None = None
    time_l: float | None = msgspec.field(name="timeL", default=None)


class _Chat(msgspec.Struct):
    lines: list[_Line] = []


class _Record(msgspec.Struct, rename="camel"):
    info: _Info = msgspec.field(default_factory=_Info)
    message_records: list[_Message] = []
    agent_participants: list[_Agent] = []
    transcript: _Chat | None = None


class _Export(msgspec.Struct, rename="camel"):
    conversation_history_records: list[_Record] = []
    interaction_history_records: list[_Record] = []


def recognises(source: Source) -> bool:
    """Whether SOURCE holds records of a conversation's history."""
    return bool(source.outline.keys & {"conversationHistoryRecords", "interactionHistoryRecords"})


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The conversations of SOURCE."""
    export = source.decode(_Export)
    for key, records in (
        ("conversationHistoryRecords", export.conversation_history_records),
        ("interactionHistoryRecords", export.interaction_history_records),
    ):
        for place, record in enumerate(records):
            try:
                yield _conversation(record, source, f"/{key}/{place}")
            except Rejected as fault:
                yield Rejected(fault.code, f"/{key}/{place}: {fault.reason}")


def _conversation(record: _Record, source: Source, pointer: str) -> Conversation:
    draft = Draft(source, Channel.CHAT)
    agents = {str(each.agent_id): each for each in record.agent_participants}
    for place, message in enumerate(record.message_records):
        key = str(message.participant_id)
        role = role_of(message.sent_by)
        told = agents.get(key)
        if role is Role.AGENT and told and "bot" in told.user_type_name.lower():
            role = Role.BOT
        at = message.time_l / 1000 if message.time_l is not None else message.time
        person = _person(key, role, told)
        draft.say(draft.cast.add(key, person), _words(message), at, ref=f"{pointer}/messageRecords/{place}")
    for place, line in enumerate(record.transcript.lines if record.transcript else ()):
        role = role_of(line.source)
        key = str(line.agent_id or line.by or line.source)
        told = agents.get(key, _Agent(line.agent_id, line.by))
        at = line.time_l / 1000 if line.time_l is not None else None
        person = _person(key, role, told)
        draft.say(draft.cast.add(key, person), plain(line.text), at, ref=f"{pointer}/transcript/lines/{place}",
                  internal=line.sub_type == "ONLY_TO_REP")  # fmt: skip
    info = record.info
    metrics = {"csatRate": info.csat_rate, "mcs": info.mcs}
    return draft.finish(
        info.conversation_id or info.engagement_id,
        start=info.start_time_l / 1000 if info.start_time_l else None,
        ref="" if pointer.endswith("/0") else pointer,
        truncated=info.is_partial,
        vendor_metrics={key: value for key, value in metrics.items() if value is not None},
    )


def _person(key: str, role: Role, told: _Agent | None) -> Participant:
    if role is not Role.AGENT:
        return Participant(key, role)
    group = told.agent_group_name if told and told.agent_group_name != "Unassigned" else None
    return Participant(key, role, told.agent_full_name if told else None, key, group)


def _words(message: _Message) -> str:
    """The words of a message: plain, or the texts of a card."""
    said = message.message_data.get("msg")
    if isinstance(said, dict) and isinstance(said.get("text"), str):
        return plain(said["text"])
    rich = message.message_data.get("richContent")
    if isinstance(rich, dict) and isinstance(rich.get("content"), str):
        try:
            return " ".join(_texts(msgspec.json.decode(rich["content"])))
        except ValueError:
            return ""
    return ""


def _texts(card: Any) -> Iterator[str]:
    if isinstance(card, dict):
        if card.get("type") == "text" and isinstance(card.get("text"), str):
            yield card["text"]
        for value in card.values():
            yield from _texts(value)
    elif isinstance(card, list):
        for value in card:
            yield from _texts(value)

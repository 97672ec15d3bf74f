"""The canonical form written out: JSON Lines, CSV and vCon. What is written here reads back as the same conversation."""

import csv
import io
import re
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from audit.model import Conversation, Participant, Role, Turn

VENDOR = "transcript-audit"
FORMATS = ("jsonl", "csv", "vcon")
# The columns of the CSV, one row for each turn. It holds no times of words and no metadata.
COLUMNS = (
    "number", "conversation", "channel", "language", "started", "one_track", "truncated", "participant", "role", "role_source",
    "name", "agent_id", "team", "start", "end", "visibility", "text",
)  # fmt: skip
_TRIGGER = re.compile(r"(^|[,;\t\r\n|])('*\s*[=+\-@\t\r])")
_GUARDED = re.compile(r"(^|[,;\t\r\n|])'('*\s*[=+\-@\t\r])")


def as_object(conversation: Conversation) -> dict[str, Any]:
    """CONVERSATION as the JSON object that README describes, without what is empty."""
    told: dict[str, Any] = {
        "id": conversation.id,
        "channel": conversation.channel,
        "language": conversation.language,
        "start": conversation.start.isoformat() if conversation.start else None,
        "one_track": conversation.one_track or None,
        "truncated": conversation.truncated or None,
        "participants": [_person(person) for person in conversation.participants],
        "turns": [_turn(turn) for turn in conversation.turns],
        "metadata": dict(conversation.metadata) or None,
        "vendor_metrics": dict(conversation.vendor_metrics) or None,
        "warnings": list(conversation.warnings) or None,
    }
    return {key: value for key, value in told.items() if value is not None}


def _person(person: Participant) -> dict[str, Any]:
    told = {
        "id": person.id,
        "role": person.role,
        "name": person.name,
        "agent_id": person.agent_id,
        "team": person.team,
        "role_source": person.role_source if person.role_source != "file" else None,
    }
    # That an agent has no id is said, since a reader would take the name for it.
    return {
        key: value
        for key, value in told.items()
        if value is not None or (key == "agent_id" and person.role is Role.AGENT)
    }


def _turn(turn: Turn) -> dict[str, Any]:
    told: dict[str, Any] = {"participant": turn.participant.id, "text": turn.text, "start": turn.start, "end": turn.end}
    if turn.words:
        told["words"] = [{"text": word.text, "start": word.start, "end": word.end} for word in turn.words]
    if turn.visibility != "public":
        told["visibility"] = turn.visibility
    return {key: value for key, value in told.items() if value is not None}


def jsonl(conversation: Conversation) -> bytes:
    """CONVERSATION as one line."""
    return msgspec.json.encode(as_object(conversation)) + b"\n"


def csv_head() -> bytes:
    """The line of column names."""
    return _line(COLUMNS)


def csv_rows(conversation: Conversation, number: int = 1) -> bytes:
    """CONVERSATION, the one of this NUMBER, as rows of CSV, with an apostrophe before what a spreadsheet would run."""
    about = (
        str(number),
        conversation.id,
        conversation.channel,
        conversation.language or "",
        conversation.start.isoformat() if conversation.start else "",
        "yes" if conversation.one_track else "",
        "yes" if conversation.truncated else "",
    )
    rows = b""
    for turn in conversation.turns:
        person = turn.participant
        who = (person.id, person.role, person.role_source, person.name or "", person.agent_id or "", person.team or "")
        times = tuple("" if at is None else repr(float(at)) for at in (turn.start, turn.end))
        rows += _line((*about, *who, *times, turn.visibility, turn.text))
    return rows


def render(conversation: Conversation, form: str, number: int) -> bytes:
    """CONVERSATION, the one of this NUMBER, in FORM."""
    if form == "csv":
        return csv_rows(conversation, number)
    return jsonl(conversation) if form == "jsonl" else vcon(conversation)


def losses(conversation: Conversation) -> list[str]:
    """What CSV cannot hold of CONVERSATION."""
    found = ["times of words"] if any(turn.words for turn in conversation.turns) else []
    if conversation.metadata or conversation.vendor_metrics:
        found.append("metadata")
    return found


def _line(cells: Sequence[str]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow([_TRIGGER.sub(r"\1'\2", cell.replace("\0", "")) for cell in cells])
    return out.getvalue().encode("utf-8", "replace")


def objects(rows: Sequence[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON objects that ROWS, written by `csv_rows`, stand for, each with its first line."""
    grouped: dict[str, tuple[int, dict[str, Any], dict[str, dict[str, Any]]]] = {}
    for number, row in rows:
        cell = dict(zip(COLUMNS, (_GUARDED.sub(r"\1\2", each) for each in row), strict=True))
        if cell["number"] not in grouped:
            told: dict[str, Any] = {
                "id": cell["conversation"], "channel": cell["channel"], "language": cell["language"] or None,
                "start": cell["started"] or None, "one_track": bool(cell["one_track"]),
                "truncated": bool(cell["truncated"]), "turns": [],
            }  # fmt: skip
            grouped[cell["number"]] = (number, told, {})
        _, told, people = grouped[cell["number"]]
        people.setdefault(
            cell["participant"],
            {
                "id": cell["participant"],
                **{key: cell[key] for key in ("role", "role_source", "name", "agent_id", "team")},
            },
        )
        turn = {"participant": cell["participant"], "text": cell["text"], "visibility": cell["visibility"]}
        told["turns"].append(turn | {key: float(cell[key]) for key in ("start", "end") if cell[key]})
    for number, told, people in grouped.values():
        yield number, {**told, "participants": list(people.values())}


def vcon(conversation: Conversation) -> bytes:
    """CONVERSATION as a vCon: the whole of it as an analysis, and what was said as text where its time is known."""
    at = {person.id: place for place, person in enumerate(conversation.participants)}
    parties = [
        {
            key: value
            for key, value in (("name", person.name), ("role", str(person.role)), ("uuid", person.agent_id))
            if value
        }
        for person in conversation.participants
    ]
    begun = conversation.start or datetime.fromtimestamp(0, UTC)
    dialog = [
        {
            "type": "text",
            "start": (begun + timedelta(seconds=turn.start or 0.0)).isoformat(),
            "parties": [at[turn.participant.id]],
            "originator": at[turn.participant.id],
            "mediatype": "text/plain",
            "encoding": "none",
            "body": turn.text,
        }
        for turn in conversation.turns
        if conversation.start is not None and turn.visibility == "public"
    ]
    told = {
        "vcon": "0.4.0",
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, conversation.id)),
        "created_at": begun.isoformat(),
        "parties": parties,
        "dialog": dialog,
        "analysis": [
            {"type": "transcript", "vendor": VENDOR, "encoding": "json", "body": as_object(conversation)},
        ],
    }
    return msgspec.json.encode(told) + b"\n"

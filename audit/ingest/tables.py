"""Tables, one row per utterance: CSV and TSV, with column names that are recognised or named by the user."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from audit.ingest.roles import Cast, in_order, label, role_of
from audit.ingest.source import MALFORMED, Rejected, Source
from audit.ingest.times import EPOCH_SECONDS, moment, seconds, unit_by_evidence, unit_of
from audit.ingest.times import UNITS as TIME_UNITS
from audit.language.words import count_words
from audit.model import Channel, Conversation, Participant, Role, Turn

NAME = "table"
TITLE = "CSV or TSV, one row per utterance"
EXTENSIONS = (".csv", ".tsv")
EVIDENCE = "documented"
CARRIES = ("roles", "agent names", "times", "several a file")

csv.field_size_limit(16 << 20)

# What a column may be called, letters and digits only. The first that is there wins.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "conversation": (
        "conversationid",
        "contactid",
        "callid",
        "chatid",
        "ticketid",
        "sessionid",
        "interactionid",
        "conversation",
        "contact",
        "call",
        "chat",
        "ticket",
        "session",
        "id",
    ),
    "text": ("text", "message", "utterance", "content", "body", "transcript", "plainbody", "messagetext"),
    "speaker": (
        "speaker",
        "author",
        "from",
        "sender",
        "name",
        "participant",
        "displayname",
        "speakername",
        "sendername",
    ),
    "role": (
        "role",
        "speakerrole",
        "participantrole",
        "sendertype",
        "sentby",
        "speakertype",
        "authortype",
        "direction",
        "type",
    ),
    "start": (
        "start",
        "starttime",
        "begin",
        "timestamp",
        "time",
        "createdat",
        "sentat",
        "offset",
        "ts",
        "startms",
        "beginoffsetmillis",
        "datetime",
        "date",
        "starttimems",
        "startseconds",
        "startsec",
    ),
    "end": ("end", "endtime", "endms", "endoffsetmillis", "endtimems", "endseconds", "endsec"),
    "agent": ("agentid", "agent", "assignee", "owner", "userid", "agentname"),
    "name": ("agentname", "agentfullname"),
    "team": ("agentteam", "team", "group", "queue", "department"),
    "channel": ("channel", "mediatype", "medium"),
}


def _plain(column: str) -> str:
    return re.sub(r"[^a-z0-9]", "", column.lower())


@dataclass(frozen=True, slots=True)
class _Table:
    heads: list[str]
    rows: list[tuple[int, list[str]]]
    places: Mapping[str, int]


def recognises(source: Source) -> bool:
    """Whether the first line of SOURCE names a column for the text and one for who said it."""
    if source.looks_like_json:
        return False
    try:
        heads = _heads(source)
        places = _places(heads, source)
    except Rejected:
        return True
    except csv.Error:
        return False
    return "text" in places and len(heads) > 1 and bool({"speaker", "role"} & places.keys())


def _heads(source: Source) -> list[str]:
    first = next((line for line in source.lines if line.strip()), "")
    return next(csv.reader([first], delimiter=_delimiter(first)), [])


def _delimiter(first: str) -> str:
    """The mark that parts the columns: the one that the line of column names holds most of."""
    return max(",\t;|", key=first.count)


def _places(heads: list[str], source: Source) -> dict[str, int]:
    """Which column is which: as the user says, else by its name."""
    plain = [_plain(head) for head in heads]
    places: dict[str, int] = {}
    for key, column in source.options.columns:
        if column not in heads:
            if any(alias in plain for alias in ALIASES["text"]):
                raise Rejected("columns", f"there is no column `{column[:60]}` for {key}", 1)
            continue
        places[key] = heads.index(column)
    taken = set(places.values())
    for key, aliases in ALIASES.items():
        if key in places:
            continue
        for alias in aliases:
            found = [
                place for place, head in enumerate(plain) if head == alias and (place not in taken or key == "name")
            ]
            if len(found) > 1:
                raise Rejected(
                    "columns", f"two columns are called like `{heads[found[0]][:60]}`; say which one with --column", 1
                )
            if found:
                places[key] = found[0]
                taken.add(found[0])
                break
    return places


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The conversations of SOURCE: rows with one conversation id belong together, wherever they stand."""
    table = _table(source)
    units = {key: _unit(table, key, source) for key in ("start", "end") if key in table.places}
    grouped: dict[str, list[tuple[int, list[str]]]] = {}
    for number, row in table.rows:
        key = row[table.places["conversation"]].strip() if "conversation" in table.places else source.name
        grouped.setdefault(key or f"{source.name}:{number}", []).append((number, row))
    for key, rows in grouped.items():
        try:
            yield _conversation(key, rows, table, units, source)
        except Rejected as fault:
            yield fault
        except MALFORMED as error:
            yield Rejected("shape", f"not as it should be ({type(error).__name__})", rows[0][0])


def _table(source: Source) -> _Table:
    first = next((line for line in source.lines if line.strip()), "")
    # Line ends inside quotes belong to the text, so the reader is given the text, not lines.
    reader = csv.reader(io.StringIO(source.text, newline=""), delimiter=_delimiter(first), strict=True)
    rows: list[tuple[int, list[str]]] = []
    before = 0
    try:
        for row in reader:
            if row and any(cell.strip() for cell in row):
                rows.append((before + 1, row))
            before = reader.line_num
    except csv.Error as error:
        raise Rejected("csv", f"not valid CSV: {error}; is a quote left open?", before + 1) from None
    heads = rows[0][1] if rows else []
    for number, row in rows[1:]:
        if len(row) != len(heads):
            raise Rejected(
                "csv", f"{len(row)} columns, expected {len(heads)}; quote text that holds the separator", number
            )
    if len(rows) < 2:
        raise Rejected("no-turns", "only a line of column names, no rows", 1)
    return _Table(heads, rows[1:], _places(heads, source))


def _unit(table: _Table, key: str, source: Source) -> float:
    """The unit of the numbers in the column for KEY: as the user says, as its name says, else by evidence."""
    if source.options.time_unit:
        return TIME_UNITS[source.options.time_unit]
    place = table.places[key]
    unit = unit_of(table.heads[place])
    if unit is not None:
        return unit
    values = [row[place].strip() for _, row in table.rows]
    if not all(re.fullmatch(r"\d*(\.\d+)?", value) for value in values):
        return 1.0
    numbers = [float(value) for value in values if value]
    text = table.places["text"]
    conversation = table.places.get("conversation")
    groups = {row[conversation] for _, row in table.rows} if conversation is not None else {""}
    words = sum(count_words(row[text]) for _, row in table.rows)
    return unit_by_evidence(max(numbers, default=0.0), words // len(groups), table.heads[place])


def _conversation(
    key: str, rows: list[tuple[int, list[str]]], table: _Table, units: Mapping[str, float], source: Source
) -> Conversation:
    def cell(row: list[str], column: str) -> str:
        return row[table.places[column]].strip() if column in table.places else ""

    cast = Cast()
    turns: list[Turn] = []
    channel = Channel.UNKNOWN
    for number, row in rows:
        channel = next((each for each in Channel if each == cell(row, "channel").lower()), channel)
        start, end = (_time(cell(row, edge), units.get(edge, 1.0), number) for edge in ("start", "end"))
        person = cast.add(*_person(cell(row, "speaker"), cell(row, "role"), row, cell))
        turns.append(Turn(len(turns), person, row[table.places["text"]], start, end, source_ref=number))
    first = min((turn.start for turn in turns if turn.start is not None), default=0.0)
    if first > EPOCH_SECONDS:
        for turn in turns:
            turn.start = None if turn.start is None else round(turn.start - first, 3)
            turn.end = None if turn.end is None else round(turn.end - first, 3)
    return Conversation(
        id=key,
        channel=channel,
        participants=cast.people,
        turns=in_order(turns),
        start=moment(first) if first > EPOCH_SECONDS else None,
        source=source.name,
        source_ref=rows[0][0],
    )


def _time(value: str, unit: float, number: int) -> float | None:
    try:
        return seconds(value, unit)
    except ValueError:
        raise Rejected("time", "a time that is neither seconds, a clock time nor a date", number) from None


def _person(speaker: str, role_word: str, row: list[str], cell) -> tuple[str, Participant]:  # type: ignore[no-untyped-def]
    """The participant of a row, and what tells them from the others of the conversation."""
    named = label(speaker) if speaker else label(role_word)
    role = role_of(role_word) if role_of(role_word) is not Role.UNKNOWN else named.role
    if role is not Role.AGENT:
        key = f"{role}:{speaker or role_word or 'unknown'}"
        return key, Participant(speaker or role_word or "unknown", role, named.name)
    who = cell(row, "agent") or named.name
    name = cell(row, "name") or named.name
    return f"agent:{who or speaker}", Participant(speaker or who or "agent", role, name, who, cell(row, "team") or None)

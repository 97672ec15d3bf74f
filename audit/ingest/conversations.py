"""The project's own form: JSON Lines, one conversation a line (or one JSON document, or a list of them).

Turns name a participant or a speaker; `agent_id` may stand on the conversation. See README for the whole form.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from audit.ingest.roles import Cast, in_order, role_of
from audit.ingest.source import CONVERSATIONS, LINES_TO_KNOW, MALFORMED, Rejected, Source, holds_turns, json_fault
from audit.ingest.times import EPOCH_SECONDS, moment, seconds
from audit.model import Channel, Conversation, Participant, Role, Turn, Word

NAME = CONVERSATIONS
TITLE = "transcript-audit JSON Lines (one conversation a line)"
EXTENSIONS = (".jsonl", ".ndjson", ".json")
EVIDENCE = "own"
CARRIES = ("roles", "agent names", "times", "word times", "several a file")

_ID_KEYS = ("id", "conversation_id", "contact_id", "conversation")
_KNOWN_KEYS = frozenset(
    (*_ID_KEYS, "agent_id", "agent", "channel", "language", "start", "participants", "turns", "metadata")
)
_LONGEST_ID = 200


def recognises(source: Source) -> bool:
    """Whether SOURCE holds conversations with a list of turns."""
    document = source.document
    if isinstance(document, list) and document:
        document = document[0]
    if document is None and source.looks_like_json:
        return any(holds_turns(line) for line in source.lines[:LINES_TO_KNOW])
    return isinstance(document, dict) and "turns" in document


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The conversations of SOURCE; a line that cannot be read is yielded as Rejected and the others go on."""
    document = source.document
    if document is not None:
        items = document if isinstance(document, list) else [document]
        for number, item in enumerate(items):
            yield _try(item, source, source.line, f"/{number}" if isinstance(document, list) else "")
        return
    for number, line in enumerate(source.lines, source.line):
        if not line.strip():
            continue
        try:
            item = orjson.loads(line)
        except ValueError:
            fault, _ = json_fault(line)
            yield Rejected("json", f"{fault.partition(' (')[0]}; was the file cut?", number)
            continue
        yield _try(item, source, number, "")


def _try(item: Any, source: Source, line: int, pointer: str) -> Conversation | Rejected:
    try:
        return conversation(item, source.name, line)
    except Rejected as fault:
        return Rejected(fault.code, f"{pointer}: {fault.reason}" if pointer else fault.reason, line)
    except MALFORMED as error:
        return Rejected("shape", f"{pointer}: not as it should be ({type(error).__name__})".removeprefix(": "), line)


def conversation(item: Any, name: str, line: int) -> Conversation:
    """The conversation that ITEM is. Raises Rejected where it is none."""
    if not isinstance(item, dict):
        raise Rejected("shape", "expected an object with `turns`")
    told = item.get("turns")
    if not isinstance(told, list) or not told:
        raise Rejected("no-turns", "`turns` must be a list with at least one turn")
    cast = _cast(item)
    turns = _turns(told, cast, line)
    start = item.get("start")
    try:
        begun = seconds(start)
    except ValueError:
        raise Rejected("time", "`start` of the conversation is no date and time") from None
    warnings: dict[str, None] = {}
    begun = _settle_times(turns, warnings) or begun
    channel = str(item.get("channel") or "unknown").lower()
    metadata = item.get("metadata")
    extra = {key: value for key, value in item.items() if key not in _KNOWN_KEYS}
    return Conversation(
        id=_identity(item, name, line),
        channel=Channel(channel) if channel in _CHANNELS else Channel.UNKNOWN,
        participants=cast.people,
        turns=in_order(turns),
        language=item.get("language") if isinstance(item.get("language"), str) else None,
        start=moment(begun) if begun and begun > EPOCH_SECONDS else None,
        source=name,
        source_ref=line,
        metadata={**extra, **metadata} if isinstance(metadata, dict) else extra,
        warnings=tuple(warnings),
    )


_CHANNELS = frozenset(Channel)


def _identity(item: Mapping[str, Any], name: str, line: int) -> str:
    for key in _ID_KEYS:
        value = item.get(key)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return _short(str(value).strip())
    return f"{name}:{line}"


def _short(text: str) -> str:
    """TEXT, a very long one cut and told from others that begin alike by a hash of the whole."""
    if len(text) <= _LONGEST_ID:
        return text
    return f"{text[: _LONGEST_ID - 20]}…{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _cast(item: Mapping[str, Any]) -> Cast:
    """The people that the conversation names; the agent of the whole conversation is known to `agent` turns."""
    cast = Cast()
    people = item.get("participants") or []
    if not isinstance(people, list):
        raise Rejected("participants", "`participants` must be a list")
    for entry in people:
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str | int):
            raise Rejected("participants", "each of `participants` needs an `id`")
        key, name = str(entry["id"]), _text(entry.get("name"))
        role = role_of(str(entry.get("role") or ""))
        who = _text(entry.get("agent_id")) or (name or key if role is Role.AGENT else None)
        cast.add(key, Participant(key, role, name, who if role is Role.AGENT else None, _text(entry.get("team"))))
    agent = item.get("agent")
    told = agent if isinstance(agent, dict) else {"id": agent}
    who = _text(item.get("agent_id")) or _text(told.get("id"))
    if who:
        cast.add("agent", Participant("agent", Role.AGENT, _text(told.get("name")), who, _text(told.get("team"))))
    return cast


def _text(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return _short(str(value).strip()) or None


def _turns(told: list[Any], cast: Cast, line: int) -> list[Turn]:
    """The turns in the order of the file. This is where reading spends its time: hence the short way for numbers."""
    turns = []
    for place, entry in enumerate(told):
        if not isinstance(entry, dict):
            raise Rejected("turn", f"turn {place + 1} must be an object with `speaker` and `text`")
        text = entry.get("text")
        if not isinstance(text, str):
            raise Rejected("text", f"`text` of turn {place + 1} must be text")
        start, end, words = entry.get("start"), entry.get("end"), entry.get("words")
        if start is None:
            start = entry.get("time")
        try:
            if start is not None and not (type(start) is float and abs(start) < EPOCH_SECONDS):
                start = seconds(start)
            if end is not None and not (type(end) is float and abs(end) < EPOCH_SECONDS):
                end = seconds(end)
            spoken = tuple(_word(word) for word in words) if isinstance(words, list) and words else None
        except (ValueError, TypeError, KeyError, OverflowError):
            raise Rejected("time", f"a time of turn {place + 1} is no number of seconds and no date") from None
        speaker = entry.get("participant") or entry.get("speaker")
        key = str(speaker).strip() if isinstance(speaker, str | int) and speaker is not True else "unknown"
        turn = Turn(place, cast.add(key), text, start, end, spoken, line)
        if entry.get("visibility") == "internal":
            turn.visibility = "internal"
        turns.append(turn)
    return turns


def _word(word: Mapping[str, Any]) -> Word:
    start, end = seconds(word["start"]), seconds(word["end"])
    if start is None or end is None:
        raise ValueError("a word without times")
    return Word(str(word["text"]), start, end)


def _settle_times(turns: list[Turn], warnings: dict[str, None]) -> float | None:
    """Make times since 1970 times since the first turn, and take out those that cannot be, with a warning.

    The moment of the first turn, None where times were offsets already.
    """
    first = min([turn.start for turn in turns if turn.start is not None], default=0.0)
    begun = first if first > EPOCH_SECONDS else None
    for turn in turns:
        if turn.start is None:
            continue
        if begun is not None:
            turn.start = round(turn.start - first, 3)
            turn.end = None if turn.end is None else round(turn.end - first, 3)
            if turn.words:
                turn.words = tuple(Word(word.text, word.start - first, word.end - first) for word in turn.words)
        if turn.start < 0:
            turn.start = turn.end = None
            warnings["a turn began before the start; its times were left out"] = None
        elif turn.end is not None and turn.end < turn.start:
            turn.end = None
            warnings["a turn ended before it began; its end was left out"] = None
    return begun

"""The project's own form: JSON Lines, one conversation a line (or one JSON document, or a list of them).

Turns name a participant or a speaker; `agent_id` may stand on the conversation. See README for the whole form.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from audit.ingest.draft import Cast, Draft, identity_of
from audit.ingest.places import CONVERSATIONS, LINES_TO_KNOW, holds_turns
from audit.ingest.roles import role_of
from audit.ingest.source import MALFORMED, Rejected, Source, json_fault
from audit.ingest.times import EPOCH_MILLIS, seconds
from audit.model import Channel, Conversation, Participant, Role, Turn, Word

NAME = CONVERSATIONS
TITLE = "transcript-audit JSON Lines (one conversation a line)"
EXTENSIONS = (".jsonl", ".ndjson", ".json")
EVIDENCE = "own"
CARRIES = ("roles", "agent names", "times", "word times", "several a file")
LISTS = True

_ID_KEYS = ("id", "conversation_id", "contact_id", "conversation")
_FLAGS = ("one_track", "truncated")
_KNOWN_KEYS = frozenset(
    (*_ID_KEYS, *_FLAGS, "agent_id", "agent", "channel", "language", "start", "participants", "turns", "metadata",
     "vendor_metrics", "warnings", "source")
)  # fmt: skip
_CHANNELS = frozenset(Channel)
_HIDDEN = frozenset({"internal", "private"})
_NUMBERS = frozenset({int, float})


def recognises(source: Source) -> bool:
    """Whether SOURCE holds conversations with a list of turns."""
    if not source.looks_like_json:
        return False
    if source.outline.keys:
        return source.outline.has("turns")
    return any(holds_turns(line) for line in source.json.split(b"\n", LINES_TO_KNOW)[:LINES_TO_KNOW])


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The conversations of SOURCE; a line that cannot be read is yielded as Rejected and the others go on."""
    document = source.document
    if document is not None:
        items = document if isinstance(document, list) else [document]
        for number, item in enumerate(items):
            yield conversation_at(item, source, source.line, f"/{number}" if isinstance(document, list) else "")
        return
    for number, line in enumerate(source.json.splitlines(), source.line):
        if not line.strip():
            continue
        try:
            item = msgspec.json.decode(line)
        except (ValueError, RecursionError):
            fault, _ = json_fault(line)
            yield Rejected("json", fault.partition(" (")[0], number)
            continue
        yield conversation_at(item, source, number)


def conversation_at(item: Any, source: Source, line: int, pointer: str = "") -> Conversation | Rejected:
    """The conversation that ITEM is, which stands at LINE or POINTER of SOURCE; what is wrong with it where it is none."""
    try:
        return _conversation(item, source, line)
    except Rejected as fault:
        return Rejected(fault.code, f"{pointer}: {fault.reason}" if pointer else fault.reason, line)
    except MALFORMED as error:
        return Rejected("shape", f"{pointer}: not as it should be ({type(error).__name__})".removeprefix(": "), line)


def _conversation(item: Any, source: Source, line: int) -> Conversation:
    """The conversation that ITEM is. Raises Rejected where it is none."""
    if not isinstance(item, dict):
        raise Rejected("shape", "expected an object with `turns`")
    told = item.get("turns")
    if not isinstance(told, list) or not told:
        raise Rejected("no-turns", "`turns` must be a list with at least one turn")
    channel = str(item.get("channel") or "unknown").lower()
    draft = Draft(source, Channel(channel) if channel in _CHANNELS else Channel.UNKNOWN)
    draft.cast = _cast(item)
    draft.turns = _turns(told, draft.cast, line)
    start, metadata, metrics = item.get("start"), item.get("metadata"), item.get("vendor_metrics")
    try:
        seconds(start)
    except ValueError:
        raise Rejected("time", "`start` of the conversation is no date and time") from None
    for warning in item.get("warnings") or ():
        draft.warn(str(warning))
    extra = {key: value for key, value in item.items() if key not in _KNOWN_KEYS}
    return draft.finish(
        next((item[key] for key in _ID_KEYS if identity_of(item.get(key))), None),
        start=start,
        language=item.get("language") if isinstance(item.get("language"), str) else None,
        ref=line,
        one_track=item.get("one_track") is True,
        truncated=item.get("truncated") is True,
        metadata={**extra, **metadata} if isinstance(metadata, dict) else extra,
        vendor_metrics=metrics if isinstance(metrics, dict) else None,
    )


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
        who = _text(entry["agent_id"]) if "agent_id" in entry else name or key
        learnt = str(entry.get("role_source") or "file")
        who = who if role is Role.AGENT else None
        cast.add(key, Participant(key, role, name, who, _text(entry.get("team")), learnt))
    agent = item.get("agent")
    told = agent if isinstance(agent, dict) else {"id": agent}
    who = _text(item.get("agent_id")) or _text(told.get("id"))
    if who:
        cast.add("agent", Participant("agent", Role.AGENT, _text(told.get("name")), who, _text(told.get("team"))))
    return cast


def _text(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return identity_of(value)


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
            if start is not None:
                is_plain = type(start) in _NUMBERS and -EPOCH_MILLIS < start < EPOCH_MILLIS
                start = float(start) if is_plain else seconds(start)
            if end is not None:
                is_plain = type(end) in _NUMBERS and -EPOCH_MILLIS < end < EPOCH_MILLIS
                end = float(end) if is_plain else seconds(end)
            spoken = tuple(_word(word) for word in words) if isinstance(words, list) and words else None
        except (ValueError, TypeError, KeyError, OverflowError):
            raise Rejected("time", f"a time of turn {place + 1} is no number of seconds and no date") from None
        speaker = entry.get("participant")
        if speaker is None:
            speaker = entry.get("speaker")
        key = str(speaker) if isinstance(speaker, str | int) and not isinstance(speaker, bool) else "unknown"
        if cast.get(key) is None:
            key = key.strip() or "unknown"
        turn = Turn(place, cast.add(key), text, start, end, spoken, line)
        if ("visibility" in entry or "internal" in entry) and _is_hidden(entry):
            turn.visibility = "internal"
        turns.append(turn)
    return turns


def _is_hidden(entry: Mapping[str, Any]) -> bool:
    return str(entry.get("visibility")).lower() in _HIDDEN or entry.get("internal") is True


def _word(word: Mapping[str, Any]) -> Word:
    start, end = seconds(word["start"]), seconds(word["end"])
    if start is None or end is None:
        raise ValueError("a word without times")
    return Word(str(word["text"]), start, end)

"""Home-made JSON and JSON Lines: objects that are rows, or one object with the whole text, or a list of turns in one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from audit.ingest.columns import ALIASES, Table, find_places, simple
from audit.ingest.draft import identity_of
from audit.ingest.rows import conversations
from audit.ingest.source import Rejected, Source, json_fault
from audit.model import Conversation

NAME = "records"
TITLE = "Home-made JSON or JSON Lines: rows, a list of turns, or the whole text in one value"
EXTENSIONS = (".json", ".jsonl", ".ndjson")
EVIDENCE = "sample (Microsoft accelerators)"
CARRIES = ("what their keys tell: roles, agents, times", "several a file")
LISTS = True
ORDER = 2

# A text of this length in characters is a whole talk, where no other key tells who said it.
LONG = 200


def recognises(source: Source) -> bool:
    """Whether SOURCE holds objects with a text and somebody who says it, a list of such, or one long text."""
    if not source.looks_like_json:
        return False
    first, _ = _first(source)
    return isinstance(first, dict) and (_are_turns([first], source) or _list_of_turns(first, source) is not None
                                        or _is_whole(first, source))  # fmt: skip


def _first(source: Source) -> tuple[Any, bool]:
    """The first object of SOURCE, and whether it stands on a line of its own."""
    document = source.document
    if document is None:
        line = next((line for line in source.json.split(b"\n", 20) if line.strip()), b"")
        try:
            return msgspec.json.decode(line), True
        except (ValueError, RecursionError):
            return None, True
    return (document[0] if isinstance(document, list) and document else document), False


def _is_whole(record: Mapping[str, Any], source: Source) -> bool:
    places = find_places(list(record), source)
    text = record[list(record)[places["text"]]] if "text" in places else None
    return isinstance(text, str) and len(text) >= LONG and not any(isinstance(each, list) for each in record.values())


def _are_turns(records: Sequence[Any], source: Source) -> bool:
    first = records[0]
    if not isinstance(first, dict) or any(isinstance(value, dict) for value in first.values()):
        return False
    places = find_places(list(first), source)
    held = list(first.values())
    return "text" in places and bool({"speaker", "role"} & places.keys()) and isinstance(held[places["text"]], str)


def _list_of_turns(record: Mapping[str, Any], source: Source) -> str | None:
    """The key under which RECORD holds a list of turns, None where none does, or several do."""
    keys = [key for key, value in record.items() if isinstance(value, list) and value and _are_turns(value, source)]
    return keys[0] if len(keys) == 1 else None


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The conversations of SOURCE. A line that is no JSON is rejected, and the others go on."""
    first, by_line = _first(source)
    if by_line:
        told: list[tuple[str | int, Any]] = []
        for number, line in enumerate(source.json.split(b"\n"), source.line):
            if line.strip():
                try:
                    told.append((number, msgspec.json.decode(line)))
                except (ValueError, RecursionError):
                    fault, _ = json_fault(line)
                    yield Rejected("json", fault.partition(" (")[0], number)
    else:
        items = source.document if isinstance(source.document, list) else [source.document]
        told = [(f"/{place}" if len(items) > 1 else "", item) for place, item in enumerate(items)]
    key = _list_of_turns(first, source)
    if key is None:
        yield from conversations(_table(told, source), source)
        return
    for ref, item in told:
        yield from _with_list(ref, item, key, source)


def _with_list(ref: str | int, item: Any, key: str, source: Source) -> Iterator[Conversation | Rejected]:
    """The conversation that the object ITEM is, with its turns under KEY."""
    line = ref if isinstance(ref, int) else None
    if not isinstance(item, dict) or not isinstance(item.get(key), list) or not item[key]:
        yield Rejected("no-turns", f"{ref}/{key}: expected a list of turns", line)
        return
    turns: list[tuple[str | int, Any]] = [(f"{ref}/{key}/{place}", turn) for place, turn in enumerate(item[key])]
    own = next((identity_of(item[each]) for each in item if simple(each) in ALIASES["conversation"]), None)
    # An id on a turn is the turn's.
    table = _table(turns, source)
    table = replace(table, places={name: at for name, at in table.places.items() if name != "conversation"})
    for read in conversations(table, source):
        if isinstance(read, Rejected):
            yield Rejected(read.code, read.reason, line)
        else:
            place = f"{source.name}:{ref}" if ref else source.name
            yield replace(read, id=own or place, has_own_id=own is not None, source_ref=ref)


def _table(told: Sequence[tuple[str | int, Any]], source: Source) -> Table:
    """A table of the objects TOLD, with a column for each key of any."""
    heads = list(dict.fromkeys(key for _, item in told if isinstance(item, dict) for key in item))
    rows = [
        (ref, [_text(item.get(head)) for head in heads] if isinstance(item, dict) else [""] * len(heads))
        for ref, item in told
    ]
    return Table(heads, rows, find_places(heads, source))


def _text(value: Any) -> str:
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, list):
        parts = [part.get("text", "") if isinstance(part, dict) else part for part in value]
        return "".join(part if isinstance(part, str) else f" {part}" for part in parts if part is not None).strip()
    return value if isinstance(value, str) else str(value)

"""CSV and TSV: one row per utterance, or one row per conversation with the whole text in a cell."""

import csv
import io
from collections.abc import Iterator

from audit.ingest.columns import Table, conversations, find_places
from audit.ingest.conversations import conversation_at
from audit.ingest.source import Rejected, Source
from audit.ingest.writers import COLUMNS, objects
from audit.model import Conversation

NAME = "table"
TITLE = "CSV or TSV, one row per utterance or per conversation"
EXTENSIONS = (".csv", ".tsv")
EVIDENCE = "documented"
CARRIES = ("roles", "agent ids, names, teams", "times", "several a file")
ORDER = 2

csv.field_size_limit(64 << 20)


def recognises(source: Source) -> bool:
    """Whether the first line of SOURCE names a column for the text and another one."""
    if source.looks_like_json:
        return False
    try:
        heads = _heads(source)
        places = find_places(heads, source)
    except Rejected:
        return True
    except csv.Error:
        return False
    return "text" in places and len(heads) > 1 and bool({"speaker", "role", "conversation"} & places.keys())


def _heads(source: Source) -> list[str]:
    start = source.text.lstrip("\ufeff\r\n ")[: 1 << 16]
    return next(csv.reader(io.StringIO(start, newline=""), delimiter=_delimiter(start)), [])


def _delimiter(text: str) -> str:
    """The mark that parts the columns: the one that the line of column names holds most of."""
    first = text.partition("\n")[0]
    return max(",\t;|", key=first.count)


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The conversations of SOURCE. Line ends inside quotes belong to the text."""
    text = source.text.removeprefix("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text.lstrip()), strict=True)
    rows: list[tuple[int, list[str]]] = []
    before = 0
    try:
        for row in reader:
            if any(row):
                rows.append((before + 1, row))
            before = reader.line_num
    except csv.Error as error:
        raise Rejected("csv", f"not valid CSV: {error}; is a quote left open?", before + 1) from None
    heads = rows[0][1] if rows else []
    wide = len(heads)
    for number, row in rows[1:]:
        if len(row) != wide:
            raise Rejected("csv", f"{len(row)} columns, expected {wide}; quote text that holds the separator", number)
    if tuple(heads) == COLUMNS:
        for number, told in objects(rows[1:]):
            yield conversation_at(told, source, number)
        return
    yield from conversations(Table(heads, rows[1:], find_places(heads, source)), source)

"""CSV and TSV: one row per utterance, or one row per conversation with the whole text in a cell."""

import csv
import io
import re
from collections.abc import Iterator, Mapping

from audit.ingest.columns import Table, find_places
from audit.ingest.conversations import conversation_at
from audit.ingest.rows import conversations
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


_SEPARATOR = re.compile(r"\ufeff?sep=(.)\r?\n", re.IGNORECASE)
# A title may stand above the names of the columns.
LINES_ABOVE = 5


def recognises(source: Source) -> bool:
    """Whether one of the first lines of SOURCE names a column for the text and another one."""
    if source.looks_like_json:
        return False
    try:
        found = _table(source)
    except Rejected:
        return True
    except csv.Error:
        return False
    return found is not None and bool({"speaker", "role", "conversation"} & found[0].keys())


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of TEXT that hold anything, with the line each begins at. Line ends inside quotes belong to the text."""
    mark = _SEPARATOR.match(text)
    ahead = 1 if mark else 0
    text = text[mark.end() :] if mark else text.removeprefix("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark[1] if mark else _delimiter(text), strict=True)
    before = ahead
    for row in reader:
        if any(row):
            yield before + 1, row
        before = reader.line_num + ahead


def _delimiter(text: str) -> str:
    """The mark that parts the columns: the one that the first lines hold most of."""
    first = "\n".join(text.lstrip().split("\n", LINES_ABOVE)[:LINES_ABOVE])
    return max(",\t;|", key=first.count)


def _table(source: Source) -> tuple[Mapping[str, int], int] | None:
    """Where the columns of SOURCE are, and in which of its rows they are named; None where no row does."""
    start = source.text[: 1 << 16]
    for at, (_, row) in enumerate(_rows(start)):
        if at == LINES_ABOVE:
            return None
        places = find_places(row, source)
        if "text" in places and len(row) > 1:
            return places, at
    return None


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The conversations of SOURCE. A row of another length costs its conversation."""
    rows: list[tuple[int, list[str]]] = []
    try:
        for each in _rows(source.text):
            rows.append(each)
    except csv.Error as error:
        line = rows[-1][0] + 1 if rows else 1
        raise Rejected("csv", f"not valid CSV: {error}; is a quote left open?", line) from None
    found = _table(source)
    if found is None:
        raise Rejected("columns", "no column holds the text; say --column text=NAME", 1)
    places, named = found
    heads = rows[named][1]
    if tuple(heads) == COLUMNS:
        for number, told in objects(rows[named + 1 :]):
            yield conversation_at(told, source, number)
        return
    yield from conversations(Table(heads, rows[named + 1 :], places), source)

"""Spreadsheets: XLSX and ODS, each sheet a table. Needs the extra `excel`."""

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from audit.ingest.columns import Table, find_places
from audit.ingest.places import HARMLESS
from audit.ingest.rows import conversations
from audit.ingest.source import Rejected, Source
from audit.model import Conversation

NAME = "workbook"
TITLE = "XLSX or ODS, one row per utterance or per conversation (extra: excel)"
EXTENSIONS = (".xlsx", ".xlsm", ".ods")
EVIDENCE = "documented"
CARRIES = ("roles", "agent ids, names, teams", "times", "several a file")
ORDER = 0

# A title, a logo and an empty line may stand above the names of the columns.
LINES_ABOVE = 10
# What a workbook may unpack to, as a multiple of its size: rows of text pack ten to thirty times.
MOST_TIMES = 100
# Numbers beyond this are not held digit by digit.
EXACT = 1e15
_INEXACT = re.compile(r"\d{16,}")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def recognises(source: Source) -> bool:
    """Whether SOURCE is an archive that holds a workbook."""
    if source.data[:4] != b"PK\x03\x04":
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as packed:
            return bool({"xl/workbook.xml", "content.xml"} & set(packed.namelist()))
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The conversations of all sheets of SOURCE. Sheets without a column of text are named and left out."""
    try:
        from python_calamine import CalamineError, load_workbook
    except ImportError:
        raise Rejected("extra", "spreadsheets need an extra: pip install 'transcript-audit[excel]'") from None
    with zipfile.ZipFile(io.BytesIO(source.data)) as packed:
        if sum(each.file_size for each in packed.infolist()) > max(HARMLESS, MOST_TIMES * len(source.data)):
            raise Rejected("workbook", "the workbook would unpack to far more than it holds; export it as CSV")
    try:
        book = load_workbook(io.BytesIO(source.data))
        sheets = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
    except (CalamineError, OSError, ValueError):
        raise Rejected("workbook", "the workbook is damaged, or locked with a password") from None
    found = False
    left_out = []
    for name, sheet in sheets:
        inner = Source(source.name, source.data, source.options, part=f"{name}/" if len(sheets) > 1 else "")
        table = _table(((at, [_text(cell) for cell in row]) for at, row in enumerate(sheet.iter_rows(), 1)), source)
        if table is None:
            left_out.append(name)
            continue
        found = True
        if any(_INEXACT.fullmatch(cell) for _, row in table.rows for cell in row):
            inner.warnings.append("numbers of more than 15 digits lost some in the spreadsheet; write ids as text")
        for read in conversations(table, inner):
            yield replace(read, warnings=(*inner.warnings, *read.warnings)) if isinstance(read, Conversation) else read
    if not found:
        raise Rejected("columns", "no sheet names a column for the text; say --column text=NAME")
    if left_out:
        yield Rejected("sheet", f"{len(left_out)} of {len(sheets)} sheets hold no column of text; they were left out")


def _table(rows: Iterator[tuple[int, list[str]]], source: Source) -> Table | None:
    """The table of a sheet, below the first row that names a column for the text; None where none does."""
    for number, row in rows:
        if number > LINES_ABOVE:
            break
        places = find_places(row, source)
        if "text" in places and len(places) > 1:
            return Table(row, [(at, cells) for at, cells in rows if any(cells)], places)
    return None


def _text(cell: Any) -> str:
    """A cell as text: numbers without an exponent or needless noughts, moments as ISO 8601, lengths of time as seconds."""
    if isinstance(cell, str):
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), cell) if "_x" in cell else cell
    if isinstance(cell, float):
        return f"{cell:.12f}".rstrip("0").rstrip(".") if abs(cell) < EXACT else f"{cell:.0f}"
    if isinstance(cell, datetime.datetime | datetime.date):
        return cell.isoformat()
    if isinstance(cell, datetime.timedelta):
        return f"00:00:{cell.total_seconds():g}" if cell.total_seconds() < 60 else str(cell)
    return "" if cell is None else str(cell)

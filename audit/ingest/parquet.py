"""Parquet, one row per utterance or per conversation. Needs the extra `parquet`."""

import io
from collections.abc import Iterator
from typing import Any

from audit.ingest.columns import Table, find_places
from audit.ingest.rows import conversations
from audit.ingest.source import Rejected, Source
from audit.model import Conversation

NAME = "parquet"
TITLE = "Parquet, one row per utterance or per conversation (extra: parquet)"
EXTENSIONS = (".parquet",)
EVIDENCE = "documented"
CARRIES = ("roles", "agent ids, names, teams", "times", "several a file")
ORDER = 0


def recognises(source: Source) -> bool:
    """Whether SOURCE begins and ends as Parquet does."""
    return source.data[:4] == b"PAR1" == source.data[-4:]


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The conversations of SOURCE."""
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise Rejected("extra", "Parquet needs an extra: pip install 'transcript-audit[parquet]'") from None
    try:
        held = parquet.read_table(io.BytesIO(source.data))
        columns = [[_text(value) for value in held.column(at).to_pylist()] for at in range(held.num_columns)]
    except (ArrowException, OSError, ValueError):
        raise Rejected("parquet", "the Parquet file is damaged") from None
    heads = held.column_names
    rows = [(f"/{at}", row) for at, row in enumerate(zip(*columns, strict=True))]
    yield from conversations(Table(heads, rows, find_places(heads, source)), source)


def _text(value: Any) -> str:
    """A value as text: nothing for none, moments as ISO 8601."""
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)

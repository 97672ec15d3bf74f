"""`results.csv`: one row for each filled-in form, for spreadsheets."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from audit.rule import Rule

# Rows held at a time, so that memory does not grow with the run.
CHUNK = 2_000
# What makes a spreadsheet run a cell, also after a separator or a line break inside it.
_TRIGGER = re.compile(r"(^|[,;\t\r\n|])(\s*[=+\-@\t\r])")


def write(evaluations: Path, out: Path, rules: dict[str, Rule]) -> None:
    """Write OUT from the EVALUATIONS of a run: who, score, coverage, and a column with the verdict for each rule."""
    import pandas as pd

    columns = ["conversation", "source", "agent", "channel", "form", "score", "coverage", "gates", *sorted(rules)]
    with out.open("w", encoding="utf-8", newline="") as file:
        for number, rows in enumerate(_chunks(evaluations)):
            frame = pd.DataFrame(rows, columns=columns, dtype=str)
            frame.to_csv(file, index=False, header=number == 0, lineterminator="\r\n")


def _chunks(evaluations: Path) -> Iterator[list[dict[str, str]]]:
    rows: list[dict[str, str]] = []
    empty = True
    with evaluations.open("rb") as file:
        for line in file:
            rows.append(_row(msgspec.json.decode(line)))
            if len(rows) == CHUNK:
                yield rows
                rows, empty = [], False
    if rows or empty:
        yield rows


def _row(told: dict[str, Any]) -> dict[str, str]:
    row = {key: safe(told[key]) for key in ("conversation", "source", "agent", "channel", "form")}
    for key in ("score", "coverage"):
        row[key] = "" if told[key] is None else str(told[key])
    row["gates"] = " ".join(told["gates"])
    row.update({answer["rule"]: answer["verdict"] for answer in told["answers"]})
    return row


def safe(value: str | None) -> str:
    """VALUE as a cell that no spreadsheet runs: an apostrophe before whatever would start a formula."""
    text = (value or "").replace("\0", "")
    return _TRIGGER.sub(r"\1'\2", text)

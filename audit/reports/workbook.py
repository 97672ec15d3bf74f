"""`report.xlsx`: agents, questions, contacts and findings for a spreadsheet; text only, so that nothing in it can run."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from audit.errors import AuditError
from audit.form import shown
from audit.model import Verdict
from audit.report import Report
from audit.scorecards import Scorecard

# What one cell and one sheet may hold.
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_575
# The same report is the same bytes, so the file tells no time of its own.
_MADE = datetime(2000, 1, 1)


def write(report: Report, evaluations: Path, out: Path) -> None:
    """Write OUT from REPORT and the EVALUATIONS of the run. Raises AuditError where the extra `excel` is missing."""
    try:
        from xlsxwriter import Workbook
    except ImportError:
        raise AuditError("xlsx needs more: pip install 'transcript-audit[excel]'") from None
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(out, options) as book:
        book.set_properties({"created": _MADE, "title": report.form.title})
        bold = book.add_format({"bold": True, "bottom": 1})
        for name, widths, head, rows in (
            ("Agents", (28, 20), _AGENTS, (_agent(card) for card in report.cards)),
            ("Questions", (28, 34, 60), _QUESTIONS, _questions(report)),
            (
                "Contacts",
                (34, 34, 24),
                [*_CONTACTS, *sorted(report.rules)],
                _contacts(evaluations, sorted(report.rules)),
            ),
            ("Findings", (34, 24, 30, 12, 8, 60), _FINDINGS, _findings(evaluations)),
        ):
            _sheets(book, bold, name, widths, head, rows)


def _sheets(book: Any, bold: Any, name: str, widths: Iterable[int], head: list[str], rows: Iterator[list[Any]]) -> None:
    """ROWS on a sheet called NAME, and on further ones where they are more than a sheet holds."""
    number = 1
    left = True
    while left:
        sheet = book.add_worksheet(name if number == 1 else f"{name} {number}")
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 1)
        sheet.write_row(0, 0, head, bold)
        written, left = 0, False
        for row in rows:
            written += 1
            for column, value in enumerate(row):
                _cell(sheet, written, column, value)
            if written == MOST_ROWS:
                left = True
                break
        sheet.autofilter(0, 0, written, len(head) - 1)
        number += 1


def _cell(sheet: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif value:
        text = "".join(char if char in "\t\n" or char >= " " else "\N{REPLACEMENT CHARACTER}" for char in str(value))
        sheet.write_string(row, column, text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…")


_AGENTS = ["Agent", "Team", "Score", "Low", "High", "Coverage", "Contacts", "Scored", "Gates failed", "Against the team",
           "Coach first"]  # fmt: skip


def _agent(card: Scorecard) -> list[Any]:
    low, high = (shown(card.interval.low), shown(card.interval.high)) if card.interval else (None, None)
    return [
        card.person.name, card.person.team, card.shown, low, high,
        None if card.coverage is None else shown(card.coverage), card.tally.contacts, sum(card.tally.scores.values()),
        sum(card.tally.gates.values()), card.against_team, card.coaching[0].rule if card.coaching else "",
    ]  # fmt: skip


_QUESTIONS = ["Agent", "Rule", "Question", "Pass", "Fail", "Not applicable", "Cannot tell", "Error", "Score"]


def _questions(report: Report) -> Iterator[list[Any]]:
    for card in report.cards:
        for rule, answers in sorted(card.tally.questions.items()):
            score = None if answers.score is None else shown(100 * answers.score)
            verdicts = [answers.verdicts[verdict] for verdict in Verdict]
            yield [card.person.name, rule, report.rules[rule].question, *verdicts, score]


_CONTACTS = ["Contact", "File", "Agent", "Channel", "Score", "Coverage", "Gates"]


def _contacts(evaluations: Path, rules: list[str]) -> Iterator[list[Any]]:
    for told in _lines(evaluations):
        verdicts = {answer["rule"]: answer["verdict"] for answer in told["answers"]}
        first = [told["conversation"], told["source"], told["agent"], told["channel"], told["score"], told["coverage"]]
        yield [*first, " ".join(told["gates"]), *(verdicts.get(rule) for rule in rules)]


_FINDINGS = ["Contact", "Agent", "Rule", "Outcome", "Turn", "Words", "Note", "Counted under"]


def _findings(evaluations: Path) -> Iterator[list[Any]]:
    for told in _lines(evaluations):
        for answer in told["answers"]:
            for finding in answer.get("findings", ()):
                words = " … ".join(each["quote"] for each in finding["evidence"])
                turn = finding["evidence"][-1]["turn"] + 1 if finding["evidence"] else None
                note, under = finding.get("note", ""), finding.get("under", "")
                yield [
                    told["conversation"],
                    told["agent"],
                    answer["rule"],
                    finding["outcome"],
                    turn,
                    words,
                    note,
                    under,
                ]


def _lines(evaluations: Path) -> Iterator[dict[str, Any]]:
    with evaluations.open("rb") as file:
        for line in file:
            yield msgspec.json.decode(line)

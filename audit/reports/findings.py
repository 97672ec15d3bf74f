"""What `audit check` prints: a line for each finding, or JSON."""

from typing import Any

import msgspec

from audit import __version__
from audit.console import safe
from audit.form import shown
from audit.report import SCHEMA
from audit.scripts import Remark, Review


def as_text(review: Review) -> str:
    """One line for each finding: `file:line:column: rule: what was missed: "words" (what to say instead)`."""
    lines = []
    for remark in review.remarks:
        instead = f' Say instead: "{remark.instead.text}"' if remark.instead else ""
        quote = " ".join(remark.quote.split())
        place = f"{remark.file}:{remark.line}:{remark.column}"
        lines.append(safe(f'{place}: {remark.rule.id}: {remark.rule.missed} "{quote}"{instead}'))
    return "".join(f"{line}\n" for line in lines)


def as_json(review: Review, reading_grades: dict[str, float | None] | None = None) -> bytes:
    """The whole review as JSON, scores as shown; with READING_GRADES, each script's by its id."""
    intake = review.intake
    told: dict[str, Any] = {
        "schema": SCHEMA,
        "tool": {"name": "transcript-audit", "version": __version__},
        "inputs": {"files": intake.files, "given": intake.given, "read": intake.read, "rejected": len(intake.rejected)},
        "rejected": [{"file": r.file, "line": r.line, "code": r.code, "reason": r.reason} for r in intake.rejected],
        "rule_errors": sorted(intake.rule_errors),
        "gates": [{"gate": gate.name, "held": gate.held, "says": gate.says} for gate in review.gates],
        "scripts": [
            {
                "script": each.conversation.id,
                "file": each.conversation.source,
                "line": each.conversation.source_ref,
                "score": None if each.score is None else shown(each.score),
                "coverage": None if each.coverage is None else shown(each.coverage),
                **({"reading_grade": reading_grades[each.conversation.id]} if reading_grades is not None else {}),
                "answers": [
                    {
                        "rule": answer.rule,
                        "verdict": answer.verdict,
                        **({"reason": answer.reason} if answer.reason else {}),
                    }
                    for answer in each.answers
                ],
            }
            for each in review.evaluations
        ],
        "findings": [_finding(remark) for remark in review.remarks],
    }
    return msgspec.json.format(msgspec.json.encode(told)) + b"\n"


def _finding(remark: Remark) -> dict[str, Any]:
    return {
        "file": remark.file,
        "line": remark.line,
        "column": remark.column,
        "end_line": remark.end_line,
        "end_column": remark.end_column,
        "rule": remark.rule.id,
        "message": remark.rule.missed,
        "quote": remark.quote,
        "say_instead": remark.instead.text if remark.instead else None,
        "in_own_words": remark.instead is not None and remark.instead.own,
    }

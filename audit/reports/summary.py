"""`report.json`: everything about a run but the evaluations themselves."""

from typing import Any

import msgspec

from audit import __version__
from audit.form import shown
from audit.intervals import Interval, wilson
from audit.report import SCHEMA, Refusal, Report, agent_page
from audit.scorecards import Answers, Scorecard, canned


def render(report: Report) -> bytes:
    """REPORT as JSON. Scores and their intervals are as shown, 0 to 100; null where there is none."""
    intake = report.intake
    told = {
        "schema": SCHEMA,
        "tool": {"name": "transcript-audit", "version": __version__},
        "rules": {"pack": report.pack_name, "version": report.pack_version, "sha256": report.digests["rules"]},
        "form": {
            "id": report.form.id,
            "title": report.form.title,
            "sha256": report.digests["form"],
            "pass_mark": report.form.pass_mark,
            "floor": {"questions": report.form.fewest_questions, "weight": report.form.least_weight},
            "weights": {rule: round(weight, 2) for rule, weight in report.form.weights().items()},
        },
        "inputs": {
            "files": intake.files,
            "given": intake.given,
            "read": intake.read,
            "rejected": len(intake.rejected),
            "set_aside": len(intake.set_aside),
            "judged": intake.judged,
            "passed_over": list(intake.passed_over),
        },
        "rejected": [_refusal(each) for each in intake.rejected],
        "set_aside": [{"conversation": each.conversation, **_refusal(each)} for each in intake.set_aside],
        "warnings": [{"warning": warning, "times": times} for warning, times in sorted(intake.warnings.items())],
        "rule_errors": [{"error": error, "times": times} for error, times in sorted(intake.rule_errors.items())],
        "gates": [{"gate": gate.name, "held": gate.held, "says": gate.says} for gate in report.gates],
        "team": _card(report.team, report),
        "scorecards": [_card(card, report) for card in report.cards],
    }
    return msgspec.json.format(msgspec.json.encode(told)) + b"\n"


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {"file": refusal.file, "line": refusal.line, "code": refusal.code, "reason": refusal.reason}


def _card(card: Scorecard, report: Report) -> dict[str, Any]:
    tally = card.tally
    person = {"id": card.person.id or None, "name": card.person.name, "team": card.person.team or None}
    return {
        "agent": None if card is report.team else person,
        "page": None if card is report.team else agent_page(card.person.id),
        "contacts": tally.contacts,
        "scored": sum(tally.scores.values()),
        "score": card.shown,
        "interval": _interval(card.interval),
        "coverage": None if card.coverage is None else shown(card.coverage),
        "band": None if card.shown is None else report.form.band(card.shown),
        "against_team": card.against_team or None,
        "channels": {str(channel): times for channel, times in sorted(tally.channels.items())},
        "days": [tally.first, tally.last] if tally.first else None,
        "too_little": dict(sorted(tally.too_little.items())),
        "limits": dict(sorted(tally.limits.items())),
        "failed_gates": dict(sorted(tally.gates.items())),
        "sections": [
            {
                "title": title,
                "score": None if score is None else shown(score),
                "interval": _interval(span),
                "contacts": n,
            }
            for title, (score, span, n) in card.sections.items()
        ],
        "questions": {rule: _answers(answers) for rule, answers in sorted(tally.questions.items())},
        "coaching": [
            {"rule": each.rule, "gain": round(each.gain, 1), "missed": each.missed, "of": each.applied}
            for each in card.coaching
        ],
        "strengths": list(card.strengths),
        "canned_empathy": [{"line": line, "contacts": times} for line, times in canned(tally)],
    }


def _interval(span: Interval | None) -> list[int] | None:
    return None if span is None else [shown(span.low), shown(span.high)]


def _answers(answers: Answers) -> dict[str, Any]:
    rate = wilson(answers.verdicts["pass"], answers.applied) if answers.applied else None  # type: ignore[index]
    return {
        "verdicts": {str(verdict): times for verdict, times in sorted(answers.verdicts.items())},
        "opportunities": {str(outcome): times for outcome, times in sorted(answers.outcomes.items())},
        "score": None if answers.score is None else shown(100 * answers.score),
        "pass_rate": None if rate is None else [round(100 * rate.low), round(100 * rate.high)],
    }

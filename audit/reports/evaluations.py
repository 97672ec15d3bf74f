"""`evaluations.jsonl`: one filled-in form a line, in the order in which the contacts were read."""

from functools import cache
from typing import Any

import msgspec

from audit.form import Evaluation, shown
from audit.model import RuleResult
from audit.observations import Observations


def line(evaluation: Evaluation) -> bytes:
    """EVALUATION as one line of JSON. Scores and coverage are as shown, 0 to 100; null where there is none."""
    conversation, agent = evaluation.conversation, evaluation.agent
    told = {
        "conversation": conversation.id,
        "source": conversation.source,
        "agent": agent.agent_id,
        "channel": conversation.channel,
        "form": evaluation.form.id,
        "score": None if evaluation.score is None else shown(evaluation.score),
        "coverage": None if evaluation.coverage is None else shown(evaluation.coverage),
        "too_little": evaluation.too_little or None,
        "gates": list(evaluation.failed_gates),
        "limits": list(evaluation.limits),
        "sections": {
            section.title: None if section.score is None else shown(section.score) for section in evaluation.sections
        },
        "observations": None if evaluation.seen is None else _seen(evaluation.seen),
        "answers": [_answer(answer, evaluation) for answer in evaluation.answers],
    }
    return msgspec.json.encode(told) + b"\n"


def _seen(seen: Observations) -> dict[str, Any]:
    """What was observed beside the questions. Commitments are quoted as they were said."""
    thirds = {name: getattr(seen, name) for name in ("mood", "warm", "task", "talk")}
    return {
        "apology": seen.apology,
        "apologies": seen.apologies,
        "commitments": [
            {
                "turn": each.place.turn.index,
                "quote": each.place.quote,
                "who": each.who and each.who.quote,
                "when": each.when and each.when.quote,
                "vague": each.vague,
            }
            for each in seen.commitments
        ],
        **{name: None if third is None else third._asdict() for name, third in thirds.items()},
        "customer_annoyed": seen.strained,
        "words_a_minute": seen.words_a_minute,
        "talk_over_seconds": seen.talk_over,
        "cut_off_by": seen.cut_off_by,
        "fillers_of_100_words": seen.fillers,
        "asked_to_hear_again": seen.asked_again,
    }


class _Evidence(msgspec.Struct):
    turn: int
    first: int
    last: int
    quote: str


class _Finding(msgspec.Struct, omit_defaults=True):
    outcome: str
    note: str = ""
    under: str = ""
    evidence: list[_Evidence] = []


class _Answer(msgspec.Struct):
    rule: str
    verdict: str
    score: float | None
    weight: float
    findings: list[_Finding]


def _answer(answer: RuleResult, evaluation: Evaluation) -> _Answer | msgspec.Raw:
    if not answer.findings:
        return _quiet(answer.rule, answer.verdict, answer.reason)
    findings = [
        _Finding(
            each.outcome,
            each.note,
            each.under,
            [_Evidence(at.turn.index, at.first, at.last, at.quote) for at in each.evidence],
        )
        for each in answer.findings
    ]
    weight = round(evaluation.weights.get(answer.rule, 0.0), 2)
    return _Answer(answer.rule, answer.verdict, answer.score, weight, findings)


@cache
def _quiet(rule: str, verdict: str, reason: str) -> msgspec.Raw:
    """An answer without findings, written once: most answers of most contacts are of this kind."""
    return msgspec.Raw(
        msgspec.json.encode({"rule": rule, "verdict": verdict, **({"reason": reason} if reason else {})})
    )

"""`evaluations.jsonl`: one filled-in form a line, in the order in which the contacts were read."""

from typing import Any

import msgspec

from audit.form import Evaluation, Form, shown
from audit.model import RuleResult


def line(form: Form, evaluation: Evaluation) -> bytes:
    """EVALUATION as one line of JSON. Scores and coverage are as shown, 0 to 100; null where there is none."""
    conversation, agent = evaluation.conversation, evaluation.agent
    told = {
        "conversation": conversation.id,
        "source": conversation.source,
        "agent": agent.agent_id,
        "channel": conversation.channel,
        "form": form.id,
        "score": None if evaluation.score is None else shown(evaluation.score),
        "coverage": None if evaluation.coverage is None else shown(evaluation.coverage),
        "too_little": evaluation.too_little or None,
        "gates": list(evaluation.failed_gates),
        "limits": list(evaluation.limits),
        "sections": {
            section.title: None if section.score is None else shown(section.score) for section in evaluation.sections
        },
        "answers": [_answer(answer, evaluation) for answer in evaluation.answers],
    }
    return msgspec.json.encode(told) + b"\n"


def _answer(answer: RuleResult, evaluation: Evaluation) -> dict[str, Any]:
    told: dict[str, Any] = {"rule": answer.rule, "verdict": answer.verdict}
    if answer.reason:
        told["reason"] = answer.reason
    if answer.findings:
        told["score"] = answer.score
        told["weight"] = round(evaluation.weights.get(answer.rule, 0.0), 2)
        told["findings"] = [
            {
                "outcome": finding.outcome,
                **({"note": finding.note} if finding.note else {}),
                "evidence": [
                    {"turn": at.turn.index, "first": at.first, "last": at.last, "quote": at.quote}
                    for at in finding.evidence
                ],
            }
            for finding in answer.findings
        ]
    return told

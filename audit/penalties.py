"""One span, one penalty: words that several rules mind cost the agent once."""

from collections.abc import Mapping, Sequence

from audit.model import Evidence, Finding, Outcome, Role, RuleResult, Verdict

# Rules that the form does not ask come last, by their ids.
_UNASKED = (0.0, 1 << 30)


def one_penalty(answers: Sequence[RuleResult], standing: Mapping[str, tuple[float, int]]) -> tuple[RuleResult, ...]:
    """ANSWERS, in which what was missed in the same words is counted under the rule with the lowest STANDING only.

    A finding that cites whole turns says what is lacking in them: two such things are two misses.
    """
    failed = [answer for answer in answers if answer.verdict is Verdict.FAIL]
    if len(failed) < 2:
        return tuple(answers)
    failed.sort(key=lambda answer: (standing.get(answer.rule, _UNASKED), answer.rule))
    taken: list[tuple[str, Evidence]] = []
    counted = {answer.rule: _counted(answer, taken) for answer in failed}
    return tuple(counted.get(answer.rule, answer) for answer in answers)


def _counted(answer: RuleResult, taken: list[tuple[str, Evidence]]) -> RuleResult:
    """ANSWER with what is TAKEN by another rule marked; its other words are taken from now on."""
    findings, own = [], []
    for finding in answer.findings:
        words = _words(finding)
        under = next((rule for rule, one in taken if any(one.overlaps(other) for other in words)), "")
        findings.append(finding._replace(under=under))
        if not under:
            own += [(answer.rule, place) for place in words]
    taken += own
    if not any(finding.under for finding in findings):
        return answer
    return RuleResult(answer.rule, tuple(findings), zero_at=answer.zero_at)


def _words(finding: Finding) -> list[Evidence]:
    """The words of the agent that FINDING minds."""
    if finding.outcome is not Outcome.MISSED:
        return []
    return [at for at in finding.evidence if at.turn.role is Role.AGENT and not at.is_whole]

import pytest

from audit.model import Evidence, Finding, Outcome, Participant, Role, RuleResult, Turn, Verdict

AGENT, CUSTOMER = Participant("a", Role.AGENT), Participant("c", Role.CUSTOMER)


def result(*outcomes, **more):
    return RuleResult("rule", tuple(Finding(outcome, ()) for outcome in outcomes), **more)


@pytest.mark.parametrize(
    ("outcomes", "verdict", "score"),
    [
        ([], Verdict.NOT_APPLICABLE, None),
        ([Outcome.MET], Verdict.PASS, 1.0),
        ([Outcome.MET, Outcome.MISSED], Verdict.FAIL, 0.5),
        ([Outcome.MISSED, Outcome.UNSURE], Verdict.FAIL, 0.0),
        ([Outcome.MET, Outcome.UNSURE], Verdict.CANNOT_TELL, 1.0),
        ([Outcome.UNSURE], Verdict.CANNOT_TELL, None),
    ],
)
def test_the_verdict_follows_from_the_findings_alone(outcomes, verdict, score):
    found = result(*outcomes)
    assert (found.verdict, found.score) == (verdict, score)


def test_a_shape_says_how_many_misses_leave_nothing():
    assert result(Outcome.MISSED, zero_at=2).score == 0.5
    assert result(*[Outcome.MISSED] * 5, zero_at=2).score == 0.0


def test_without_findings_the_reason_decides():
    assert result(without=Verdict.CANNOT_TELL, reason="no times").verdict is Verdict.CANNOT_TELL
    assert result(without=Verdict.ERROR).score is None


def test_a_finding_belongs_to_the_agent_who_spoke_last_in_it():
    asked, answered = Turn(0, CUSTOMER, "Well?"), Turn(1, AGENT, "Yes.")
    assert Finding(Outcome.MET, (Evidence.whole(asked), Evidence.whole(answered))).agent is AGENT
    assert Finding(Outcome.MET, (Evidence.whole(asked),)).agent is None


def test_a_quote_is_what_stands_in_the_turn():
    assert Evidence(Turn(0, AGENT, "I’m só sorry"), 4, 12).quote == "só sorry"

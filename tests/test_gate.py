import pytest

from audit.gate import Exit, Gate, exit_code, gates
from audit.scorecards import Person, Tally, scorecard
from tests.test_form import form
from tests.test_scorecards import evaluation, tally

CARD = form((1, {"a": 1, "b": 1, "c": 1}))
GOOD = scorecard(Person("g", "Good", ""), tally([evaluation("1", a="met", b="met")]), Tally(), CARD)
POOR = scorecard(Person("p", "Poor", ""), tally([evaluation("1", a="met", b="missed")]), Tally(), CARD)
NONE = scorecard(Person("n", "None", ""), Tally(), Tally(), CARD)


def test_the_worst_agent_decides_not_the_mean():
    found = gates([GOOD, POOR], 75, "worst", 75)
    assert [(gate.name, gate.held) for gate in found] == [("score:Good", True), ("score:Poor", False)]
    assert [gate.held for gate in gates([GOOD, POOR], 75, "mean", 75)] == [True]


def test_the_gate_sees_the_number_that_is_shown():
    assert [gate.held for gate in gates([POOR], 50, "worst", None)] == [True]
    assert [gate.held for gate in gates([POOR], 50.5, "worst", None)] == [False]


def test_a_score_that_nobody_has_is_no_pass():
    assert [gate.held for gate in gates([NONE], 50, "worst", None)] == [None]
    assert [gate.held for gate in gates([NONE], 50, "mean", None)] == [None]


@pytest.mark.parametrize(
    ("held", "could_not", "code"),
    [
        ([], False, Exit.MET),
        ([True], False, Exit.MET),
        ([True, False], False, Exit.GATE_FAILED),
        ([False, None], False, Exit.COULD_NOT_JUDGE),
        ([False], True, Exit.COULD_NOT_JUDGE),
        ([], True, Exit.COULD_NOT_JUDGE),
    ],
)
def test_2_beats_1_beats_0(held, could_not, code):
    assert exit_code([Gate("x", each, "") for each in held], could_not) is code

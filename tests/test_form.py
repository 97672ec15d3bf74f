import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.errors import AuditError, BadDefinitions
from audit.form import Criticality, Form, Question, Section, fill_in, load_form, shown
from audit.model import Channel, Conversation, Finding, Outcome, Participant, Role, RuleResult, Verdict

AGENT = Participant("a", Role.AGENT)
TALK = Conversation("t", Channel.CHAT, (AGENT,), ())
MET, MISSED = Finding(Outcome.MET, ()), Finding(Outcome.MISSED, ())


def form(*sections, questions=1, weight=0, gates=()):
    """Sections as (weight, {rule: weight})."""
    made = tuple(
        Section(f"S{n}", w, tuple(Question(rule, own, Criticality.NONE) for rule, own in asked.items()))
        for n, (w, asked) in enumerate(sections)
    )
    return Form("f", "F", made, frozenset(Channel), 75, questions, weight, (("", 0),), gates)


def passed(rule):
    return RuleResult(rule, (MET,))


def failed(rule):
    return RuleResult(rule, (MISSED,))


def unknown(rule):
    return RuleResult(rule, without=Verdict.CANNOT_TELL, reason="no times")


def test_a_section_counts_before_the_card():
    """Rulebook 3.2: with question-level sums the soft skills would make 67 % of this score, not 33."""
    card = form(
        (40, {"c1": 1, "c2": 1}), (40, {"r1": 1, "r2": 1, "r3": 1, "r4": 1}), (20, {f"s{n}": 1 for n in range(10)})
    )
    answers = [passed("r1"), *(failed(f"s{n}") for n in range(10))]
    assert fill_in(card, TALK, AGENT, answers).score == pytest.approx(100 * 40 / 60)


def test_what_has_no_occasion_weighs_nothing():
    card = form((50, {"a": 1, "b": 3}), (50, {"c": 1}))
    with_na = fill_in(card, TALK, AGENT, [passed("a"), RuleResult("b"), failed("c")])
    assert (with_na.score, with_na.coverage) == (50, 100)


def test_only_cannot_tell_lowers_the_coverage():
    card = form((50, {"a": 1, "b": 3}), (50, {"c": 1}))
    found = fill_in(card, TALK, AGENT, [passed("a"), unknown("b"), RuleResult("c")])
    assert (found.score, found.coverage) == (100, 25)


def test_nothing_to_judge_has_neither_score_nor_coverage():
    found = fill_in(form((1, {"a": 1})), TALK, AGENT, [RuleResult("a")])
    assert (found.score, found.coverage) == (None, None)
    assert found.too_little == "0 of at least 1 questions could be answered"


def test_the_floor_asks_for_questions_and_for_weight():
    card = form((10, {"a": 1, "b": 1}), (90, {"c": 1}), questions=2, weight=40)
    assert "1 of at least 2 questions" in fill_in(card, TALK, AGENT, [passed("c")]).too_little
    assert "hold 10 % of the weight" in fill_in(card, TALK, AGENT, [passed("a"), passed("b")]).too_little
    assert fill_in(card, TALK, AGENT, [passed("a"), passed("c")]).score == 100


def test_a_rule_in_error_leaves_no_flattering_number():
    broken = RuleResult("b", without=Verdict.ERROR, reason="x")
    found = fill_in(form((1, {"a": 1, "b": 1})), TALK, AGENT, [passed("a"), broken])
    assert found.score is None
    assert found.too_little == "the rule b failed to run"


def test_a_gate_stands_beside_the_score():
    card = form((1, {"a": 1, "b": 1}), gates=("b", "z"))
    found = fill_in(card, TALK, AGENT, [passed("a"), failed("b")])
    assert (found.score, found.failed_gates) == (50, ("b",))


def test_effective_weights_add_up_to_a_hundred():
    card = form((40, {"a": 1, "b": 3}), (60, {"c": 1}))
    found = fill_in(card, TALK, AGENT, [passed("a"), passed("b"), passed("c")])
    assert found.weights == pytest.approx({"a": 10, "b": 30, "c": 60})
    assert card.weights() == pytest.approx({"a": 10, "b": 30, "c": 60})


@pytest.mark.parametrize(("score", "text"), [(0, 0), (0.2, 1), (99.6, 99), (100, 100), (74.5, 74), (75.5, 76)])
def test_a_shown_0_and_100_are_true_ones(score, text):
    assert shown(score) == text


answers = st.lists(st.sampled_from([passed, failed, unknown, RuleResult]), min_size=6, max_size=6)
weights = st.lists(st.integers(1, 9), min_size=6, max_size=6)


@given(answers, weights)
def test_scores_lie_between_0_and_100_and_only_ratios_count(made, own):
    rules = "abcdef"
    results = [make(rule) for make, rule in zip(made, rules, strict=True)]

    def card(factor):
        asked = dict(zip(rules, (factor * w for w in own), strict=True))
        return form((3 * factor, dict(list(asked.items())[:3])), (7 * factor, dict(list(asked.items())[3:])))

    one, double = (fill_in(card(factor), TALK, AGENT, results) for factor in (1, 2))
    assert one.score is None or 0 <= one.score <= 100
    assert one.score == pytest.approx(double.score) if one.score is not None else double.score is None
    assert one.coverage is None or 0 <= one.coverage <= 100
    without = [each for each in results if each.verdict is not Verdict.NOT_APPLICABLE]
    assert fill_in(card(1), TALK, AGENT, without).score == one.score


def test_the_shipped_forms_ask_only_known_rules(pack):
    for name in ("standard", "voice", "chat", "email", "escalations", "script"):
        made = load_form(name, pack)
        assert sum(made.weights().values()) == pytest.approx(100)
        assert set(made.weights()) <= set(pack.rules)
    standard = load_form("standard", pack)
    assert standard.of(Channel.VOICE).id == "voice"
    assert standard.of(Channel.UNKNOWN) is standard
    assert (standard.band(95), standard.band(75), standard.band(12)) == ("exemplary", "meets", "review")


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("rule: missing-greeting", "rule: missing-greting", "did you mean `missing-greeting`?"),
        ("rule: interruption", "rule: missing-greeting", "asked twice"),
        ("weight: 3", "weight: 0", "must be more than 0"),
        ("pass_mark: 75", "pass_mark: 101", "between 0 and 100"),
        ("channels: [voice", "channels: [smoke", "is no channel"),
        ("critical: none", "critical: mild", "is not known"),
        ("title: Standard evaluation", "titel: x", "did you mean `title`?"),
    ],
)
def test_what_a_form_may_not_say(tmp_path, pack, old, new, part):
    text = pack.forms["standard"][1].read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "standard.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadDefinitions) as caught:
        load_form(str(path), pack)
    assert part in str(caught.value)
    assert all(fault.line > 0 for fault in caught.value.faults)


def test_an_unknown_form_is_named_with_the_known_ones(pack):
    with pytest.raises(AuditError, match="did you mean `voice`"):
        load_form("voise", pack)

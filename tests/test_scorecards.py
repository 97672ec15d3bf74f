import random
from collections import Counter

import pytest

from audit.form import fill_in, load_form
from audit.judging import judge
from audit.model import Channel, Conversation, Finding, Outcome, Participant, Role, RuleResult, Turn
from audit.moments import _excerpt
from audit.rulepack import load
from audit.scorecards import (
    MILLIONTHS,
    Person,
    Tally,
    canned,
    coaching,
    interval,
    mean,
    order,
    quartiles,
    scorecard,
    wilson,
)
from tests.test_form import form

AGENT = Participant("a", Role.AGENT)
PACK = load()
JUDGE = judge(PACK, load_form("standard", PACK))


def evaluation(name, **outcomes):
    """One contact; outcomes are rule="met" or "missed"."""
    card = form((1, {"a": 1, "b": 1, "c": 1}))
    answers = [RuleResult(rule, (Finding(Outcome(told), ()),)) for rule, told in outcomes.items()]
    return fill_in(card, Conversation(name, Channel.CHAT, (AGENT,), ()), AGENT, answers)


MANY = [
    evaluation(
        str(n), a="met" if n % 3 else "missed", b="met" if n % 2 else "missed", **({"c": "met"} if n % 5 else {})
    )
    for n in range(40)
]


def tally(evaluations):
    made = Tally()
    for each in evaluations:
        made.add(each)
    made.settle()
    return made


def test_tallies_add_up_in_any_order_and_any_parts():
    whole = tally(MANY)
    shuffled = MANY[:]
    random.Random(3).shuffle(shuffled)
    assert tally(shuffled) == whole
    assert tally(MANY[:7]) + tally(MANY[7:]) == whole
    assert tally(MANY[30:]) + (tally(MANY[:10]) + tally(MANY[10:30])) == whole
    assert whole + Tally() == whole


def test_a_mean_counts_each_contact_once():
    assert mean({50 * MILLIONTHS: 3, 100 * MILLIONTHS: 1}) == 62.5
    assert mean({}) is None


@pytest.mark.parametrize(
    ("right", "number", "low", "high"), [(3, 4, 0.30, 0.95), (30, 30, 0.89, 1.0), (60, 60, 0.94, 1.0), (0, 0, 0, 1)]
)
def test_wilson_as_the_rulebook_computed_it(right, number, low, high):
    found = wilson(right, number)
    assert (round(found.low, 2), round(found.high, 2)) == (low, high)


def test_an_interval_needs_five_contacts_and_is_always_the_same():
    scores = Counter({score * MILLIONTHS: 1 for score in (40, 60, 80, 90)})
    assert interval(scores) is None
    scores[70 * MILLIONTHS] += 1
    found = interval(scores)
    assert found == interval(scores)
    assert 40 < found.low < 68 < found.high < 90


def test_more_contacts_make_a_narrower_interval():
    few = interval(Counter({40 * MILLIONTHS: 5, 100 * MILLIONTHS: 5}))
    many = interval(Counter({40 * MILLIONTHS: 50, 100 * MILLIONTHS: 50}))
    assert many.high - many.low < (few.high - few.low) / 2


def test_five_perfect_contacts_are_no_certainty():
    found = interval(Counter({100 * MILLIONTHS: 5}))
    assert found.high == 100
    assert found.low == pytest.approx(56.6, abs=0.1)


def test_ranks_only_where_intervals_part():
    team = Tally()
    good, poor = tally(MANY[1::2] * 4), tally([evaluation("x", a="missed", b="missed", c="missed")] * 9)
    team += good
    team += poor
    card = form((1, {"a": 1, "b": 1, "c": 1}))
    cards = [scorecard(Person(name, name, ""), made, team, card) for name, made in (("good", good), ("poor", poor))]
    assert [each.against_team for each in cards] == ["above the team", "below the team"]
    assert [each.person.id for each in order(cards, team)] == ["poor", "good"]
    few = scorecard(Person("few", "few", ""), tally(MANY[:3]), team, card)
    assert few.against_team == "too few contacts to compare"
    alone = scorecard(Person("one", "one", ""), good, good, card)
    assert alone.against_team == ""


def test_what_costs_most_is_coached_first():
    card = form((1, {"a": 1, "b": 5, "c": 1}))
    found = coaching(tally(MANY), card)
    assert [each.rule for each in found] == ["b", "a"]
    assert (found[0].missed, found[0].applied) == (20, 40)
    once = tally([*[evaluation("g", a="met", b="met")] * 5, evaluation("m", a="missed", b="met")])
    assert coaching(once, card) == []


def test_a_long_turn_is_cut_between_sentences_around_the_mark():
    text = "First. " * 60 + "You have to pay now. " + "Last. " * 60
    at = text.index("You have to")
    short, marks = _excerpt(text, ((at, at + 11),))
    assert len(short) < 400
    assert [short[first:last] for first, last in marks] == ["You have to"]
    assert short.startswith("… ")
    assert short.endswith(" …")
    assert _excerpt("Short.", ((0, 5),)) == ("Short.", ((0, 5),))


def test_quartiles_need_four_values():
    assert quartiles([1, 2, 3]) is None
    assert quartiles([1, 2, 3, 4, 5]) == (2, 3, 4)


def said(number, line):
    """A contact in which the agent answers a complaint with LINE."""
    customer = Participant("c", Role.CUSTOMER)
    turns = (Turn(0, customer, "I'm so frustrated, it is late again."), Turn(1, AGENT, line))
    return JUDGE.evaluate(Conversation(str(number), Channel.CHAT, (AGENT, customer), turns))[0]


def test_the_same_line_of_empathy_in_three_of_ten_contacts_is_told():
    same = [said(n, f"@user{n} I understand how frustrating that is! Give me the number {n}.") for n in range(3)]
    own = [said(n, f"{n + 2} weeks without a kettle must be annoying.") for n in range(3, 10)]
    assert canned(tally(same + own)) == [("I understand how frustrating that is", 3)]
    assert canned(tally(same[:2] + own + [said(11, "One moment.")])) == []  # two of ten are fewer than three of ten
    assert canned(tally(same + own[:6])) == []  # and nine contacts are too few to tell


def test_the_same_line_twice_in_one_contact_counts_once():
    twice = said(0, "I understand how frustrating that is. I understand how frustrating that is.")
    assert tally([twice]).empathy == {"I understand how frustrating that is": 1}

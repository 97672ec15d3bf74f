"""Signs have the last word on whether a contact gave an occasion, and prove it with words."""

import pytest

from audit.errors import BadDefinitions
from audit.model import Outcome, Verdict
from audit.rulepack import load
from tests.conftest import talk
from tests.test_rulepack import RULE, own

PACK = load()
ASKED = """\
id: shop-word
question: Did the agent name the shop when the customer was in need of one?
met: The agent named the shop.
missed: The customer was in need of a shop and heard of none.
why: People look for the shop.
check: expects-reply
with: {after: threat-to-sue, reply: shop}
signs:
  base: -1.3
  enough: 0.2
  too_few: -0.7
  customer: {negation: 0.7, recurrence: 0.8, warm-word: -2.0}
  agent: {question-mark: 0.1}
examples:
  - {verdict: fail, transcript: "customer: It is not open. Still.\\nagent: I see."}
  - {verdict: fail, transcript: "customer: I will sue you, it is still not open.\\nagent: I see."}
  - {verdict: pass, note: a, transcript: "customer: I will sue you.\\nagent: The shop is open."}
  - {verdict: pass, note: b, transcript: "customer: I will sue you!\\nagent: A shop opens at ten."}
"""


@pytest.fixture
def judged(tmp_path):
    pack = load([own(tmp_path, rule=ASKED)])
    return lambda text: pack.rules["shop-word"].run(pack.facts(talk(text)))


def test_just_enough_signs_make_an_occasion_that_no_act_tells_of(judged):
    result = judged("customer: Hi. It is not there, still.\nagent: I see.")
    assert result.verdict is Verdict.FAIL
    assert [place.quote.strip() for place in result.findings[0].evidence] == ["It is not there, still.", "I see."]
    assert result.findings[0].note == "signs of it: negation, recurrence"


@pytest.mark.parametrize(
    "text",
    [
        "customer: It is not there.\nagent: I see.",
        "customer: It is there.\nagent: It is not open, still not.",
        "agent: I see.\ncustomer: It is still not there.",
        "customer: It is still not there, great.\nagent: I see.",
    ],
    ids=["too few", "said by the agent", "never answered", "outweighed"],
)
def test_without_enough_of_them_or_without_an_answer_there_is_none(judged, text):
    assert judged(text).verdict is Verdict.NOT_APPLICABLE


def test_too_few_take_an_occasion_away_and_say_so(judged):
    result = judged("customer: I will sue you, great.\nagent: I see.")
    assert result.verdict is Verdict.NOT_APPLICABLE
    assert result.reason == "taken together, what was said gives no occasion for it"


def test_between_the_two_the_acts_decide(judged):
    assert judged("customer: I will sue you, not him.\nagent: I see.").verdict is Verdict.FAIL


def test_what_the_agent_did_unasked_shows_no_occasion_against_them(tmp_path):
    pack = load([own(tmp_path, rule=ASKED.replace("reply: shop}", "reply: shop, unasked: true}"))])
    verdicts = [
        pack.rules["shop-word"].run(pack.facts(talk(f"customer: {told}\nagent: The shop is open."))).verdict
        for told in ("Great.", "It is not here, still.")
    ]
    assert verdicts == [Verdict.NOT_APPLICABLE, Verdict.PASS]


def test_what_was_done_stays_done_whatever_the_signs(judged):
    result = judged("customer: I will sue you, great.\nagent: The shop is open.")
    assert [finding.outcome for finding in result.findings] == [Outcome.MET]


def test_the_sentence_with_most_points_is_the_proof(judged):
    told = "customer: No. Then I came again and it was still not there.\nagent: I see.\ncustomer: No.\nagent: Oh?"
    assert judged(told).findings[0].evidence[0].quote.strip() == "Then I came again and it was still not there."


def test_without_enough_signs_only_take_an_occasion_away(tmp_path):
    pack = load([own(tmp_path, rule=ASKED.replace("  enough: 0.2\n", ""))])
    verdicts = [
        pack.rules["shop-word"].run(pack.facts(talk(f"customer: {told}\nagent: I see."))).verdict
        for told in ("No, it is still not there, never, again.", "I will sue you.", "I will sue you, not him.")
    ]
    assert verdicts == [Verdict.NOT_APPLICABLE, Verdict.NOT_APPLICABLE, Verdict.FAIL]


def test_signs_that_make_no_sense_are_named(tmp_path):
    signs = "signs: {enough: 1, too_few: 2, customer: {negatoin: 1, negation: much}}\nexamples:"
    with pytest.raises(BadDefinitions) as caught:
        load([own(tmp_path, rule=RULE.replace("examples:", signs))])
    told = "\n".join(map(str, caught.value.faults))
    assert "`too_few` cannot be more than `enough`" in told
    assert "what the customer does has no `negatoin`; did you mean `negation`?" in told
    assert "`negation` must be a number" in told


def test_each_sign_of_the_rules_that_ship_has_points():
    signs = [sign for rule in PACK.rules.values() if rule.signs for sign in rule.signs.signs]
    assert len(signs) > 40
    assert all(sign.points for sign in signs)

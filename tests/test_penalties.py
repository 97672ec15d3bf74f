from audit.form import load_form
from audit.judging import judge
from audit.model import Channel, Conversation, Evidence, Finding, Outcome, Participant, Role, RuleResult, Turn, Verdict
from audit.penalties import one_penalty
from audit.rulepack import load

AGENT, CUSTOMER = Participant("a", Role.AGENT), Participant("c", Role.CUSTOMER)
SAID = Turn(1, AGENT, "No, you cannot return it here, I am afraid.")
ASKED = Turn(0, CUSTOMER, "Can I return it?")
STANDING = {"heavy": (-9.0, 1), "light": (-1.0, 0)}


def missed(rule, *places, zero_at=None):
    return RuleResult(rule, tuple(Finding(Outcome.MISSED, (place,)) for place in places), zero_at=zero_at)


def test_words_that_two_rules_mind_cost_once_and_the_heaviest_speaks():
    light, heavy = one_penalty(
        [missed("light", Evidence(SAID, 4, 14)), missed("heavy", Evidence(SAID, 8, 30))], STANDING
    )
    assert (heavy.score, heavy.findings[0].under) == (0, "")
    assert (light.verdict, light.score, light.findings[0].under) == (Verdict.FAIL, None, "heavy")


def test_only_the_shared_words_are_let_off():
    places = Evidence(SAID, 4, 14), Evidence(SAID, 31, 42)
    light, _ = one_penalty([missed("light", *places, zero_at=4), missed("heavy", Evidence(SAID, 4, 14))], STANDING)
    assert light.score == 0.75


def test_neither_words_of_the_customer_nor_whole_turns_nor_neighbours_are_shared():
    for one, other in (
        (Evidence(ASKED, 0, 5), Evidence(ASKED, 0, 5)),
        (Evidence.whole(SAID), Evidence.whole(SAID)),
        (Evidence(SAID, 0, 4), Evidence(SAID, 4, 14)),
    ):
        both = one_penalty([missed("light", one), missed("heavy", other)], STANDING)
        assert [answer.score for answer in both] == [0, 0]


def test_what_was_met_takes_no_words():
    met = RuleResult(
        "heavy", (Finding(Outcome.MET, (Evidence(SAID, 4, 14),)), *missed("heavy", Evidence(SAID, 0, 2)).findings)
    )
    light, _ = one_penalty([missed("light", Evidence(SAID, 4, 14)), met], STANDING)
    assert light.score == 0


def test_one_rule_may_miss_two_things_in_the_same_words():
    place = Evidence(SAID, 4, 14)
    (parts, other) = one_penalty([missed("heavy", place, place), missed("light", Evidence(SAID, 31, 42))], STANDING)
    assert [finding.under for finding in parts.findings] == ["", ""]
    assert other.score == 0


def test_the_same_refusal_is_counted_once_in_a_talk():
    pack = load()
    no = Turn(1, AGENT, "No, we don't do that.")
    turns = (ASKED, no, Turn(2, CUSTOMER, "Oh. Why is that?"), Turn(3, AGENT, "It is as it is."))
    talk = Conversation("t", Channel.CHAT, (AGENT, CUSTOMER), turns)
    (evaluation,) = judge(pack, load_form("chat", pack)).evaluate(talk)
    failed = {
        answer.rule: finding.under
        for answer in evaluation.answers
        for finding in answer.findings
        if finding.outcome is Outcome.MISSED and finding.evidence[-1].turn is no and not finding.evidence[-1].is_whole
    }
    assert failed == dict.fromkeys(failed, "refusal-without-alternative") | {"refusal-without-alternative": ""}
    assert len(failed) > 2

"""The kinds of check that no shipped rule uses yet, each through a rule of a user."""

import pytest

from audit.checks import CHECKS
from audit.errors import BadDefinitions
from audit.model import Channel, Verdict
from audit.rulepack import load
from tests.conftest import talk

HEAD = """\
id: own
question: Q?
met: Met.
missed: Missed.
why: Because.
"""
EXAMPLES = """
examples:
  - {verdict: not-applicable, transcript: "agent: Hello."}
"""


def verdict(tmp_path, check, text, channel=Channel.UNKNOWN):
    """The result of a rule with CHECK, read as the shipped ones are: without its examples."""
    from audit.definitions import Faults, Fields, parse
    from audit.rulepack import KEYS, _add_rule

    pack = load()
    faults = Faults("own.yaml")
    node = parse(HEAD + check, faults)
    _add_rule(pack, node, Fields(node, faults, KEYS, "a rule"), "own.yaml", "own", examples=False)
    assert faults.found == []
    return pack.rules["own"].run(pack.facts(talk(text, channel)))


def test_all_the_kinds_of_the_design_are_there():
    assert set(CHECKS) == {
        "avoids", "expects", "expects-reply", "avoids-reply", "expects-beside", "expects-before", "limits-share",
        "limits-overlap", "limits-wait", "limits-repeats", "python", "asks-for-a-look", "avoids-reasking", "expects-after",
        "expects-around", "expects-details", "expects-earlier", "expects-exploring", "expects-listening",
        "expects-next-step", "expects-parts", "expects-restatement", "limits-hold", "limits-length", "limits-rate",
        "limits-silence", "spares",
    }  # fmt: skip
    assert all(check.says for check in CHECKS.values())


def test_avoids_reply(tmp_path):
    check = "check: avoids-reply\nwith: {after: distress, reply: directive, within: 1}"
    assert verdict(tmp_path, check, "customer: I am so upset.\nagent: You have to wait.").verdict is Verdict.FAIL
    assert verdict(tmp_path, check, "customer: I am so upset.\nagent: Let me look.").verdict is Verdict.PASS
    assert verdict(tmp_path, check, "customer: Hi.\nagent: You have to wait.").verdict is Verdict.NOT_APPLICABLE


def test_limits_wait(tmp_path):
    check = "check: limits-wait\nwith: {seconds: 30}"
    slow = "[0-1] customer: Hi\n[40-41] agent: Hello\n[42-43] customer: So?\n[50-51] agent: Yes."
    assert verdict(tmp_path, check, slow).score == 0.5
    assert verdict(tmp_path, check.replace("30", "30, first: true"), slow).score == 0
    assert verdict(tmp_path, check, "customer: Hi\nagent: Hello").verdict is Verdict.CANNOT_TELL
    assert verdict(tmp_path, check, "agent: Hello", Channel.SCRIPT).verdict is Verdict.NOT_APPLICABLE


def test_limits_share(tmp_path):
    check = "check: limits-share\nwith: {most: 0.6, words: 8}"
    assert verdict(tmp_path, check, "customer: one two\nagent: one two three four five six").verdict is Verdict.FAIL
    assert verdict(tmp_path, check, "customer: one two three four\nagent: one two three four").verdict is Verdict.PASS
    assert verdict(tmp_path, check, "customer: one\nagent: two").verdict is Verdict.NOT_APPLICABLE


def test_limits_repeats(tmp_path):
    text = "customer: Hm.\nagent: I'm sorry.\ncustomer: Hm.\nagent: I apologise.\ncustomer: Hm.\nagent: I'm sorry."
    found = verdict(tmp_path, "check: limits-repeats\nwith: {act: apology, most: 2}", text)
    assert [e.quote for f in found.findings for e in f.evidence] == ["I'm sorry", "I apologise", "I'm sorry"]
    assert verdict(tmp_path, "check: limits-repeats\nwith: {act: apology, most: 3}", text).verdict is Verdict.PASS
    same = verdict(tmp_path, "check: limits-repeats\nwith: {act: apology, most: 1, of: words}", text)
    assert [e.quote for f in same.findings for e in f.evidence] == ["I'm sorry", "I'm sorry"]


def test_expects_reply_within_seconds_and_before(tmp_path):
    check = "check: expects-reply\nwith: {after: distress, reply: apology, within: 2, %s}"
    text = "[0-1] customer: I am so upset.\n[2-3] agent: I can't refund that.\n[4-5] customer: So?\n[60-61] agent: I'm sorry."
    assert verdict(tmp_path, check % "seconds: 90", text).verdict is Verdict.PASS
    assert verdict(tmp_path, check % "seconds: 30", text).verdict is Verdict.FAIL
    assert verdict(tmp_path, check % "before: refusal", text).verdict is Verdict.FAIL


def test_python_runs_only_what_a_plugin_offers(tmp_path, monkeypatch):
    from audit.checks import python
    from audit.model import Evidence, Finding, Outcome

    def judge(facts):
        yield Finding(Outcome.MISSED, (Evidence.whole(facts.spoken[0]),))

    monkeypatch.setattr(python, "plugin", lambda name: judge if name == "ours" else None)
    check = "check: python\nwith: {function: %s}"
    assert verdict(tmp_path, check % "ours", "agent: Hello").verdict is Verdict.FAIL
    missing = verdict(tmp_path, check % "os.system", "agent: Hello")
    assert (missing.verdict, missing.reason) == (Verdict.ERROR, "the check failed (LookupError)")


def test_asking_for_an_act_that_nobody_looked_for_is_an_error_not_a_no(tmp_path, monkeypatch):
    from audit.checks import python

    for acts in (("apolgy",), ("apology", "apolgy")):
        monkeypatch.setattr(python, "plugin", lambda _, acts=acts: lambda facts: facts.done(acts))
        found = verdict(tmp_path, "check: python\nwith: {function: ours}", "agent: I am sorry.")
        assert (found.verdict, found.reason) == (Verdict.ERROR, "the check failed (KeyError)")


def test_a_parameter_of_another_kind_of_check_is_refused(tmp_path):
    (tmp_path / "own.yaml").write_text(HEAD + "check: limits-share\nwith: {seconds: 3}" + EXAMPLES, encoding="utf-8")
    with pytest.raises(BadDefinitions, match="the check `limits-share` has no `seconds`"):
        load([tmp_path])

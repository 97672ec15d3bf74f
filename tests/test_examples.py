"""Every example in every act and rule file is a test."""

import pytest

from audit.examples import failures_of_act, failures_of_rule, run_examples
from audit.rulepack import load

PACK = load(examples=True)


@pytest.mark.parametrize("act", PACK.acts.values(), ids=lambda act: act.id)
def test_examples_of_the_act(act):
    assert [str(failure) for failure in failures_of_act(act)] == []
    assert len(act.matches) >= 2
    assert len(act.near_misses) >= 2


@pytest.mark.parametrize("rule", PACK.rules.values(), ids=lambda rule: rule.id)
def test_examples_of_the_rule(rule):
    assert [str(failure) for failure in failures_of_rule(rule, PACK)] == []
    verdicts = [str(example.verdict) for example in rule.examples]
    assert (
        verdicts.count("fail" if rule.check.judges and not rule.values.get("may_be_elsewhere") else "cannot-tell") >= 2
    )
    assert verdicts.count("pass") >= 2 or not rule.check.judges
    assert "not-applicable" in verdicts
    assert rule.sources
    assert rule.say_instead


def test_a_wrong_example_is_reported_with_its_line(tmp_path):
    good = (PACK.rules["missing-apology"], "apology/missing-apology.yaml")
    text = (tmp_path / "x").parent and _file(good[1]).replace("verdict: not-applicable", "verdict: fail")
    (tmp_path / "missing-apology.yaml").write_text(
        text.replace("id: missing-apology", "id: missing-apology\nreplaces: missing-apology")
    )
    number, failures = run_examples(load([tmp_path]))
    assert number == len(good[0].examples)
    assert {failure.message.split(":")[0] for failure in failures} >= {"expected fail, came out not-applicable"}
    assert all(failure.file == "missing-apology.yaml" and failure.line > 20 for failure in failures)


def _file(name):
    from audit.folders import folder

    return (folder("rules") / name).read_text(encoding="utf-8")


def test_what_a_rule_suggests_saying_misses_nothing_itself(pack):
    """A suggestion that breaks another rule would coach one fault into another."""
    from tests.conftest import talk

    avoided = [rule for rule in pack.rules.values() if rule.check.kind == "avoids"]
    for rule in pack.rules.values():
        for words in rule.say_instead:
            facts = pack.facts(talk(f"customer: I have a problem.\nagent: {words}"))
            assert not [other.id for other in avoided if other.run(facts).verdict == "fail"], words

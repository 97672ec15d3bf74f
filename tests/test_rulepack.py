from dataclasses import replace

import pytest

from audit.errors import AuditError, BadDefinitions
from audit.model import Verdict
from audit.rulepack import load
from tests.conftest import talk

RULE = """\
id: shop-word
question: Did the agent call it a boutique?
met: The agent used the house word.
missed: The agent said shop.
why: The brand calls its shops boutiques.
check: avoids
with: {act: shop, words: 3}
say_instead: [Our boutique opens at ten.]
examples:
  - {verdict: fail, transcript: "agent: The shop opens at ten."}
  - {verdict: fail, transcript: "agent: That shop is shut today."}
  - {verdict: pass, note: a workshop is no shop, transcript: "agent: The workshop opens at ten."}
  - {verdict: pass, note: shopping is no shop, transcript: "agent: Happy shopping to you then."}
"""
ACT = """\
id: shop
says: The speaker says shop.
phrases: [shop]
examples:
  matches: [The [shop] is open, A [shop]]
  near_misses: [A workshop, Go shopping]
"""


def write(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", "-")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".yaml").write_text(text, encoding="utf-8")
    return folder


def own(tmp_path, rule=RULE, act=ACT):
    act = act.replace("[The [shop] is open, A [shop]]", '["The [shop] is open", "A [shop]"]')
    return write(tmp_path, acts__shop=act, style__shop_word=rule)


def test_a_users_pack_adds_acts_and_rules(tmp_path):
    pack = load([own(tmp_path)])
    assert "shop-word" in pack.rules
    assert "missing-apology" in pack.rules
    assert pack.rules["shop-word"].topic == "style"
    result = pack.rules["shop-word"].run(pack.facts(talk("agent: Our shop is open.")))
    assert result.verdict is Verdict.FAIL
    assert [e.quote for finding in result.findings for e in finding.evidence] == ["shop"]


def test_all_faults_of_all_files_are_named_at_once(tmp_path):
    rule = RULE.replace("check: avoids", "check: avoyds").replace("why:", "wy:").replace("act: shop", "act: shopp")
    act = ACT.replace("[shop]\n", "['(shop']\n")
    with pytest.raises(BadDefinitions) as caught:
        load([own(tmp_path, rule, act)])
    told = [str(fault) for fault in caught.value.faults]
    assert any("acts/shop.yaml:3" in each and "missing )" in each for each in told)
    assert any("style/shop-word.yaml:5: a rule has no `wy`; did you mean `why`?" in each for each in told)
    assert any("style/shop-word.yaml:6" in each and "did you mean `avoids`?" in each for each in told)


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("act: shop", "act: shopp", "did you mean `shop`?"),
        ("words: 3", "words: many", "`words` must be a number"),
        ("words: 3", "words: 0.5", "`words` must be a whole number"),
        ("words: 3", "wordz: 3", "did you mean `words`?"),
        ("{act: shop, words: 3}", "{words: 3}", "needs `act`"),
        ("id: shop-word", "id: other", "must equal the file's name"),
        ("check: avoids", "applies_to: [telepathy]\ncheck: avoids", "is no channel"),
        ("verdict: fail", "verdict: failed", "did you mean `fail`?"),
        ("note: a workshop is no shop, ", "", "near misses"),
        ("question: Did", "question:\nq: Did", "needs `question`"),
        ("check: avoids", "replaces: nothing\ncheck: avoids", "no rule `nothing` to replace"),
    ],
)
def test_what_a_rule_file_may_not_say(tmp_path, old, new, part):
    assert old in RULE
    with pytest.raises(BadDefinitions) as caught:
        load([own(tmp_path, RULE.replace(old, new))])
    assert part in str(caught.value)


def test_a_rule_with_too_few_examples_is_refused(tmp_path):
    with pytest.raises(BadDefinitions, match="at least 2 examples with `verdict: pass`"):
        load([own(tmp_path, RULE[: RULE.index("  - {verdict: pass")])])


def test_a_rule_can_replace_a_shipped_one(tmp_path):
    rule = RULE.replace("check: avoids", "replaces: hollow-apology\ncheck: avoids")
    pack = load([own(tmp_path, rule)])
    assert "hollow-apology" not in pack.rules
    with pytest.raises(BadDefinitions, match="write `replaces: missing-apology`"):
        load(
            [
                write(
                    tmp_path / "b",
                    missing_apology=RULE.replace("shop-word", "missing-apology").replace("act: shop", "act: apology"),
                )
            ]
        )


def test_an_act_can_add_to_a_shipped_one(tmp_path):
    act = ACT.replace("id: shop\n", "adds_to: apology\n").replace("[shop]\n", "[mea culpa]\n")
    act = act[: act.index("examples")]
    pack = load([write(tmp_path, acts__ours=act)])
    assert "apology" in pack.vocabulary.said("Mea culpa.")


def test_a_missing_folder_and_an_empty_one_are_said(tmp_path):
    with pytest.raises(AuditError, match="no rules at"):
        load([tmp_path / "nowhere"])
    with pytest.raises(AuditError, match="no rule files"):
        load([tmp_path])


def test_a_check_that_fails_is_an_error_and_stops_nothing(pack, facts):
    rule = pack.rules["interruption"]
    broken = replace(rule, check=replace(rule.check, judge=lambda facts, **values: 1 / 0))
    result = broken.run(facts("agent: Hello\ncustomer: Hi"))
    assert result.verdict is Verdict.ERROR
    assert result.reason == "the check failed (ZeroDivisionError)"

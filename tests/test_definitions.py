import json

import pytest

from audit.definitions import Faults, Fields, near, parse
from audit.errors import BadDefinitions
from audit.rulepack import load


def read(text):
    faults = Faults("x.yaml")
    return parse(text, faults), [(fault.line, fault.message) for fault in faults.found]


def test_only_true_false_null_and_numbers_are_more_than_text():
    root, faults = read("a: no\nb: 12:30\nc: 1\nd: 0.5\ne: true\nf: null\ng: '1'\nh: 0x10\ni: 1_000\nj: on")
    assert faults == []
    values = {key: node.value for key, node in root.value.items()}
    assert values == {
        "a": "no", "b": "12:30", "c": 1, "d": 0.5, "e": True, "f": None, "g": "1", "h": "0x10", "i": "1_000", "j": "on",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("a: &x 1", 1, "anchors"),
        ("a: 1\nb: *x", 2, "anchors"),
        ("a: !!python/object:os.system x", 1, "tags"),
        ("a: 1\na: 2", 2, "twice"),
        ("a: 1\n---\nb: 2", 2, "second document"),
        ("", 1, "says nothing"),
        ("# only a comment", 1, "says nothing"),
        ("- a\n- b", 1, "key: value"),
        ("a: .inf", 1, "not a number"),
        ("a:\n\t- b", 2, "not YAML"),
        ("a: [" * 30, 1, "deep"),
        ('a: "\0"', 1, "not YAML"),
    ],
)
def test_what_is_refused(text, line, part):
    root, faults = read(text)
    assert root is None
    assert faults[0][0] == line
    assert part in faults[0][1]


def test_hostile_rule_files_are_refused_or_kept_as_text(shared, tmp_path):
    for number, row in enumerate((shared / "hostile/own/rule-yaml.jsonl").read_text(encoding="utf-8").splitlines()):
        told = json.loads(row)
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "rule.yaml").write_text(told["text"], encoding="utf-8")
        with pytest.raises(BadDefinitions) as caught:
            load([folder])
        assert all(fault.file == "rule.yaml" and fault.line >= 1 for fault in caught.value.faults)


def test_a_wrong_word_is_named_with_the_right_one():
    assert near("patern", ["pattern", "phrase"]) == "did you mean `pattern`?"
    assert near("zzz", ["b", "a"]) == "known are: a, b"


def test_numbers_have_bounds():
    root, _ = read("weight: -1\nshare: abc\nflag: true")
    faults = Faults("x.yaml")
    fields = Fields(root, faults, ("weight", "share", "flag"), "a thing")
    assert [fields.number(key, 7) for key in ("weight", "share", "flag")] == [7, 7, 7]
    assert [fault.line for fault in faults.found] == [1, 2, 3]

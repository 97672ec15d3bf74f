"""The figures beside the rules are those of the labels, and weights follow from the figures."""

import json
from collections import Counter

import pytest

from audit.folders import folder
from audit.form import load_form
from audit.rulepack import load
from tests.conftest import PROJECT, SHARED

LABELS = PROJECT / "tests" / "labels" / "hits.jsonl"
PACK = load()
FORMS = ["standard", "voice", "chat", "email", "escalations", "script"]


def test_the_figures_are_those_of_the_labels_and_of_the_rules_as_they_are():
    if not (SHARED / "gold").is_dir():
        pytest.skip("the labelled texts are not here")
    from benchmarks.accuracy import measure, written

    counts = measure(LABELS, SHARED / "gold", [SHARED / "corpus"], PACK)
    assert written(counts, "star, sgd, abcd and gold texts") == (folder("rules") / "measured.yaml").read_text("utf-8")


@pytest.mark.parametrize("form", FORMS)
def test_no_question_has_points_before_its_misses_are_known_to_be_right(form):
    weighted = load_form(form, PACK).weights()
    assert weighted
    assert {rule for rule in weighted if rule not in PACK.trust or not PACK.trust[rule].carries_points} == set()


@pytest.mark.parametrize("form", FORMS)
def test_no_question_has_points_on_fewer_than_sixty_hits_and_sixty_near_misses(form):
    items = [json.loads(line) for line in LABELS.read_text("utf-8").splitlines()]
    read = Counter((item["rule"], item["drawn"]) for item in items)
    weighted = load_form(form, PACK).weights()
    assert {(rule, drawn) for rule in weighted for drawn in ("hit", "near") if read[rule, drawn] < 60} == set()


def test_each_labelled_item_was_read_by_two():
    items = [json.loads(line) for line in LABELS.read_text("utf-8").splitlines()]
    assert all({item["a"], item["b"]} <= {"M", "N", "U"} for item in items)
    assert max(Counter((item["rule"], item["id"], tuple(item["turns"])) for item in items).values()) <= 2

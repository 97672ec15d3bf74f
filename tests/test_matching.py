"""RE2 against Python's `re` as the oracle, and phrases that attack."""

import json
import re
from itertools import pairwise

import pytest

from audit import matching
from audit.acts import Vocabulary
from audit.errors import AuditError
from audit.language.fold import fold
from audit.matching import MOST_PLACES, Lexicon, PhraseError, Phrases, expression, try_out


def places(phrase, text, unless=()):
    said = Lexicon([Phrases((expression(phrase),), tuple(map(expression, unless)))]).said(text)
    return [text[first:last] for first, last in said.places(0)] if 0 in said.acts else []


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("i am sorry", "Well, I'm  sorry.", ["I'm  sorry"]),
        ("i am sorry", "I’m\u00a0sórry", ["I’m\u00a0sórry"]),
        ("you (really)? have to", "you have to", ["you have to"]),
        ("you (really)? have to", "YOU REALLY HAVE TO", ["YOU REALLY HAVE TO"]),
        ("sorry", "sorrybut", []),
        ("sorry", "sorry sorry", ["sorry", "sorry"]),
        (r"sorry\?", "Sorry? What?", ["Sorry?"]),
        ("help ?!+", "Please help!! Now", ["help!!"]),
        ("take care ?(!|\\.|$)", "Take care. Bye", ["Take care."]),
        ("all done[.!]", "All done! Bye", ["All done!"]),
        ("all (done|set)", "all sets", []),
        ("put ... on hold", "I'll put you right on hold", ["put you right on hold"]),
        ("put ... on hold", "put one two three four five six seven on hold", []),
        ("^yes", "yes, yes", ["yes"]),
        ("parcel(s)? are", "parcels are late", ["parcels are"]),
        ("спасибо", "Спасибо вам", ["Спасибо"]),
        ("nothing else", "well nothing\nelse", ["nothing\nelse"]),
    ],
)
def test_the_dialect(phrase, text, found):
    assert places(phrase, text) == found


def test_what_cancels_must_overlap_or_touch():
    unless = ["do not have to"]
    assert places("have to", "you don't have to, but you have to", unless) == ["have to"]
    assert places("sorry", "sorry to hear", ["to hear"]) == []
    assert places("sorry", "sorry, and to hear", ["to hear"]) == ["sorry"]


def test_an_act_of_another_word_cannot_be_found_inside_a_word():
    assert places("cat", "concat cat cats") == ["cat"]


@pytest.mark.parametrize(
    "phrase",
    ["", " ", "a*", "(a|)", "[", "(a", r"(?<=a)b", r"(a)\1", "(?P<q>a)(?P=q)", "a{0,50000}", "(?=a)a", r"\Z(?!x)"],
)
def test_a_phrase_that_cannot_be_used_is_refused(phrase):
    with pytest.raises(PhraseError):
        try_out(expression(phrase))


def test_hostile_patterns_are_refused_or_linear(shared):
    """An engine that backtracks does not come back from these; `benchmarks/linearity.py` prints the figures."""
    for line in (shared / "hostile/own/rule-regex.jsonl").read_text(encoding="utf-8").splitlines():
        attack = json.loads(line)
        pattern = expression(attack["pattern"])
        try:
            try_out(pattern)
        except PhraseError:
            continue
        places(attack["pattern"], attack["attack"] * attack["repeat"] + "!")


def test_places_are_bounded():
    assert len(places("a", "a " * 1000)) == MOST_PLACES


def test_nothing_matches_where_there_are_no_acts():
    assert Vocabulary({}).said("anything").acts == ()


def _texts(shared):
    for path in sorted((shared / "gold").glob("*.dev.jsonl"))[:20]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            if number % 40 == 0:
                told = json.loads(line)
                yield from [told["text"]] if "text" in told else [turn["text"] for turn in told["turns"][:5]]


def disguised(text):
    """TEXT with accents, curly quotes and odd spaces put in."""
    return text.replace("e", "é").replace("o", "ö").replace("'", "’").replace(" ", "\u00a0")


def oracle(pattern, text):
    """Where `re` finds PATTERN in TEXT, bounded and trimmed as RE2's places are."""
    found = []
    for match in re.finditer(pattern, text, re.IGNORECASE | re.ASCII):
        first, last = match.span()
        lead = len(match.group()) - len(match.group().lstrip())
        found.append((first + lead, last - (len(match.group()) - len(match.group().rstrip()))))
    return found[:MOST_PLACES]


def test_re2_and_re_fire_on_the_same_places(shared, pack):
    """A sample; `benchmarks/oracle.py` runs all gold texts."""
    lexicon = Lexicon([Phrases(act.phrases.finds) for act in pack.acts.values() if act.phrases.finds])
    patterns = ["|".join(act.phrases.finds) for act in pack.acts.values() if act.phrases.finds]
    for text in _texts(shared):
        for form in (text, disguised(text)):
            folded = fold(form)
            said = lexicon.said(form)
            for number, pattern in enumerate(patterns):
                expected = [folded.original(*span) for span in oracle(pattern, folded.text)]
                found = said.places(number) if number in said.acts else []
                assert found == expected, (form, pattern)


def test_an_automaton_that_little_memory_does_not_hold_gets_more(monkeypatch):
    phrases = tuple(expression(f"{a} ... {b}") for a, b in pairwise(f"word{n}" for n in range(60)))
    monkeypatch.setattr(matching, "OPTIONS", tuple(map(matching._options, (1 << 12, 1 << 24))))
    said = Lexicon([Phrases(phrases, phrases[:1])]).said("word7 and word8")
    assert said.places(0) == [(0, 15)]


def test_acts_that_leave_much_open_do_not_share_an_automaton():
    plain, gaps = Phrases(("sorry",)), Phrases((expression("a ... b ... c ... d ... e ... f ... g"),))
    shared = list(matching._shared_out([gaps, plain, gaps, plain, matching.NOTHING]))
    assert shared == [[1, 3], [0], [2]]


def test_an_automaton_too_large_to_build_is_an_error_not_a_silence():
    words = [f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}x" for n in range(6000)]
    wide = tuple(expression(f"{a} ... {b} ... {a}") for a, b in pairwise(words))
    with pytest.raises(AuditError, match="too many, or too wide"):
        Lexicon([Phrases(wide), Phrases(wide[::-1])])

"""RE2 against Python's `re` as the oracle, and phrases that attack."""

import json
import re
from itertools import pairwise

import pytest
import re2

from audit import matching
from audit.acts import Vocabulary
from audit.errors import AuditError
from audit.language.fold import fold
from audit.matching import MOST_PLACES, Lexicon, PhraseError, Phrases, expression, try_out


def places(phrase, text, unless=()):
    said = Lexicon({"act": Phrases((expression(phrase),), tuple(map(expression, unless)))}).said(text)
    return [text[first:last] for first, last in said.get("act", ())]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("i am sorry", "Well, I'm  sorry.", ["I'm  sorry"]),
        ("i am sorry", "I’m\u00a0sórry", ["I’m\u00a0sórry"]),
        ("you (really)? have to", "you have to", ["you have to"]),
        ("you (really)? have to", "YOU REALLY HAVE TO", ["YOU REALLY HAVE TO"]),
        ("sorry", "sorrybut", []),
        ("sorry", "sorry sorry", ["sorry", "sorry"]),
        ("which ... else", "which of them or what else", ["which of them or what else"]),
        ("which ... else", "which ended. Or what else", []),
        ("which( \\S+){0,4} else", "which of it, or what else", ["which of it, or what else"]),
        ("which( \\S+){0,4} else", "which ended! Or what else", []),
        ("(\\S+ ){2}else", "so or what else", ["or what else"]),
        ("(\\S+ ){2}else", "Done. What else", []),
        (r"sorry\?", "Sorry? What?", ["Sorry?"]),
        ("help ?!+", "Please help!! Now", ["help!!"]),
        ("take care ?(!|\\.|$)", "Take care. Bye", ["Take care."]),
        (
            "no signal ?(since|\\.|(on|in) it)",
            "Still no signal. And no signal in it, no signal in item",
            ["no signal.", "no signal in it"],
        ),
        ("no signal ?(since|\\.|$)", "no signal sincere", []),
        ("all lost|no signal ?(since|\\.)", "all losty", []),
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


def test_what_cancels_counts_even_where_something_else_that_cancels_overlaps_it():
    unless = ["is it", "it is you"]
    assert places("you may", "is it is you may", unless) == []


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
    assert not Vocabulary({}).said("anything")


def _texts(shared):
    for path in sorted((shared / "gold").glob("*.dev.jsonl"))[:20]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            if number % 150 == 0:
                told = json.loads(line)
                yield from [told["text"]] if "text" in told else [turn["text"] for turn in told["turns"][:5]]


def disguised(text):
    """TEXT with accents, curly quotes and odd spaces put in."""
    return text.replace("e", "é").replace("o", "ö").replace("'", "’").replace(" ", "\u00a0")


def oracle(pattern, text):
    """Where `re` finds PATTERN in TEXT, bounded and trimmed as RE2's places are."""
    found = []
    for match in pattern.finditer(text):
        first, last = match.span()
        lead = len(match.group()) - len(match.group().lstrip())
        found.append((first + lead, last - (len(match.group()) - len(match.group().rstrip()))))
    return found[:MOST_PLACES]


def test_re2_and_re_fire_on_the_same_places(shared, pack):
    """A sample; `benchmarks/oracle.py` runs all gold texts."""
    phrases = sorted({each for act in pack.acts.values() for each in act.phrases.finds + act.phrases.cancels})
    lexicon = Lexicon({each: Phrases((each,)) for each in phrases})
    patterns = {each: re.compile(each, re.IGNORECASE | re.ASCII) for each in phrases}
    for text in _texts(shared):
        for form in (text, disguised(text)):
            folded = fold(form)
            said = lexicon.said(form)
            for each, pattern in patterns.items():
                expected = [folded.original(*span) for span in oracle(pattern, folded.text)]
                assert said.get(each, []) == expected, (form, each)


def test_of_phrases_that_overlap_what_begins_first_counts():
    act = Phrases(tuple(map(expression, ("not ... back", "call you", "you back"))))
    text = "I did not yet call you back. I call you back now."
    assert [text[first:last] for first, last in Lexicon({"act": act}).said(text)["act"]] == [
        "not yet call you back",
        "call you",
    ]


def test_a_phrase_that_little_memory_does_not_hold_gets_more():
    wide = expression("(cat|dog|mouse){0,900}x ... y")
    with pytest.raises(re2.error):
        re2.compile(wide, matching.OPTIONS[0])
    assert Lexicon({"act": Phrases((wide,))}).said("So dogx is y")["act"] == [(3, 12)]


def test_phrases_too_many_to_be_searched_are_an_error_not_a_silence():
    words = [f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}" * 4 for n in range(12_000)]
    wide = tuple(expression(f"{a} ... {b}") for a, b in pairwise(words))
    few = Lexicon({"act": Phrases(wide[:4000])})
    assert all(few.said(f"now {a} is {b}") for a, b in zip(words[:4000:50], words[1:4001:50], strict=True))
    with pytest.raises(AuditError, match="too many, or too wide"):
        Lexicon({"act": Phrases(wide)})

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.language.fold import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("I’m sorry", "I am sorry"),
        ("you can't, you won't, you shan't", "you can not, you will not, you shall not"),
        ("dont im cannot gonna", "do not i am can not going to"),
        ("that's Ann's, let's go", "that is Ann's, let us go"),
        ("they'd've", "they would've"),
        ("caf\u00e9 re\u0301sume\u0301", "cafe resume"),
        ("you\u00a0have\u2009to", "you have to"),
        ("so\u200brry", "sorry"),
        ("“well” – no", '"well" - no'),
        ("rock 'n' roll", "rock 'n' roll"),
        ("See https://a.example/dont-trash?x=1.", "See https://x."),
        ("can't (http://b.example/can't)", "can not (https://x)"),
        ("", ""),
    ],
)
def test_one_spelling(text, folded):
    assert fold(text).text == folded


@pytest.mark.parametrize(
    ("text", "found", "quote"),
    [
        ("Well, I’m só\u200b sorry!", "am so sorry", "I’m só\u200b sorry"),
        ("we can't refund", "can not", "can't"),
        ("we can't refund", "not", "can't"),
        ("it's fine", "it is", "it's"),
        ("dont go", "do not", "dont"),
        ("see https://a.example/cant now", "see https://x now", "see https://a.example/cant now"),
        ("see https://a.example/cant now", "now", "now"),
    ],
)
def test_evidence_is_quoted_as_it_was_said(text, found, quote):
    folded = fold(text)
    first = folded.text.index(found)
    start, end = folded.original(first, first + len(found))
    assert text[start:end] == quote


@given(st.text(alphabet=st.sampled_from("aon't I’mé\u0301\u200b dlsve'\u00a0"), max_size=40))
def test_every_place_of_the_folded_text_lies_in_the_original(text):
    folded = fold(text)
    for first in range(len(folded.text)):
        start, end = folded.original(first, first + 1)
        assert 0 <= start < end <= len(text)


@given(st.text(max_size=60))
def test_folding_takes_any_text(text):
    assert isinstance(fold(text).text, str)

import pytest

from audit.language.backchannel import is_listening
from audit.language.readability import reading_grade
from audit.language.sentences import sentences
from audit.language.shouting import shouting
from audit.language.stems import content
from audit.language.words import count_words, is_unreadable, part_of


@pytest.mark.parametrize("text", ["Mhm.", "yeah, okay", "Uh huh, right.", "I see", ""])
def test_listening_words(text):
    assert is_listening(text)


@pytest.mark.parametrize("text", ["Okay, what is your number?", "no no no no no", "And the code?"])
def test_words_that_take_the_floor(text):
    assert not is_listening(text)


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("WHERE IS MY ORDER, I paid", ["WHERE IS MY ORDER"]),
        ("Now I PAID FOR THIS.", ["PAID FOR THIS."]),
        ("OH WAIT, I see a scooter on OS X El Capitan", []),
        ("Thank you!!! Is it snowing?!", []),
        ("My IBAN is DE89 and the PIN is OK!", []),
        ("Friends in MI, OH, KY, IA, GA.", []),
        ("It is STILL down.", ["STILL"]),
        ("They NEVER WROTE BACK, ever", ["NEVER WROTE BACK"]),
        ("ALL IN CAPITALS BECAUSE THE KEY IS STUCK", []),
        ("Great!", []),
    ],
)
def test_shouting(text, quotes):
    assert [text[first:last] for first, last in shouting(text)] == quotes


@pytest.mark.parametrize("text", ["[PII]", "[NAME] [PII].", "***", "<REDACTED>", "{{NAME}}", "####"])
def test_nothing_survived_redaction(text):
    assert is_unreadable(text)


@pytest.mark.parametrize("text", ["", "Hello [NAME], how are you?", "a # b", "5 * 3", "[LINK]", "<URL>"])
def test_enough_survived(text):
    assert not is_unreadable(text)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("@anna 1/2 The key is in your e-mail.", (1, 2)),
        ("(2/3) Then restart it.", (2, 3)),
        ("your booking number. 2/2 ^Linda", (2, 2)),
        ("We're sorry.2/2^Corry", (2, 2)),
        ("Reply here. 2/2 https://example.com/a", (2, 2)),
        ("It's 1/2 price until Friday.", None),
        ("We are open 24/7", None),
        ("See https://example.com/1/2", None),
        ("I give it 5/3", None),
    ],
)
def test_which_part_of_a_message(text, part):
    assert part_of(text) == part


def test_words_stand_between_blanks():
    assert count_words("you can't, can you?") == 4


def test_sentences_without_any_data():
    text = "Mr. Hale rang at 3 p.m. today. He was upset. Why?"
    assert [text[first:last] for first, last in sentences(text)] == [
        "Mr. Hale rang at 3 p.m. today.",
        "He was upset.",
        "Why?",
    ]


def test_a_reading_grade_needs_a_hundred_words():
    assert reading_grade("Short and sweet.") is None
    easy = reading_grade("We can help you. Call us now. " * 20)
    hard = reading_grade("Notwithstanding contractual stipulations, reimbursement necessitates documentation. " * 20)
    assert easy < hard


def test_whom_a_message_is_to_says_nothing_of_its_matter():
    assert content("@ShopHelp [noise] my parcels <unk> https://t.co/abc") == content("parcel") == {"parcel"}

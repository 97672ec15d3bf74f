"""What a text is about: the stems of its content words, to see whether two people speak of the same thing."""

import re
from functools import cache, lru_cache

from audit.language.words import WORD

# Words that say nothing about the matter, however often they are said.
_EMPTY_TEXT = (
    "a an the and or but if so of to in on at by for with from as is are was were be been being am it its this "
    "that these those there here i me my mine we us our you your yours he him his she her they them their who "
    "what which when where why how do does did done doing have has had having can could will would shall "
    "should may might must not no nor yes yeah yep ok okay just only very really quite too also then than now "
    "still again already please thank thanks sorry hi hello hey sir madam get got getting go going want wanted "
    "need needed like know think see look looking let make made take tell say said ask help one some any all "
    "each every other another more most much many such own same able about into out up down over off i'm it's "
    "that's don't i've i'd i'll you're we're can't isn't didn't doesn't won't let's would've there's what's "
    "sure well good great right alright fine today thing things something anything um uh oh"
)
_EMPTY = frozenset(_EMPTY_TEXT.split())
# Shorter words are seldom about anything; numbers always are.
SHORTEST = 3
# So many content words in one turn tell of something, whatever it is: of 19 contacts in which other acts had seen no
# matter, and one turn had nine or more, readers saw one in 14.
AT_LENGTH = 9
# Words whose stems are remembered.
REMEMBERED = 1 << 16
_NONE = frozenset({""})
_NOT_SAID = re.compile(r"@\w+|https?:\S+|\[[a-z_ ]+\]|<[a-z_ ]+>", re.IGNORECASE)


@cache
def _stemmer() -> "object":
    from nltk.stem.snowball import EnglishStemmer

    return EnglishStemmer(ignore_stopwords=False)


class _Stems(dict[str, str]):
    """The stem of each word, "" where it says nothing about the matter, worked out when the word is first met."""

    def __missing__(self, word: str) -> str:
        plain = word.lower().replace("’", "'")
        says = plain not in _EMPTY and (len(plain) >= SHORTEST or plain.isdigit())
        found = str(_stemmer().stem(plain)) if says else ""  # type: ignore[attr-defined]
        if len(self) < REMEMBERED:
            self[word] = found
        return found


_STEMS = _Stems()


# A turn is asked for again and again while its contact is judged, and seldom after it.
@lru_cache(1 << 11)
def content(text: str) -> frozenset[str]:
    """The stems of the content words and numbers of TEXT (Snowball, for English). Whom a message is to, addresses and
    remarks such as [noise] are not said."""
    return frozenset(map(_STEMS.__getitem__, WORD.findall(_NOT_SAID.sub(" ", text)))) - _NONE


def at_length(text: str) -> list[tuple[int, int]]:
    """The whole of TEXT where it has content enough to tell of something, else no place."""
    return [(0, len(text))] if len(content(text)) >= AT_LENGTH else []

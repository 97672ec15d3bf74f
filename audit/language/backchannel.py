"""Listening words: sounds and short answers that keep the other one talking."""

from audit.language.words import WORD

# Each of these is a listening word by itself; the others only go with one.
_LISTENING_TEXT = (
    "yeah yea yep yes yup ya uhhuh mhm mm mmm hmm hm mmhm mmhmm huh ah oh okay ok k right sure alright exactly "
    "absolutely gotcha true wow great perfect understood indeed correct cool see nice fine good definitely"
)
_LISTENING = frozenset(_LISTENING_TEXT.split())
_WITH_IT_TEXT = "uh um er well really i got it that's thats is of course all so very no then you that"
_WITH_IT = frozenset(_WITH_IT_TEXT.split())
# A listening word opens the floor again; more words than this take it.
LONGEST = 4


def is_listening(text: str) -> bool:
    """Whether TEXT only shows that one listens ("yeah", "mhm, okay", "I see"), at most four words of that kind.

    Sounds of somebody about to speak ("um", "so") are none.
    """
    words = [word.lower() for word in WORD.findall(text)]
    if len(words) > LONGEST or not all(word in _LISTENING or word in _WITH_IT for word in words):
        return False
    return not words or any(word in _LISTENING for word in words) or words == ["uh", "huh"]


def is_idle(text: str) -> bool:
    """Whether TEXT takes no floor: listening words, or sounds of somebody who may be about to speak."""
    words = [word.lower() for word in WORD.findall(text)]
    return len(words) <= LONGEST and all(word in _LISTENING or word in _WITH_IT or word == "so" for word in words)

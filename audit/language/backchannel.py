"""Listening words: sounds and short answers that keep the other one talking."""

from audit.language.words import WORD

_LISTENING = frozenset(
    [
        "yeah",
        "yea",
        "yep",
        "yes",
        "yup",
        "ya",
        "uh",
        "huh",
        "uhhuh",
        "mhm",
        "mm",
        "mmm",
        "hmm",
        "hm",
        "mmhm",
        "mmhmm",
        "um",
        "er",
        "ah",
        "oh",
        "okay",
        "ok",
        "k",
        "right",
        "sure",
        "alright",
        "exactly",
        "absolutely",
        "gotcha",
        "true",
        "really",
        "wow",
        "great",
        "good",
        "fine",
        "nice",
        "perfect",
        "see",
        "i",
        "got",
        "it",
        "that's",
        "thats",
        "is",
        "of",
        "course",
        "understood",
        "no",
        "indeed",
        "correct",
        "all",
        "so",
        "cool",
    ]
)
# A listening word opens the floor again; more words than this take it.
LONGEST = 4


def is_listening(text: str) -> bool:
    """Whether TEXT only shows that one listens ("yeah", "mhm, okay", "I see"), at most four words of that kind."""
    words = [word.lower() for word in WORD.findall(text)]
    return len(words) <= LONGEST and all(word in _LISTENING for word in words)

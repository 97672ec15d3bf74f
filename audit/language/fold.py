"""One spelling for the many ways of writing the same words, with the way back to the original characters.

Folding takes accents off, straightens quotes, makes one blank of any white space, drops invisible characters and writes
contractions out ("I'm", "I’m" and "im" all become "I am"), so that a phrase is written once. What stands in a link was said
by nobody: it folds to `https://x`. Evidence is still quoted as it was said.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import re2

_QUOTES = {ord(char): "'" for char in "‘’‚‛′`´ʼ＇"} | {ord(char): '"' for char in "“”„‟«»″＂"}
_DASHES = {ord(char): "-" for char in "‐‑‒–—―−"}


class _Table(dict[int, str]):
    """What each character folds to, worked out when it is first met. "" drops the character."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if code < 128:
            folded = char
        elif unicodedata.category(char) in ("Zs", "Zl", "Zp"):
            folded = " "
        elif unicodedata.category(char) in ("Cf", "Mn", "Me"):
            folded = ""
        else:
            base = unicodedata.normalize("NFKD", char)
            folded = base[0] if base[0].isalnum() else char
        self[code] = folded
        return folded


_TABLE = _Table(_QUOTES | _DASHES)

_BARE = {
    "im": "i am",
    "ive": "i have",
    "dont": "do not",
    "cant": "can not",
    "wont": "will not",
    "didnt": "did not",
    "doesnt": "does not",
    "isnt": "is not",
    "wasnt": "was not",
    "arent": "are not",
    "werent": "were not",
    "havent": "have not",
    "hasnt": "has not",
    "hadnt": "had not",
    "couldnt": "could not",
    "wouldnt": "would not",
    "shouldnt": "should not",
    "youre": "you are",
    "youve": "you have",
    "theyre": "they are",
    "weve": "we have",
    "thats": "that is",
    "whats": "what is",
    "theres": "there is",
    "cannot": "can not",
    "gonna": "going to",
    "gotta": "got to",
    "wanna": "want to",
}
_IRREGULAR = {"can": "can not", "won": "will not", "shan": "shall not", "ain": "is not"}
_TAILS = {"m": " am", "re": " are", "ve": " have", "ll": " will", "d": " would"}
_BEFORE_IS = frozenset(
    [
        "it",
        "that",
        "this",
        "he",
        "she",
        "what",
        "there",
        "here",
        "who",
        "where",
        "how",
        "when",
        "everything",
        "something",
        "everyone",
        "nobody",
    ]
)
_APOSTROPHE = re.compile(r"'(m|re|ve|ll|d|s|t)(?!\w)", re.IGNORECASE)
_BARE_WORD = re.compile(rf"(?<![\w'])(?:{'|'.join(_BARE)})(?![\w'])", re.IGNORECASE | re.ASCII)
# White space of any kind but one blank.
_WIDE = re.compile(r"\s{2,}|[^\S ]")
# A mark behind a link is the sentence's.
_LINK = re.compile(r"https?://\S*[^\s.,;:!?)\]]", re.IGNORECASE)
# Few texts hold a bare form, and RE2 sees that ten times sooner than `re`.
_HAS_BARE = re2.Set.SearchSet()
_HAS_BARE.Add(rf"(?i)\b(?:{'|'.join(_BARE)})\b")
_HAS_BARE.Compile()


class Folded(NamedTuple):
    """Folded text, and what is needed to find the original characters again.

    `kept` holds the original index of each character that was not dropped, or None where none was.
    `cuts` holds (first, last, original first, original last) of what is written otherwise: contractions, links,
    white space.
    """

    text: str
    kept: tuple[int, ...] | None = None
    cuts: tuple[tuple[int, int, int, int], ...] = ()

    def original(self, first: int, last: int) -> tuple[int, int]:
        """The place in the original text of characters FIRST to LAST (exclusive) of the folded text."""
        first, last = self._before(first, 2), self._before(last, 3)
        if self.kept is not None:
            first, last = self.kept[first], self.kept[last - 1] + 1
        return first, last

    def _before(self, position: int, edge: int) -> int:
        """POSITION before contractions were written out; inside one, its edge (2 is the first, 3 the last)."""
        nearest = bisect_right(self.cuts, (position - (edge == 3), 1 << 60)) - 1
        if nearest < 0:
            return position
        cut = self.cuts[nearest]
        return cut[edge] if position < cut[1] else position - cut[1] + cut[3]


# A turn is asked for one act after another while its contact is judged, and seldom after it.
@lru_cache(1 << 11)
def fold(text: str) -> Folded:
    """Fold TEXT. The case is kept: phrases match in any case."""
    kept: tuple[int, ...] | None = None
    if not text.isascii():
        folded = text.translate(_TABLE)
        if len(folded) != len(text):
            kept = tuple(index for index, char in enumerate(text) if _TABLE[ord(char)])
        text = folded
    found = [*_contractions(text), *((wide.start(), wide.end(), " ") for wide in _WIDE.finditer(text))]
    if "://" in text:
        links = [(link.start(), link.end(), "https://x") for link in _LINK.finditer(text)]
        found = [*links, *(one for one in found if not any(link[0] <= one[0] < link[1] for link in links))]
    if not found:
        return Folded(text, kept)
    pieces: list[str] = []
    cuts: list[tuple[int, int, int, int]] = []
    done = length = 0
    for first, last, written in sorted(found):
        pieces += text[done:first], written
        length += first - done
        cuts.append((length, length + len(written), first, last))
        length += len(written)
        done = last
    pieces.append(text[done:])
    return Folded("".join(pieces), kept, tuple(cuts))


def _contractions(text: str) -> Iterator[tuple[int, int, str]]:
    """The contractions of TEXT, whole words: (first character, one past the last, written out)."""
    if "'" in text:
        done = 0
        for match in _APOSTROPHE.finditer(text):
            first, tail = match.start(), match[1].lower()
            start = first
            while start > done and text[start - 1].isalpha():
                start -= 1
            done = match.end()
            stem = text[start:first].lower()
            if tail == "t":
                if stem in _IRREGULAR:
                    yield start, match.end(), _IRREGULAR[stem]
                elif stem.endswith("n") and stem != "n":
                    yield start, match.end(), f"{text[start : first - 1]} not"
            elif tail == "s":
                if stem == "let" or stem in _BEFORE_IS:
                    yield start, match.end(), text[start:first] + (" us" if stem == "let" else " is")
            elif stem:
                yield start, match.end(), text[start:first] + _TAILS[tail]
    if _HAS_BARE.Match(text):
        for match in _BARE_WORD.finditer(text):
            yield match.start(), match.end(), _BARE[match.group().lower()]

"""One spelling for the many ways of writing the same words, with the way back to the original characters.

Folding takes accents off, straightens quotes and spaces, drops invisible characters and writes contractions out
("I'm", "I’m" and "im" all become "I am"), so that a phrase is written once. Evidence is still quoted as it was said.
"""

import re
import unicodedata
from bisect import bisect_right
from functools import cache
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
_IRREGULAR = {"can't": "can not", "won't": "will not", "shan't": "shall not", "let's": "let us", "ain't": "is not"}
_TAILS = {"'m": " am", "'re": " are", "'ve": " have", "'ll": " will", "'d": " would", "n't": " not"}
_BEFORE_IS = "it|that|this|he|she|what|there|here|who|where|how|when|everything|something|everyone|nobody"
_CONTRACTION = re.compile(
    rf"(?<![\w'])(?:{'|'.join(_IRREGULAR)}|{'|'.join(_BARE)}|(?:{_BEFORE_IS})'s)(?![\w'])"
    r"|(?<=\w)(?:n't|'(?:m|re|ve|ll|d))(?!\w)",
    re.IGNORECASE | re.ASCII,
)
# Nine turns of ten hold no contraction, and RE2 sees that ten times sooner than `re`.
_MAY_CONTRACT = re2.compile(rf"(?i)'|\b(?:{'|'.join(_BARE)})\b")


class Folded(NamedTuple):
    """Folded text, and what is needed to find the original characters again.

    `kept` holds the original index of each character that was not dropped, or None where none was.
    `cuts` holds (first, last, original first, original last) of each contraction written out.
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


def fold(text: str) -> Folded:
    """Fold TEXT. The case is kept: phrases match in any case."""
    kept: tuple[int, ...] | None = None
    if not text.isascii():
        folded = text.translate(_TABLE)
        if len(folded) != len(text):
            kept = tuple(index for index, char in enumerate(text) if _TABLE[ord(char)])
        text = folded
    if not _MAY_CONTRACT.search(text):
        return Folded(text, kept)
    pieces: list[str] = []
    cuts: list[tuple[int, int, int, int]] = []
    done = length = 0
    for match in _CONTRACTION.finditer(text):
        written = _written_out(match.group().lower())
        pieces += text[done : match.start()], written
        length += match.start() - done
        cuts.append((length, length + len(written), match.start(), match.end()))
        length += len(written)
        done = match.end()
    pieces.append(text[done:])
    return Folded("".join(pieces), kept, tuple(cuts))


@cache
def _written_out(contraction: str) -> str:
    if contraction.endswith("'s") and contraction not in _IRREGULAR:
        return contraction.replace("'s", " is")
    return _IRREGULAR.get(contraction) or _BARE.get(contraction) or _TAILS[contraction]

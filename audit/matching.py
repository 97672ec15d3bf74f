"""Find every act's phrases in a turn: all at once, in time linear in the text whatever the phrases are.

RE2 never backtracks. One `Set` of all acts says which of them occur in a turn; only those are asked where. Phrases are
a small regular-expression dialect: a space stands for any white space, ` ... ` for up to six words in between, word
edges are implied, case is ignored, and contractions may be written either way (`language.fold`).
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import re2

from audit.language.fold import Folded, fold

# More places of one act in one turn are not listed: together with RE2 this bounds the work on any text.
MOST_PLACES = 64
# Bytes RE2 may spend on the automaton of all phrases together; a thousand phrases need about 5 MB.
SET_MEMORY = 48 << 20

_GAP = r"\s+(?:\S+\s+){0,6}?"
_WORDLIKE_START = re.compile(r"[\w(\[]")
_WORDLIKE_END = re.compile(r"[\w)\]*+}]$|[\w)\]]\?$")

Span = tuple[int, int]


class PhraseError(ValueError):
    """A phrase that cannot be used; the message says why."""


def _options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = SET_MEMORY
    return options


OPTIONS = _options()


def expression(phrase: str) -> str:
    """The regular expression for PHRASE on folded text, in the syntax that RE2 and `re` share."""
    spaced = _loosen(re.sub(r" \.\.\. ", "\0", fold(phrase).text.strip()))
    pattern = re.sub(r" +", r"\\s+", re.sub(r" +[?*]", r"\\s*", spaced)).replace("\0", _GAP)
    start = r"\b" if _WORDLIKE_START.match(pattern) else ""
    end = r"\b" if _WORDLIKE_END.search(pattern) else ""
    return f"{start}(?:{pattern}){end}"


def _loosen(phrase: str) -> str:
    """PHRASE with the space after each optional word made optional too: `so (very )?sorry` may be `so (very)? sorry`."""
    opened: list[int] = []
    optional = [False] * (len(phrase) + 2)
    escaped = bracketed = False
    for place, char in enumerate(phrase):
        if escaped or char == "\\":
            escaped = not escaped
        elif char in "[]":
            bracketed = char == "["
        elif char == "(" and not bracketed:
            opened.append(place)
        elif char == ")" and not bracketed and opened:
            first = opened.pop()
            is_word = first == 0 or phrase[first - 1] in " (|"
            optional[place + 2] = is_word and phrase[place + 1 : place + 3] in ("? ", "* ")
    return "".join(char + "?" * optional[place] for place, char in enumerate(phrase))


def try_out(pattern: str) -> None:
    """Raise PhraseError where PATTERN cannot be searched in linear time, or would be found in nothing at all."""
    try:
        compiled = re2.compile(pattern, OPTIONS)
    except re2.error as error:
        raise PhraseError(_reason(error)) from None
    if compiled.search("") or compiled.search(" "):
        raise PhraseError("the phrase is found where nothing was said")


def _reason(error: Exception) -> str:
    text = error.args[0].decode("utf-8", "replace") if error.args and isinstance(error.args[0], bytes) else str(error)
    advice = ""
    if "perl operator" in text or "escape sequence" in text:
        advice = "; look-around and back-references are not searched in linear time: say what cancels under `unless`"
    elif "repetition" in text:
        advice = "; a count may be at most 1000"
    return text[:120] + advice


class Phrases(NamedTuple):
    """What is searched for one act: expressions that find it, and expressions that cancel what they touch."""

    finds: tuple[str, ...]
    cancels: tuple[str, ...] = ()


class Lexicon:
    """All acts' phrases, ready to be found in a turn."""

    def __init__(self, acts: Sequence[Phrases]) -> None:
        self._acts = acts
        self._set = re2.Set.SearchSet(OPTIONS)
        self._numbers = [number for number, act in enumerate(acts) if act.finds]
        for number in self._numbers:
            self._set.Add("|".join(acts[number].finds))
        if self._numbers:
            self._set.Compile()
        self._where = cache(self._compile)

    def _compile(self, number: int) -> tuple["re2._Regexp", "re2._Regexp | None"]:
        """What finds and what cancels one act, made when the act first occurs."""
        act = self._acts[number]
        cancels = re2.compile("|".join(act.cancels), OPTIONS) if act.cancels else None
        return re2.compile("|".join(act.finds), OPTIONS), cancels

    def places(self, text: str) -> list[tuple[int, list[Span]]]:
        """Where each act occurs in TEXT: (number of the act, places in characters of TEXT), in the acts' order."""
        if not self._numbers:
            return []
        folded = fold(text)
        found = []
        for number in sorted(self._numbers[index] for index in self._set.Match(folded.text) or ()):
            spans = self._spans(number, folded)
            if spans:
                found.append((number, spans))
        return found

    def _spans(self, number: int, folded: Folded) -> list[Span]:
        finds, cancels = self._where(number)
        spans = _all(finds, folded.text)
        if cancels is not None:
            cancelled = _all(cancels, folded.text)
            if cancelled:
                spans = [span for span in spans if not any(_touches(span, other, folded.text) for other in cancelled)]
        if folded.kept is None and not folded.cuts:
            return spans
        return [folded.original(*span) for span in spans]


def _all(pattern: "re2._Regexp", text: str) -> list[Span]:
    spans: list[Span] = []
    for match in pattern.finditer(text):
        first, last = match.span()
        while text[first].isspace():
            first += 1
        while text[last - 1].isspace():
            last -= 1
        spans.append((first, last))
        if len(spans) == MOST_PLACES:
            break
    return spans


def _touches(span: Span, other: Span, text: str) -> bool:
    if span[0] < other[1] and other[0] < span[1]:
        return True
    return not text[min(span[1], other[1]) : max(span[0], other[0])].strip()

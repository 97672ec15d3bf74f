"""Find every act's phrases in a turn: all at once, in time linear in the text whatever the phrases are.

RE2 never backtracks. Its `Filter` looks for the letters without which phrases cannot occur, and then for the phrases that
still may. Phrases are a small regular-expression dialect: a space stands for any white space, ` ... ` for up to six words
of the same sentence in between, and so `( \\S+){0,4}` for up to four; word edges are implied, case is ignored, and
contractions may be written either way (`language.fold`).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice, pairwise
from operator import itemgetter
from typing import NamedTuple

import re2

from audit.errors import AuditError
from audit.language.fold import Folded, fold

# More places of one act in one turn are not listed: together with RE2 this bounds the work on any text.
MOST_PLACES = 64
# Bytes that RE2 may spend on a phrase, and on one for which that is too little. With 256 kB for each, a run over 21,000
# different turns takes 226 MB in the place of 187, and turns of many thousand characters a third of the time.
MEMORY = (5 << 14, 1 << 24)
_TOO_LARGE = "the phrases of the acts are too many, or too wide, to be searched together; use fewer ` ... ` and counts"
# Texts whose findings are remembered, at about 0.6 kB each: 20 MB when all are different.
REMEMBERED = 1 << 15

# A word of a gap ends no sentence: what begins in one sentence does not end in the next.
_GAP_WORD = r"\S*[^\s.!?]"
_GAP = rf" (?:{_GAP_WORD} ){{0,6}}?"
# `( \S+)` or `(\S+ )`, so many times: a gap, too.
_ANY_WORD = re.compile(r"(?<=\()( ?)\\S\+( ?)(?=\)[{?*+])")
_SPACES = frozenset(b" \n\r\t\f\v")
_WORDLIKE_START = re.compile(r"[\w(\[]", re.ASCII)
_WORDLIKE_END = re.compile(r"[\w)\]}][*+?]?$", re.ASCII)
# A choice of nothing but marks, as `(!|\.|$)` or `[.!]`: no word ends behind it.
_MARKS_END = re.compile(r"(?:\((?:\\\W|[^\w\s()\\\[\]])+\)|\[[^\w\]\\]+\])[*+?]?$", re.ASCII)
# What is nothing but marks, of the things to choose from.
_MARKS = re.compile(r"(?:\\\W|[^\w\s()\\\[\]])+", re.ASCII)

Span = tuple[int, int]
# Which acts a text does, and where, in characters.
Said = Mapping[str, Sequence[Span]]


class PhraseError(ValueError):
    """A phrase that cannot be used; the message says why."""


def _options(memory: int) -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.never_capture = True
    options.max_mem = memory
    return options


OPTIONS = tuple(map(_options, MEMORY))


def expression(phrase: str) -> str:
    """The regular expression for PHRASE on folded text, in the syntax that RE2 and `re` share.

    RE2 knows the edges of words in Latin letters only; a phrase in others is found inside longer words too.
    """
    spaced = _loosen(re.sub(r" \.\.\. ", "\0", fold(phrase).text.strip()))
    pattern = re.sub(r" +", " ", re.sub(r" +[?*]", " ?", spaced)).replace("\0", _GAP)
    pattern = _ANY_WORD.sub(lambda gap: f"{gap[1]}{_GAP_WORD}{gap[2]}", pattern)
    start = r"\b" if pattern.isascii() and _WORDLIKE_START.match(pattern) else ""
    if not pattern.isascii() or not _WORDLIKE_END.search(pattern) or _MARKS_END.search(pattern):
        return f"{start}(?:{pattern})"
    head, choices = _last_choice(pattern)
    if not any(map(_MARKS.fullmatch, choices)):
        return rf"{start}(?:{pattern})\b"
    ended = "|".join(each if _MARKS.fullmatch(each) else rf"{each}\b" for each in choices)
    return f"{start}(?:{head}({ended}))"


def _last_choice(pattern: str) -> tuple[str, list[str]]:
    """What stands before the group that PATTERN ends with, and what the group lets choose from; nothing where PATTERN
    ends with none, or is a choice itself."""
    open_groups: list[list[int]] = []
    group: list[int] = []
    for place, char in _joints(pattern):
        if char == "(":
            open_groups.append([place])
        elif open_groups:
            open_groups[-1].append(place)
            if char == ")":
                group = open_groups.pop()
        else:
            return pattern, []
    if not group or group[-1] != len(pattern) - 1:
        return pattern, []
    return pattern[: group[0]], [pattern[one + 1 : other] for one, other in pairwise(group)]


def _loosen(phrase: str) -> str:
    """PHRASE with the space after each optional word made optional too: `so (very )?sorry` may be `so (very)? sorry`."""
    opened: list[int] = []
    optional = [False] * (len(phrase) + 2)
    for place, char in _joints(phrase):
        if char == "(":
            opened.append(place)
        elif char == ")" and opened:
            first = opened.pop()
            is_word = first == 0 or phrase[first - 1] in " (|"
            optional[place + 2] = is_word and phrase[place + 1 : place + 3] in ("? ", "* ")
    return "".join(char + "?" * optional[place] for place, char in enumerate(phrase))


def _joints(phrase: str) -> Iterator[tuple[int, str]]:
    """Where PHRASE has `(`, `|` and `)` that group and choose: neither escaped nor between square brackets."""
    escaped = bracketed = False
    for place, char in enumerate(phrase):
        if escaped or char == "\\":
            escaped = not escaped
        elif char in "[]":
            bracketed = char == "["
        elif char in "(|)" and not bracketed:
            yield place, char


def try_out(pattern: str) -> None:
    """Raise PhraseError where PATTERN cannot be searched in linear time, or would be found in nothing at all."""
    try:
        compiled = re2.compile(pattern, OPTIONS[-1])
    except re2.error as error:
        raise PhraseError(_reason(error)) from None
    if any(not match.group().strip() for text in ("", " ", "z q") for match in compiled.finditer(text)):
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
    """What is searched for one act: expressions that find it, expressions that cancel what they touch, and a function
    for what expressions cannot hold, which is given the text as it was said."""

    finds: tuple[str, ...]
    cancels: tuple[str, ...] = ()
    recognise: Callable[[str], list[Span]] | None = None


class Lexicon:
    """All acts' phrases, ready to be found in a turn. Raises AuditError where they are too much to search for."""

    def __init__(self, acts: Mapping[str, Phrases]) -> None:
        self._filter = re2.Filter()
        # The act of each phrase in the filter, and whether it cancels.
        self._owners: list[tuple[str, bool]] = []
        for act, phrases in acts.items():
            self._add(act, phrases.finds, cancels=False)
            self._add(act, phrases.cancels, cancels=True)
        try:
            if self._owners:
                self._filter.Compile()
        except re2.error:
            raise AuditError(_TOO_LARGE) from None
        self._expressions = [self._filter.re(index) for index in range(len(self._owners))]
        self._recognisers = [(act, phrases.recognise) for act, phrases in acts.items() if phrases.recognise]
        # Agents say many things in the same words: what was found in a text is remembered.
        self.said: Callable[[str], Said] = lru_cache(REMEMBERED)(self._said)

    def _add(self, act: str, expressions: Sequence[str], cancels: bool) -> None:
        for expression in expressions:
            try:
                self._filter.Add(expression.encode(), OPTIONS[0])
            except re2.error:
                self._filter.Add(expression.encode(), OPTIONS[1])
            self._owners.append((act, cancels))

    def _said(self, text: str) -> Said:
        folded = fold(text)
        data = folded.text.encode()
        finds: dict[str, list[re2._Regexp]] = defaultdict(list)
        cancels: dict[str, list[re2._Regexp]] = defaultdict(list)
        for index in (self._owners and self._filter.Match(data)) or ():
            act, is_cancel = self._owners[index]
            (cancels if is_cancel else finds)[act].append(self._expressions[index])
        found: dict[str, list[Span]] = {}
        for act, expressions in finds.items():
            spans = _apart(_all(expressions, data))
            if act in cancels:
                cancelled = _all(cancels[act], data)
                spans = [span for span in spans if not any(_touches(span, other, data) for other in cancelled)]
            if spans:
                found[act] = _original(spans, folded, data)
        for act, recognise in self._recognisers:
            if more := recognise(text):
                found[act] = sorted({*more, *found.get(act, ())})
        return found


def _original(spans: list[Span], folded: Folded, data: bytes) -> list[Span]:
    """SPANS of DATA, which is FOLDED text in bytes, in characters of the original."""
    if len(data) != len(folded.text):
        spans = [(len(data[:first].decode()), len(data[:last].decode())) for first, last in spans]
    if folded.kept is None and not folded.cuts:
        return spans
    return [folded.original(*span) for span in spans]


def _all(expressions: Iterable["re2._Regexp"], data: bytes) -> list[Span]:
    """Where each of EXPRESSIONS matches in DATA, in bytes, without white space at the edges."""
    spans: list[Span] = []
    for expression in expressions:
        for match in islice(expression.finditer(data), MOST_PLACES):
            first, last = match.span()
            while data[first] in _SPACES:
                first += 1
            while data[last - 1] in _SPACES:
                last -= 1
            spans.append((first, last))
    return spans


def _apart(spans: list[Span]) -> list[Span]:
    """SPANS in the order of the text. Of those that overlap the one that begins first is kept, and of those that begin
    together the one that was first among SPANS."""
    found: list[Span] = []
    for span in sorted(spans, key=itemgetter(0)):
        if not found or span[0] >= found[-1][1]:
            found.append(span)
    return found[:MOST_PLACES]


def _touches(span: Span, other: Span, data: bytes) -> bool:
    """Whether two spans overlap, or have nothing but white space between them."""
    if span[0] < other[1] and other[0] < span[1]:
        return True
    return not data[min(span[1], other[1]) : max(span[0], other[0])].strip()

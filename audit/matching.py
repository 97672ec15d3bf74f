"""Find every act's phrases in a turn: all at once, in time linear in the text whatever the phrases are.

RE2 never backtracks. A `Set` says which of many acts occur in a turn at all; only those are asked where, and only when
a check wants to know. Phrases are a small regular-expression dialect: a space stands for any white space, ` ... ` for up
to six words in between, word edges are implied, case is ignored, and contractions may be written either way
(`language.fold`).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache, partial
from typing import NamedTuple

import re2

from audit.errors import AuditError
from audit.language.fold import Folded, fold

# More places of one act in one turn are not listed: together with RE2 this bounds the work on any text.
MOST_PLACES = 64
# Bytes RE2 may spend on an automaton, and on one for which that is too little. With 16 MB for each at once a run over
# 21,000 different turns takes half as much memory again, and a fifteenth less time.
MEMORY = (1 << 18, 1 << 19, 1 << 21, 1 << 24)
_TOO_LARGE = "the phrases of the acts are too many, or too wide, to be searched together; use fewer ` ... ` and counts"
# Acts in one automaton, and parts of their phrases that leave words open, as ` ... ` and `\w+` do: these are what its
# states multiply with. Over 21,000 different turns that takes a third less memory than five acts in each, and no more time.
ACTS_A_SET, OPEN_A_SET = 12, 10
_LEAVES_OPEN = re.compile(r"\{\d+,|\\[wS]\+|\)[*+]")
# Texts whose findings are remembered, at about 1.3 kB each: 43 MB when all are different.
REMEMBERED = 1 << 15

_GAP = r"\s+(?:\S+\s+){0,6}?"
_SPACES = frozenset(b" \n\r\t\f\v")
_WORDLIKE_START = re.compile(r"[\w(\[]", re.ASCII)
_WORDLIKE_END = re.compile(r"[\w)\]}][*+?]?$", re.ASCII)
# A choice of nothing but marks, as `(!|\.|$)` or `[.!]`: no word ends behind it.
_MARKS_END = re.compile(r"(?:\((?:\\\W|[^\w\s()\\\[\]])+\)|\[[^\w\]\\]+\])[*+?]?$", re.ASCII)

Span = tuple[int, int]


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
    pattern = re.sub(r" +", r"\\s+", re.sub(r" +[?*]", r"\\s*", spaced)).replace("\0", _GAP)
    start = r"\b" if pattern.isascii() and _WORDLIKE_START.match(pattern) else ""
    is_word = pattern.isascii() and _WORDLIKE_END.search(pattern) and not _MARKS_END.search(pattern)
    end = r"\b" if is_word else ""
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


NOTHING = Phrases(())


class Said:
    """One turn's words: which acts they do, and where, worked out when it is asked for."""

    __slots__ = ("_lexicon", "_places", "_text", "acts")

    def __init__(self, lexicon: "Lexicon", text: str) -> None:
        self._lexicon = lexicon
        self._text = text
        self._places = lexicon.recognised(text)
        # A tuple: of the many texts that are remembered, each would hold a set of its own.
        self.acts = tuple({*lexicon.which(fold(text).text), *self._places})

    def places(self, act: int) -> list[Span]:
        """Where the act with this number is done, in characters of the text; only acts in `acts` can be."""
        found = self._places.get(act)
        if found is None:
            found = self._places[act] = self._lexicon.places(act, fold(self._text))
        return found


class Lexicon:
    """All acts' phrases, ready to be found in a turn."""

    def __init__(self, acts: Sequence[Phrases]) -> None:
        self._acts = acts
        self._sets = [_Set(acts, numbers) for numbers in _shared_out(acts)]
        self._recognisers = [(number, act.recognise) for number, act in enumerate(acts) if act.recognise]
        self._expressions = cache(self._compile)
        # Agents say many things in the same words: what was found in a text is remembered.
        self.said = lru_cache(REMEMBERED)(partial(Said, self))

    def which(self, folded: str) -> list[int]:
        """The numbers of the acts whose phrases may occur in FOLDED text."""
        data = folded.encode()
        return [number for members in self._sets for number in members.found(data)]

    def recognised(self, text: str) -> dict[int, list[Span]]:
        """The acts that a function recognises in TEXT, with all their places, those of their phrases among them."""
        found = {}
        for number, recognise in self._recognisers:
            if spans := recognise(text):
                found[number] = sorted({*spans, *self.places(number, fold(text))})
        return found

    def places(self, number: int, folded: Folded) -> list[Span]:
        """Where phrases of the act NUMBER occur in FOLDED text, in characters of the original."""
        if not self._acts[number].finds:
            return []
        finds, cancels = self._expressions(number)
        data = folded.text.encode()
        spans = _all(finds, data)
        if spans and cancels is not None:
            cancelled = _all(cancels, data)
            spans = [span for span in spans if not any(_touches(span, other, data) for other in cancelled)]
        if len(data) != len(folded.text):
            spans = [(len(data[:first].decode()), len(data[:last].decode())) for first, last in spans]
        if folded.kept is None and not folded.cuts:
            return spans
        return [folded.original(*span) for span in spans]

    def _compile(self, number: int) -> tuple["re2._Regexp", "re2._Regexp | None"]:
        """What finds and what cancels one act, as expressions on bytes, made when the act first occurs."""
        act = self._acts[number]
        return _compiled(act.finds), _compiled(act.cancels) if act.cancels else None


class _Set:
    """The automaton that says which of some acts occur in a text.

    Its last member occurs in every text: where it is not found, memory ran out and the others were not looked for.
    """

    def __init__(self, acts: Sequence[Phrases], numbers: Sequence[int]) -> None:
        self._finds = ["|".join(acts[number].finds) for number in numbers]
        self._numbers = numbers
        self._options = list(OPTIONS)
        self._grow()

    def _grow(self) -> None:
        """Make the automaton, with the next larger memory. Raises AuditError where none is enough."""
        while self._options:
            self._members = re2.Set.SearchSet(self._options.pop(0))
            for expression in (*self._finds, ""):
                self._members.Add(expression)
            try:
                self._members.Compile()
            except re2.error:
                continue
            return
        raise AuditError(_TOO_LARGE)

    def found(self, data: bytes) -> list[int]:
        """The numbers of the acts whose phrases may occur in DATA."""
        fired = self._members.Match(data) or ()
        while len(self._numbers) not in fired:
            self._grow()
            fired = self._members.Match(data) or ()
        return [self._numbers[index] for index in fired if index < len(self._numbers)]


def _shared_out(acts: Sequence[Phrases]) -> Iterator[list[int]]:
    """The numbers of ACTS that have phrases, as they share automata: those that leave few words open together."""
    opens = {number: len(_LEAVES_OPEN.findall("|".join(act.finds))) for number, act in enumerate(acts) if act.finds}
    shared: list[int] = []
    for number in sorted(opens, key=opens.__getitem__):
        if len(shared) == ACTS_A_SET or (shared and sum(map(opens.__getitem__, (*shared, number))) > OPEN_A_SET):
            yield shared
            shared = []
        shared.append(number)
    if shared:
        yield shared


# Most acts are looked for in the words of both sides.
@cache
def _compiled(expressions: tuple[str, ...]) -> "re2._Regexp":
    """What finds any of EXPRESSIONS in bytes. Raises AuditError where that is too much for one automaton."""
    for options in OPTIONS:
        try:
            return re2.compile("|".join(expressions).encode(), options)
        except re2.error:
            continue
    raise AuditError(_TOO_LARGE)


def _all(pattern: "re2._Regexp", data: bytes) -> list[Span]:
    """Where PATTERN matches in DATA, in bytes, without white space at the edges."""
    spans: list[Span] = []
    for match in pattern.finditer(data):
        first, last = match.span()
        while data[first] in _SPACES:
            first += 1
        while data[last - 1] in _SPACES:
            last -= 1
        spans.append((first, last))
        if len(spans) == MOST_PLACES:
            break
    return spans


def _touches(span: Span, other: Span, data: bytes) -> bool:
    """Whether two spans overlap, or have nothing but white space between them."""
    if span[0] < other[1] and other[0] < span[1]:
        return True
    return not data[min(span[1], other[1]) : max(span[0], other[0])].strip()

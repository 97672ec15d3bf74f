"""A better way to say a sentence, made of the words in which it was said.

A rewrite is a sentence with gaps and the same sentence said better: `you have to {do}` and `Could you {do}, please?`. It
is only used where the whole sentence has that shape, so that what comes out is grammar and not a patchwork.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

import re2

from audit.language.fold import Folded, fold
from audit.language.sentences import clause_at
from audit.matching import PhraseError, expression
from audit.model import Evidence

# What a gap may hold: words of one clause, so that nothing is torn out of a longer thought.
_GAP = r"[^,;:()?!\"]{1,120}?"
# Words before a sentence that say nothing of their own and are left out.
_OPENERS = (
    r"(?:(?:well|ok|okay|so|then|and|but|no|yes|yeah|right|sure|oh|um|uh|hmm?|sorry|unfortunately|i am afraid|i am sorry|actually"
    r"|basically|in that case|for that|to do (?:that|this|so)|in order to do (?:that|this|so))[,.]?\s+)*"
)
# What may follow a sentence: its mark, and the initials with which agents sign on social media.
_SIGNED = r"[.!\s]*(?:[\^~/*-]\s?\w{1,4}\s*)?"
_NAMED = re.compile(r"\{(\w+)\}")


class Rewrite(NamedTuple):
    """Sentences of one shape, as a rule writes it (`said`) and as it is searched for (`says`), and how they are better
    said with the words in the gaps."""

    said: str
    says: "re2._Regexp"
    instead: str


def rewrite(says: str, instead: str) -> Rewrite:
    """The rewrite of SAYS, a phrase with {gaps}, to INSTEAD. Raises PhraseError where they do not fit each other."""
    gaps = set(_NAMED.findall(says)) | set(re.findall(r"\(\?P<(\w+)>", says))
    if missing := sorted(set(_NAMED.findall(instead)) - gaps):
        raise PhraseError(f"there is no {{{missing[0]}}} in what is said")
    if set("{}") & set(_NAMED.sub("", instead)):
        raise PhraseError("braces hold the name of a gap and nothing else")
    phrase = expression(_NAMED.sub(lambda gap: f"(?P<{gap[1]}>{_GAP})", says))
    options = re2.Options()
    options.case_sensitive, options.log_errors = False, False
    try:
        return Rewrite(says, re2.compile(rf"^\W*{_OPENERS}{phrase}{_SIGNED}$", options), instead)
    except re2.error as error:
        raise PhraseError(str(error)[:120]) from None


def reworded(place: Evidence, rewrites: Iterable[Rewrite]) -> str | None:
    """The sentence around PLACE, or its part from the comma before it, said better by the first of REWRITES that fits;
    None where none does."""
    text = place.turn.text
    first, last = clause_at(text, place.first)
    part = text.rfind(", ", first, place.first) + 1
    for sentence in (text[first:last], text[max(first, part) : last]):
        better = _reworded(sentence, rewrites)
        if better is not None:
            return better
    return None


def _reworded(sentence: str, rewrites: Iterable[Rewrite]) -> str | None:
    folded = fold(sentence)
    for each in rewrites:
        match = each.says.search(folded.text)
        if match is None:
            continue
        kept = {
            name: " ".join(_kept(sentence, folded, *match.span(number)).split())
            for name, number in each.says.groupindex.items()
        }
        better = each.instead.format_map(kept)
        better = re.sub(r"\bi\b(?!\.\w)", "I", better)
        return re.sub(r"(?:^|(?<=\. ))\w", lambda start: start[0].upper(), better)
    return None


def _kept(sentence: str, folded: Folded, first: int, last: int) -> str:
    """The words between FIRST and LAST as they were said; written out where that would tear a contraction apart."""
    said = sentence[slice(*folded.original(first, last))]
    return said if fold(said).text == folded.text[first:last] else folded.text[first:last]

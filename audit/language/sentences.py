"""Sentences, without any data to download."""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

# Each regular expression of nltk runs under a clock of five seconds; texts are cut below what could reach it.
LONGEST = 50_000
_ABBREVIATIONS = [
    "mr",
    "mrs",
    "ms",
    "dr",
    "prof",
    "st",
    "no",
    "approx",
    "vs",
    "e.g",
    "i.e",
    "etc",
    "inc",
    "ltd",
    "dept",
    "ext",
    "tel",
    "a.m",
    "p.m",
]


@cache
def _tokenizer() -> "PunktSentenceTokenizer":
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    parameters = PunktParameters()
    parameters.abbrev_types.update(_ABBREVIATIONS)
    return PunktSentenceTokenizer(parameters)


def sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentences of TEXT lie, as (first character, one past the last)."""
    return list(_tokenizer().span_tokenize(text[:LONGEST]))


_CLAUSE = re.compile(r"[^.!?\n]+(?:[.!?]+(?!\s|$)[^.!?\n]*)*[.!?]*")


def clauses(text: str) -> list[tuple[int, int]]:
    """Where the sentences of TEXT lie, roughly and fast: cut at marks that a blank or the end follows."""
    return [match.span() for match in _CLAUSE.finditer(text[:LONGEST])]


def clause_at(text: str, place: int) -> tuple[int, int]:
    """Where the sentence of TEXT lies that holds the character at PLACE, by `clauses`; all of TEXT where none does."""
    return next((span for span in clauses(text) if span[0] <= place < span[1]), (0, len(text)))

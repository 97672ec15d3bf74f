"""Words written large: a customer's shouting in text."""

import re

# Three words in capitals in a row; single ones are often codes, names or brands.
_CAPITALS = re.compile(r"\b[A-Z][A-Z']+(?:[ ,]+[A-Z][A-Z']*){2,}[!?.]*")
# Three marks in a row, or both kinds together, after a word.
_MARKS = re.compile(r"\w+ ?(?:!{3,}|\?{3,}|[!?]*(?:!\?|\?!)[!?]*)")


def shouting(text: str) -> list[tuple[int, int]]:
    """Places of TEXT that are shouted: at least three words in capitals in a row, or three marks in a row.

    A text without any small letter was written by a machine or with a key stuck: nothing in it is louder than the rest.
    """
    spans = []
    if "!!" in text or "??" in text or "?!" in text or "!?" in text:
        spans = [match.span() for match in _MARKS.finditer(text)]
    capitals = [match.span() for match in _CAPITALS.finditer(text)]
    if capitals and any(char.islower() for char in text):
        spans += capitals
    return sorted(spans)

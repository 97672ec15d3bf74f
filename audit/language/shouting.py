"""Words written large: a customer's shouting in text."""

import re

# Three words in capitals in a row; single ones are often codes, names or brands.
_CAPITALS = re.compile(r"\b[A-Z][A-Z']+(?:[ ,]+[A-Z][A-Z']*){2,}[!?.]*")
_MARKS = re.compile(r"[^\s!?]+[ ]?(?:!{3,}|\?{3,}|[!?]*(?:!\?|\?!)[!?]*)")


def shouting(text: str) -> list[tuple[int, int]]:
    """Places of TEXT that are shouted: at least three words in capitals in a row, or three marks in a row."""
    if text.islower() and "!" not in text and "?" not in text:
        return []
    spans = [match.span() for match in _CAPITALS.finditer(text) if any(char.islower() for char in text)]
    spans += [match.span() for match in _MARKS.finditer(text)]
    return sorted(spans)

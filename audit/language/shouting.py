"""Words written large: a customer's shouting in text."""

import re

from audit.language.words import WORD

# Three words in capitals in a row, "I" and "A" not counted; single ones are often codes, names or brands, and so are
# rows of short ones.
_LONG = 4
_CAPITALS = re.compile(r"\b[A-Z][A-Z']+(?:[ ,]+(?:[AI][ ,]+)?[A-Z][A-Z']+){2,}\b[!?.]*")


def shouting(text: str) -> list[tuple[int, int]]:
    """Places of TEXT that are shouted: at least three words in capitals in a row.

    A text without any small letter was written by a machine or with a key stuck: nothing in it is louder than the rest.
    Repeated marks are none: "Thank you!!!" is as common as "Where is it???".
    """
    spans = [
        match.span() for match in _CAPITALS.finditer(text) if any(len(word) >= _LONG for word in WORD.findall(match[0]))
    ]
    return spans if spans and any(char.islower() for char in text) else []

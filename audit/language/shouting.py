"""Words written large: a customer's shouting in text."""

import re

from audit.language.words import WORD

# Three words in capitals in a row, "I" and "A" not counted; single ones are often codes, names or brands, and so are
# rows of short ones.
_ROW = re.compile(r"\b[A-Z][A-Z']+(?:[ ,]+(?:[AI][ ,]+)?[A-Z][A-Z']+){2,}\b[!?.]*")
_LONG = 4
# Words that are nobody's name, and are written large only to be loud.
_LOUD = re.compile(r"\b(?:NEVER|AGAIN|STILL|NONE|WORST|TERRIBLE|HORRIBLE|AWFUL|RIDICULOUS|HELP)\b[!?.]*")


def shouting(text: str) -> list[tuple[int, int]]:
    """Places of TEXT that are shouted: at least three words in capitals in a row, or a single loud one.

    A text without any small letter was written by a machine or with a key stuck: nothing in it is louder than the rest.
    Repeated marks are none: "Thank you!!!" is as common as "Where is it???".
    """
    if not any(char.islower() for char in text):
        return []
    rows = [row.span() for row in _ROW.finditer(text) if any(len(word) >= _LONG for word in WORD.findall(row[0]))]
    single = [word.span() for word in _LOUD.finditer(text)]
    return sorted(rows + [(a, b) for a, b in single if not any(first <= a < last for first, last in rows)])

"""Words, and texts that hold none that can be judged."""

import re

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Marks that redaction leaves: [PII], [NAME], <REDACTED>, {{NAME}}, ***, ####. Where a link stood no words are lacking.
_REDACTED = re.compile(
    r"\[(?!LINK|URL)[A-Z][A-Z_\- ]*\d*\]|<(?!LINK|URL)[A-Z][A-Z_\- ]+>|\{\{(?!LINK|URL)[A-Z_]+\}\}|\*{3,}|#{4,}"
)

# Which part of a message a text is, at its begin or before its signature: "1/2 The key is", "your number. 2/2 ^AB".
_PART = re.compile(
    r"^(?:@\w+\s+)*\(?([1-9])/([2-9])\)?(?=[\s.:])|(?<![\w/])([1-9])/([2-9])\)?\W*(?:[\^~*/_-] ?\w+\W*)?(?:https?:\S+)?$"
)


def part_of(text: str) -> tuple[int, int] | None:
    """Which part of how many TEXT says it is, as messages of bounded length do; None where it does not."""
    found = _PART.search(text.strip()) if "/" in text else None
    if found is None:
        return None
    part, parts = (int(number) for number in found.groups() if number)
    return (part, parts) if part <= parts else None


def count_words(text: str) -> int:
    """The number of words in TEXT: what stands between blanks."""
    return len(text.split())


def plural(number: int, one: str) -> str:
    """NUMBER with the word for it: `1 contact`, `2 contacts`."""
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"


def is_redacted(text: str) -> bool:
    """Whether something was taken out of TEXT, and a mark left in its place."""
    marked = "[" in text or "<" in text or "{" in text or "*" in text or "#" in text
    return marked and _REDACTED.search(text) is not None


def is_unreadable(text: str) -> bool:
    """Whether nothing of TEXT survived redaction: there is a mark of it, and at most one word besides."""
    return is_redacted(text) and count_words(_REDACTED.sub(" ", text)) <= 1

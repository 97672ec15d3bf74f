"""Words, and texts that hold none that can be judged."""

import re

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Marks that redaction leaves: [PII], [NAME], <REDACTED>, {{URL}}, ***, ####.
_REDACTED = re.compile(r"\[[A-Z][A-Z_\- ]*\d*\]|<[A-Z][A-Z_\- ]+>|\{\{[A-Z_]+\}\}|\*{3,}|#{4,}")


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

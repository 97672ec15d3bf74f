"""What is said to people, on stderr, with nothing in it that could steer a terminal or a CI system."""

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f\ud800-\udfff]")
_COMMAND = re.compile(r"^(\s*)(::|##)")


def safe(text: str) -> str:
    """TEXT on one line: control characters and direction marks written out, `::` and `##` at the start kept from being CI commands."""
    plain = _CONTROL.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
    return _COMMAND.sub(r"\1.\2", plain)


def plural(number: int, one: str) -> str:
    """NUMBER with the word for it: `1 contact`, `2 contacts`."""
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"

"""Messages as they were read by people: markup gone, entities spelt out, quoted history of e-mails left away."""

import re
from html.parser import HTMLParser

_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol", "table", "pre"})
_UNSEEN = frozenset({"script", "style", "head", "title", "blockquote"})
_ELEMENTS = (
    "a|abbr|b|big|blockquote|body|br|center|code|col|div|em|font|h[1-6]|head|hr|html|i|img|li|link|meta|o:p|ol|p|pre|s|script"
    "|small|span|strong|style|sub|sup|table|tbody|td|th|thead|title|tr|tt|u|ul"
)
_ATTRIBUTES = r"""(?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))*\s*/?>"""
_TAG = re.compile(rf"</?(?:{_ELEMENTS}){_ATTRIBUTES}|<!--|<!doctype|&[#\w]+;", re.IGNORECASE)
# What looks like a tag and is none: addresses, place holders, comparisons.
_NO_TAG = re.compile(rf"<(?!/?(?:{_ELEMENTS}){_ATTRIBUTES}|!)", re.IGNORECASE)
# Where the e-mail that is answered begins: `On …, Ana wrote:`, a ruled line, or a header block.
_QUOTED = re.compile(
    r"^[ \t>]*(?:On\b[^\n]{0,200}\n?[^\n]{0,200}\bwrote:[ \t]*$"
    r"|-{2,}[ \t]*(?:Original Message|Forwarded message)[ \t]*-{2,}"
    r"|_{10,}[ \t]*$"
    r"|From:[^\n]{1,200}\n[ \t>]*(?:Sent|Date|To):)",
    re.MULTILINE | re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)


class _Reader(HTMLParser):
    """Gathers what a browser would show."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Note where a line begins, and where what nobody sees does."""
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _BREAKS:
            self.seen.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Note where a line or something unseen ends."""
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _BREAKS - {"br"}:
            self.seen.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep DATA if it is seen."""
        if not self._unseen:
            self.seen.append(data)


def plain(text: str) -> str:
    """TEXT without markup, if it holds any: one line for each paragraph, no blanks at the ends."""
    if not _TAG.search(text):
        return text.strip()
    reader = _Reader()
    text = _NO_TAG.sub("&lt;", text)
    for element in _UNSEEN:
        if f"</{element}" not in text.lower():
            # Nothing ends it, so it would hide all that follows.
            text = re.sub(rf"<(?={element}\b)", "&lt;", text, flags=re.IGNORECASE)
    reader.feed(text)
    reader.close()
    lines = ("".join(reader.seen)).replace("\u00a0", " ").split("\n")
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def own_words(text: str) -> str:
    """The e-mail TEXT without the one it answers, quoted lines and the signature."""
    if match := _QUOTED.search(text):
        text = text[: match.start()]
    if match := _SIGNATURE.search(text):
        text = text[: match.start()]
    return "\n".join(line for line in text.split("\n") if not line.lstrip().startswith(">")).strip()

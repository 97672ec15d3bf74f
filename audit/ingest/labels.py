"""What stands before a colon: a speaker, or the first words of a sentence. The whole file tells which."""

import re
from collections import Counter
from collections.abc import Collection, Iterable

from audit.ingest.roles import label, role_of
from audit.model import Role

# A clock time or a date and time, as transcripts write them before or behind a speaker.
STAMP = (
    r"(?:\d{4}-\d\d-\d\d[T ]|\d{1,2}[/.]\d{1,2}[/.]\d{2,4},?\s+)?\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d+)?"
    r"(?:\s?[AaPp]\.?[Mm]\b\.?|Z|[+-]\d\d:?\d\d)?"
)
LONGEST, MOST_WORDS = 60, 6
# Where at least this share of lines has a label, a name before a single line is a speaker too.
MOST_LINES = 0.8
# Words that head a piece of information. Said by nobody, however often they stand there.
_DATA = frozenset(
    [
        "note",
        "notes",
        "total",
        "subtotal",
        "subject",
        "date",
        "time",
        "times",
        "ps",
        "p.s",
        "re",
        "fw",
        "fwd",
        "cc",
        "bcc",
        "link",
        "url",
        "http",
        "https",
        "mailto",
        "ftp",
        "fyi",
        "nb",
        "tip",
        "warning",
        "attention",
        "important",
        "update",
        "order",
        "price",
        "amount",
        "address",
        "email",
        "e-mail",
        "phone",
        "tel",
        "fax",
        "name",
        "account",
        "reference",
        "ref",
        "id",
        "number",
        "status",
        "reason",
        "summary",
        "details",
        "steps",
        "step",
        "question",
        "answer",
        "example",
        "option",
        "total",
        "sum",
        "tax",
        "shipping",
        "qty",
        "quantity",
        "title",
        "duration",
        "channel",
        "queue",
        "language",
        "version",
        "source",
        "file",
        "page",
        "section",
        "what",
        "why",
        "how",
        "when",
        "where",
        "who",
        "yes",
        "no",
        "ok",
        "okay",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ]
)
# Role words that head information as often as they name somebody: once is not enough.
_EITHER = frozenset(
    {"contact", "info", "user", "action", "event", "lead", "support", "system", "member", "guest", "admin"}
)
_PARTICLES = frozenset(
    [
        "de",
        "da",
        "di",
        "do",
        "dos",
        "du",
        "van",
        "von",
        "der",
        "den",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "of",
        "the",
        "y",
        "e",
    ]
)
_SENTENCE = re.compile(r"[!?;\"“”]|(?<!\b[A-Za-z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)\.\s")
_SOMEBODY = re.compile(r"[^\W\d_]|\d{3}|[^\x00-\x7f]")
_NUMBERED = re.compile(r"[A-Za-z]+[ _-]?#?\d+")
_INTERNAL = re.compile(r"internal|private|whisper|note to (?:self|team)", re.IGNORECASE)


def is_plausible(text: str) -> bool:
    """Whether TEXT may be a label at all: a few words, no sentence, no piece of information."""
    words = text.split()
    return (
        0 < sum(word not in _PARTICLES for word in words) <= MOST_WORDS
        and _SOMEBODY.search(text) is not None
        and len(text) <= LONGEST
        and not _SENTENCE.search(text)
        and text.lower().strip("*_ ") not in _DATA
    )


def speakers(labels: Iterable[str], lines: int) -> Collection[str]:
    """Those of LABELS, which stand before the LINES of a file, that are speakers.

    Whoever speaks twice is one, and whoever is called by a role. A name that stands there once is one where nearly
    every line has a label.
    """
    often = Counter(each for each in labels if is_plausible(each))
    are_most = sum(often.values()) >= MOST_LINES * lines
    return {
        each
        for each, times in often.items()
        if times > 1
        or (each.lower() not in _EITHER and (label(each).role is not Role.UNKNOWN or (are_most and _is_name(each))))
    }


def _is_name(text: str) -> bool:
    """Whether TEXT is written as names are: `Ana`, `de Souza`, `McDonald`, `Duarte, Ana`, `spk_0`, `+351 912`."""
    if _NUMBERED.fullmatch(text) or text[:1] in "+@#":
        return True
    words = [word for word in re.split(r"[\s,/|()]+", text) if word]
    return any(word[:1].isupper() for word in words) and all(
        word[:1].isupper() or word in _PARTICLES or not word[:1].isalpha() or role_of(word) is not Role.UNKNOWN
        for word in words
    )


def without_note(text: str) -> tuple[str, bool]:
    """The label TEXT without the remark that the customer never saw it, and whether there was one."""
    if is_internal(text) and "(" not in text:
        return text, True
    match = re.fullmatch(r"(.*?)\s*[(\[]([^)\]]*)[)\]]", text)
    if match and _INTERNAL.search(match[2]):
        return match[1].strip() or text, True
    return text, False


def is_internal(text: str) -> bool:
    """Whether TEXT, a remark in brackets, says that the customer never saw what follows."""
    return _INTERNAL.search(text) is not None

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


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Where at least this share of lines has a label, a name before a single line is a speaker too.
MOST_LINES = 0.8
# Whoever speaks less often than this share of the one who speaks most has to be named as people are.
RARE = 0.2
# Whatever stands before this share of all lines, and so often, is a speaker however it is written.
CERTAIN, FEWEST_CERTAIN = 0.2, 3
# Words that head a piece of information. Said by nobody, however often they stand there.
_DATA = _words(
    "note notes total subtotal subject date time times ps p.s re fw fwd cc bcc from sent to link url http https"
    " mailto ftp fyi nb tip warning attention important order price amount address email e-mail fax reference ref"
    " id number status reason summary details steps step example option sum tax shipping qty quantity title"
    " duration channel queue language version source file section what why how when where who yes no ok okay"
    " colour color size delivery carrier model monday tuesday wednesday thursday friday saturday sunday morning"
    " afternoon evening however first second third"
)
# Role words that head information as often as they name somebody: once is not enough.
_EITHER = _words("contact info user action event lead support member guest admin manager")
_PARTICLES = _words("de da di do dos du van von der den la le el al bin ibn of the y e")
_SENTENCE = re.compile(r"[!?;]|(?<!\b[A-Za-z])(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})(?<!\b[A-Z][a-z]{3})\.\s")
_SOMEBODY = re.compile(r"[^\W\d_]|\d{3}|[^\x00-\x7f]")
_HANDLE = re.compile(r"[A-Za-z]+[ _-]?#?\d+|[@+#]?[\w.+-]+(?:@[\w.-]+)?")
_INTERNAL = re.compile(
    r"(?:internal|private)(?:[ _-]?(?:notes?|comments?|messages?))|internal|note to (?:self|team)|whisper(?:ed)?",
    re.IGNORECASE,
)


def is_plausible(text: str) -> bool:
    """Whether TEXT may be a label at all: a few words, no sentence, no piece of information."""
    words = text.lower().strip("*_ ").split()
    named = [word for word in words if not word.isdigit()] or words
    return (
        0 < sum(word not in _PARTICLES for word in words) <= MOST_WORDS
        and _SOMEBODY.search(text) is not None
        and len(text) <= LONGEST
        and not _SENTENCE.search(text)
        and named[-1] not in _DATA
        and " ".join(words) not in _DATA
    )


def speakers(labels: Iterable[str], lines: int) -> Collection[str]:
    """Those of LABELS, which stand before the LINES of a file, that are speakers.

    A role is one, written as the other roles of the file are. So is whoever speaks about as often as the others; whoever
    speaks seldom has to have a name of two words, or stand in a file in which nearly every line has a label.
    """
    counted = Counter(labels)
    certain = {each for each, times in counted.items() if times >= max(FEWEST_CERTAIN, CERTAIN * lines)}
    often = {each: times for each, times in counted.items() if each in certain or is_plausible(each)}
    most = max(often.values(), default=0)
    are_most = sum(often.values()) >= MOST_LINES * lines
    writings: Counter[str] = Counter()
    for each, times in often.items():
        writings[_writing(each)] += times
    usual = max(writings, key=lambda writing: (writings[writing], writing), default="")
    found = set(certain)
    for each, times in often.items():
        seldom = times < RARE * most
        often_enough = times > 1 or are_most
        is_usual = _writing(each) == usual
        if each.lower() in _EITHER:
            accepted = often_enough and not seldom
        elif label(each).role is not Role.UNKNOWN:
            accepted = is_usual or (times > 1 and not seldom)
        else:
            accepted = _is_name(each, is_usual) and often_enough and (not seldom or _is_full_name(each))
        if accepted:
            found.add(each)
    return found


def _writing(text: str) -> str:
    """Whether TEXT is in small letters, in capitals, or as names are."""
    first = text.lstrip("*_ ")
    return "upper" if first.isupper() else "title" if first[:1].isupper() else "lower"


def _is_name(text: str, is_usual: bool) -> bool:
    """Whether TEXT is written as names are: `Ana`, `de Souza`, `McDonald`, `Duarte, Ana`, `spk_0`, `kim_lee99`.

    IS_USUAL: the others of the file are written like it, so that `kim` may be one too.
    """
    if text[:1] in "+@#" or (_HANDLE.fullmatch(text) and (is_usual or not text.isalpha() or text[:1].isupper())):
        return True
    words = [word for word in re.split(r"[\s,/|()]+", text) if word]
    begins = any(word[:1].isupper() or not word[:1].isascii() for word in words)
    return begins and all(
        word[:1].isupper()
        or word in _PARTICLES
        or not word[:1].isascii()
        or not word[:1].isalpha()
        or role_of(word) is not Role.UNKNOWN
        or word[1:2] in "'’"
        for word in words
    )


def _is_full_name(text: str) -> bool:
    return len([word for word in re.split(r"[\s,]+", text) if word[:1].isupper()]) > 1


def without_note(text: str) -> tuple[str, bool]:
    """The label TEXT without the remark that the customer never saw it, and whether there was one."""
    if is_internal(text):
        return text, True
    match = re.fullmatch(r"(.*?)\s*[(\[]([^)\]]*)[)\]]", text)
    if match and is_internal(match[2]):
        return match[1].strip() or text, True
    return text, False


def is_internal(text: str) -> bool:
    """Whether TEXT, a remark in brackets or a kind of message, says that the customer never saw what follows."""
    return _INTERNAL.fullmatch(text.strip()) is not None


def is_information(text: str) -> bool:
    """Whether TEXT heads a piece of information: `Date`, `Call ID`."""
    words = text.lower().split()
    return bool(words) and words[-1] in _DATA

"""Which reader takes a file, by its content, and what it yields."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.metadata import entry_points
from typing import Protocol

from audit.errors import AuditError
from audit.ingest import (
    assemblyai,
    azure_conversations,
    azure_transcription,
    bedrock,
    call_analytics,
    captions,
    contact_lens,
    conversations,
    deepgram,
    dialpad,
    fireflies,
    genesys,
    gong,
    google_insights,
    google_speech,
    intercom,
    liveperson,
    meta,
    parquet,
    plaintext,
    records,
    rev,
    ringcentral,
    salesforce,
    slack,
    tables,
    teams,
    telegram,
    transcribe,
    twilio,
    vcon,
    whatsapp,
    whisper,
    workbook,
    zendesk,
    zendesk_chat,
    zoom_chat,
)
from audit.ingest.source import MALFORMED, Rejected, Source, json_fault
from audit.model import Conversation

PLUGINS = "transcript_audit.readers"


class Reader(Protocol):
    """What a module that reads a format holds.

    `recognises` tells by the content whether it takes a file; `read` yields its conversations, and what of it cannot
    be read. `ORDER` (1 where it is left out) is when it is asked: 0 before the bytes are looked at as text, 2 and 3 only
    where no other takes the file. `LISTS` is True where it reads a list whole, and not item by item.
    """

    NAME: str
    TITLE: str
    EXTENSIONS: tuple[str, ...]
    EVIDENCE: str
    CARRIES: tuple[str, ...]

    def recognises(self, source: Source) -> bool:
        """Whether this reader takes SOURCE."""

    def read(self, source: Source) -> Iterator[Conversation | Rejected]:
        """The conversations of SOURCE."""


_OWN = (
    conversations, contact_lens, call_analytics, transcribe, bedrock, genesys, google_insights, google_speech, azure_conversations,
    azure_transcription, deepgram, assemblyai,
    whisper, vcon, twilio, dialpad, ringcentral, gong, rev, fireflies, teams, zendesk, zendesk_chat, intercom,
    liveperson, salesforce, slack, whatsapp, telegram, meta, zoom_chat, captions, tables, workbook, parquet, records,
    plaintext,
)  # fmt: skip
_PAGE = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml)", re.IGNORECASE)


@cache
def all_readers() -> Mapping[str, Reader]:
    """Every reader by name: those of the project, then those that plugins bring. Raises AuditError."""
    found: dict[str, Reader] = {reader.NAME: reader for reader in _OWN}
    for point in sorted(entry_points(group=PLUGINS), key=lambda point: point.name):
        try:
            reader: Reader = point.load()
            missing = [each for each in ("NAME", "TITLE", "EXTENSIONS", "EVIDENCE", "CARRIES", "recognises", "read")
                       if not hasattr(reader, each)]  # fmt: skip
        except Exception as error:  # a plugin may raise anything
            raise AuditError(f"the reader plugin `{point.name}` cannot be loaded ({type(error).__name__})") from None
        if missing:
            raise AuditError(f"the reader plugin `{point.name}` has no {missing[0]}; see CONTRIBUTING.md")
        if reader.NAME in found:
            raise AuditError(f"the reader plugin `{point.name}` is called {reader.NAME}, as another reader is")
        found[reader.NAME] = reader
    return found


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The conversations of SOURCE, and what of it cannot be read. Never raises for what a file holds."""
    try:
        reader, parts = _take(source)
        for part in parts:
            for read in _guarded(reader.read, part):
                if isinstance(read, Rejected):
                    reason = f"{part.part}: {read.reason}" if part.part.startswith("/") else read.reason
                    yield Rejected(read.code, reason, read.line or (part.line if part.part.isdigit() else None))
                else:
                    yield replace(read, warnings=(*source.warnings, *read.warnings)) if source.warnings else read
    except Rejected as fault:
        yield fault
    except MALFORMED as error:
        yield _malformed(error)


def _guarded(
    read: Callable[[Source], Iterator[Conversation | Rejected]], part: Source
) -> Iterator[Conversation | Rejected]:
    """What READ makes of PART, whatever is wrong with it."""
    try:
        yield from read(part)
    except Rejected as fault:
        yield fault
    except MALFORMED as error:
        yield _malformed(error)


def _malformed(error: Exception) -> Rejected:
    return Rejected("shape", f"looks known, but its parts are not as they should be ({type(error).__name__})")


def reader_for(source: Source) -> Reader:
    """The reader that takes SOURCE, by its content. Raises Rejected where none does, or more than one."""
    return _take(source)[0]


def _take(source: Source) -> tuple[Reader, Iterator[Source]]:
    """The reader that takes SOURCE, and the parts of it that are read one by one."""
    readers = all_readers()
    if source.options.format:
        if source.options.format not in readers:
            raise AuditError(f"there is no format `{source.options.format}`; known are: {', '.join(readers)}")
        reader = readers[source.options.format]
        return reader, _parts(reader, source)
    for order in range(4):
        if taker := _taker(source, order):
            return taker, _parts(taker, source)
        if order in (1, 2) and source.looks_like_json:
            for inner in source.in_other_case() if source.document is not None else ():
                if taker := _taker(inner, order):
                    return taker, _parts(taker, inner)
            if taken := _wrapped(source, order):
                return taken
    raise _unknown(source)


def _taker(source: Source, order: int) -> Reader | None:
    """The one reader of ORDER that takes SOURCE, None where none does. Raises Rejected where several do."""
    takers = [each for each in all_readers().values() if getattr(each, "ORDER", 1) == order and each.recognises(source)]
    if len(takers) > 1:
        names = " or ".join(each.NAME for each in takers)
        raise Rejected("ambiguous", f"could be {names}; say which with --from")
    return takers[0] if takers else None


def _parts(reader: Reader, source: Source) -> Iterator[Source]:
    """SOURCE, or its items where it is a list of exports that READER reads one by one."""
    if source.looks_known and source.outline.is_list and not getattr(reader, "LISTS", False):
        return source.parts()
    return iter([source])


def _wrapped(source: Source, order: int, deep: int = 2) -> tuple[Reader, Iterator[Source]] | None:
    """The reader that takes the lines of SOURCE, or a value in it that an interface or a tool wrapped."""
    is_object = bool(source.outline.keys) and not source.outline.is_list
    for first in source.parts():
        if reader := _taker(first, order):
            return reader, _parts(reader, first) if is_object else source.parts()
        if is_object and deep > 1 and (taken := _wrapped(first, order, deep - 1)):
            return taken
        if not is_object:
            break
    return None


def _unknown(source: Source) -> Rejected:
    """What is wrong with a file that no reader takes."""
    if source.looks_like_json:
        fault, line = json_fault(source.json)
        if source.document is None:
            return Rejected("json", fault, line)
        outline = source.outline
        if outline.has("$schema") or outline.has("definitions", "properties"):
            return Rejected("schema", "this is a JSON Schema, not a transcript")
        if outline.keys & {"error", "errors", "code", "__type"}:
            return Rejected("error-page", "this is an error message of an API, not a transcript; export it again")
        if source.document == []:
            return Rejected("companion", "an empty list")
        return Rejected("format", "JSON of no known export; see `audit formats`")
    if "-->" in source.text[:200]:
        return Rejected("format", "cues with points in their times need WEBVTT in the first line")
    if _PAGE.match(source.text):
        return Rejected("web-page", "this is a web page, not a transcript; export it again")
    return Rejected("format", "no speakers were found (`Agent: …` before each turn); see `audit formats`")

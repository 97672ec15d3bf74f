"""Which reader takes a file, by its content, and what it yields."""

import re
from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType

from audit.errors import AuditError
from audit.ingest import call_analytics, captions, contact_lens, conversations, plaintext, tables
from audit.ingest.source import MALFORMED, Rejected, Source, json_fault
from audit.model import Conversation

# Asked in this order; a file that two of them take is refused with both names.
READERS: dict[str, ModuleType] = {
    reader.NAME: reader for reader in (conversations, contact_lens, call_analytics, captions, tables, plaintext)
}

_PAGE = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml)", re.IGNORECASE)


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The conversations of SOURCE, and what of it cannot be read. Never raises for what a file holds."""
    try:
        for conversation in reader_for(source).read(source):
            if source.warnings and isinstance(conversation, Conversation):
                conversation = replace(conversation, warnings=(*source.warnings, *conversation.warnings))
            yield conversation
    except Rejected as fault:
        yield fault
    except MALFORMED as error:
        yield Rejected("shape", f"looks known, but its parts are not as they should be ({type(error).__name__})")


def reader_for(source: Source) -> ModuleType:
    """The reader that takes SOURCE, by its content. Raises Rejected where none does, or more than one."""
    if source.options.format:
        if source.options.format not in READERS:
            raise AuditError(f"there is no format `{source.options.format}`; known are: {', '.join(READERS)}")
        return READERS[source.options.format]
    takers = [name for name, reader in READERS.items() if reader.recognises(source)]
    if len(takers) == 1:
        return READERS[takers[0]]
    if takers:
        raise Rejected("ambiguous", f"could be {' or '.join(takers)}; say which with --from")
    raise _unknown(source)


def _unknown(source: Source) -> Rejected:
    """What is wrong with a file that no reader takes."""
    if source.looks_like_json:
        if source.document is None:
            fault, line = json_fault(source.text)
            return Rejected("json", f"{fault}; was the file cut?", line)
        document = source.document
        if isinstance(document, dict) and ("$schema" in document or {"definitions", "properties"} <= document.keys()):
            return Rejected("schema", "this is a JSON Schema, not a transcript")
        if isinstance(document, dict) and {"error", "code"} & document.keys():
            return Rejected("error-page", "this is an error message of an API, not a transcript; export it again")
        return Rejected("format", "JSON of no known export; see `audit formats`")
    if _PAGE.match(source.text):
        return Rejected("web-page", "this is a web page, not a transcript; export it again")
    return Rejected("format", "no speakers were found (`Agent: …` before each turn); see `audit formats`")

"""Gong: transcripts of calls, and a second file that tells who the speakers are."""

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.source import Rejected, Source, decode
from audit.ingest.times import seconds
from audit.model import Channel, Conversation, Participant, Role

NAME = "gong"
TITLE = "Gong call transcripts (beside them or in them: the calls with their parties)"
EXTENSIONS = (".json",)
EVIDENCE = "documented"
CARRIES = ("roles, agent names, start: with calls.json or parties.json", "times", "several a file")

BESIDE = ("calls.json", "parties.json")
_ROLES = {"Internal": Role.AGENT, "External": Role.CUSTOMER}


class _Sentence(msgspec.Struct):
    text: str = ""
    start: float | None = None
    end: float | None = None


class _Monologue(msgspec.Struct, rename="camel"):
    speaker_id: str | int | None = None
    sentences: list[_Sentence] = []


class _Transcript(msgspec.Struct, rename="camel"):
    call_id: str | int
    transcript: list[_Monologue] | None = None


class _Party(msgspec.Struct, rename="camel"):
    speaker_id: str | None = None
    name: str | None = None
    user_id: str | None = None
    email_address: str | None = None
    affiliation: str | None = None


class _MetaData(msgspec.Struct):
    id: str | int
    started: str | None = None
    language: str | None = None
    duration: float | None = None


class _Call(msgspec.Struct, rename="camel"):
    meta_data: _MetaData
    parties: list[_Party] = []


class _Records(msgspec.Struct):
    cursor: str | None = None


class _Export(msgspec.Struct, rename="camel"):
    call_transcripts: list[_Transcript]
    calls: list[_Call] = []
    records: _Records = msgspec.field(default_factory=_Records)


def recognises(source: Source) -> bool:
    """Whether SOURCE holds call transcripts, or the calls that belong to some."""
    return source.outline.has("callTranscripts") or source.outline.under("calls").has("parties", "metaData")


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The calls of SOURCE."""
    if source.outline.under("calls").has("parties") and not source.outline.has("callTranscripts"):
        raise Rejected("companion", "tells who the speakers of the call transcripts beside it are")
    export = source.decode(_Export)
    calls = {str(call.meta_data.id): call for call in export.calls}
    for name in BESIDE:
        if beside := source.beside(name):
            calls |= _calls(beside)
    for number, told in enumerate(export.call_transcripts):
        try:
            yield _call(told, calls.get(str(told.call_id)), number, source, bool(export.records.cursor))
        except Rejected as fault:
            yield fault


class _Calls(msgspec.Struct):
    calls: list[_Call] = []


@lru_cache(maxsize=2)
def _calls(told: bytes) -> dict[str, _Call]:
    return {str(call.meta_data.id): call for call in decode(told, _Calls).calls}


def _call(told: _Transcript, call: _Call | None, number: int, source: Source, cut: bool) -> Conversation:
    people = {each.speaker_id: each for each in (call.parties if call else ()) if each.speaker_id}
    last = max((each.end or 0 for part in told.transcript or () for each in part.sentences), default=0)
    # Gong says whole milliseconds; files made by others hold seconds, which fractions or the length of the call tell.
    lasted = call.meta_data.duration if call else None
    fractions = any(each.start and each.start % 1 for part in told.transcript or () for each in part.sentences)
    unit = 1.0 if fractions or (lasted and last <= 2 * lasted) else 1e-3
    draft = Draft(source, Channel.VOICE)
    for place, part in enumerate(told.transcript or ()):
        key = str(part.speaker_id)
        party = people.get(key, _Party())
        role = _ROLES.get(party.affiliation or "", Role.UNKNOWN)
        who = party.user_id or party.email_address if role is Role.AGENT else None
        person = draft.cast.add(key, Participant(key, role, party.name, who))
        for each in part.sentences:
            start, end = (None if at is None else at * unit for at in (each.start, each.end))
            draft.say(person, each.text, start, end, f"/callTranscripts/{number}/transcript/{place}")
    if cut:
        draft.warn("the file is one page of several")
    meta = call.meta_data if call else None
    started = seconds(meta.started) if meta else None
    return draft.finish(told.call_id, start=started, language=(meta.language or "")[:2] if meta else None)

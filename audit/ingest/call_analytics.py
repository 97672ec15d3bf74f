"""Amazon Transcribe Call Analytics: calls with word times, where each turn names the role of its speaker."""

from collections.abc import Iterator

from audit.ingest.contact_lens import contact, voice_turn
from audit.ingest.roles import Cast, role_of
from audit.ingest.source import Rejected, Source
from audit.model import Channel, Conversation, Participant

NAME = "call-analytics"
TITLE = "Amazon Transcribe Call Analytics"
EXTENSIONS = (".json",)
EVIDENCE = "sample"
CARRIES = ("roles", "times", "word times", "vendor interruptions")


def recognises(source: Source) -> bool:
    """Whether SOURCE is a call whose turns have a role and no participant id."""
    document = source.document
    if not isinstance(document, dict) or document.get("Channel") != "VOICE":
        return False
    transcript = document.get("Transcript")
    first = transcript[0] if isinstance(transcript, list) and transcript else None
    return isinstance(first, dict) and "ParticipantRole" in first and "ParticipantId" not in first


def read(source: Source) -> Iterator[Conversation | Rejected]:
    """The one call of SOURCE, known by the name of its job."""
    document = source.document
    cast = Cast()
    turns = []
    for place, entry in enumerate(document["Transcript"]):
        key = str(entry.get("ParticipantRole"))
        turns.append(voice_turn(entry, cast.add(key, Participant(key, role_of(key))), place))
    yield contact(document, str(document.get("JobName") or source.name), Channel.VOICE, cast, turns, source)

"""Amazon Transcribe Call Analytics: calls with word times, where each turn names the role of its speaker."""

from collections.abc import Iterator

from audit.ingest.contact_lens import Export, metrics, say
from audit.ingest.draft import Draft
from audit.ingest.roles import role_of
from audit.ingest.source import Source
from audit.model import Channel, Conversation, Participant

NAME = "call-analytics"
TITLE = "Amazon Transcribe Call Analytics"
EXTENSIONS = (".json",)
EVIDENCE = "sample"
CARRIES = ("roles", "times", "word times", "vendor interruptions")


def recognises(source: Source) -> bool:
    """Whether SOURCE is a call whose turns have a role and no participant id."""
    first = source.outline.under("Transcript")
    return first.has("ParticipantRole") and not first.has("ParticipantId") and not first.has("AbsoluteTime")


def read(source: Source) -> Iterator[Conversation]:
    """The one call of SOURCE, known by the name of its job."""
    export = source.decode(Export)
    draft = Draft(source, Channel.VOICE)
    for place, entry in enumerate(export.transcript):
        key = entry.participant_role
        say(draft, draft.cast.add(key, Participant(key, role_of(key))), entry, f"/Transcript/{place}")
    yield draft.finish(export.job_name, language=export.language_code, vendor_metrics=metrics(export))

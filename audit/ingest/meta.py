"""Facebook Messenger and Instagram exports: newest message first, letters outside ASCII broken in two."""

from collections.abc import Iterator

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.source import Source
from audit.model import Channel, Conversation, Participant

NAME = "meta"
TITLE = "Facebook Messenger and Instagram export"
EXTENSIONS = (".json",)
EVIDENCE = "sample"
CARRIES = ("names", "start times")


class _Message(msgspec.Struct):
    sender_name: str
    timestamp_ms: float
    content: str | None = None


class _Export(msgspec.Struct):
    messages: list[_Message]
    thread_path: str | None = None


def recognises(source: Source) -> bool:
    """Whether SOURCE holds messages with a sender's name and milliseconds."""
    return source.outline.under("messages").has("sender_name", "timestamp_ms")


def read(source: Source) -> Iterator[Conversation]:
    """The one chat of SOURCE."""
    export = source.decode(_Export)
    draft = Draft(source, Channel.CHAT)
    for place, message in reversed(list(enumerate(export.messages))):
        name = _mended(message.sender_name)
        text = _mended(message.content or "")
        draft.say(draft.cast.add(name, Participant(name, name=name)), text, message.timestamp_ms / 1000,
                  ref=f"/messages/{place}")  # fmt: skip
    yield draft.finish(export.thread_path)


def _mended(text: str) -> str:
    """TEXT with UTF-8 that was taken for Latin-1 put right; as it is where it was not."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text

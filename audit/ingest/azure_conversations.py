"""Azure: conversations for the analysis of language, chats and transcripts."""

from collections.abc import Iterator

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.roles import label, role_of
from audit.ingest.source import Source
from audit.ingest.times import TICK
from audit.model import Channel, Conversation, Participant, Role, Word

NAME = "azure-conversations"
TITLE = "Azure conversations (Language)"
EXTENSIONS = (".json",)
EVIDENCE = "sample; documented: times"
CARRIES = ("roles", "times and word times where recorded", "several a file")


class _Timing(msgspec.Struct):
    offset: float | None = None
    duration: float | None = None


class _WordTiming(msgspec.Struct):
    word: str
    offset: float
    duration: float


class _Item(msgspec.Struct, rename="camel"):
    text: str = ""
    masked_itn: str = ""
    itn: str = ""
    lexical: str = ""
    participant_id: str | int | None = None
    role: str | None = None
    modality: str = ""
    conversation_item_level_timing: _Timing | None = None
    audio_timings: list[_WordTiming] = []


class _Talk(msgspec.Struct, rename="camel"):
    conversation_items: list[_Item]
    id: str | int | None = None
    language: str | None = None
    modality: str = ""


class _Input(msgspec.Struct):
    conversations: list[_Talk]


class _Conversations(msgspec.Struct, rename="camel"):
    analysis_input: _Input | None = None
    conversations: list[_Talk] = []


def recognises(source: Source) -> bool:
    """Whether SOURCE holds conversations made of items."""
    outline = source.outline
    return outline.under("analysisInput", "conversations").has("conversationItems") or outline.under(
        "conversations"
    ).has("conversationItems")


def read(source: Source) -> Iterator[Conversation]:
    """The conversations of SOURCE."""
    export = source.decode(_Conversations)
    where = "/analysisInput/conversations" if export.analysis_input else "/conversations"
    for place, talk in enumerate(
        export.analysis_input.conversations if export.analysis_input else export.conversations
    ):
        yield _conversation(talk, source, f"{where}/{place}")


def _conversation(talk: _Talk, source: Source, pointer: str) -> Conversation:
    spoken = "transcript" in (talk.modality, *(item.modality for item in talk.conversation_items[:1]))
    draft = Draft(source, Channel.VOICE if spoken else Channel.CHAT)
    for place, item in enumerate(talk.conversation_items):
        key = str(item.participant_id)
        role = role_of(item.role or "")
        named = label(key)
        person = Participant(key, role if role is not Role.UNKNOWN else named.role)
        timing = item.conversation_item_level_timing
        start = end = None
        if timing is not None and timing.offset is not None:
            start = round(timing.offset * TICK, 7)
            end = None if timing.duration is None else round(start + timing.duration * TICK, 7)
        words = tuple(
            Word(each.word, round(each.offset * TICK, 7), round((each.offset + each.duration) * TICK, 7))
            for each in item.audio_timings
        )
        text = item.text or item.masked_itn or item.itn or item.lexical
        draft.say(draft.cast.add(key, person), text, start, end, f"{pointer}/conversationItems/{place}", words)
    return draft.finish(talk.id, language=talk.language, ref="" if pointer.endswith("/0") else pointer)

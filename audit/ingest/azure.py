"""Azure: conversations for language analysis, and batch or fast transcription of recordings."""

from collections.abc import Iterator
from typing import Any

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.roles import label, role_of
from audit.ingest.source import Source
from audit.ingest.times import TICK, duration
from audit.model import Channel, Conversation, Participant, Role, Word

NAME = "azure"
TITLE = "Azure conversations; Azure batch and fast transcription"
EXTENSIONS = (".json",)
EVIDENCE = "sample; documented: fast transcription, times of conversations"
CARRIES = ("roles in conversations, speaker numbers in transcriptions", "times and word times in transcriptions")


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


class _Word(msgspec.Struct, rename="camel"):
    word: str = ""
    text: str = ""
    offset: str | None = None
    duration: str | None = None
    offset_in_ticks: float | None = None
    duration_in_ticks: float | None = None
    offset_milliseconds: float | None = None
    duration_milliseconds: float | None = None

    @property
    def times(self) -> tuple[float | None, float | None]:
        """From when to when, in seconds; three versions of the service write them in three ways."""
        if self.offset_milliseconds is not None:
            start, lasts = self.offset_milliseconds / 1000, (self.duration_milliseconds or 0) / 1000
        elif self.offset_in_ticks is not None:
            start, lasts = self.offset_in_ticks * TICK, (self.duration_in_ticks or 0) * TICK
        elif self.offset is not None:
            start, lasts = duration(self.offset) or 0.0, duration(self.duration) or 0.0
        else:
            return None, None
        return round(start, 7), round(start + lasts, 7)


class _Best(msgspec.Struct):
    display: str = ""
    words: list[_Word] = []


class _Phrase(_Word, rename="camel"):
    recognition_status: str = "Success"
    channel: int = 0
    speaker: int | None = None
    n_best: list[_Best] = []
    words: list[_Word] = []
    locale: str | None = None


class _Transcription(msgspec.Struct, rename="camel"):
    recognized_phrases: list[_Phrase] = []
    phrases: list[_Phrase] = []
    source: str | None = None
    combined_recognized_phrases: list[Any] = []


def recognises(source: Source) -> bool:
    """Whether SOURCE holds conversations made of items, or phrases that were recognised."""
    outline = source.outline
    return (
        outline.under("analysisInput", "conversations").has("conversationItems")
        or outline.under("conversations").has("conversationItems")
        or outline.has("recognizedPhrases")
        or (outline.has("phrases", "combinedPhrases") and outline.under("phrases").has("offsetMilliseconds"))
    )


def read(source: Source) -> Iterator[Conversation]:
    """The conversations of SOURCE, or its one recording."""
    if source.outline.has("recognizedPhrases") or source.outline.has("phrases"):
        yield _recording(source)
        return
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


def _recording(source: Source) -> Conversation:
    export = source.decode(_Transcription)
    phrases = export.recognized_phrases or export.phrases
    channels = {phrase.channel for phrase in phrases}
    where = "recognizedPhrases" if export.recognized_phrases else "phrases"
    draft = Draft(source, Channel.VOICE)
    for place, phrase in enumerate(phrases):
        best = phrase.n_best[0] if phrase.n_best else _Best(phrase.text, phrase.words)
        if phrase.recognition_status != "Success":
            draft.warn("some of the recording was not recognised")
            continue
        key = f"{phrase.channel}:{phrase.speaker}" if len(channels) > 1 else str(phrase.speaker or phrase.channel)
        words = tuple(
            Word(word.word or word.text, start, end)
            for word in best.words
            for start, end in [word.times]
            if start is not None and end is not None
        )
        draft.say(draft.cast.add(key, Participant(key)), best.display, *phrase.times, f"/{where}/{place}", words)
    return draft.finish(language=next((p.locale for p in phrases if p.locale), None), one_track=len(channels) < 2)

"""Azure: batch and fast transcription of recordings, speakers by number, or one on each channel."""

from collections.abc import Iterator

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.source import Source
from audit.ingest.times import TICK, duration
from audit.model import Channel, Conversation, Participant, Word

NAME = "azure-transcription"
TITLE = "Azure batch and fast transcription"
EXTENSIONS = (".json",)
EVIDENCE = "sample; documented: fast transcription"
CARRIES = ("speaker numbers", "times", "word times")


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


def recognises(source: Source) -> bool:
    """Whether SOURCE holds phrases that were recognised."""
    outline = source.outline
    return outline.has("recognizedPhrases") or (
        outline.has("phrases", "combinedPhrases") and outline.under("phrases").has("offsetMilliseconds")
    )


def read(source: Source) -> Iterator[Conversation]:
    """The one recording of SOURCE."""
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
    yield draft.finish(language=next((p.locale for p in phrases if p.locale), None), one_track=len(channels) < 2)

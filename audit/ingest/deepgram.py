"""Deepgram: utterances where they were asked for, else paragraphs; speakers by number, or one on each channel."""

from collections.abc import Iterator

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.source import Rejected, Source
from audit.model import Channel, Conversation, Participant
from audit.model import Word as SpokenWord

NAME = "deepgram"
TITLE = "Deepgram"
EXTENSIONS = (".json",)
EVIDENCE = "sample; documented: several channels"
CARRIES = ("speaker numbers", "times", "word times")


class _Word(msgspec.Struct, gc=False):
    start: float
    end: float
    word: str = ""
    punctuated_word: str | None = None
    speaker: int | None = None

    @property
    def text(self) -> str:
        """The word with its case and marks, where they are told."""
        return self.punctuated_word or self.word


class _Sentence(msgspec.Struct):
    text: str = ""


class _Paragraph(msgspec.Struct):
    start: float
    end: float
    sentences: list[_Sentence] = []
    speaker: int | None = None


class _Paragraphs(msgspec.Struct):
    paragraphs: list[_Paragraph] = []


class _Alternative(msgspec.Struct):
    transcript: str = ""
    words: list[_Word] = []
    paragraphs: _Paragraphs | None = None


class _Track(msgspec.Struct):
    alternatives: list[_Alternative] = []
    detected_language: str | None = None


class _Utterance(msgspec.Struct):
    start: float
    end: float
    transcript: str = ""
    channel: int = 0
    speaker: int | None = None
    words: list[_Word] = []


class _Results(msgspec.Struct):
    channels: list[_Track]
    utterances: list[_Utterance] | None = None


class _Metadata(msgspec.Struct):
    request_id: str | None = None


class _Export(msgspec.Struct):
    results: _Results
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)


def recognises(source: Source) -> bool:
    """Whether SOURCE holds results by channel."""
    return source.outline.has("metadata") and source.outline.under("results").has("channels")


def read(source: Source) -> Iterator[Conversation]:
    """The one recording of SOURCE, known by its request. Raises Rejected where it tells no turns apart."""
    export = source.decode(_Export)
    channels = export.results.channels
    several = len(channels) > 1
    draft = Draft(source, Channel.VOICE)
    for place, each in enumerate(export.results.utterances or ()):
        speaker = _speaker(draft, each.speaker, each.channel, several)
        draft.say(speaker, each.transcript, each.start, each.end, f"/results/utterances/{place}", _words(each.words))
    if not export.results.utterances:
        for number, channel in enumerate(channels):
            for alternative in channel.alternatives[:1]:
                _paragraphs(draft, alternative, number, several)
    language = next((each.detected_language for each in channels if each.detected_language), None)
    yield draft.finish(export.metadata.request_id, language=language, one_track=not several)


def _paragraphs(draft: Draft, told: _Alternative, channel: int, several: bool) -> None:
    ref = f"/results/channels/{channel}/alternatives/0"
    if told.paragraphs is None:
        if told.words:
            raise Rejected("no-turns", f"{ref}: neither utterances nor paragraphs; ask Deepgram for utterances")
        return
    for place, each in enumerate(told.paragraphs.paragraphs):
        text = " ".join(sentence.text for sentence in each.sentences)
        words = [word for word in told.words if each.start <= word.start < each.end]
        speaker = _speaker(draft, each.speaker, channel, several)
        draft.say(speaker, text, each.start, each.end, f"{ref}/paragraphs/paragraphs/{place}", _words(words))


def _speaker(draft: Draft, speaker: int | None, channel: int, several: bool) -> Participant:
    key = f"channel {channel}" if several else "unnamed" if speaker is None else str(speaker)
    return draft.cast.add(key, Participant(key))


def _words(words: list[_Word]) -> tuple[SpokenWord, ...]:
    return tuple(SpokenWord(word.text, word.start, word.end) for word in words)

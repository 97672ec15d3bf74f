"""Google Speech-to-Text with speakers told apart, or on several channels; older and newer version."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.source import Rejected, Source
from audit.ingest.times import duration
from audit.model import Channel, Conversation, Participant, Word

NAME = "google-speech"
TITLE = "Google Speech-to-Text with speakers or channels"
EXTENSIONS = (".json",)
EVIDENCE = "documented"
CARRIES = ("speaker labels", "times", "word times")


class Spoken(msgspec.Struct, rename="camel"):
    """A word as Google writes it; the two versions name its times differently."""

    word: str = ""
    start_offset: Any = None
    end_offset: Any = None
    start_time: Any = None
    end_time: Any = None
    speaker_tag: int | None = None
    speaker_label: str | None = None

    @property
    def speaker(self) -> str:
        """The label of the speaker, "" where none is told."""
        return self.speaker_label or (str(self.speaker_tag) if self.speaker_tag else "")


class _Alternative(msgspec.Struct):
    words: list[Spoken] = []
    transcript: str = ""


class _Result(msgspec.Struct, rename="camel"):
    alternatives: list[_Alternative] = []
    channel_tag: int | None = None
    language_code: str | None = None


class _Results(msgspec.Struct):
    results: list[_Result]


def recognises(source: Source) -> bool:
    """Whether SOURCE holds results with alternatives."""
    results = source.outline.under("results")
    return results.is_list and results.has("alternatives")


def read(source: Source) -> Iterator[Conversation]:
    """The one recording of SOURCE. In the older version the last result repeats all words, with their speakers.

    Raises Rejected where no speakers were told apart.
    """
    results = [each for each in source.decode(_Results).results if each.alternatives]
    draft = Draft(source, Channel.VOICE)
    channels = {result.channel_tag for result in results} - {None, 0}
    if len(channels) > 1:
        for place, result in enumerate(results):
            _say(draft, f"channel {result.channel_tag}", result.alternatives[0].words, f"/results/{place}")
    else:
        told = [each.alternatives[0].words for each in results]
        earlier = sum(len(words) for words in told[:-1])
        words = told[-1] if told and len(told[-1]) >= earlier else [word for words in told for word in words]
        if not any(word.speaker for word in words):
            raise Rejected("no-speakers", "no speakers were told apart; run it with diarisation or on two channels")
        for speaker, spoken in groupby(words, key=lambda word: word.speaker):
            _say(draft, speaker or "unnamed", list(spoken), f"/results/{len(results) - 1}")
    language = next((result.language_code for result in results if result.language_code), None)
    yield draft.finish(language=language, one_track=len(channels) < 2)


def _say(draft: Draft, speaker: str, words: list[Spoken], ref: str) -> None:
    text = " ".join(word.word for word in words)
    draft.say(draft.cast.add(speaker, Participant(speaker)), text, ref=ref, words=timed(words))


def timed(words: list[Spoken]) -> tuple[Word, ...]:
    """WORDS that have times. A first word's start of nought is left out by the format."""
    return tuple(
        Word(word.word, duration(start) or 0.0, finish)
        for word in words
        for start, end in [(word.start_offset or word.start_time, word.end_offset or word.end_time)]
        if (finish := duration(end)) is not None
    )

"""AssemblyAI: utterances with a letter for each speaker, or one on each channel; times in milliseconds."""

from collections.abc import Iterator
from itertools import groupby

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.source import Rejected, Source
from audit.model import Channel, Conversation, Participant, Word

NAME = "assemblyai"
TITLE = "AssemblyAI"
EXTENSIONS = (".json",)
EVIDENCE = "sample; documented: several channels"
CARRIES = ("speaker letters", "times", "word times")


class _Word(msgspec.Struct, gc=False):
    text: str
    start: float
    end: float
    speaker: str | None = None
    channel: str | int | None = None


class _Utterance(msgspec.Struct):
    text: str
    start: float
    end: float
    speaker: str | None = None
    channel: str | int | None = None
    words: list[_Word] = []


class _Export(msgspec.Struct):
    id: str | None = None
    status: str = "completed"
    utterances: list[_Utterance] | None = None
    words: list[_Word] | None = None
    language_code: str | None = None
    dual_channel: bool | None = None
    multichannel: bool | None = None
    error: str | None = None


def recognises(source: Source) -> bool:
    """Whether SOURCE holds words or utterances, and how long the recording is."""
    outline = source.outline
    return outline.has("audio_duration") and bool(outline.keys & {"words", "utterances"})


def read(source: Source) -> Iterator[Conversation]:
    """The one recording of SOURCE. Raises Rejected where it is not finished, or told no speakers apart."""
    export = source.decode(_Export)
    if export.status != "completed":
        raise Rejected("unfinished", "the transcription was not completed; export it again when it is")
    draft = Draft(source, Channel.VOICE)
    utterances = export.utterances or [
        _Utterance(" ".join(word.text for word in spoken), spoken[0].start, spoken[-1].end, speaker, channel, spoken)
        for (speaker, channel), words in groupby(export.words or (), key=lambda word: (word.speaker, word.channel))
        if (speaker or channel) and (spoken := list(words))
    ]
    if not utterances:
        raise Rejected("no-speakers", "no speakers were told apart; transcribe it with speaker labels or channels")
    where = "utterances" if export.utterances else "words"
    for place, each in enumerate(utterances):
        words = tuple(Word(word.text, word.start / 1000, word.end / 1000) for word in each.words)
        key = str(each.speaker or f"channel {each.channel}")
        ref = f"/{where}/{place}"
        draft.say(draft.cast.add(key, Participant(key)), each.text, each.start / 1000, each.end / 1000, ref, words)
    several = bool(export.dual_channel or export.multichannel)
    yield draft.finish(export.id, language=export.language_code, one_track=not several)

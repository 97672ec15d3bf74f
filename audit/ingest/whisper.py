"""The Whisper family: plain, timestamped, WhisperX, whisper.cpp, and the speech interface of OpenAI."""

from collections.abc import Iterator
from itertools import groupby

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.source import Source
from audit.model import Channel, Conversation, Participant, Word

NAME = "whisper"
TITLE = "Whisper, whisper-timestamped, WhisperX, whisper.cpp"
EXTENSIONS = (".json",)
EVIDENCE = "sample of whisper-timestamped; documented: the others"
CARRIES = ("speaker labels (WhisperX, whisper.cpp on two channels)", "times", "word times")

UNNAMED = "unnamed"
_LANGUAGES = {"english": "en", "spanish": "es", "french": "fr", "german": "de", "italian": "it", "portuguese": "pt"}


class _Word(msgspec.Struct, gc=False):
    text: str = ""
    word: str = ""
    start: float | None = None
    end: float | None = None
    speaker: str | None = None


class _Segment(msgspec.Struct, gc=False):
    text: str
    start: float | None = None
    end: float | None = None
    speaker: str | None = None
    words: list[_Word] = []


class _Offsets(msgspec.Struct, rename={"since": "from"}):
    since: float
    to: float


class _Piece(msgspec.Struct):
    text: str
    offsets: _Offsets
    speaker: str | None = None


class _Result(msgspec.Struct):
    language: str | None = None


class _Export(msgspec.Struct):
    segments: list[_Segment] = []
    transcription: list[_Piece] = []
    result: _Result = msgspec.field(default_factory=_Result)
    language: str | None = None


def recognises(source: Source) -> bool:
    """Whether SOURCE holds segments with a start, an end and a text, or whisper.cpp's transcription."""
    outline = source.outline
    segments = outline.under("segments")
    known = (
        outline.has("language") or outline.has("word_segments") or segments.value("type") == "transcript.text.segment"
    )
    return (known and segments.has("start", "end", "text")) or outline.under("transcription").has("offsets", "text")


def read(source: Source) -> Iterator[Conversation]:
    """The one recording of SOURCE."""
    export = source.decode(_Export)
    draft = Draft(source, Channel.VOICE)
    for place, piece in enumerate(export.transcription):
        speaker = None if piece.speaker == "?" else piece.speaker
        segment = _Segment(piece.text, piece.offsets.since / 1000, piece.offsets.to / 1000, speaker)
        _say(draft, segment, f"/transcription/{place}")
    for place, segment in enumerate(export.segments):
        for part in _by_speaker(segment):
            _say(draft, part, f"/segments/{place}")
    nameless = sum(turn.participant.id == UNNAMED for turn in draft.turns)
    if nameless:
        draft.warn(f"{nameless} of {len(draft.turns)} segments name no speaker")
    language = export.language or export.result.language or ""
    yield draft.finish(language=_LANGUAGES.get(language, language), one_track=True)


def _say(draft: Draft, segment: _Segment, ref: str) -> None:
    key = segment.speaker or UNNAMED
    words = tuple(
        Word((word.text or word.word).strip(), word.start, word.end)
        for word in segment.words
        if word.start is not None and word.end is not None
    )
    draft.say(draft.cast.add(key, Participant(key)), segment.text.strip(), segment.start, segment.end, ref, words)


def _by_speaker(segment: _Segment) -> Iterator[_Segment]:
    """SEGMENT, cut where its words change speaker. A word without one was said by whoever said the word before it."""
    last = segment.speaker
    for word in segment.words:
        last = word.speaker = word.speaker or last
    if len({word.speaker for word in segment.words}) < 2:
        segment.speaker = last
        yield segment
        return
    for speaker, spoken in groupby(segment.words, key=lambda word: word.speaker):
        words = list(spoken)
        text = " ".join((word.text or word.word).strip() for word in words)
        starts = [word.start for word in words if word.start is not None]
        ends = [word.end for word in words if word.end is not None]
        yield _Segment(text, min(starts, default=None), max(ends, default=None), speaker, words)

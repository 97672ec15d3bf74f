"""Amazon Transcribe, with speaker labels or channels: who spoke is a label, never a role."""

from collections.abc import Iterable, Iterator

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.source import Rejected, Source
from audit.model import Channel, Conversation, Participant, Word

NAME = "transcribe"
TITLE = "Amazon Transcribe, speakers or channels"
EXTENSIONS = (".json",)
EVIDENCE = "sample"
CARRIES = ("speaker labels", "times", "word times")

# A pause of one channel, in seconds, after which its next word begins another turn: an utterance, as Transcribe itself
# cuts its segments for speakers.
PAUSE = 1.0


class _Alternative(msgspec.Struct, gc=False):
    content: str = ""


class _Item(msgspec.Struct, gc=False):
    alternatives: list[_Alternative] = []
    start_time: float | None = None
    end_time: float | None = None

    @property
    def said(self) -> str:
        """The word or mark that is most likely."""
        return self.alternatives[0].content if self.alternatives else ""


class _Spoken(msgspec.Struct, gc=False):
    start_time: float | None = None


class _Segment(msgspec.Struct, gc=False):
    start_time: float
    end_time: float
    speaker_label: str = ""
    items: list[_Spoken] = []


class _Speakers(msgspec.Struct):
    segments: list[_Segment] = []


class _Track(msgspec.Struct):
    channel_label: str
    items: list[_Item] = []


class _Channels(msgspec.Struct):
    channels: list[_Track] = []


class _AudioSegment(msgspec.Struct, gc=False):
    start_time: float
    end_time: float
    transcript: str = ""
    speaker_label: str | None = None
    channel_label: str | None = None
    items: list[int] = []


class _Results(msgspec.Struct):
    items: list[_Item] = []
    audio_segments: list[_AudioSegment] = []
    speaker_labels: _Speakers | None = None
    channel_labels: _Channels | None = None
    language_code: str | None = None


class _Export(msgspec.Struct, rename={"job_name": "jobName"}):
    results: _Results
    job_name: str | None = None


def recognises(source: Source) -> bool:
    """Whether SOURCE is the result of a transcription job."""
    return source.outline.has("jobName") and source.outline.under("results").has("items", "transcripts")


def read(source: Source) -> Iterator[Conversation]:
    """The one recording of SOURCE. Raises Rejected where it says nothing about who spoke."""
    export = source.decode(_Export)
    results = export.results
    draft = Draft(source, Channel.VOICE)
    if any(segment.speaker_label or segment.channel_label for segment in results.audio_segments):
        for stretch in results.audio_segments:
            label = (results.channel_labels and stretch.channel_label) or stretch.speaker_label or stretch.channel_label
            words = _words(results.items[number] for number in stretch.items if number < len(results.items))
            person = draft.cast.add(label or "unnamed", Participant(label or "unnamed"))
            draft.say(person, stretch.transcript, stretch.start_time, stretch.end_time, words=words)
    elif results.channel_labels is not None:
        for track in results.channel_labels.channels:
            for spoken in _stretches(track.items):
                _say(draft, track.channel_label, spoken)
    elif results.speaker_labels is not None:
        for segment, items in _by_segment(results.speaker_labels.segments, results.items, draft):
            _say(draft, segment.speaker_label, items, segment.start_time, segment.end_time)
    else:
        raise Rejected("no-speakers", "the job told no speakers apart; run it with speaker labels or channels")
    yield draft.finish(export.job_name, language=results.language_code, one_track=results.channel_labels is None)


def _stretches(items: list[_Item]) -> Iterator[list[_Item]]:
    """The words of one channel with their marks, cut where it paused."""
    stretch: list[_Item] = []
    until = 0.0
    for item in items:
        if stretch and item.start_time is not None and item.start_time - until > PAUSE:
            yield stretch
            stretch = []
        stretch.append(item)
        until = item.end_time if item.end_time is not None else until
    if stretch:
        yield stretch


def _by_segment(segments: list[_Segment], items: list[_Item], draft: Draft) -> Iterator[tuple[_Segment, list[_Item]]]:
    """Each segment with the items spoken in it, a mark with the word before it."""
    owners = {spoken.start_time: place for place, segment in enumerate(segments) for spoken in segment.items}
    own: list[list[_Item]] = [[] for _ in segments]
    place: int | None = None
    for item in items:
        if item.start_time is not None:
            place = owners.get(item.start_time)
        if place is not None:
            own[place].append(item)
        elif item.start_time is not None:
            draft.warn("some words belong to no speaker's segment; they were left out")
    yield from zip(segments, own, strict=True)


def _say(draft: Draft, label: str, items: list[_Item], start: float | None = None, end: float | None = None) -> None:
    text = "".join(item.said if item.start_time is None else f" {item.said}" for item in items)
    words = _words(items)
    draft.say(draft.cast.add(label, Participant(label)), text.strip(), start, end, words=words)


def _words(items: Iterable[_Item]) -> tuple[Word, ...]:
    return tuple(
        Word(item.said, item.start_time, item.end_time)
        for item in items
        if item.start_time is not None and item.end_time is not None
    )

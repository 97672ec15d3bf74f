"""Amazon Bedrock Data Automation, audio: segments with speaker and channel labels."""

from collections.abc import Iterator

import msgspec

from audit.ingest.draft import Draft
from audit.ingest.source import Source
from audit.model import Channel, Conversation, Participant, Word

NAME = "bedrock"
TITLE = "Amazon Bedrock Data Automation, audio"
EXTENSIONS = (".json",)
EVIDENCE = "sample"
CARRIES = ("speaker labels", "times", "word times")


class _Speaker(msgspec.Struct):
    speaker_label: str = ""


class _Channel(msgspec.Struct):
    channel_label: str = ""


class _Segment(msgspec.Struct):
    text: str = ""
    type: str = "TRANSCRIPT"
    start_timestamp_millis: float | None = None
    end_timestamp_millis: float | None = None
    speaker: _Speaker | None = None
    channel: _Channel | None = None
    audio_item_indices: list[int] = []
    language: str | None = None


class _Item(msgspec.Struct, gc=False):
    item_index: int = -1
    content: str = ""
    start_timestamp_millis: float | None = None
    end_timestamp_millis: float | None = None


class _Metadata(msgspec.Struct):
    s3_key: str | None = None
    dominant_asset_language: str | None = None
    number_of_channels: int = 1


class _Export(msgspec.Struct):
    audio_segments: list[_Segment]
    metadata: _Metadata
    audio_items: list[_Item] = []


def recognises(source: Source) -> bool:
    """Whether SOURCE has segments of audio."""
    return source.outline.has("audio_segments", "metadata")


def read(source: Source) -> Iterator[Conversation]:
    """The one recording of SOURCE."""
    export = source.decode(_Export)
    items = {item.item_index: item for item in export.audio_items}
    draft = Draft(source, Channel.VOICE)
    for place, segment in enumerate(export.audio_segments):
        if segment.type != "TRANSCRIPT":
            continue
        label = (segment.speaker and segment.speaker.speaker_label) or (
            segment.channel and segment.channel.channel_label
        )
        spoken = [items[index] for index in segment.audio_item_indices if index in items]
        words = tuple(
            Word(item.content, item.start_timestamp_millis / 1000, item.end_timestamp_millis / 1000)
            for item in spoken
            if item.start_timestamp_millis is not None and item.end_timestamp_millis is not None
        )
        person = draft.cast.add(label or "unnamed", Participant(label or "unnamed"))
        draft.say(person, segment.text, _s(segment.start_timestamp_millis), _s(segment.end_timestamp_millis),
                  f"/audio_segments/{place}", words)  # fmt: skip
    yield draft.finish(
        export.metadata.s3_key,
        language=(export.metadata.dominant_asset_language or "").lower(),
        one_track=export.metadata.number_of_channels < 2,
    )


def _s(millis: float | None) -> float | None:
    return None if millis is None else millis / 1000

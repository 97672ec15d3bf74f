"""The chat of a Zoom meeting: a time, a name and a message on each line."""

import re
from collections.abc import Iterator

from audit.ingest.draft import Draft
from audit.ingest.roles import participant
from audit.ingest.source import Source
from audit.ingest.times import seconds
from audit.model import Channel, Conversation

NAME = "zoom-chat"
TITLE = "Zoom meeting chat"
EXTENSIONS = (".txt",)
EVIDENCE = "sample"
CARRIES = ("names", "start times")

_LINE = re.compile(
    r"(\d{1,2}:\d{2}:\d{2})[\t ]+(?:From[\t ]+(.{1,80}?)[\t ]+to[\t ]+.{1,80}?[\t ]*:|([^\t:]{1,80}):\t)[\t ]*(.*)"
)


def recognises(source: Source) -> bool:
    """Whether SOURCE begins with such a line."""
    if source.looks_like_json:
        return False
    first = next((line for line in source.lines if line.strip()), "")
    return _LINE.match(first.lstrip("\ufeff")) is not None


def read(source: Source) -> Iterator[Conversation]:
    """The one chat of SOURCE. Lines without a time go on with the message before them."""
    messages: list[list[str]] = []
    places: list[int] = []
    for number, line in enumerate(source.lines, 1):
        if match := _LINE.match(line.lstrip("\ufeff")):
            messages.append([match[1], (match[2] or match[3]).strip(), match[4]])
            places.append(number)
        elif messages and line.strip():
            messages[-1][2] = f"{messages[-1][2]}\n{line.strip()}".strip()
    draft = Draft(source, Channel.CHAT)
    first = seconds(messages[0][0]) or 0.0
    for number, (stamp, name, text) in zip(places, messages, strict=True):
        # A chat may go on after midnight.
        at = ((seconds(stamp) or 0.0) - first) % 86_400
        draft.say(draft.cast.add(name, participant(name)), text, at, ref=number)
    draft.keep_order()
    yield draft.finish(local_time=True)

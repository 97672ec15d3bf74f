"""Call scripts and canned replies in Markdown or plain text, where everything is for the agent to say."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from audit.ingest.roles import label
from audit.ingest.source import Rejected, Source
from audit.model import Channel, Conversation, Participant, Role, Turn

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
_FENCE = re.compile(r"[ \t]*(```+|~~~+)")
_RULE = re.compile(r"[ \t]*([-*_=])([ \t]*\1){2,}[ \t]*")
_LEAD = re.compile(r"[ \t]*(?:>[ \t]*)*(?:[-*+][ \t]+(?:\[[ xX]\][ \t]+)?|\d{1,3}[.)][ \t]+)?")
_SPEAKER = re.compile(r"(?:\*\*|__)?([^\W\d_][\w ]{0,24})(?:\*\*|__)?:(?:\*\*|__)?[ \t]+")
_MARKUP = str.maketrans("*`", "  ")


@dataclass
class _Part:
    """What stands under one heading: its title, and the turns that were read so far."""

    title: str = ""
    turns: list[Turn] = field(default_factory=list)
    going_on: bool = False


def read(source: Source, each_heading: bool = False) -> Iterator[Conversation]:
    """The script that SOURCE is, or with EACH_HEADING one for every heading. Raises Rejected where nothing is said.

    A turn is a paragraph or a list item, exactly as it stands in the file (marks of emphasis become spaces), so that
    line and column of any words can be told. Left out are front matter, comments, code, what a customer says, and what
    stands between the title of a file and its first part: it tells the reader about the script.
    """
    lines = _without_comments(source.text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    has_parts = any(line.startswith("##") for line in lines)
    parts = [_Part()]
    is_said, fence = True, ""
    for number, line in enumerate(lines, 1):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
            parts[-1].going_on = False
        elif fence or not line.strip() or _RULE.fullmatch(line):
            parts[-1].going_on = False
        elif heading := _HEADING.match(line):
            is_said = len(heading[1]) > 1 or not has_parts
            parts[-1].going_on = False
            if each_heading:
                parts.append(_Part(heading[2].strip().rstrip("#").rstrip()))
        elif is_said:
            _add(line.translate(_MARKUP), number, parts[-1])
    found = [part for part in parts if part.turns]
    if not found:
        raise Rejected("no-turns", "the file holds no words for an agent to say")
    titles = [part.title for part in found]
    for part in found:
        name = f"{source.name}: {part.title}" if part.title else source.name
        name += f" (line {part.turns[0].source_ref})" if titles.count(part.title) > 1 else ""
        yield _script(name, part, source.name)


def _script(name: str, part: _Part, source: str) -> Conversation:
    speaker = Participant("agent", Role.AGENT, part.title or None, name)
    for index, turn in enumerate(part.turns):
        turn.index, turn.participant = index, speaker
    return Conversation(
        name, Channel.SCRIPT, (speaker,), tuple(part.turns), source=source, source_ref=part.turns[0].source_ref
    )


def _without_comments(text: str) -> str:
    """TEXT with front matter and comments blanked out, every other character where it was."""
    blanked = []
    done = 0
    if text.startswith("---\n") and (end := text.find("\n---\n", 3)) >= 0:
        done = end + 5
        blanked.append("\n" * text.count("\n", 0, done))
    while (start := text.find("<!--", done)) >= 0:
        end = text.find("-->", start)
        end = len(text) if end < 0 else end + 3
        blanked += text[done:start], re.sub(r"[^\n]", " ", text[start:end])
        done = end
    return "".join([*blanked, text[done:]])


_NOBODY = Participant("agent", Role.AGENT)


def _add(line: str, number: int, part: _Part) -> None:
    """Add LINE to what is said in PART: to the turn before, where that goes on, or as a turn of its own."""
    lead = _LEAD.match(line)
    first = lead.end() if lead else 0
    is_item = line[:first].strip(" \t>") != ""
    speaker = _SPEAKER.match(line, first)
    role = label(speaker[1]).role if speaker else Role.UNKNOWN
    if speaker and role not in (Role.UNKNOWN, Role.AGENT):
        part.going_on = False
        return
    if speaker and role is Role.AGENT:
        first = speaker.end()
    if part.going_on and not is_item and role is Role.UNKNOWN:
        part.turns[-1].text += f"\n{line}"
    elif line[first:].strip():
        part.turns.append(Turn(len(part.turns), _NOBODY, line[first:], source_ref=number, column=first + 1))
        part.going_on = True


def place(turn: Turn, first: int) -> tuple[int, int]:
    """The line and column in the file of character FIRST of TURN, both counted from 1."""
    before = turn.text[:first]
    breaks = before.count("\n")
    column = len(before) - before.rfind("\n") if breaks else turn.column + first
    return int(turn.source_ref) + breaks, column

"""Call scripts and canned replies in Markdown or plain text, where everything is for the agent to say."""

import re
from collections.abc import Iterator

from audit.ingest.roles import label
from audit.ingest.source import Rejected, Source
from audit.model import Channel, Conversation, Participant, Role, Turn

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
_FENCE = re.compile(r"\s*(```|~~~)")
_RULE = re.compile(r"\s*([-*_=])(\s*\1){2,}\s*$")
_LEAD = re.compile(r"\s*(?:>\s*)*(?:[-*+]\s+(?:\[[ xX]\]\s+)?|\d{1,3}[.)]\s+)?")
_SPEAKER = re.compile(r"(?:\*\*|__)?([^\W\d_][\w ]{0,24})(?:\*\*|__)?:(?:\*\*|__)?\s+")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MARKUP = str.maketrans("*`", "  ")


def read(source: Source, each_heading: bool = False) -> Iterator[Conversation]:
    """The script that SOURCE is, or with EACH_HEADING one for every heading. Raises Rejected where nothing is said.

    A turn is a paragraph or a list item, exactly as it stands in the file (marks of emphasis become spaces), so that
    line and column of any words can be told. Lines that a customer says are left out, and so is what stands between
    the title of a file and its first part.
    """
    text = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), source.text)
    parts: list[tuple[str, list[Turn]]] = [("", [])]
    person = Participant("agent", Role.AGENT, agent_id=source.name)
    fenced = going_on = False
    has_parts = bool(re.search(r"^##", text, re.MULTILINE))
    is_said = True
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip("\r").translate(_MARKUP)
        heading = _HEADING.match(line)
        if _FENCE.match(text.split("\n")[number - 1]) or _RULE.match(line):
            fenced ^= bool(_FENCE.match(text.split("\n")[number - 1]))
            going_on = False
        elif heading and not fenced:
            going_on = False
            # What stands under the title of a file with parts tells the reader about it; nobody says it.
            is_said = len(heading[1]) > 1 or not has_parts
            if each_heading:
                parts.append((heading[2], []))
        elif fenced or not is_said or not line.strip():
            going_on = False
        else:
            going_on = _add(line, number, parts[-1][1], person, going_on)
    found = [(title, turns) for title, turns in parts if turns]
    if not found:
        raise Rejected("no-turns", "the file holds no words for an agent to say")
    for title, turns in found:
        for index, turn in enumerate(turns):
            turn.index = index
        name = f"{source.name}: {title}" if title else source.name
        speaker = Participant("agent", Role.AGENT, title or None, name)
        for turn in turns:
            turn.participant = speaker
        yield Conversation(
            name, Channel.SCRIPT, (speaker,), tuple(turns), source=source.name, source_ref=turns[0].source_ref
        )


def _add(line: str, number: int, turns: list[Turn], person: Participant, going_on: bool) -> bool:
    """Add LINE to the script; whether the next line can go on with it."""
    lead = _LEAD.match(line)
    first = lead.end() if lead else 0
    is_item = line[:first].strip(" >") != ""
    speaker = _SPEAKER.match(line, first)
    role = label(speaker[1]).role if speaker else Role.UNKNOWN
    if role is not Role.UNKNOWN and speaker:
        if role is not Role.AGENT:
            return False
        first = speaker.end()
    if going_on and not is_item and role is Role.UNKNOWN:
        turns[-1].text += f"\n{line}"
    elif line[first:].strip():
        turns.append(Turn(len(turns), person, line[first:], source_ref=number, column=first + 1))
    return True


def place(turn: Turn, first: int) -> tuple[int, int]:
    """The line and column in the file of character FIRST of TURN, both counted from 1."""
    before = turn.text[:first]
    breaks = before.count("\n")
    column = len(before) - before.rfind("\n") if breaks else turn.column + first
    return int(turn.source_ref) + breaks, column

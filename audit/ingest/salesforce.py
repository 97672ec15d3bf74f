"""Salesforce chat transcripts: the body of a LiveChatTranscript, alone or in a cell of an export."""

import re
from collections.abc import Iterator

from audit.ingest.draft import Draft
from audit.ingest.markup import plain
from audit.ingest.roles import role_of
from audit.ingest.source import Source
from audit.ingest.times import Calendar
from audit.model import Channel, Conversation, Participant, Role

NAME = "salesforce"
TITLE = "Salesforce LiveChatTranscript body (in a CSV: one row for each chat)"
EXTENSIONS = (".html", ".txt", ".csv")
EVIDENCE = "sample"
CARRIES = ("roles where the header names the agent", "agent names", "start times", "start of the chat")

_STARTED = re.compile(r"Chat Started:\s*([^(<\n]+?)\s*\(([+-]\d{2})(\d{2})\)")
_AGENT = re.compile(r"^Agent ([^\n]+)$", re.MULTILINE)
_STAMP = re.compile(r"\(\s*((?:\d+\s*[dhms]\s*)+)\)\s*")
_PART = re.compile(r"(\d+)\s*([dhms])")
_SECONDS = {"d": 86_400, "h": 3600, "m": 60, "s": 1}
_SAID = re.compile(r"([^:\n]{1,120}?):\s+(.*)", re.DOTALL)


def recognises(source: Source) -> bool:
    """Whether SOURCE tells when the chat started and has messages with the time since then."""
    text = source.text if not source.looks_like_json else ""
    opens = text.lstrip("\ufeff \r\n")
    return (
        opens.startswith(("<", "Chat Started:")) and "Chat Started:" in opens[:500] and _STAMP.search(text) is not None
    )


def read(source: Source) -> Iterator[Conversation]:
    """The one chat of SOURCE. Its zone is told, so its start is exact."""
    text = plain(source.text)
    started = _STARTED.search(text)
    begun = None
    if started:
        ahead = int(f"{started[2]}{started[3]}")
        zone = (abs(ahead) // 100 * 3600 + abs(ahead) % 100 * 60) * (1 if ahead > 0 else -1)
        begun = Calendar(()).read(started[1]) - zone
    agents = {match[1].strip() for match in _AGENT.finditer(text)}
    parts = _STAMP.split(text)
    said = []
    for stamp, words in zip(parts[1::2], parts[2::2], strict=True):
        match = _SAID.match(words.strip())
        if match:
            since = sum(int(number) * _SECONDS[unit] for number, unit in _PART.findall(stamp))
            said.append((since, match[1].strip(), " ".join(match[2].split())))
    speakers = dict.fromkeys(name for _, name, _ in said)
    known = {name: _role(name, agents) for name in speakers}
    others = [name for name, role in known.items() if role is Role.UNKNOWN]
    # Of two in a chat of which one is agent or customer, the other is the other.
    if len(speakers) == 2 and len(others) == 1 and {Role.AGENT, Role.CUSTOMER} & set(known.values()):
        known[others[0]] = Role.CUSTOMER if Role.AGENT in known.values() else Role.AGENT
    draft = Draft(source, Channel.CHAT)
    for since, name, words in said:
        role = known[name]
        person = Participant(name, role, name, name if role is Role.AGENT else None)
        draft.say(draft.cast.add(name, person), words, since)
    yield draft.finish(start=begun)


def _role(name: str, agents: set[str]) -> Role:
    return Role.AGENT if name in agents else role_of(name)

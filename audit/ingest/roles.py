"""Who is who: role words of exports, labels of speakers, and what a roster or an option adds."""

import csv
import itertools
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from audit.errors import AuditError
from audit.ingest.source import Options
from audit.model import Channel, Conversation, Participant, Role, Turn

_WORDS: dict[Role, str] = {
    Role.AGENT: "agent rep representative advisor adviser associate csr operator support staff admin internal"
    " humanagent callagent advocate consultant specialist clerk",
    Role.CUSTOMER: "customer client caller user enduser visitor consumer guest member patient lead contact external"
    " shopper passenger",
    Role.BOT: "bot ivr virtualagent automatedagent custombot assistant chatbot virtualassistant autoresponder",
    Role.SYSTEM: "system info acd workflow systemmessage action event",
    Role.SUPERVISOR: "supervisor manager teamlead",
}
_ROLES = {word: role for role, words in _WORDS.items() for word in words.split()}
_IN_BRACKETS = re.compile(r"^(.*?)\s*[(\[]\s*([^()\[\]]+?)\s*[)\]]$")
_NUMBERED = re.compile(r"^([A-Za-z ]+?)[ _#-]*\d+$")


# Longer labels are sentences; what they begin with is enough to tell them apart.
LONGEST_LABEL = 200


@lru_cache(maxsize=4096)
def role_of(word: str) -> Role:
    """The role that WORD names in exports (`AGENT`, `end-user`, `Virtual Agent`), UNKNOWN for any other word."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    return _ROLES.get(plain, Role.UNKNOWN)


class Label(NamedTuple):
    """A speaker as a transcript labels one: the name, None where the label is only a role, and the role."""

    name: str | None
    role: Role


@lru_cache(maxsize=4096)
def label(text: str) -> Label:
    """What the label TEXT says: `Agent`, `Ana (Agent)`, `Agent (Ana)`, `Agent 2`, `Ana`."""
    text = " ".join(text.split())[:LONGEST_LABEL]
    if match := _IN_BRACKETS.match(text):
        outer, inner = match.groups()
        if (role := role_of(inner)) is not Role.UNKNOWN:
            return Label(outer or None, role)
        if (role := role_of(outer)) is not Role.UNKNOWN:
            return Label(inner, role)
    if (role := role_of(text)) is not Role.UNKNOWN:
        return Label(None, role)
    if (match := _NUMBERED.match(text)) and (role := role_of(match[1])) is not Role.UNKNOWN:
        return Label(None, role)
    return Label(text or None, Role.UNKNOWN)


def participant(text: str) -> Participant:
    """The participant that the label TEXT stands for. An agent with a name is known by it across conversations."""
    name, role = label(text)
    return Participant(text.strip(), role, name, name if role is Role.AGENT else None)


class RosterEntry(NamedTuple):
    """Who the agent of one conversation was."""

    agent_id: str
    name: str | None
    team: str | None


Roster = Mapping[str, RosterEntry]

_ROSTER_COLUMNS = {
    "conversation": ("conversation", "conversationid", "contact", "contactid", "callid", "id"),
    "agent_id": ("agentid", "agent", "userid"),
    "name": ("name", "agentname"),
    "team": ("team", "group"),
}


def read_roster(path: Path) -> Roster:
    """The roster at PATH: a CSV file with the columns `conversation` and `agent_id`, and `name` and `team` if known.

    Raises AuditError where it cannot be read, naming the line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except (OSError, UnicodeError, csv.Error) as error:
        raise AuditError(f"the roster {path.name} cannot be read: {type(error).__name__}") from None
    heads = [re.sub(r"[^a-z]", "", head.lower()) for head in rows[0]] if rows else []
    places = {
        key: next((heads.index(alias) for alias in aliases if alias in heads), None)
        for key, aliases in _ROSTER_COLUMNS.items()
    }
    if places["conversation"] is None or places["agent_id"] is None:
        raise AuditError(f"the roster {path.name} needs the columns conversation and agent_id in its first line")
    roster: dict[str, RosterEntry] = {}
    for number, row in enumerate(rows[1:], 2):
        if not any(row):
            continue
        if len(row) != len(heads):
            raise AuditError(f"{path.name}:{number}: {len(row)} columns, expected {len(heads)}")
        cell = {key: row[place].strip() if place is not None else "" for key, place in places.items()}
        if not cell["conversation"] or not cell["agent_id"]:
            raise AuditError(f"{path.name}:{number}: conversation and agent_id must not be empty")
        if cell["conversation"] in roster:
            raise AuditError(f"{path.name}:{number}: this conversation has an agent already")
        roster[cell["conversation"]] = RosterEntry(cell["agent_id"], cell["name"] or None, cell["team"] or None)
    return roster


def settle(conversation: Conversation, options: Options, roster: Roster) -> Conversation:
    """CONVERSATION with what the options and the roster say about who the agent is.

    The roster names the one agent of its conversation; where there are several, it names the first. Nobody's role is
    guessed.
    """
    changed: dict[int, Participant] = {}
    for person in conversation.participants:
        if person.role is Role.UNKNOWN and _is_named_agent(person, options):
            changed[id(person)] = replace(
                person, role=Role.AGENT, agent_id=person.agent_id or person.name, role_source="option"
            )
    agents = [changed.get(id(p), p) for p in conversation.participants]
    entry = roster.get(conversation.id)
    if changed and len(agents) == 2:
        for person, now in zip(conversation.participants, agents, strict=True):
            if now.role is Role.UNKNOWN:
                changed[id(person)] = replace(person, role=Role.CUSTOMER, role_source="option")
    if entry is not None:
        for person, now in zip(conversation.participants, agents, strict=True):
            if now.role is Role.AGENT or now.name == entry.name:
                changed[id(person)] = replace(
                    now, role=Role.AGENT, agent_id=entry.agent_id, name=entry.name or now.name, team=entry.team,
                    role_source=now.role_source if now.role is Role.AGENT else "roster",
                )  # fmt: skip
                break
    channel = Channel(options.channel) if options.channel else conversation.channel
    if not changed:
        return conversation if channel is conversation.channel else replace(conversation, channel=channel)
    for turn in conversation.turns:
        turn.participant = changed.get(id(turn.participant), turn.participant)
    people = tuple(changed.get(id(person), person) for person in conversation.participants)
    return replace(conversation, participants=people, channel=channel)


def _is_named_agent(person: Participant, options: Options) -> bool:
    names = {name.casefold() for name in options.agent_names}
    return (
        (person.name or "").casefold() in names
        or person.id in options.agent_speakers
        or (options.agent_channel is not None and person.id in (options.agent_channel, f"ch_{options.agent_channel}"))
    )


class Cast:
    """The people of one conversation as a reader meets them, each one participant however often they speak."""

    def __init__(self) -> None:
        self._people: dict[str, Participant] = {}

    def add(self, key: str, person: Participant | None = None) -> Participant:
        """The participant known as KEY: PERSON, or what the label KEY says, the first time it is met."""
        known = self._people.get(key)
        if known is None:
            known = self._people[key] = person or participant(key)
        return known

    @property
    def people(self) -> tuple[Participant, ...]:
        """Everybody met, in order."""
        return tuple(self._people.values())


def in_order(turns: list[Turn]) -> tuple[Turn, ...]:
    """TURNS by their start, those without one where they stood, numbered anew."""
    starts = [turn.start for turn in turns]
    if None not in starts and any(a > b for a, b in itertools.pairwise(starts)):  # type: ignore[operator]
        turns = sorted(turns, key=lambda turn: turn.start or 0.0)
    for index, turn in enumerate(turns):
        turn.index = index
    return tuple(turns)

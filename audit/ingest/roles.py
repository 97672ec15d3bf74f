"""Who is who: role words of exports, labels of speakers, and what a roster or an option adds."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from audit.errors import AuditError
from audit.ingest.source import Options, Rejected, Source
from audit.model import Channel, Conversation, Participant, Role

_WORDS: dict[Role, str] = {
    Role.AGENT: "agent rep representative advisor adviser associate csr operator support staff admin internal"
    " humanagent callagent advocate consultant specialist clerk",
    Role.CUSTOMER: "customer client caller user enduser visitor consumer guest member patient lead contact external"
    " shopper passenger",
    Role.BOT: "bot ivr virtualagent automatedagent custombot assistant chatbot virtualassistant autoresponder",
    Role.SYSTEM: "system info acd workflow systemmessage automatedmessage automessage autoreply action event",
    Role.SUPERVISOR: "supervisor manager teamlead",
}
_ROLES = {word: role for role, words in _WORDS.items() for word in words.split()}
_IN_BRACKETS = re.compile(r"^(.*?)\s*[(\[]\s*([^()\[\]]+?)\s*[)\]]$")
_LEADING = re.compile(r"(\w+)[ /]([A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*)*)")
# Those who serve customers, though the word stands first.
_SERVICE = re.compile(r"customer (?:service|care|support|success|experience)\b", re.IGNORECASE)
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
    if _SERVICE.match(text):
        return Label(text, Role.AGENT)
    if (match := _LEADING.fullmatch(text)) and (role := role_of(match[1])) in (Role.AGENT, Role.CUSTOMER):
        return Label(match[2], role)
    if (match := _NUMBERED.match(text)) and (role := role_of(match[1])) is not Role.UNKNOWN:
        return Label(None, role)
    return Label(text or None, Role.UNKNOWN)


def participant(text: str) -> Participant:
    """The participant that the label TEXT stands for. An agent with a name is known by it across conversations."""
    name, role = label(text)
    return Participant(text.strip(), role, name, name if role is Role.AGENT else None)


EVERYBODY = "the roster names everybody who speaks as an agent; say who it is by conversation and participant"


class RosterEntry(NamedTuple):
    """Who an agent is."""

    agent_id: str
    name: str | None
    team: str | None


@dataclass(frozen=True, slots=True)
class Roster:
    """Who the agents are: by conversation, by conversation and participant, or by participant wherever one speaks.

    A participant is named by label, name, or id of the platform; an agent's own id does as well. `used` are the
    entries that were of use so far.
    """

    entries: Mapping[tuple[str, str], RosterEntry] = field(default_factory=dict)
    used: set[RosterEntry] = field(default_factory=set)

    def __or__(self, other: "Roster") -> "Roster":
        """Both rosters. Raises AuditError where they contradict each other."""
        for key, entry in other.entries.items():
            if self.entries.get(key, entry) != entry:
                raise AuditError("the rosters name different agents for one conversation or participant")
        return Roster({**self.entries, **other.entries})

    def of(self, conversation: str) -> RosterEntry | None:
        """The one agent of CONVERSATION, None where the roster names none or names participants."""
        return self._take((conversation, ""))

    def person(self, conversation: str, person: Participant) -> RosterEntry | None:
        """Who PERSON is in CONVERSATION, None where the roster does not say."""
        for name in (person.id, person.agent_id, person.name):
            if name:
                known = name.casefold()
                if found := self._take((conversation, known)) or self._take(("", known)):
                    return found
        return None

    def _take(self, key: tuple[str, str]) -> RosterEntry | None:
        entry = self.entries.get(key)
        if entry is not None:
            self.used.add(entry)
        return entry


_ROSTER_COLUMNS = {
    "conversation": ("conversation", "conversationid", "contact", "contactid", "callid", "id"),
    "participant": ("participant", "participantid", "speaker", "user", "userid", "label"),
    "agent_id": ("agentid", "agent"),
    "name": ("name", "agentname"),
    "team": ("team", "group"),
}


def read_roster(path: Path) -> Roster:
    """The roster at PATH: a CSV file with `agent_id`, and `conversation`, `participant`, `name`, `team` as known.

    A line with neither conversation nor participant is about the agent with that id. Raises AuditError where it
    cannot be read, naming the line.
    """
    try:
        text = Source(path.name, path.read_bytes()).text.removeprefix("\ufeff")
        mark = max(",;\t", key=text.partition("\n")[0].count)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except (OSError, Rejected, csv.Error) as error:
        raise AuditError(f"the roster {path.name} cannot be read: {error}") from None
    heads = [re.sub(r"[^a-z]", "", head.lower()) for head in rows[0]] if rows else []
    places = {
        key: next((heads.index(alias) for alias in aliases if alias in heads), None)
        for key, aliases in _ROSTER_COLUMNS.items()
    }
    if places["agent_id"] is None or all(
        places[key] is None for key in ("conversation", "participant", "name", "team")
    ):
        raise AuditError(
            f"the roster {path.name} needs agent_id in its first line, and conversation, participant, name or team"
        )
    entries: dict[tuple[str, str], RosterEntry] = {}
    for number, row in enumerate(rows[1:], 2):
        if not any(row):
            continue
        if len(row) != len(heads):
            raise AuditError(f"{path.name}:{number}: {len(row)} columns, expected {len(heads)}")
        cell = {key: row[place].strip() if place is not None else "" for key, place in places.items()}
        if not cell["agent_id"]:
            raise AuditError(f"{path.name}:{number}: agent_id must not be empty")
        key = (cell["conversation"], cell["participant"].casefold())
        if not any(key) and places["participant"] is None and places["conversation"] is not None:
            raise AuditError(f"{path.name}:{number}: conversation and agent_id must not be empty")
        entry = RosterEntry(cell["agent_id"], cell["name"] or None, cell["team"] or None)
        for each in [key] if any(key) else [("", who.casefold()) for who in (entry.agent_id, entry.name) if who]:
            if entries.setdefault(each, entry) != entry or (each == key and entries[each] is not entry):
                raise AuditError(f"{path.name}:{number}: this conversation or participant has an agent already")
    return Roster(entries)


def settle(conversation: Conversation, options: Options, roster: Roster) -> Conversation:
    """CONVERSATION with what the options and the roster say about who the agent is.

    The roster names participants, or the one agent of a conversation; where there are several, it names the first.
    Nobody's role is guessed here.
    """
    channel = Channel(options.channel) if options.channel else conversation.channel
    if not (roster.entries or options.agent_names or options.agent_speakers or options.agent_channel is not None):
        return conversation if channel is conversation.channel else replace(conversation, channel=channel)
    now: list[Participant] = []
    listed = 0
    for person in conversation.participants:
        entry = roster.person(conversation.id, person) if roster.entries else None
        if entry is not None and person.role in (Role.AGENT, Role.UNKNOWN):
            listed += person.role is Role.UNKNOWN
            person = _entered(person, entry)
        elif person.role is Role.UNKNOWN and _is_named_agent(person, options):
            who = person.agent_id or person.name
            person = replace(person, role=Role.AGENT, agent_id=who, role_source="option")
        now.append(person)
    if listed > 1 and listed == len(now):
        # Everybody's name is on the list of staff: somebody shares one, and nothing tells who.
        return replace(conversation, channel=channel, warnings=(*conversation.warnings, EVERYBODY))
    entry = roster.of(conversation.id) if roster.entries else None
    if entry is not None:
        agents = [at for at, person in enumerate(now) if person.role is Role.AGENT or person.name == entry.name]
        if agents:
            now[agents[0]] = _entered(now[agents[0]], entry)
    learnt = [person for person in now if person.role is Role.AGENT and person.role_source != "file"]
    if learnt and len(now) == 2:
        now = [
            replace(person, role=Role.CUSTOMER, role_source=learnt[0].role_source)
            if person.role is Role.UNKNOWN
            else person
            for person in now
        ]
    return recast(conversation, now, channel)


def recast(conversation: Conversation, people: Sequence[Participant], channel: Channel | None = None) -> Conversation:
    """CONVERSATION with PEOPLE in the place of its participants, in their order."""
    changed = {id(was): now for was, now in zip(conversation.participants, people, strict=True) if was is not now}
    channel = channel or conversation.channel
    if not changed:
        return conversation if channel is conversation.channel else replace(conversation, channel=channel)
    for turn in conversation.turns:
        turn.participant = changed.get(id(turn.participant), turn.participant)
    return replace(conversation, participants=tuple(people), channel=channel)


def _entered(person: Participant, entry: RosterEntry) -> Participant:
    return replace(
        person, role=Role.AGENT, agent_id=entry.agent_id, name=entry.name or person.name, team=entry.team or person.team,
        role_source=person.role_source if person.role is Role.AGENT else "roster",
    )  # fmt: skip


def _is_named_agent(person: Participant, options: Options) -> bool:
    names = {name.casefold() for name in options.agent_names}
    channel = options.agent_channel
    return (
        (person.name or "").casefold() in names
        or person.id in options.agent_speakers
        or (channel is not None and person.id in (channel, f"ch_{channel}", f"channel {channel}"))
    )

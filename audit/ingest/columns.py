"""Tables whatever they were written in: which column holds what, and the conversations that the rows make."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import Any

from audit.ingest.draft import Draft
from audit.ingest.markup import plain
from audit.ingest.roles import label, role_of
from audit.ingest.source import MALFORMED, Rejected, Source
from audit.ingest.times import EPOCH_SECONDS, UNITS, Calendar, is_local, moment, seconds, unit_by_evidence, unit_of
from audit.model import Channel, Conversation, Participant, Role, Turn

# What a column may be called, letters and digits only. The first that is there wins.
ALIASES: Mapping[str, tuple[str, ...]] = {
    key: tuple(words.split())
    for key, words in {
        "conversation": "conversationid contactid callid chatid ticketid sessionid interactionid conversation contact"
        " call chat ticket session conversationkey caseid threadid id",
        "text": "text message utterance content body transcript plainbody messagetext messagebody sentence chattext"
        " comment",
        "speaker": "speaker author from sender name participant displayname speakername sendername actorname"
        " authorname participantid speakerid user username parties",
        "role": "role speakerrole participantrole sendertype sentby speakertype authortype actortype direction type",
        "start": "start starttime begin timestamp time createdat sentat offset ts startms beginoffsetmillis datetime"
        " date starttimems startseconds startsec entrytime senttime createddate startoffset",
        "end": "end endtime endms endoffsetmillis endtimems endseconds endsec endoffset",
        "duration": "duration durationms durationseconds durationsec",
        "agent": "agentid agent assignee owner userid ownerid agentname",
        "name": "agentname agentfullname",
        "team": "agentteam team group queue department",
        "channel": "channel mediatype medium media",
        "language": "language languagecode locale",
        "visibility": "visibility",
    }.items()
}
_CHANNELS = {
    word: channel
    for channel, words in {
        Channel.VOICE: "voice call phone phonecall telephone audio",
        Channel.CHAT: "chat webchat messaging message sms whatsapp livechat social web",
        Channel.EMAIL: "email mail",
    }.items()
    for word in words.split()
}
_NUMBER = re.compile(r"\d*(?:\.\d+)?")
_BIT = 60
# Characters that a word takes in English, with the blank after it.
LETTERS = 5


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under names of columns, each with its line or JSON pointer. `places` tells which column is which."""

    heads: Sequence[str]
    rows: Sequence[tuple[str | int, Sequence[str]]]
    places: Mapping[str, int]


def simple(column: str) -> str:
    """The name of a COLUMN in letters and digits only, as aliases are written."""
    return re.sub(r"[^a-z0-9]", "", column.lower())


def find_places(heads: Sequence[str], source: Source) -> dict[str, int]:
    """Which of HEADS is which: as the user says, else by its name. Raises Rejected where two would do."""
    plain_heads = [simple(head) for head in heads]
    places: dict[str, int] = {}
    for key, column in source.options.columns:
        if column in heads:
            places[key] = list(heads).index(column)
        elif any(alias in plain_heads for alias in ALIASES["text"]):
            raise Rejected("columns", f"there is no column `{column[:_BIT]}` for {key}", 1)
    taken = set(places.values())
    for key, aliases in ALIASES.items():
        if key in places:
            continue
        for alias in aliases:
            found = [at for at, head in enumerate(plain_heads) if head == alias and (at not in taken or key == "name")]
            if len(found) > 1:
                raise Rejected("columns", f"two columns are called like `{heads[found[0]][:_BIT]}`; say --column", 1)
            if found:
                places[key] = found[0]
                taken.add(found[0])
                break
    return places


def conversations(table: Table, source: Source) -> Iterator[Conversation | Rejected]:
    """The conversations of TABLE: rows with one conversation id belong together, wherever they stand.

    Where no column says who speaks, each row is a conversation of its own, and its text is read as a file would be.
    """
    if "text" not in table.places:
        raise Rejected("columns", "no column holds the text; say --column text=NAME", 1)
    if not table.rows:
        raise Rejected("no-turns", "only a line of column names, no rows", 1)
    if not {"speaker", "role"} & table.places.keys():
        yield from _whole(table, source)
        return
    yield from _Grouping(table, source).finished()


class _Grouping:
    """The rows of a table put together by conversation."""

    def __init__(self, table: Table, source: Source) -> None:
        self.table = table
        self.source = source
        self.faults: dict[str, Rejected] = {}
        self.refs: dict[str, str | int] = {}
        self.calendars: dict[str, Calendar] = {}
        self.is_local = False

    def finished(self) -> Iterator[Conversation | Rejected]:
        """The conversations, in the order in which they begin in the table."""
        places, drafts = self.table.places, self._drafts()
        local = self.is_local
        for key, draft in drafts.items():
            own = key if "conversation" in places else None
            ref = self.refs[key]
            if key in self.faults:
                yield self.faults[key]
                continue
            try:
                made = draft.finish(own, ref=ref if own or len(drafts) > 1 else "", local_time=local)
                yield replace(made, source_ref=ref)
            except Rejected as fault:
                yield Rejected(fault.code, fault.reason, ref if isinstance(ref, int) else None)
            except MALFORMED as error:
                yield Rejected("shape", f"not as it should be ({type(error).__name__})", _line(ref))

    def _drafts(self) -> dict[str, Draft]:
        """What was said in each conversation. This is where reading a table spends its time."""
        places = self.table.places
        clocks = {key: self._clock(key) for key in ("start", "end", "duration") if key in places}
        text_at, conversation_at = places["text"], places.get("conversation")
        start_at, end_at, lasts_at = (places.get(key) for key in ("start", "end", "duration"))
        who_at = sorted({places[key] for key in ("speaker", "role", "agent", "name", "team") if key in places})
        who = itemgetter(*who_at)
        people: dict[tuple[str, Any], Participant] = {}
        drafts: dict[str, Draft] = {}
        for ref, row in self.table.rows:
            key = row[conversation_at].strip() if conversation_at is not None else self.source.name
            key = key or f"{self.source.name}:{ref}"
            draft = drafts.get(key)
            if draft is None:
                draft = drafts[key] = self._begin(key, ref, row)
            person = people.get((key, who(row)))
            if person is None:
                person = people[(key, who(row))] = draft.cast.add(*self._person(row))
            try:
                start = clocks["start"](row[start_at]) if start_at is not None else None
                end = clocks["end"](row[end_at]) if end_at is not None else None
                if end is None and start is not None and lasts_at is not None:
                    lasts = clocks["duration"](row[lasts_at])
                    end = None if lasts is None else start + lasts
            except (ValueError, OverflowError):
                fault = Rejected("time", "a time that is neither seconds, a clock time nor a date", _line(ref))
                self.faults.setdefault(key, fault)
                continue
            turn = Turn(len(draft.turns), person, row[text_at], start, end, None, ref)
            if "visibility" in places and row[places["visibility"]].strip().lower() in ("internal", "private"):
                turn.visibility = "internal"
            draft.turns.append(turn)
        return drafts

    def _begin(self, key: str, ref: str | int, row: Sequence[str]) -> Draft:
        self.refs[key] = ref
        place = self.table.places.get("channel")
        word = simple(row[place]) if place is not None else ""
        return Draft(self.source, _CHANNELS.get(word, Channel.UNKNOWN))

    def _clock(self, key: str) -> Callable[[str], float | None]:
        """How to read the column for KEY: plain numbers in one unit, else dates, or whatever else a time may be."""
        place = self.table.places[key]
        values = [row[place].strip() for _, row in self.table.rows]
        if all(_NUMBER.fullmatch(value) for value in values):
            unit = self._unit(key, place, values)
            if unit == 1.0 and all(values) and max(map(float, values), default=0.0) < EPOCH_SECONDS:
                return float
            return lambda value: seconds(float(value), unit) if value.strip() else None
        first = next(value for value in values if value)
        try:
            seconds(first)
        except ValueError:
            return self._dates(values)
        return seconds

    def _dates(self, values: Sequence[str]) -> Callable[[str], float | None]:
        calendar = Calendar([value for value in values if value], self.source.options.date_order)
        if calendar.order is None and not calendar.is_one_day:
            raise Rejected("date-order", "day and month cannot be told apart; say --date-order dmy or mdy", 1)
        self.is_local = True

        def read(value: str) -> float | None:
            return calendar.read(value) if value.strip() else None

        return read

    def _unit(self, key: str, place: int, values: Sequence[str]) -> float:
        """The unit of numbers in a column: as the user says, as its name says, else by evidence."""
        if self.source.options.time_unit:
            return UNITS[self.source.options.time_unit]
        unit = unit_of(self.table.heads[place])
        if unit is not None:
            return unit
        if key == "duration" and "start" in self.table.places:
            started = self.table.places["start"]
            begun = [row[started].strip() for _, row in self.table.rows]
            if all(_NUMBER.fullmatch(value) for value in begun):
                return self._unit("start", started, begun)
        last = max((float(value) for value in values if value), default=0.0)
        if last > EPOCH_SECONDS:
            return 1.0
        text, conversation = self.table.places["text"], self.table.places.get("conversation")
        talks = {row[conversation] for _, row in self.table.rows} if conversation is not None else {""}
        words = sum(len(row[text]) for _, row in self.table.rows) // LETTERS
        return unit_by_evidence(last, words // len(talks), self.table.heads[place])

    def _person(self, row: Sequence[str]) -> tuple[str, Participant]:
        """The participant of a row, and what tells them from the others of the conversation."""

        def cell(key: str) -> str:
            place = self.table.places.get(key)
            return row[place].strip() if place is not None else ""

        speaker, role_word = cell("speaker"), cell("role")
        named = label(speaker) if speaker else label(role_word)
        role = role_of(role_word) if role_of(role_word) is not Role.UNKNOWN else named.role
        if role is not Role.AGENT:
            key = f"{role}:{speaker or role_word or 'unknown'}"
            return key, Participant(speaker or role_word or "unknown", role, named.name)
        who = cell("agent") or named.name
        name = cell("name") or named.name
        person = Participant(speaker or who or "agent", role, name, who, cell("team") or None)
        return f"agent:{who or speaker}", person


def _whole(table: Table, source: Source) -> Iterator[Conversation | Rejected]:
    """The conversations of a table that holds each in one cell. What the other columns say goes before the cell's."""
    # Readers hold the readers of tables, and cells are read by readers.
    from audit.ingest import readers

    places = table.places
    for ref, row in table.rows:

        def cell(key: str, row: Sequence[str] = row) -> str:
            return row[places[key]].strip() if key in places else ""

        inner = Source(source.name, cell("text").encode("utf-8", "surrogatepass"), replace(source.options, format=None))
        if not cell("text"):
            yield Rejected("empty", "the cell with the text is empty", _line(ref))
            continue
        own = cell("conversation")
        for read in _cell(inner, readers):
            if isinstance(read, Rejected):
                yield Rejected(read.code, read.reason, _line(ref))
                continue
            yield replace(
                _with_agent(read, cell("agent"), cell("name"), cell("team")),
                id=own or f"{source.name}:{ref}",
                has_own_id=bool(own),
                source_ref=ref,
                channel=_CHANNELS.get(simple(cell("channel")), read.channel),
                language=read.language or cell("language") or None,
                start=read.start or _moment(cell("start"), source),
            )


def _cell(inner: Source, readers: Any) -> Iterator[Conversation | Rejected]:
    """What a cell holds; where nobody's name stands in it, one turn of somebody unknown."""
    read = list(readers.read(inner))
    if any(isinstance(each, Conversation) for each in read):
        yield from read
        return
    draft = Draft(inner)
    draft.warn("the text does not say who speaks")
    draft.say(draft.cast.add("unnamed", Participant("unnamed")), plain(inner.text))
    yield draft.finish()


def _with_agent(conversation: Conversation, who: str, name: str, team: str) -> Conversation:
    """CONVERSATION with what its row says about its agent, where there is one."""
    agents = [person for person in conversation.participants if person.role is Role.AGENT]
    if len(agents) != 1 or not (who or name):
        return conversation
    (agent,) = agents
    now = replace(agent, agent_id=who or name, name=name or agent.name or who, team=team or agent.team)
    for turn in conversation.turns:
        if turn.participant is agent:
            turn.participant = now
    people = tuple(now if person is agent else person for person in conversation.participants)
    return replace(conversation, participants=people)


def _moment(text: str, source: Source) -> datetime | None:
    """The date and time that TEXT is, without a zone where it names none; None where it is none."""
    try:
        when = seconds(text)
    except ValueError:
        try:
            when = Calendar([text], source.options.date_order).read(text)
        except ValueError:
            return None
        return moment(when).replace(tzinfo=None)
    if when is None or when <= EPOCH_SECONDS:
        return None
    return moment(when).replace(tzinfo=None) if is_local(text) else moment(when)


def _line(ref: str | int) -> int | None:
    return ref if isinstance(ref, int) else None

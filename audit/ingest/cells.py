"""Tables that hold a whole talk in each row, which is read as a file would be."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from audit.ingest.columns import CHANNELS, Table, line_of, simple
from audit.ingest.draft import Draft
from audit.ingest.markup import plain
from audit.ingest.source import Rejected, Source
from audit.ingest.times import EPOCH_SECONDS, Calendar, is_local, moment, seconds
from audit.model import Conversation, Participant, Role

# Rows that show whether cells hold whole talks.
ROWS_TO_KNOW = 20


def are_talks(table: Table, source: Source) -> bool:
    """Whether most of the first cells with text hold a whole talk, whatever the other columns are called."""
    from audit.ingest import readers

    place = table.places["text"]
    rows = [row for _, row in table.rows[:ROWS_TO_KNOW] if len(row) == len(table.heads)]
    own = table.places.get("conversation")
    if own is not None and len({row[own] for row in rows}) < len(rows):
        return False
    cells = [row[place] for row in rows if row[place].strip()]
    long = [cell for cell in cells if "\n" in cell.strip() or "<br" in cell]
    if not long or 2 * len(long) < len(cells):
        return False
    taken = 0
    for cell in long:
        try:
            readers.reader_for(
                Source(source.name, plain(cell).encode("utf-8", "surrogatepass"), replace(source.options, format=None))
            )
            taken += 1
        except Rejected:
            continue
    return 2 * taken > len(cells)


def whole(table: Table, source: Source) -> Iterator[Conversation | Rejected]:
    """The conversations of a table that holds each in one cell. What the other columns say goes before the cell's."""
    # Readers hold the readers of tables, and cells are read by readers.
    from audit.ingest import readers

    places = table.places
    for ref, row in table.rows:
        if len(row) != len(table.heads):
            reason = f"{len(row)} columns, expected {len(table.heads)}; quote text that holds the separator"
            yield Rejected("csv", reason, line_of(ref))
            continue

        def cell(key: str, row: Sequence[str] = row) -> str:
            return row[places[key]].strip() if key in places else ""

        inner = Source(
            source.name, plain(cell("text")).encode("utf-8", "surrogatepass"), replace(source.options, format=None)
        )
        if not cell("text"):
            yield Rejected("empty", "the cell with the text is empty", line_of(ref))
            continue
        own = cell("conversation")
        for read in _cell(inner, readers):
            if isinstance(read, Rejected):
                yield Rejected(read.code, read.reason, line_of(ref))
                continue
            yield replace(
                _with_agent(read, cell("agent"), cell("name"), cell("team")),
                id=own or f"{source.name}:{ref}",
                has_own_id=bool(own),
                source_ref=ref,
                channel=CHANNELS.get(simple(cell("channel")), read.channel),
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

"""Tables with a row for each utterance: rows with one conversation id belong together, wherever they stand."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

from audit.ingest import cells
from audit.ingest.clocks import Clocks
from audit.ingest.columns import CHANNELS, Table, line_of, simple
from audit.ingest.draft import Draft
from audit.ingest.labels import is_internal
from audit.ingest.markup import plain
from audit.ingest.roles import label, role_of
from audit.ingest.source import MALFORMED, Rejected, Source
from audit.model import Channel, Conversation, Participant, Role, Turn


def conversations(table: Table, source: Source) -> Iterator[Conversation | Rejected]:
    """The conversations of TABLE: rows with one conversation id belong together, wherever they stand.

    Where no column says who speaks, each row is a conversation of its own, and its text is read as a file would be.
    """
    if "text" not in table.places:
        raise Rejected("columns", "no column holds the text; say --column text=NAME", 1)
    if not table.rows:
        raise Rejected("no-turns", "only a line of column names, no rows", 1)
    if not {"speaker", "role"} & table.places.keys() or cells.are_talks(table, source):
        yield from cells.whole(table, source)
        return
    table = _with_days(table)
    place = table.places.get("conversation")
    if place is not None and simple(table.heads[place]) == "id":
        ids = [row[place] for _, row in table.rows if len(row) > place]
        if len(set(ids)) == len(ids) > 1:
            # An id that never comes twice is that of the row.
            table = replace(table, places={key: at for key, at in table.places.items() if key != "conversation"})
    yield from _Grouping(table, source).finished()


def _with_days(table: Table) -> Table:
    """TABLE with the day put before the time where they stand in two columns."""
    names = [simple(head) for head in table.heads]
    start = table.places.get("start")
    if start is None or names[start] not in ("time", "starttime") or "date" not in names:
        return table
    day = names.index("date")
    rows = [(ref, [*row, f"{row[day]} {row[start]}"] if len(row) == len(names) else row) for ref, row in table.rows]
    return Table([*table.heads, "date and time"], rows, {**table.places, "start": len(names)})


class _Grouping:
    """The rows of a table put together by conversation."""

    def __init__(self, table: Table, source: Source) -> None:
        self.table = table
        self.source = source
        self.faults: dict[str, Rejected] = {}
        self.refs: dict[str, str | int] = {}
        self.clocks = Clocks(table, source)

    def finished(self) -> Iterator[Conversation | Rejected]:
        """The conversations, in the order in which they begin in the table."""
        places, drafts = self.table.places, self._drafts()
        local = self.clocks.is_local
        for key, draft in drafts.items():
            own = key if "conversation" in places else None
            ref = self.refs[key]
            if key in self.faults:
                yield self.faults[key]
                continue
            try:
                if self.clocks.has_no_date:
                    draft.warn("day and month of its date cannot be told apart; it was left out (--date-order)")
                draft.from_nought()
                made = draft.finish(own, ref=ref if own or len(drafts) > 1 else "", local_time=local)
                yield replace(made, source_ref=ref, start=None if self.clocks.has_no_date else made.start)
            except Rejected as fault:
                yield Rejected(fault.code, fault.reason, ref if isinstance(ref, int) else None)
            except MALFORMED as error:
                yield Rejected("shape", f"not as it should be ({type(error).__name__})", line_of(ref))

    def _drafts(self) -> dict[str, Draft]:
        """What was said in each conversation. This is where reading a table spends its time."""
        places = self.table.places
        clocks = {key: self.clocks.clock(key) for key in ("start", "end", "duration") if key in places}
        text_at, conversation_at = places["text"], places.get("conversation")
        start_at, end_at, lasts_at = (places.get(key) for key in ("start", "end", "duration"))
        hidden_at = places.get("visibility")
        is_hidden = self._hidden()
        who_at = sorted({places[key] for key in ("speaker", "role", "agent", "name", "team") if key in places})
        who = itemgetter(*who_at)
        people: dict[tuple[str, Any], Participant] = {}
        drafts: dict[str, Draft] = {}
        wide = len(self.table.heads)
        for ref, row in self.table.rows:
            if len(row) != wide:
                self._misfit(ref, row, drafts)
                continue
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
            except (ValueError, OverflowError, Rejected):
                fault = Rejected("time", "a time that is neither seconds, a clock time nor a date", line_of(ref))
                self.faults.setdefault(key, fault)
                continue
            text = row[text_at]
            if "<" in text or "&" in text:
                text = plain(text)
            if not text.strip():
                continue
            turn = Turn(len(draft.turns), person, text, start, end, None, ref)
            if hidden_at is not None and person.role is not Role.CUSTOMER and is_hidden(row[hidden_at]):
                turn.visibility = "internal"
            draft.turns.append(turn)
        return drafts

    def _misfit(self, ref: str | int, row: Sequence[str], drafts: dict[str, Draft]) -> None:
        """A row of another length than the line of names: its conversation cannot be trusted."""
        place = self.table.places.get("conversation", -1)
        key = row[place].strip() if 0 <= place < len(row) else self.source.name if place < 0 else ""
        key = key or f"{self.source.name}:{ref}"
        if key not in drafts:
            drafts[key] = Draft(self.source)
            self.refs[key] = ref
        reason = f"{len(row)} columns, expected {len(self.table.heads)}; quote text that holds the separator"
        self.faults.setdefault(key, Rejected("csv", reason, line_of(ref)))

    def _hidden(self) -> Callable[[str], bool]:
        """Whether what stands in the column of visibility says that the customer never saw the turn."""
        place = self.table.places.get("visibility")
        head = simple(self.table.heads[place]) if place is not None else ""
        if head in ("public", "ispublic"):
            return lambda value: value.strip().lower() in ("false", "no", "0")
        if head in ("isinternal", "internal", "isprivate", "private"):
            return lambda value: value.strip().lower() in ("true", "yes", "1")
        private = {"private"} if head == "visibility" else {"note"}
        return lambda value: is_internal(value) or value.strip().lower() in private

    def _begin(self, key: str, ref: str | int, row: Sequence[str]) -> Draft:
        self.refs[key] = ref
        place = self.table.places.get("channel")
        word = simple(row[place]) if place is not None else ""
        return Draft(self.source, CHANNELS.get(word, Channel.UNKNOWN))

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

"""A conversation in the making: readers say who said what and when, and what is common to all exports is settled here."""

import hashlib
import itertools
import operator
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from audit.ingest.roles import participant
from audit.ingest.source import Rejected, Source
from audit.ingest.times import DAY, EPOCH_SECONDS, is_local, moment, seconds
from audit.model import Channel, Conversation, Participant, Turn, Word

LONGEST_ID = 200
HOUR = 3600.0
# Who speaks at the same time may be written down in either order; a clock that steps back goes further, in seconds.
STEP = 30.0
HALF_A_DAY = DAY / 2


class Cast:
    """The people of one conversation as a reader meets them, each one participant however often they speak."""

    def __init__(self) -> None:
        self._people: dict[str, Participant] = {}
        self._ids: set[str] = set()

    def add(self, key: str, person: Participant | None = None) -> Participant:
        """The participant known as KEY: PERSON, or what the label KEY says, the first time it is met."""
        known = self._people.get(key)
        if known is None:
            known = person or participant(key)
            if known.id in self._ids:
                known = replace(known, id=key)
            self._ids.add(known.id)
            self._people[key] = known
        return known

    def get(self, key: str) -> Participant | None:
        """The participant known as KEY, None where nobody is."""
        return self._people.get(key)

    @property
    def people(self) -> tuple[Participant, ...]:
        """Everybody met, in order."""
        return tuple(self._people.values())


class Draft:
    """What a reader has gathered of one conversation. `cast` are its people, `turns` what they said so far."""

    def __init__(self, source: Source, channel: Channel = Channel.UNKNOWN) -> None:
        self.source = source
        self.channel = channel
        self.cast = Cast()
        self.turns: list[Turn] = []
        self.warnings: dict[str, None] = {}

    def say(
        self,
        person: Participant,
        text: str,
        start: float | str | None = None,
        end: float | str | None = None,
        ref: str | int = "",
        words: tuple[Word, ...] | None = None,
        internal: bool = False,
    ) -> None:
        """PERSON says TEXT from START to END, in seconds from the start of the contact or since 1970, or as text.

        REF is the line or JSON pointer where it stands. Without a START, that of the first of WORDS counts. What holds
        no text is no turn. Raises Rejected for a text that is no time.
        """
        if words and start is None:
            start, end = words[0].start, words[-1].end
        if isinstance(start, str) or isinstance(end, str):
            start, end = _read(start, ref), _read(end, ref)
        if text.strip():
            visibility = "internal" if internal else "public"
            self.turns.append(
                Turn(len(self.turns), person, text, start, end, words or None, ref, visibility=visibility)
            )

    def warn(self, warning: str) -> None:
        """Tell people WARNING, once, about this conversation."""
        self.warnings[warning] = None

    def finish(
        self,
        known_as: object = None,
        *,
        start: float | str | None = None,
        language: str | None = None,
        ref: str | int = "",
        one_track: bool = False,
        truncated: bool = False,
        local_time: bool = False,
        metadata: Mapping[str, Any] | None = None,
        vendor_metrics: Mapping[str, Any] | None = None,
    ) -> Conversation:
        """The conversation, its turns in the order of their times. Raises Rejected where nobody said anything.

        KNOWN_AS is its own id; without one it goes by the name of the file, and by its place where it is not the first. START is when the contact began, in
        seconds since 1970 or as a date and time. ONE_TRACK: all voices share one recording, so that overlaps cannot be seen. TRUNCATED: the
        export says that it holds only a part. LOCAL_TIME: the times are of an unknown zone.
        """
        if not self.turns:
            raise Rejected("no-turns", "nobody says anything in it", ref if isinstance(ref, int) else None)
        told = seconds(start)
        local_time = local_time or is_local(start)
        begun = self._settle_times() or told
        identity = identity_of(known_as)
        when = moment(begun) if begun and begun > EPOCH_SECONDS else None
        return Conversation(
            id=identity or self._place(ref),
            channel=self.channel,
            participants=self.cast.people,
            turns=in_order(self.turns),
            language=language or None,
            start=when.replace(tzinfo=None) if when and local_time else when,
            source=self.source.name,
            source_ref=ref,
            metadata=metadata or {},
            vendor_metrics=vendor_metrics or {},
            warnings=tuple(self.warnings),
            has_own_id=identity is not None,
            one_track=one_track,
            truncated=truncated,
        )

    def _place(self, ref: str | int) -> str:
        """The name of the file, with the place in it where the conversation is not all of it, or its first."""
        place = f"{self.source.part}{ref if ref != 1 else ''}"
        return f"{self.source.name}:{place.rstrip('/')}" if place else self.source.name

    def _settle_times(self) -> float | None:
        """Make times since 1970 times since the first turn, and take out those that cannot be, with a warning.

        The moment of the first turn, None where times were offsets already.
        """
        starts = [turn.start for turn in self.turns if turn.start is not None]
        if any(map(operator.gt, starts, starts[1:])):
            self._pass_midnight()
        first = min(starts, default=0.0)
        begun = first if first > EPOCH_SECONDS else None
        for turn in self.turns:
            if turn.start is None:
                continue
            if begun is not None:
                turn.start = round(turn.start - first, 3)
                turn.end = None if turn.end is None else round(turn.end - first, 3)
                if turn.words:
                    turn.words = tuple(
                        Word(word.text, round(word.start - first, 3), round(word.end - first, 3)) for word in turn.words
                    )
            if turn.start < 0:
                turn.start = turn.end = None
                self.warn("a turn began before the start; its times were left out")
            elif turn.end is not None and turn.end < turn.start:
                turn.end = None
                self.warn("a turn ended before it began; its end was left out")
        return begun

    def from_nought(self) -> None:
        """Take times of a clock on the wall, which begin hours after nought, as times since the first turn."""
        self._pass_midnight()
        starts = [turn.start for turn in self.turns if turn.start is not None]
        first = min(starts, default=0.0)
        if not HOUR <= first < EPOCH_SECONDS:
            return
        for turn in self.turns:
            turn.start = None if turn.start is None else round(turn.start - first, 3)
            turn.end = None if turn.end is None else round(turn.end - first, 3)

    def _pass_midnight(self) -> None:
        """Clock times that fall by more than half a day have gone past midnight."""
        ahead, before = 0.0, 0.0
        for turn in self.turns:
            if turn.start is None or turn.start > DAY:
                return
        for turn in self.turns:
            if turn.start is not None:
                if turn.start + HALF_A_DAY < before:
                    ahead += DAY
                before = turn.start
                if turn.end is not None:
                    turn.end += ahead + (DAY if turn.end + HALF_A_DAY < turn.start else 0.0)
                turn.start += ahead

    def keep_order(self) -> None:
        """Trust the order of the file, not times that step back in it, as local clocks do in autumn."""
        latest = 0.0
        for turn in self.turns:
            if turn.start is not None and turn.start < latest - STEP:
                turn.start = turn.end = None
                self.warn("a time stepped back, as local clocks do in autumn; it was left out")
            latest = max(latest, turn.start or 0.0)


def _read(time: float | str | None, ref: str | int) -> float | None:
    try:
        return seconds(time)
    except ValueError:
        where = f"{ref}: " if isinstance(ref, str) else ""
        line = ref if isinstance(ref, int) else None
        raise Rejected("time", f"{where}a time that is neither seconds, a clock time nor a date", line) from None


def identity_of(value: object) -> str | None:
    """VALUE as the id of a conversation or a person, None where it is none.

    A very long one is cut, and told from others that begin alike by a hash of the whole.
    """
    if value is None or isinstance(value, bool | float | dict | list) or not (text := str(value).strip()):
        return None
    if len(text) <= LONGEST_ID:
        return text
    return f"{text[: LONGEST_ID - 20]}…{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def in_order(turns: list[Turn]) -> tuple[Turn, ...]:
    """TURNS by their start, those without one where they stood, numbered anew."""
    starts = [turn.start for turn in turns]
    if None not in starts and any(a > b for a, b in itertools.pairwise(starts)):  # type: ignore[operator]
        turns = sorted(turns, key=lambda turn: turn.start or 0.0)
    for index, turn in enumerate(turns):
        turn.index = index
    return tuple(turns)

"""What a file can tell: worked out once for a conversation, and said to people wherever it limits a verdict."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from audit.language.words import is_redacted
from audit.model import Channel, Conversation, Role

_TALKERS = frozenset({Role.AGENT, Role.CUSTOMER})
_WRITTEN = frozenset({Channel.CHAT, Channel.EMAIL, Channel.SCRIPT})
# The limit that pages look for.
GUESSED = "who the agent is was guessed"
# So many turns, all of whose times are whole seconds, were rounded and did not fall so.
FEWEST_STAMPS = 8


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the file of one conversation tells, and what it does not. What only a call has is no limit of a chat."""

    is_written: bool
    has_agent: bool
    has_customer: bool
    has_roles: bool
    has_agent_id: bool
    has_times: bool
    has_end_times: bool
    has_word_times: bool
    has_fine_times: bool
    is_overlap_measurable: bool
    is_redacted: bool
    is_truncated: bool
    is_guessed: bool

    def limits(self) -> tuple[str, ...]:
        """What the file does not tell, or tells only in part, in words; what follows from another limit is left out."""
        return tuple(self._limits())

    def _limits(self) -> Iterator[str]:
        if not self.has_agent:
            yield "nobody is known to be the agent"
        elif not self.has_agent_id:
            yield "the agent is not named"
        if not self.has_customer:
            yield "no words of anybody known to be the customer"
        elif not self.has_roles:
            yield "not everybody's role is known"
        if not self.has_times:
            yield "no times"
        elif not self.is_written:
            if not self.has_end_times:
                yield "no times at which turns ended"
            elif not self.has_fine_times:
                yield "times in whole seconds, so overlaps cannot be seen"
            elif not self.is_overlap_measurable:
                yield "all voices on one track, so overlaps cannot be seen"
            if self.has_end_times and not self.has_word_times:
                yield "no times of words"
        if self.is_redacted:
            yield "parts were redacted"
        if self.is_truncated:
            yield "the export holds only a part"
        if self.is_guessed:
            yield GUESSED

    def flags(self) -> dict[str, bool]:
        """Every capability by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


def capabilities(conversation: Conversation) -> Capabilities:
    """What the file of CONVERSATION can tell.

    Times count where every turn of agent and customer has them. Overlaps are measurable where such turns have an end
    as well, are told finer than in whole seconds, and the voices were not all recorded on one track.
    """
    spoken = [turn for turn in conversation.turns if turn.text and turn.visibility == "public"]
    people = {id(turn.participant): turn.participant for turn in spoken}.values()
    roles = {person.role for person in people}
    agents = [person for person in people if person.role is Role.AGENT]
    talk = [turn for turn in spoken if turn.participant.role in _TALKERS] or spoken
    has_times = bool(talk) and None not in [turn.start for turn in talk]
    has_ends = has_times and None not in [turn.end for turn in talk]
    fine = has_ends and (
        len(talk) < FEWEST_STAMPS or any((turn.start or 0) % 1 or (turn.end or 0) % 1 for turn in talk)
    )
    return Capabilities(
        is_written=conversation.channel in _WRITTEN,
        has_agent=bool(agents),
        has_customer=Role.CUSTOMER in roles,
        has_roles=Role.UNKNOWN not in roles,
        has_agent_id=bool(agents) and all(person.agent_id for person in agents),
        has_times=has_times,
        has_end_times=has_ends,
        has_word_times=has_ends and all(turn.words for turn in talk),
        has_fine_times=fine,
        is_overlap_measurable=fine and not conversation.one_track,
        is_redacted=is_redacted("\n".join([turn.text for turn in spoken])),
        is_truncated=conversation.truncated,
        is_guessed="guess" in {person.role_source for person in people},
    )

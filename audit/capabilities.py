"""What a file can tell: worked out once for a conversation, and said to people wherever it limits a verdict."""

from dataclasses import dataclass, fields

from audit.language.words import is_redacted
from audit.model import Conversation, Role

# What is missing, in words, where a capability is not there.
MISSING = {
    "has_agent": "nobody is known to be the agent",
    "has_customer": "no words of the customer",
    "has_roles": "not everybody's role is known",
    "has_agent_id": "the agent is not named",
    "has_times": "no times",
    "has_end_times": "no times at which turns ended",
    "has_word_times": "no times of words",
    "is_overlap_measurable": "overlaps cannot be seen",
}
PRESENT = {
    "is_redacted": "parts were redacted",
    "is_truncated": "the export holds only a part",
    "is_guessed": "who the agent is was guessed",
}


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the file of one conversation tells, and what it does not."""

    has_agent: bool
    has_customer: bool
    has_roles: bool
    has_agent_id: bool
    has_times: bool
    has_end_times: bool
    has_word_times: bool
    is_overlap_measurable: bool
    is_redacted: bool
    is_truncated: bool
    is_guessed: bool

    def limits(self) -> list[str]:
        """What the file does not tell, or tells only in part, in words."""
        found = [words for name, words in MISSING.items() if not getattr(self, name)]
        return found + [words for name, words in PRESENT.items() if getattr(self, name)]

    def flags(self) -> dict[str, bool]:
        """Every capability by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


def capabilities(conversation: Conversation) -> Capabilities:
    """What the file of CONVERSATION can tell.

    Times count where every turn of agent and customer has them. Overlaps are measurable where such turns have an end
    as well, and the voices were not all recorded on one track.
    """
    spoken = [turn for turn in conversation.turns if turn.text and turn.visibility == "public"]
    people = {id(turn.participant): turn.participant for turn in spoken}.values()
    agents = [person for person in people if person.role is Role.AGENT]
    talk = [turn for turn in spoken if turn.role in (Role.AGENT, Role.CUSTOMER)] or spoken
    has_times = bool(talk) and all(turn.start is not None for turn in talk)
    has_ends = has_times and all(turn.end is not None for turn in talk)
    return Capabilities(
        has_agent=bool(agents),
        has_customer=any(person.role is Role.CUSTOMER for person in people),
        has_roles=all(person.role is not Role.UNKNOWN for person in people),
        has_agent_id=bool(agents) and all(person.agent_id for person in agents),
        has_times=has_times,
        has_end_times=has_ends,
        has_word_times=has_ends and all(turn.words for turn in talk),
        is_overlap_measurable=has_ends and not conversation.one_track,
        is_redacted=any(is_redacted(turn.text) for turn in spoken),
        is_truncated=conversation.truncated,
        is_guessed=any(person.role_source == "guess" for person in people),
    )

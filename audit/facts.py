"""One conversation as the checks see it: each fact is worked out once, when it is first asked for."""

from collections.abc import Iterable
from functools import cached_property

from audit.acts import ActIds, Vocabulary
from audit.language.words import count_words, is_unreadable
from audit.measures.balance import Wait, waits, words_by_role
from audit.measures.overlaps import Overlap, interruptions, span
from audit.model import Channel, Conversation, Evidence, Participant, Role, Turn

# How near to the last words a goodbye stands, in turns of either side.
LAST_WORDS = 4


class Facts:
    """What is known about one conversation: who did what, in which turn, when.

    Only what the agent and the customer said to each other counts: bots, system messages and internal notes are no
    turns here.
    """

    def __init__(self, conversation: Conversation, vocabulary: Vocabulary) -> None:
        self.conversation = conversation
        self.spoken = [
            turn
            for turn in conversation.turns
            if turn.role in (Role.AGENT, Role.CUSTOMER) and turn.visibility == "public" and turn.text
        ]
        self._done: dict[tuple[str, Role], list[Evidence]] = {}
        for turn in self.spoken:
            for act, spans in vocabulary.places(turn.text):
                places = self._done.setdefault((act, turn.role), [])
                places.extend(Evidence(turn, first, last) for first, last in spans)

    def done(self, acts: ActIds, by: Role = Role.AGENT) -> list[Evidence]:
        """Every place where somebody of the role BY did one of ACTS, in the order they were said."""
        if len(acts) == 1:
            return self._done.get((acts[0], by), [])
        places = [place for act in acts for place in self._done.get((act, by), ())]
        return sorted(places, key=lambda place: (place.turn.index, place.first, place.last))

    def turns(self, role: Role, after: Turn | None = None, before: Turn | None = None) -> list[Turn]:
        """The turns of ROLE, those after AFTER and before BEFORE where given."""
        return [
            turn
            for turn in self.spoken
            if turn.role is role
            and (after is None or turn.index > after.index)
            and (before is None or turn.index < before.index)
        ]

    def own_turns(self, agent: Participant) -> list[Turn]:
        """The turns of one agent."""
        return [turn for turn in self.spoken if turn.participant is agent]

    @cached_property
    def agents(self) -> tuple[Participant, ...]:
        """The agents who spoke, in the order of their first words."""
        return tuple({id(turn.participant): turn.participant for turn in self.turns(Role.AGENT)}.values())

    @cached_property
    def has_customer(self) -> bool:
        """Whether the file holds words of the customer."""
        return any(turn.role is Role.CUSTOMER for turn in self.spoken)

    @property
    def is_script(self) -> bool:
        """Whether this is a text to be said, not a talk that took place."""
        return self.conversation.channel is Channel.SCRIPT

    @cached_property
    def has_times(self) -> bool:
        """Whether both sides' turns have a start and an end, so that overlaps can be seen."""
        return bool(self.spoken) and all(span(turn) is not None for turn in self.spoken)

    def ends_with(self, acts: ActIds) -> bool:
        """Whether one of ACTS, by either side, stands among the last words of the file."""
        if not self.spoken:
            return False
        last = self.spoken[-LAST_WORDS:]
        places = self.done(acts, Role.AGENT) + self.done(acts, Role.CUSTOMER)
        return any(place.turn in last for place in places)

    def words(self, turns: Iterable[Turn]) -> int:
        """How many words TURNS hold."""
        return sum(count_words(turn.text) for turn in turns)

    def unreadable(self, turn: Turn) -> bool:
        """Whether redaction left nothing of TURN to judge."""
        return is_unreadable(turn.text)

    @cached_property
    def words_by_role(self) -> dict[Role, int]:
        """The number of words of each side."""
        return words_by_role(self.spoken)

    @cached_property
    def interruptions(self) -> list[Overlap]:
        """Each time the agent cut the customer off."""
        return interruptions(self.spoken, by=Role.AGENT, of=Role.CUSTOMER)

    @cached_property
    def waits(self) -> list[Wait]:
        """Each wait of the customer for the agent, where the file has times."""
        return waits(self.spoken)

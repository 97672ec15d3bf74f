"""One conversation as the checks see it: each fact is worked out once, when it is first asked for."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import KeysView, Sequence
from functools import cached_property

from audit.acts import ActIds, Vocabulary
from audit.capabilities import Capabilities, capabilities
from audit.language.backchannel import is_listening
from audit.language.sentences import clauses
from audit.language.words import count_words, is_unreadable, part_of
from audit.matching import Span
from audit.measures.balance import Wait, waits, words_by_role
from audit.measures.overlaps import Overlap, interruptions
from audit.model import Channel, Conversation, Evidence, Participant, Role, Turn

# How near to the last words a goodbye stands, in turns of either side but for listening words; thanks in more words
# than BRIEF go on to something else.
LAST_WORDS = 4
BRIEF = 15
# Thanks for an offer that is taken up.
_ACCEPTS = re.compile(r"\W*(?:yes|yeah|yep|sure|please|yup|okay do|ok do|definitely|absolutely)\b", re.IGNORECASE)
# The mark of a question, in an address it is none.
_ASKS = re.compile(r"\?(?=\s|\W*$)")
# A signature may stand behind the mark: "Is it back? ^AB", "… today? - Matt".
_QUESTION = re.compile(r"\?[\s\W]*(?:(?:[\^~/*-]\s?)+\w+)?\W*(?:https?:\S+)?\s*$")
# A tag behind a whole sentence asks nothing.
_TAG = re.compile(r"(?<=[.!,])\s*(?:okay|ok|alright|all right|right|yeah)\?\s*$", re.IGNORECASE)
# In so many last turns of the agent's, who hands the customer over leaves the matter to somebody else.
HANDED = 3


class _Side:
    """What one side of the talk said and did."""

    def __init__(self, role: Role, turns: list[Turn], vocabulary: Vocabulary) -> None:
        self._places: dict[str, list[tuple[Turn, Sequence[Span]]]] = defaultdict(list)
        self.acts = self._places.keys()
        self._asked = vocabulary.asked[role]
        look = vocabulary.said_by[role]
        for turn in turns:
            for act, spans in look(turn.text).items():
                self._places[act].append((turn, spans))
        self._done: dict[str, list[Evidence]] = {}
        self._together: dict[ActIds, list[Evidence]] = {}

    def done(self, act: str) -> list[Evidence]:
        """The places where ACT was done. Raises KeyError where it was not looked for."""
        found = self._done.get(act)
        if found is None:
            if act not in self._asked:
                raise KeyError(act)
            places = self._places.get(act, ())
            found = self._done[act] = [Evidence(turn, *span) for turn, spans in places for span in spans]
        return found

    def all_done(self, acts: ActIds) -> list[Evidence]:
        """The places where one of ACTS was done, in the order they were said."""
        if len(acts) == 1:
            return self.done(acts[0])
        found = self._together.get(acts)
        if found is None:
            found = [place for act in acts for place in self.done(act)]
            if len(found) > 1:
                found.sort(key=lambda place: (place.turn.index, place.first, place.last))
            self._together[acts] = found
        return found


class Facts:
    """What is known about one conversation: who did what, in which turn, when.

    Only what the agent and the customer said to each other counts: bots, system messages and internal notes are no
    turns here.
    """

    def __init__(self, conversation: Conversation, vocabulary: Vocabulary) -> None:
        self.conversation = conversation
        # A text to be said, not a talk that took place.
        self.is_script = conversation.channel is Channel.SCRIPT
        self.spoken: list[Turn] = []
        self._by_role: dict[Role, list[Turn]] = {Role.AGENT: [], Role.CUSTOMER: []}
        for turn in conversation.turns:
            said = self._by_role.get(turn.participant.role)
            if said is not None and turn.text and turn.visibility == "public":
                said.append(turn)
                self.spoken.append(turn)
        # The agents who spoke, in the order of their first words.
        self.agents = tuple({id(turn.participant): turn.participant for turn in self.turns(Role.AGENT)}.values())
        self._places: dict[Role, list[int]] = {}
        self._closed: dict[tuple[ActIds, ActIds], bool] = {}
        self._words: dict[str, int] = {}
        self._sentences: dict[str, int] = {}
        self._longest: dict[str, Turn] = {}
        self._sides = {role: _Side(role, turns, vocabulary) for role, turns in self._by_role.items()}

    def done(self, acts: ActIds, by: Role = Role.AGENT) -> list[Evidence]:
        """Every place where somebody of the role BY did one of ACTS, in the order they were said.

        Raises KeyError for an act that no rule asks for: nobody looked for it.
        """
        return self._sides[by].all_done(acts)

    def acts(self, by: Role) -> KeysView[str]:
        """The acts that somebody of the role BY did."""
        return self._sides[by].acts

    def turns(self, role: Role, after: Turn | None = None, before: Turn | None = None) -> list[Turn]:
        """The turns of ROLE, those after AFTER and before BEFORE where given."""
        turns = self._by_role[role]
        if after is None and before is None:
            return turns
        places = self._indices(role)
        first = 0 if after is None else bisect_right(places, after.index)
        return turns[first : len(turns) if before is None else bisect_left(places, before.index)]

    def _indices(self, role: Role) -> list[int]:
        found = self._places.get(role)
        if found is None:
            found = self._places[role] = [turn.index for turn in self._by_role[role]]
        return found

    def own_turns(self, agent: Participant) -> list[Turn]:
        """The turns of one agent."""
        turns = self.turns(Role.AGENT)
        return turns if len(self.agents) == 1 else [turn for turn in turns if turn.participant is agent]

    @property
    def has_customer(self) -> bool:
        """Whether the file holds words of the customer."""
        return bool(self._by_role[Role.CUSTOMER])

    @cached_property
    def can(self) -> Capabilities:
        """What the file can tell, and what it cannot."""
        return capabilities(self.conversation)

    def is_closed(self, goodbye: ActIds, thanks: ActIds = ()) -> bool:
        """Whether the file holds the end of the talk, see `_is_closed`; worked out once for the same acts."""
        known = self._closed.get((goodbye, thanks))
        if known is None:
            known = self._closed[goodbye, thanks] = self._is_closed(goodbye, thanks)
        return known

    def _is_closed(self, goodbye: ActIds, thanks: ActIds) -> bool:
        """Whether the file holds the end of the talk: either side says GOODBYE among the last words, or the customer
        THANKS in few for an answer, and no question comes after."""
        last = [turn for turn in self.spoken if not is_listening(turn.text)][-LAST_WORDS:]
        ends = [at.turn.index for role in (Role.AGENT, Role.CUSTOMER) for at in self.done(goodbye, role)]
        asked = self.turns(Role.CUSTOMER)[:1] + self.turns(
            Role.CUSTOMER, before=next(iter(self.turns(Role.AGENT)), None)
        )
        thanked = (at.turn for at in self.done(thanks, Role.CUSTOMER) if at.turn not in asked)
        ends += [turn.index for turn in thanked if count_words(turn.text) <= BRIEF and not _ACCEPTS.match(turn.text)]
        ends = [index for index in ends if last and index >= last[0].index]
        return bool(ends) and not any(turn.index >= max(ends) and _is_question(turn.text) for turn in last)

    def ends_in(self, acts: ActIds, by: Role = Role.AGENT) -> bool:
        """Whether those of the role BY do one of ACTS in the last turn of theirs."""
        return any(place.turn is self.turns(by)[-1] for place in reversed(self.done(acts, by)))

    @property
    def asks_last(self) -> bool:
        """Whether the last turn is the agent's, and asks something."""
        last = self.spoken[-1]
        return last.role is Role.AGENT and _ASKS.search(last.text) is not None

    def answers_last(self, pending: ActIds) -> bool:
        """Whether the last turn is the agent's, and neither asks anything nor does one of PENDING."""
        return self.spoken[-1].role is Role.AGENT and not self.asks_last and not self.ends_in(pending)

    def parts(self, parting: ActIds, elsewhere: ActIds) -> bool:
        """Whether the last word is the agent's, does one of PARTING, asks nothing and sends nobody ELSEWHERE."""
        is_last = self.spoken[-1].role is Role.AGENT and not self.asks_last
        return is_last and self.ends_in(parting) and not self.ends_in(elsewhere)

    def hands_over(self, handing: ActIds) -> bool:
        """Whether the last agent ends by HANDING the customer over to somebody else."""
        last = self.turns(Role.AGENT)[-HANDED:]
        return any(at.turn in last and at.turn.participant is last[-1].participant for at in self.done(handing))

    def moves_on(self, elsewhere: ActIds, private: ActIds = (), thanks: ActIds = ()) -> bool:
        """Whether the agent sends the customer ELSEWHERE among the last words.

        Where the customer's THANKS for it are the last word, only what goes on in PRIVATE with the same people goes on.
        """
        late = self._last_answer()
        thanked = any(place.turn is self.spoken[-1] for place in self.done(thanks, Role.CUSTOMER))
        needed = (elsewhere, private) if thanked and private else (elsewhere,)
        return all(any(place.turn in late for place in self.done(acts)) for acts in needed)

    def _last_answer(self) -> list[Turn]:
        """The agents' last turns, two at most, without a word of the customer's between them."""
        late = self.turns(Role.AGENT)[-2:]
        return late[-1:] if len(late) > 1 and self.turns(Role.CUSTOMER, after=late[0], before=late[1]) else late

    def words_of(self, agent: Participant) -> int:
        """How many words AGENT said."""
        if agent.id not in self._words:
            self._words[agent.id] = sum(count_words(turn.text) for turn in self.own_turns(agent))
        return self._words[agent.id]

    def longest_turn(self, agent: Participant) -> Turn:
        """The turn in which AGENT said most: what was looked at where nothing was found."""
        if agent.id not in self._longest:
            self._longest[agent.id] = max(self.own_turns(agent), key=lambda turn: len(turn.text))
        return self._longest[agent.id]

    def sentences_of(self, agent: Participant) -> int:
        """How many sentences AGENT said."""
        if agent.id not in self._sentences:
            self._sentences[agent.id] = sum(len(clauses(turn.text)) for turn in self.own_turns(agent))
        return self._sentences[agent.id]

    def unreadable(self, turn: Turn) -> bool:
        """Whether something of TURN is not in the file: redaction left nothing of it, or it is one part of a message
        (2/2) of which another is lacking."""
        return is_unreadable(turn.text) or turn.index in self._in_part

    @cached_property
    def _in_part(self) -> frozenset[int]:
        """The places of the agents' turns that are parts of a message not wholly in the file."""
        told = [(turn, part) for turn in self.turns(Role.AGENT) if (part := part_of(turn.text))]
        return frozenset(
            turn.index
            for turn, (_, parts) in told
            if parts > len({n for at, (n, of) in told if of == parts and abs(at.index - turn.index) < 2 * parts})
        )

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


def _is_question(text: str) -> bool:
    """Whether TEXT ends with a question."""
    return "?" in text and _QUESTION.search(_TAG.sub("", text)) is not None

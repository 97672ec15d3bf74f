"""Checks that an act is done, or is not done."""

from collections.abc import Iterator
from typing import Literal

from audit.acts import ActIds
from audit.checks.registry import check
from audit.facts import Facts
from audit.language.sentences import clauses
from audit.language.words import plural
from audit.model import CannotTell, Channel, Evidence, Finding, NotApplicable, Outcome, Participant, Role, Turn

# The end of a talk is the agent's last turns: at least this many, or this share of all of them.
END_TURNS = 4
# An agent who takes leave among this many last turns of either side did so before what the customer says after it.
LAST_TURNS = 8
END_SHARE = 1 / 2


@check("avoids", zero_at=1, by_customer=("after",))
def avoids(
    facts: Facts,
    *,
    act: ActIds,
    after: ActIds = (),
    among: ActIds = (),
    words: int = 20,
    unless_said: bool = False,
    unless_beside: ActIds = (),
) -> Iterator[Finding]:
    """The agent never does ACT.

    With AFTER, only talks in which the customer did that give an occasion; with AMONG, only those in which the agent
    did. An agent who said fewer than WORDS words gave nothing to judge. Where the act was done all the same, it counts
    whatever the occasion. Words that the agent quotes are not the agent's own; with UNLESS_SAID neither are those that
    the customer said before. UNLESS_BESIDE in the same turn, or the agent's next one, makes it good.
    """
    places = [place for place in facts.done(act) if facts.is_script or not _is_quoted(place)]
    if unless_said and places:
        places = [place for place in places if not _was_said(facts, place)]
    if unless_beside and places:
        places = [place for place in places if not _is_beside(facts, place, unless_beside)]
    for place in places:
        yield Finding(Outcome.MISSED, (place,))
    guilty = {id(place.turn.participant) for place in places}
    occasion = facts.done(after, by=Role.CUSTOMER)
    if after and not facts.is_script and not occasion:
        raise NotApplicable("the customer gave no occasion for it")
    for agent in facts.agents:
        good = [place for place in facts.done(among) if place.turn.participant is agent][:1]
        if among and not good:
            continue
        if id(agent) not in guilty and facts.words_of(agent) >= words:
            shown = good or [Evidence.whole(facts.longest_turn(agent))]
            yield Finding(Outcome.MET, (*occasion[:1], *shown), f"{plural(len(facts.own_turns(agent)), 'turn')} read")
    if not guilty:
        raise NotApplicable("the agent gave no occasion for it" if among else f"the agent said under {words} words")


def _was_said(facts: Facts, place: Evidence) -> bool:
    said = place.quote.lower()
    return any(said in turn.text.lower() for turn in facts.turns(Role.CUSTOMER, before=place.turn))


def _is_beside(facts: Facts, place: Evidence, acts: ActIds) -> bool:
    own = facts.own_turns(place.turn.participant)
    near = own[own.index(place.turn) :][:2]
    return any(at.turn in near for at in facts.done(acts))


def _is_quoted(place: Evidence) -> bool:
    """Whether an odd number of double quotes stands before PLACE, and another one after it."""
    text = place.turn.text.replace("“", '"').replace("”", '"')
    return text[: place.first].count('"') % 2 == 1 and '"' in text[place.last :]


@check("expects", by_customer=("thanks", "waived_by", "waived_in_writing"), by_both=("shown_by", "midway"))
def expects(
    facts: Facts,
    *,
    act: ActIds,
    part: Literal["whole", "start", "end"] = "whole",
    turns: int = 2,
    shown_by: ActIds = (),
    thanks: ActIds = (),
    elsewhere: ActIds = (),
    private: ActIds = (),
    handing: ActIds = (),
    parting: ActIds = (),
    midway: ActIds = (),
    continued: ActIds = (),
    waived_by: ActIds = (),
    waived_in_writing: ActIds = (),
    leave: ActIds = (),
    may_be_elsewhere: bool = False,
    answered: bool = False,
    among: ActIds = (),
) -> Iterator[Finding]:
    """The agent does ACT somewhere in PART of the talk.

    `start`: the first agent, in the first TURNS own turns; a file that begins with MIDWAY, or an agent who begins with
    CONTINUED, was cut at the start.
    `end`: the last agent, near the end; a file whose last words hold none of SHOWN_BY, nor brief THANKS of the
    customer's, was cut at the end, and one whose customer is sent ELSEWHERE goes on there (with PRIVATE, and thanked for,
    only if it goes on in private), as does one that ends by HANDING over; not where the last word is the agent's, and
    PARTING. WAIVED_BY, said by the customer near the end, takes the occasion away, unless the agent had done LEAVE
    before; WAIVED_IN_WRITING does so but on the telephone, where nobody leaves without the other's answer. A script is a
    whole talk if it holds any of SHOWN_BY, a single reply an opening if it begins with it. What MAY_BE_ELSEWHERE, such as
    in words of a machine that are not in the file, cannot be told from a file without it; what has to be ANSWERED cannot
    where the last word is the customer's. With AMONG, only an agent who did that had an occasion.
    """
    if not facts.agents:
        raise NotApplicable("no agent spoke")
    if among and not facts.done(among):
        raise NotApplicable("the agent gave no occasion for it")
    if facts.is_script and part != "whole" and not _holds(facts, part, shown_by):
        raise NotApplicable("the text is a single reply, not a whole talk")
    agent, window = _window(facts, part, turns)
    place = -1 if part == "end" else 0
    first, last = window[0].index, window[-1].index
    done = [at for at in facts.done(act) if first <= at.turn.index <= last and at.turn.participant is agent]
    if done:
        yield Finding(Outcome.MET, (done[place],))
        return
    if part == "start":
        _refuse_what_was_cut(facts, window[0], midway, continued)
    if part == "end":
        _refuse_what_goes_on(facts, shown_by, thanks, elsewhere, private, handing, parting, answered)
    if facts.conversation.truncated and part != "start":
        raise CannotTell("the export holds only a part of the contact")
    if may_be_elsewhere:
        raise CannotTell("it is not in the file, but may have been played or shown before it begins")
    in_writing = () if facts.conversation.channel is Channel.VOICE else waived_in_writing
    waived = _waived(facts, window[0], waived_by + in_writing, leave or shown_by)
    if waived is not None:
        raise NotApplicable(f"the customer had said so already, in turn {waived.turn.index + 1}")
    yield Finding(_outcome(facts, agent, window), (Evidence.whole(window[place]),))


def _holds(facts: Facts, part: str, shown_by: ActIds) -> bool:
    """Whether a script holds PART of a talk, as any of SHOWN_BY shows."""
    single = part == "start" and len(facts.spoken) == 1
    return any(not single or at.first < clauses(at.turn.text)[0][1] for at in facts.done(shown_by))


def _window(facts: Facts, part: str, turns: int) -> tuple[Participant, list[Turn]]:
    """The agent whose duty it is in PART of the talk, and the turns in which it can be done."""
    if part == "end":
        agent = facts.turns(Role.AGENT)[-1].participant
        own = facts.own_turns(agent)
        return agent, own[-max(END_TURNS, round(len(own) * END_SHARE)) :]
    agent = facts.agents[0]
    own = facts.own_turns(agent)
    return agent, own[:turns] if part == "start" else own


def _refuse_what_was_cut(facts: Facts, opening: Turn, midway: ActIds, continued: ActIds) -> None:
    """Raise CannotTell where the file begins in the middle: in the talk (MIDWAY) or in the agent's words (CONTINUED)."""
    first = facts.spoken[0]
    if any(at.turn is first for at in facts.done(midway, first.role)) or any(
        at.turn is opening for at in facts.done(continued)
    ):
        raise CannotTell("the file begins in the middle of the talk")


def _refuse_what_goes_on(
    facts: Facts,
    shown_by: ActIds,
    thanks: ActIds,
    elsewhere: ActIds,
    private: ActIds,
    handing: ActIds,
    parting: ActIds,
    answered: bool,
) -> None:
    """Raise CannotTell where the file does not hold the end of the contact, or the contact goes on elsewhere."""
    if answered and facts.spoken[-1].role is Role.CUSTOMER:
        raise CannotTell("the file ends with the customer's words, and does not say what the agent answered")
    if facts.hands_over(handing):
        raise CannotTell("the contact goes on elsewhere")
    if facts.is_script or facts.parts(parting, elsewhere):
        return
    if not facts.is_closed(shown_by, thanks):
        raise CannotTell("the file holds no goodbye, so the talk may have gone on")
    if facts.moves_on(elsewhere, private, thanks):
        raise CannotTell("the contact goes on elsewhere")


def _waived(facts: Facts, first: Turn, waived_by: ActIds, leave: ActIds) -> Evidence | None:
    """Where the customer, since shortly before FIRST, did WAIVED_BY before the agent took LEAVE; None where not."""
    last = facts.spoken[-LAST_TURNS:][0].index
    taken = min((at.turn.index for at in facts.done(leave) if at.turn.index >= max(first.index, last)), default=None)
    said = facts.done(waived_by, by=Role.CUSTOMER)
    waived = [at for at in said if first.index - 1 <= at.turn.index and (taken is None or at.turn.index <= taken)]
    return waived[-1] if waived else None


def _outcome(facts: Facts, agent: Participant, window: list[Turn]) -> Outcome:
    hidden = any(facts.unreadable(turn) for turn in window if turn.participant is agent)
    return Outcome.UNSURE if hidden else Outcome.MISSED

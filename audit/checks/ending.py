"""Checks of how a contact ends, and of whether the file holds its end at all."""

from collections.abc import Iterator, Sequence

from audit.acts import ActIds
from audit.checks.registry import check
from audit.checks.sequence import in_order
from audit.facts import Facts
from audit.language.sentences import clause_at
from audit.model import CannotTell, Channel, Evidence, Finding, NotApplicable, Outcome, Participant, Role, Turn

# What is said to be done after the contact is looked for in the agent's last turns: these many, or this share of all.
LAST_TURNS, LAST_SHARE = 4, 1 / 3


@check("expects-next-step", by_customer=("thanks", "resolved"), by_both=("goodbye",))
def expects_next_step(
    facts: Facts,
    *,
    promise: ActIds,
    when: ActIds,
    who: ActIds,
    goodbye: ActIds,
    thanks: ActIds = (),
    elsewhere: ActIds = (),
    private: ActIds = (),
    handing: ActIds = (),
    settled: ActIds = (),
    pending: ActIds = (),
    resolved: ActIds = (),
    parting: ActIds = (),
) -> Iterator[Finding]:
    """Whatever stays open at the end, the agent says WHO will see to it and WHEN.

    Each PROMISE among the last words is an opportunity, and so is an earlier one that was given with both; what is
    promised after that without them is said again. Without one, a talk that ends in GOODBYE or the customer's THANKS was
    settled, and so was one in which the agent says last that all is SETTLED, or writes last and leaves an answer: no
    question, and none of PENDING, or with PARTING. Nobody ends a telephone call so. Where the customer's last words say
    that it is RESOLVED, no promise is waited for. A file that breaks off, or ends with a question of the agent's or an
    unanswered word of the customer's, with the customer sent ELSEWHERE or by HANDING over, cannot tell; to be sent
    elsewhere, thanked for, ends the contact, unless it goes on in PRIVATE.
    """
    if not facts.agents:
        raise NotApplicable("no agent spoke")
    if facts.ends_in(resolved, by=Role.CUSTOMER):
        raise NotApplicable("the customer says that nothing is left to do")
    handed = facts.hands_over(handing)
    moved = handed or facts.moves_on(elsewhere, private, thanks)
    ended = facts.is_script or facts.is_closed(goodbye, thanks)
    cut = "" if ended else _cut(facts, moved, settled)
    found = met = False
    for agent in facts.agents:
        for place, time, doer, near in _promises(facts, agent, promise, when, who):
            found = True
            if time and doer:
                met = True
                yield Finding(Outcome.MET, in_order(place, time, doer))
            elif any(facts.unreadable(turn) for turn in near):
                yield Finding(Outcome.UNSURE, (place,), "what stood beside it is not wholly in the file")
            elif cut:
                yield Finding(Outcome.UNSURE, (place,), cut)
            elif not met:
                yield Finding(Outcome.MISSED, (place,))
    if found:
        return
    if not handed and facts.parts(parting, elsewhere):
        raise NotApplicable("nothing was left open at the end")
    if moved:
        raise CannotTell("the contact goes on elsewhere")
    is_left = not facts.conversation.truncated and not _is_spoken(facts) and facts.answers_last(pending)
    if not (ended or is_left or facts.ends_in(settled)):
        raise CannotTell("the file holds no goodbye, so the talk may have gone on")
    raise NotApplicable("nothing was left open at the end")


def _cut(facts: Facts, moved: bool, settled: ActIds) -> str:
    """What shows that a talk without a goodbye went on where the file ends; nothing where nothing does."""
    if moved:
        return "the contact goes on elsewhere"
    asks = facts.asks_last and not facts.ends_in(settled)
    is_open = asks or facts.spoken[-1].role is Role.CUSTOMER
    return "the file ends with a question or without an answer" if is_open else ""


def _promises(
    facts: Facts, agent: Participant, promise: ActIds, when: ActIds, who: ActIds
) -> Iterator[tuple[Evidence, Evidence | None, Evidence | None, list[Turn]]]:
    """What AGENT promises, with the time and the doer, where given, and the turns in which they were looked for: all that
    has both, and of the rest what is among the last words. On the telephone a sentence is often cut into turns: there
    they may stand before it."""
    own = facts.own_turns(agent)
    late = own[-max(LAST_TURNS, round(len(own) * LAST_SHARE)) :]
    first = {place.turn.index: place for place in reversed(facts.done(promise)) if place.turn in own}
    for _, place in sorted(first.items()):
        turn = own.index(place.turn)
        near = own[max(turn - _is_spoken(facts), 0) : turn + 2]
        time, doer = (_beside(place, [at for at in facts.done(acts) if at.turn in near]) for acts in (when, who))
        if (time and doer) or place.turn in late:
            yield place, time, doer, near


def _is_spoken(facts: Facts) -> bool:
    return facts.conversation.channel is Channel.VOICE


def _beside(promise: Evidence, places: Sequence[Evidence]) -> Evidence | None:
    """Which of PLACES belongs to PROMISE: one in its sentence, else the first; None where there is none."""
    first, last = clause_at(promise.turn.text, promise.first)
    inside = (at for at in places if at.turn is promise.turn and first <= at.first < last)
    return next(inside, places[0] if places else None)

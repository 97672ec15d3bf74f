"""Checks of waiting: gaps, holds, and whether they were announced."""

from collections.abc import Iterator
from statistics import median

from audit.acts import ActIds
from audit.checks.registry import check
from audit.facts import Facts
from audit.model import CannotTell, Channel, Evidence, Finding, NotApplicable, Outcome, Role, Turn

# In a chat a gap is long where it is this many times the agent's usual one, and at least the seconds asked for.
TIMES_THE_USUAL = 3


@check("limits-silence", needs_customer=True, needs_talk=True)
def limits_silence(
    facts: Facts, *, seconds: float, chat_seconds: float, announced_by: ActIds, announced_is_met: bool = False
) -> Iterator[Finding]:
    """The customer is not left without a word for SECONDS on the telephone, or CHAT_SECONDS in a chat, unless told.

    A wait is told of where the agent's turn before it does ANNOUNCED_BY. With ANNOUNCED_IS_MET the question is that
    one: only such waits are opportunities, and nobody can tell of one before the agent's first word. In a chat a wait
    counts where it is also three times the agent's usual one.
    """
    is_chat = facts.conversation.channel in (Channel.CHAT, Channel.EMAIL)
    if not facts.waits or (not is_chat and not facts.can.has_end_times):
        raise CannotTell("the file does not say when things were said" + ("" if not facts.waits else ", or ended"))
    least = chat_seconds if is_chat else seconds
    long = [wait for wait in facts.waits if wait.seconds >= least]
    if is_chat and long:
        usual = median(wait.seconds for wait in facts.waits)
        long = [wait for wait in long if wait.seconds >= TIMES_THE_USUAL * usual]
    if announced_is_met:
        long = [wait for wait in long if facts.turns(Role.AGENT, before=wait.answered)]
    announced = {place.turn.index for place in facts.done(announced_by)} if long else set()
    for wait in long:
        before = facts.turns(Role.AGENT, before=wait.answered)
        told = bool(before) and before[-1].index in announced
        evidence = (Evidence.whole(wait.asked), Evidence.whole(wait.answered))
        yield Finding(
            Outcome.MET if told else Outcome.MISSED, evidence, f"{wait.seconds:.0f} s" + (", announced" if told else "")
        )
    if not long and announced_is_met:
        raise NotApplicable("there was no wait to announce")
    if not long:
        wait = max(facts.waits, key=lambda each: each.seconds)
        yield Finding(
            Outcome.MET, (Evidence.whole(wait.asked), Evidence.whole(wait.answered)), f"{wait.seconds:.0f} s at most"
        )


@check("limits-hold", needs_talk=True, occasion={"hold": Role.AGENT})
def limits_hold(facts: Facts, *, hold: ActIds, seconds: float, most: int) -> Iterator[Finding]:
    """A customer is put on HOLD at most MOST times, and for at most SECONDS each time."""
    places = _holds(facts, hold)
    if not places:
        raise NotApplicable("nobody was put on hold")
    if len(places) > most:
        yield Finding(Outcome.MISSED, tuple(places), f"{len(places)} holds")
    for place in places:
        back = next(iter(facts.turns(Role.AGENT, after=place.turn)), None)
        start = place.turn.end if place.turn.end is not None else place.turn.start
        if back is None or start is None or back.start is None:
            yield Finding(Outcome.UNSURE, (place,), "the file does not say how long it lasted")
            continue
        length = back.start - start
        outcome = Outcome.MISSED if length > seconds else Outcome.MET
        yield Finding(outcome, (place, Evidence.whole(back)), f"{length:.0f} s on hold")


def _holds(facts: Facts, hold: ActIds) -> list[Evidence]:
    """Where a hold begins: the last of several announcements without a word of the customer's matter between them."""
    places: list[Evidence] = []
    for place in facts.done(hold):
        if places and _own_next(facts, places[-1].turn) is place.turn:
            places[-1] = place
        elif not places or places[-1].turn is not place.turn:
            places.append(place)
    return places


def _own_next(facts: Facts, turn: Turn) -> Turn | None:
    return next(iter(facts.turns(Role.AGENT, after=turn)), None)

"""The check that one act does not come alone."""

from collections.abc import Iterator
from typing import Literal

from audit.acts import ActIds
from audit.checks.registry import check
from audit.checks.sequence import by_turn, in_order
from audit.facts import Facts
from audit.model import Evidence, Finding, NotApplicable, Outcome, Role, Turn


@check("expects-beside", occasion={"act": Role.AGENT}, by_customer=("overtaken_by",))
def expects_beside(
    facts: Facts,
    *,
    act: ActIds,
    beside: ActIds,
    within: int = 1,
    and_beside: ActIds = (),
    earlier: int = 0,
    or_itself: ActIds = (),
    only_with: ActIds = (),
    overtaken_by: ActIds = (),
    part: Literal["whole", "end"] = "whole",
) -> Iterator[Finding]:
    """Each time the agent does ACT, BESIDE comes with it: in the same turn or one of the next WITHIN own turns.

    AND_BESIDE must come with it too, where given. EARLIER own turns before it count as well. OR_ITSELF, done in the
    same turn, will do in place of BESIDE, also in the very words of ACT. ACT is an occasion only
    where ONLY_WITH stands in that turn or in one next to it. Where it is lacking in that turn and the customer answers
    with OVERTAKEN_BY, the agent had no time for it. `part: end` looks only at the last third of the agent's
    turns, at what the customer is left with.
    """
    seen = False
    for place in by_turn(facts.done(act)):
        own = facts.own_turns(place.turn.participant)
        at = own.index(place.turn)
        if part == "end" and at < min(len(own) - 3, len(own) * 2 // 3):
            continue
        if only_with and not any(other.turn in own[max(0, at - 1) : at + 2] for other in facts.done(only_with)):
            continue
        if overtaken_by and not _first(facts, beside, [place.turn], place) and _overtaken(facts, place, overtaken_by):
            continue
        seen = True
        near = own[max(0, at - earlier) : at + within + 1]
        kept = [_first(facts, beside, near, apart_from=place) or _first(facts, or_itself, [place.turn])]
        if and_beside:
            kept.append(_first(facts, and_beside, near))
        if all(kept):
            yield Finding(Outcome.MET, in_order(place, *kept))
        elif any(facts.unreadable(turn) for turn in near):
            yield Finding(Outcome.UNSURE, (place,), "what stood beside it is not wholly in the file")
        else:
            yield Finding(Outcome.MISSED, (place,))
    if not seen:
        raise NotApplicable("the agent gave no occasion for it")


def _overtaken(facts: Facts, place: Evidence, acts: ActIds) -> bool:
    """Whether the customer did one of ACTS after PLACE, before the agent spoke again."""
    next_own = next(iter(facts.turns(Role.AGENT, after=place.turn)), None)
    told = facts.done(acts, by=Role.CUSTOMER)
    return any(place.turn.index < at.turn.index and (next_own is None or at.turn.index < next_own.index) for at in told)


def _first(facts: Facts, acts: ActIds, near: list[Turn], apart_from: Evidence | None = None) -> Evidence | None:
    """The first of ACTS in NEAR, said in other words than those of APART_FROM."""
    places = (at for at in facts.done(acts) if at.turn in near)
    return next((at for at in places if apart_from is None or not _same(at, apart_from)), None)


def _same(one: Evidence, other: Evidence) -> bool:
    """Whether ONE lies inside OTHER, so that the same words would have to do for both."""
    return one.turn is other.turn and other.first <= one.first and one.last <= other.last

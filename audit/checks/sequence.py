"""Checks of the order in which things are done."""

from collections.abc import Iterator

from audit.acts import ActIds
from audit.checks.registry import check
from audit.facts import Facts
from audit.language.words import count_words
from audit.model import CannotTell, Channel, Evidence, Finding, NotApplicable, Outcome, Role, Turn

# Who goes on with more words in the same turn has not left the other one waiting.
GOES_ON = 8


def by_turn(places: list[Evidence]) -> list[Evidence]:
    """The first of PLACES in each turn: what is done twice in one breath is one opportunity."""
    first: dict[int, Evidence] = {}
    for place in places:
        first.setdefault(place.turn.index, place)
    return list(first.values())


def in_order(*places: Evidence | None) -> tuple[Evidence, ...]:
    """PLACES without those missing, each once, in the order they were said."""
    return tuple(sorted({place for place in places if place}, key=lambda at: (at.turn.index, at.first, at.last)))


@check("expects-before", occasion={"act": Role.AGENT, "aloud": Role.AGENT, "before": Role.AGENT})
def expects_before(
    facts: Facts, *, act: ActIds, before: ActIds, aloud: ActIds = (), within: int = 2, first: bool = False
) -> Iterator[Finding]:
    """Each time the agent does ACT, BEFORE was done first: in the same turn or one of WITHIN own turns before.

    What is done ALOUD is such an act in calls, unless the agent goes on in the same turn, and none in writing. BEFORE
    done for its own sake is an opportunity taken, whether ACT follows in words or not. With FIRST only the agent's first
    ACT is an opportunity.
    """
    is_call = facts.conversation.channel is Channel.VOICE
    waits = [at for at in facts.done(aloud) if is_call and count_words(at.turn.text[at.last :]) <= GOES_ON]
    asked = by_turn(facts.done(before))
    used: set[int] = set()
    done = by_turn(list(in_order(*facts.done(act), *waits)))
    if first and not done:
        raise NotApplicable("the agent gave no occasion for it")
    for place in done[:1] if first else done:
        own = facts.own_turns(place.turn.participant)
        near: list[Turn] = own[max(0, own.index(place.turn) - within) : own.index(place.turn) + 1]
        kept = [ask for ask in asked if ask.turn in near]
        if kept:
            used.update(ask.turn.index for ask in kept)
            yield Finding(Outcome.MET, (kept[-1], place))
        else:
            yield Finding(Outcome.MISSED, (place,))
    for ask in [] if first else asked:
        if ask.turn.index not in used:
            yield Finding(Outcome.MET, (ask,))


@check("expects-earlier", occasion={"act": Role.AGENT}, by_customer=("by",))
def expects_earlier(
    facts: Facts, *, act: ActIds, earlier: ActIds, by: ActIds = (), lost: bool = False
) -> Iterator[Finding]:
    """The first time the agent does ACT, the agent did EARLIER before, or the customer BY, at any time.

    With LOST, a file in which words were redacted, or that begins in the middle, cannot tell where nothing is found.
    """
    places = facts.done(act)
    if not places:
        raise NotApplicable("the agent gave no occasion for it")
    first = places[0]
    done = [*facts.done(earlier), *facts.done(by, by=Role.CUSTOMER)]
    kept = [place for place in done if (place.turn.index, place.first) < (first.turn.index, first.first)]
    if kept:
        yield Finding(Outcome.MET, in_order(kept[-1], first))
    elif lost and (facts.can.is_redacted or facts.can.is_truncated):
        raise CannotTell("parts of the file were taken out, so it may have been done in them")
    else:
        yield Finding(Outcome.MISSED, (first,))


@check(
    "expects-after", needs_customer=True, needs_talk=True, occasion={"act": Role.AGENT}, by_customer=("confirmed_by",)
)
def expects_after(
    facts: Facts, *, act: ActIds, after: ActIds, confirmed_by: ActIds = (), instead: ActIds = (), elsewhere: ActIds = ()
) -> Iterator[Finding]:
    """Once the agent has done ACT, the agent does AFTER later, or the customer says by himself CONFIRMED_BY.

    Where the agent does INSTEAD, such as saying that it takes effect later, there is nothing to ask for. If the customer
    says nothing after it, or is sent ELSEWHERE, there was no occasion.
    """
    places = facts.done(act)
    if not places:
        raise NotApplicable("the agent gave no occasion for it")
    first = places[0]
    if facts.moves_on(elsewhere):
        raise NotApplicable("the contact goes on elsewhere")
    if not facts.turns(Role.CUSTOMER, after=first.turn):
        raise NotApplicable("the customer said nothing after it")
    later = [at for at in facts.done(after) if (at.turn.index, at.first) > (first.turn.index, first.first)]
    said = [at for at in facts.done(confirmed_by, by=Role.CUSTOMER) if at.turn.index > first.turn.index]
    if later:
        yield Finding(Outcome.MET, in_order(first, later[0]))
    elif said:
        raise NotApplicable(f"the customer had said so already, in turn {said[0].turn.index + 1}")
    elif put_off := facts.done(instead):
        raise NotApplicable(f"something else was said in its place, in turn {put_off[-1].turn.index + 1}")
    else:
        yield Finding(Outcome.MISSED, (first,))


@check("expects-parts", occasion={"act": Role.AGENT})
def expects_parts(
    facts: Facts,
    *,
    act: ActIds,
    part_1: ActIds,
    part_2: ActIds = (),
    part_3: ActIds = (),
    part_4: ActIds = (),
    within: int = 1,
    returning: bool = False,
) -> Iterator[Finding]:
    """Each time the agent does ACT, each PART comes with it: in the same turn, or WITHIN own turns before or after.

    Each part is an opportunity of its own. With RETURNING, the last part belongs to the agent's next turn after it; if
    the agent does not speak again, that part cannot be told.
    """
    parts = [part for part in (part_1, part_2, part_3, part_4) if part]
    seen: list[int] = []
    for place in by_turn(facts.done(act)):
        own = facts.own_turns(place.turn.participant)
        at = own.index(place.turn)
        if seen and at - seen[-1] <= within:
            continue  # asked, and then announced: one occasion
        seen.append(at)
        near = own[max(0, at - within) : at + within + 1]
        for number, part in enumerate(parts):
            last = returning and number == len(parts) - 1
            window = own[at + 1 : at + 3] if last else near
            if last and not window:
                yield Finding(Outcome.UNSURE, (place,), "the file ends before the agent is back")
                continue
            kept = next((each for each in facts.done(part) if each.turn in window), None)
            note = "" if kept else f"without {' or '.join(part)}"
            yield Finding(Outcome.MET if kept else Outcome.MISSED, in_order(place, kept), note)


@check("expects-around", occasion={"act": Role.AGENT}, by_customer=("after_what",))
def expects_around(
    facts: Facts, *, act: ActIds, before: ActIds, after: ActIds, within: int = 1, after_what: ActIds = ()
) -> Iterator[Finding]:
    """Each time the agent does ACT, BEFORE stands before it and AFTER behind it, in WITHIN own turns or the same one.

    With AFTER_WHAT, only where the customer did that before, so that there was something to say BEFORE.
    """
    seen = False
    told = facts.done(after_what, by=Role.CUSTOMER)
    for place in by_turn(facts.done(act)):
        if after_what and not any(each.turn.index < place.turn.index for each in told):
            continue
        seen = True
        own = facts.own_turns(place.turn.participant)
        at = own.index(place.turn)
        earlier, later = own[max(0, at - within) : at + 1], own[at : at + within + 1]
        first = next((e for e in facts.done(before) if e.turn in earlier and _precedes(e, place)), None)
        last = next((e for e in facts.done(after) if e.turn in later and _precedes(place, e)), None)
        note = "" if first and last else f"without {' or '.join(after if first else before)}"
        yield Finding(Outcome.MET if first and last else Outcome.MISSED, in_order(first, place, last), note)
    if not seen:
        raise NotApplicable("the agent gave no occasion for it")


def _precedes(one: Evidence, other: Evidence) -> bool:
    return (one.turn.index, one.first) < (other.turn.index, other.first)

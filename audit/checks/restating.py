"""Checks that the agent shows to have understood: says the matter back, asks openly, speaks of the same thing."""

from collections.abc import Iterable, Iterator

from audit.acts import ActIds
from audit.checks.registry import check
from audit.facts import Facts
from audit.language.sentences import clauses
from audit.language.stems import content
from audit.language.words import is_redacted
from audit.model import Evidence, Finding, NotApplicable, Outcome, Role, Turn

_NO_MATTER = "the customer brought no matter with details that could be said back"
_NOT_AFTER = "the agent did not speak after it"


@check(
    "expects-restatement",
    needs_customer=True,
    needs_talk=True,
    occasion={"trouble": Role.CUSTOMER, "request": Role.CUSTOMER},
    by_customer=("trouble", "request", "apart_from"),
)
def expects_restatement(
    facts: Facts,
    *,
    trouble: ActIds,
    request: ActIds,
    frames: ActIds,
    outright: ActIds = (),
    apart_from: ActIds = (),
    details: int = 5,
    shared: int = 2,
    alone: int = 5,
    within: int = 6,
) -> Iterator[Finding]:
    """The agent says back what the customer came with.

    There is something to say back where TROUBLE is told, or a REQUEST of at least DETAILS content words in that turn;
    of a smaller one only the saying back counts. Words that do any of APART_FROM, such as giving a name, are no part
    of it. It is said back in a sentence that does one of FRAMES and holds at least SHARED content words of the
    customer's, or by doing OUTRIGHT in any words; where the customer came with a request, also without a frame, by at
    least ALONE of them (about a trouble such a sentence is mostly advice). A trouble is said back in the first WITHIN
    turns after it and in the words told until then: later the words of both have run together. Words are compared by
    their stems; where redaction took words out of those turns of the agent's, it cannot be told.
    """
    opening, told = _matter(facts, trouble, request, apart_from, details)
    is_request = _asks_first(facts, trouble, request)
    customers = [turn for turn in facts.turns(Role.CUSTOMER) if is_request or turn.index <= opening.turn.index]
    answers = facts.turns(Role.AGENT, after=opening.turn)
    if not answers:
        raise NotApplicable(_NOT_AFTER)
    framed = facts.done(frames)
    named = next((place for place in facts.done(outright) if place.turn.index > opening.turn.index), None)
    aside = facts.done(apart_from, by=Role.CUSTOMER)
    said: set[str] = set()
    heard = 0
    for turn in answers if is_request else answers[:within]:
        if named is not None and named.turn is turn:
            yield Finding(Outcome.MET, (opening, named))
            return
        while heard < len(customers) and customers[heard].index < turn.index:
            said |= _told(customers[heard], aside)
            heard += 1
        if len(content(turn.text) & said) < shared:
            continue
        frames_here = [place for place in framed if place.turn is turn]
        for first, last in clauses(turn.text):
            common = len(content(turn.text[first:last]) & said)
            frame = next((place for place in frames_here if first <= place.first < last), None)
            if common >= shared if frame else is_request and common >= alone:
                yield Finding(Outcome.MET, (opening, Evidence(turn, first, last)))
                return
    if told is None:
        raise NotApplicable(_NO_MATTER)
    left = facts.turns(Role.AGENT, after=told.turn)
    if not left:
        raise NotApplicable(_NOT_AFTER)
    lacking = next((turn for turn in left[:within] if is_redacted(turn.text) or facts.unreadable(turn)), None)
    yield Finding(Outcome.UNSURE if lacking else Outcome.MISSED, (told, Evidence.whole(lacking or left[0])))


def _asks_first(facts: Facts, trouble: ActIds, request: ActIds) -> bool:
    """Whether the customer came with a REQUEST, and told of TROUBLE in a later turn or not at all."""
    troubles, requests = facts.done(trouble, by=Role.CUSTOMER), facts.done(request, by=Role.CUSTOMER)
    return not troubles or (bool(requests) and requests[0].turn.index < troubles[0].turn.index)


def _matter(
    facts: Facts, trouble: ActIds, request: ActIds, apart_from: ActIds, details: int
) -> tuple[Evidence, Evidence | None]:
    """Where the customer first told what it is about, and where there was enough to be said back, if anywhere: both are
    the first trouble, or else the first request and the first with enough DETAILS."""
    troubles = facts.done(trouble, by=Role.CUSTOMER)
    if troubles:
        return troubles[0], troubles[0]
    requests = facts.done(request, by=Role.CUSTOMER)
    if not requests:
        raise NotApplicable(_NO_MATTER)
    aside = facts.done(apart_from, by=Role.CUSTOMER)
    for place in requests:
        if sum(not word.isdigit() for word in _told(place.turn, aside)) >= details:
            return requests[0], place
    return requests[0], None


def _told(turn: Turn, aside: Iterable[Evidence]) -> frozenset[str]:
    """The content words of TURN, without what is told in ASIDE."""
    text = turn.text
    for at in aside:
        if at.turn is turn:
            text = text.replace(at.quote, " ")
    return content(text)


@check(
    "expects-exploring",
    needs_customer=True,
    needs_talk=True,
    occasion={"probe": Role.AGENT, "symptom": Role.AGENT, "open": Role.AGENT},
    by_customer=("trouble",),
)
def expects_exploring(
    facts: Facts, *, trouble: ActIds, open: ActIds, probe: ActIds, symptom: ActIds = (), apart_from: ActIds = ()
) -> Iterator[Finding]:
    """Where the agent has to find out what TROUBLE is about, at least one question is OPEN.

    There is something to find out where the agent asks an OPEN question, where TROUBLE was told and the agent goes
    after it with questions of PROBE, or where the agent asks for a SYMPTOM, in whatever words the trouble was told.
    Questions that do any of APART_FROM, such as asking for a number, are no PROBE.
    """
    first = facts.turns(Role.CUSTOMER)[0]
    asked = [place for place in facts.done(open) if place.turn.index > first.index]
    told = facts.done(trouble, by=Role.CUSTOMER)
    if asked:
        yield Finding(Outcome.MET, (told[0] if told else Evidence.whole(first), asked[0]))
        return
    aside = facts.done(apart_from)
    probes = [
        at
        for at in facts.done(probe)
        if told and at.turn.index > told[0].turn.index and not any(at.overlaps(other) for other in aside)
    ]
    if probes:
        yield Finding(Outcome.MISSED, (told[0], probes[0]))
        return
    symptoms = [at for at in facts.done(symptom) if at.turn.index > first.index]
    if not symptoms:
        raise NotApplicable("there was nothing to find out, or only single facts")
    yield Finding(Outcome.MISSED, (Evidence.whole(first), symptoms[0]))


@check("expects-details", needs_customer=True, needs_talk=True, occasion={"act": Role.AGENT})
def expects_details(facts: Facts, *, act: ActIds, outright: ActIds = (), shared: int = 1) -> Iterator[Finding]:
    """Each agent who does ACT does it at least once about the matter: with SHARED content words of the customer's.

    Words of the same turn and of the agent's next one count; doing OUTRIGHT is about the matter in any words. Where the
    customer used no content word before, there was nothing to name.
    """
    for agent in facts.agents:
        own = facts.own_turns(agent)
        places = [place for place in facts.done(act) if place.turn.participant is agent]
        judged = [(place, _shared(facts, own, place)) for place in places]
        judged = [(place, common) for place, common in judged if common is not None]
        if not judged:
            continue
        named = next((place for place in facts.done(outright) if place.turn.participant is agent), None)
        best = max(judged, key=lambda each: each[1] or 0)
        is_met = named is not None or (best[1] or 0) >= shared
        yield Finding(Outcome.MET if is_met else Outcome.MISSED, (named or best[0],))


def _shared(facts: Facts, own: list[Turn], place: Evidence) -> int | None:
    """How many content words PLACE and what follows it share with the customer's words before, None if those have none."""
    said = [content(turn.text) for turn in facts.turns(Role.CUSTOMER, before=place.turn)]
    told = frozenset().union(*said)
    if not told:
        return None
    at = own.index(place.turn)
    return len(told & frozenset().union(*(content(turn.text) for turn in own[at : at + 2])))

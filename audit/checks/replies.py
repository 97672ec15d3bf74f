"""Checks of how the agent answers something the customer did."""

from collections.abc import Iterator

from audit.acts import ActIds
from audit.checks.registry import check
from audit.facts import Facts
from audit.language.backchannel import is_listening
from audit.model import CannotTell, Evidence, Finding, NotApplicable, Outcome, Role, Turn

# So many cues answered for each one passed over: readers passed such contacts, and no others.
TWICE = 2
NO_OCCASION = "the customer gave no occasion for it"


def _answers(facts: Facts, cue: Evidence, within: int) -> list[Turn]:
    """The next WITHIN answers of the agent who answers CUE; another agent's turns are not theirs.

    Turns with no word of the customer between them are one answer, and listening words are none.
    """
    turns = facts.turns(Role.AGENT, after=cue.turn)
    own = turns
    if len(facts.agents) > 1:
        own = [turn for turn in turns if turn.participant is turns[0].participant]
    if within >= len(own):
        return [turn for turn in own if not is_listening(turn.text)] or own
    customers = [turn.index for turn in facts.turns(Role.CUSTOMER, after=cue.turn) if not is_listening(turn.text)]
    answers: list[Turn] = []
    stretches = 0
    for turn in own:
        if is_listening(turn.text):
            continue
        if not answers or any(answers[-1].index < index < turn.index for index in customers):
            stretches += 1
        if stretches > within:
            break
        answers.append(turn)
    return answers or own[:within]


def _cues(facts: Facts, after: ActIds, late: int = 0) -> list[Evidence]:
    """What the customer did, in the LATE last turns where given, once for each answer: cues in one stretch of the
    customer's are one opportunity."""
    cues: dict[int, Evidence] = {}
    last = facts.turns(Role.AGENT)[-1].index if facts.agents else -1
    own = facts.turns(Role.CUSTOMER)[-late:]
    for cue in facts.done(after, by=Role.CUSTOMER):
        if own[0].index <= cue.turn.index < last:
            cues.setdefault(facts.turns(Role.AGENT, after=cue.turn)[0].index, cue)
    return list(cues.values())


@check(
    "expects-reply", needs_customer=True, occasion={"after": Role.CUSTOMER, "reply": Role.AGENT}, by_customer=("after",)
)
def expects_reply(
    facts: Facts,
    *,
    after: ActIds,
    reply: ActIds,
    within: int = 2,
    seconds: float = 0,
    before: ActIds = (),
    once: bool = False,
    unasked: bool = False,
    mostly: bool = False,
    pending: ActIds = (),
    late: int = 0,
) -> Iterator[Finding]:
    """Each time the customer does AFTER, the agent does REPLY within the next WITHIN turns.

    SECONDS also bounds the time until then; BEFORE names what the agent may not do first. With ONCE the talk is one
    opportunity: a reply to any of it answers all, and one given in the WITHIN turns before also counts. With UNASKED a
    reply shows by itself that there was an occasion, where AFTER was said in words that are not known, or at the very
    end. With MOSTLY, who answered twice as often as not has answered: what was passed over in between is no opportunity.
    Where the last of the turns does PENDING, the file does not say how it went on. With LATE, only what the customer does
    in the LATE last turns counts. If the agent never speaks again there was no opportunity either.
    """
    replies, cues = facts.done(reply), _cues(facts, after, late)
    if unasked and replies and not cues:
        yield Finding(Outcome.MET, (replies[0],))
        return
    if not cues:
        raise NotApplicable(NO_OCCASION)
    met, missed = 0, []
    for cue in cues:
        answers = _answers(facts, cue, within)
        allowed = {turn.index for turn in answers}
        if before:
            too_soon = min((at.turn.index for at in facts.done(before) if at.turn.index in allowed), default=None)
            allowed = {index for index in allowed if too_soon is None or index <= too_soon}
        if seconds:
            allowed &= {turn.index for turn in answers if _wait(cue.turn, turn) <= seconds}
        kept = next((place for place in replies if place.turn.index in allowed), None)
        if once and kept is None:
            earlier = {turn.index for turn in facts.turns(Role.AGENT, before=cue.turn)[-within:]}
            kept = next((place for place in replies if place.turn.index in earlier), None)
        if kept is not None:
            met += 1
            yield Finding(Outcome.MET, (cue, kept) if cue.turn.index <= kept.turn.index else (kept, cue))
            if once:
                return
        else:
            missed.append(_lacking(facts, cue, answers, pending))
    if not mostly or met < TWICE * len(missed):
        yield from missed[:1] if once else missed


def _lacking(facts: Facts, cue: Evidence, answers: list[Turn], pending: ActIds) -> Finding:
    """The finding where ANSWERS to CUE hold no reply: missed, unless the file does not hold all of them, or the last of
    them does PENDING."""
    if any(facts.unreadable(turn) for turn in answers):
        return Finding(Outcome.UNSURE, (cue, Evidence.whole(answers[0])), "the answer is not wholly in the file")
    if left := [place for place in facts.done(pending) if place.turn is answers[-1]]:
        return Finding(Outcome.UNSURE, (cue, left[-1]), "what came of it is not in the file")
    return Finding(Outcome.MISSED, (cue, Evidence.whole(answers[0])))


def _wait(asked: Turn, answered: Turn) -> float:
    since = asked.end if asked.end is not None else asked.start
    if since is None or answered.start is None:
        raise CannotTell("the file does not say when things were said")
    return answered.start - since


@check("avoids-reply", needs_customer=True, zero_at=1, occasion={"after": Role.CUSTOMER}, by_customer=("after",))
def avoids_reply(facts: Facts, *, after: ActIds, reply: ActIds, within: int = 2) -> Iterator[Finding]:
    """When the customer does AFTER, the agent does not do REPLY within the next WITHIN turns."""
    replies, cues = facts.done(reply), _cues(facts, after)
    if not cues:
        raise NotApplicable(NO_OCCASION)
    for cue in cues:
        answers = _answers(facts, cue, within)
        wrong = [place for place in replies if place.turn in answers]
        if wrong:
            yield Finding(Outcome.MISSED, (cue, wrong[0]))
        else:
            yield Finding(Outcome.MET, (cue, Evidence.whole(answers[0])))

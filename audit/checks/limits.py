"""Checks that something stays within bounds: overlaps, waits, shares and repeats."""

from collections import Counter
from collections.abc import Iterator
from typing import Literal

from audit.acts import ActIds
from audit.checks.registry import check
from audit.checks.sequence import by_turn
from audit.facts import Facts
from audit.language.sentences import clause_at
from audit.language.words import count_words, plural
from audit.model import CannotTell, Channel, Evidence, Finding, NotApplicable, Outcome, Role, Turn


@check("limits-overlap", needs_customer=True, needs_talk=True, zero_at=3, by_customer=("said_by_customer",))
def limits_overlap(facts: Facts, *, said_by_customer: ActIds = ()) -> Iterator[Finding]:
    """The agent lets the customer finish.

    Word times show it best, then turn times, then a mark where the customer was cut off; last, the customer may say
    so (SAID_BY_CUSTOMER). In a chat nobody can be cut off. Without times, only what a mark or the customer shows can
    be told. See `measures.overlaps` for what counts and where the thresholds come from.
    """
    if facts.conversation.channel in (Channel.CHAT, Channel.EMAIL):
        raise NotApplicable("in writing nobody can be cut off")
    seen: set[int] = set()
    for overlap in facts.interruptions:
        seen.add(overlap.earlier.index)
        how = f"{overlap.seconds:.1f} s of both speaking, " if overlap.seconds is not None else ""
        evidence = (Evidence.whole(overlap.earlier), Evidence.whole(overlap.later))
        yield Finding(Outcome.MISSED, evidence, f"{how}shown by {overlap.basis}")
    for place in facts.done(said_by_customer, by=Role.CUSTOMER):
        before = facts.turns(Role.AGENT, before=place.turn)
        complained = any(abs(place.turn.index - index) <= 3 for index in seen)
        if before and not complained:
            seen.add(place.turn.index)
            yield Finding(Outcome.MISSED, (Evidence.whole(before[-1]), place), "the customer said so")
    if seen:
        return
    if not facts.can.has_end_times:
        raise CannotTell("the file does not say when each turn ended")
    if not facts.can.has_fine_times:
        raise CannotTell("times are told in whole seconds, so overlaps cannot be seen")
    if not facts.can.is_overlap_measurable:
        raise CannotTell("all voices were recorded on one track, so overlaps cannot be seen")
    for agent in facts.agents:
        heard = [turn for turn in facts.turns(Role.CUSTOMER) if _answered_by(facts, turn.index) == agent.id]
        if heard:
            longest = max(heard, key=lambda turn: len(turn.text))
            answer = next(turn for turn in facts.turns(Role.AGENT, after=longest))
            evidence = (Evidence.whole(longest), Evidence.whole(answer))
            yield Finding(Outcome.MET, evidence, f"{plural(len(heard), 'turn')} of the customer heard to the end")


def _answered_by(facts: Facts, index: int) -> str | None:
    return next((turn.participant.id for turn in facts.turns(Role.AGENT) if turn.index > index), None)


@check("limits-wait", needs_customer=True, needs_talk=True)
def limits_wait(facts: Facts, *, seconds: float, first: bool = False) -> Iterator[Finding]:
    """The customer waits at most SECONDS for each answer; with FIRST, for the first one only."""
    if not facts.waits:
        raise CannotTell("the file does not say when things were said")
    for wait in facts.waits[:1] if first else facts.waits:
        outcome = Outcome.MET if wait.seconds <= seconds else Outcome.MISSED
        yield Finding(outcome, (Evidence.whole(wait.asked), Evidence.whole(wait.answered)), f"{wait.seconds:.0f} s")


@check("limits-share", needs_customer=True, needs_talk=True)
def limits_share(facts: Facts, *, most: float, words: int = 100) -> Iterator[Finding]:
    """The agents say at most the share MOST (0 to 1) of all words, in talks of at least WORDS words."""
    total = sum(facts.words_by_role.values())
    if total < words:
        raise NotApplicable(f"fewer than {words} words were said")
    share = facts.words_by_role.get(Role.AGENT, 0) / total
    outcome = Outcome.MET if share <= most else Outcome.MISSED
    for agent in facts.agents:
        yield Finding(
            outcome, (Evidence.whole(facts.longest_turn(agent)),), f"{share:.0%} of {total} words were the agent's"
        )


@check("limits-repeats", zero_at=1, occasion={"act": Role.AGENT})
def limits_repeats(
    facts: Facts,
    *,
    act: ActIds,
    most: int,
    of: Literal["act", "words"] = "act",
    between: ActIds = (),
    in_a_row: int = 0,
) -> Iterator[Finding]:
    """The agent does ACT at most MOST times; with `of: words`, at most MOST times in the same sentence.

    With IN_A_ROW, nor so many times in turns one after the other without anything of BETWEEN.
    """
    for agent in facts.agents:
        own = by_turn([place for place in facts.done(act) if place.turn.participant is agent])
        said = Counter(_sentence(place) if of == "words" else "" for place in own)
        over = [place for place in own if said[_sentence(place) if of == "words" else ""] > most]
        over = over or _run(facts, own, between, in_a_row)
        if over:
            yield Finding(Outcome.MISSED, tuple(over), plural(len(over), "time"))
        elif own:
            yield Finding(Outcome.MET, (own[0],), plural(len(own), "time"))


def _sentence(place: Evidence) -> str:
    """The sentence in which PLACE stands, in small letters."""
    first, last = clause_at(place.turn.text, place.first)
    return place.turn.text[first:last].strip().lower()


def _run(facts: Facts, places: list[Evidence], between: ActIds, most: int) -> list[Evidence]:
    """The first MOST of PLACES between which nothing of BETWEEN was done, none where there are none or MOST is 0."""
    done = [place.turn.index for place in facts.done(between)]
    row: list[Evidence] = []
    for place in places:
        if row and any(row[-1].turn.index <= index <= place.turn.index for index in done):
            row = []
        row.append(place)
        if most and len(row) >= most:
            return row
    return []


@check("limits-length", zero_at=3)
def limits_length(facts: Facts, *, words: int, seconds: float = 0, broken_by: ActIds = ()) -> Iterator[Finding]:
    """No turn of the agent's is longer than WORDS words, or SECONDS where the file tells, without BROKEN_BY in it."""
    broken = {place.turn.index for place in facts.done(broken_by)}
    for agent in facts.agents:
        own = facts.own_turns(agent)
        over = [turn for turn in own if turn.index not in broken and _is_longer(turn, words, seconds)]
        for turn in over:
            yield Finding(
                Outcome.MISSED, (Evidence.whole(turn),), f"{plural(count_words(turn.text), 'word')} without a pause"
            )
        if not over:
            longest = facts.longest_turn(agent)
            yield Finding(
                Outcome.MET, (Evidence.whole(longest),), f"{plural(count_words(longest.text), 'word')} at most"
            )


def _is_longer(turn: Turn, words: int, seconds: float) -> bool:
    if count_words(turn.text) > words:
        return True
    return bool(seconds and turn.start is not None and turn.end is not None and turn.end - turn.start > seconds)


@check("limits-rate", zero_at=1)
def limits_rate(facts: Facts, *, act: ActIds, per_100: float, sentences: int = 15) -> Iterator[Finding]:
    """Of 100 sentences of the agent's, at most PER_100 do ACT; asked of agents who said SENTENCES or more."""
    asked = False
    for agent in facts.agents:
        number = facts.sentences_of(agent)
        if number < sentences:
            continue
        asked = True
        done = [place for place in facts.done(act) if place.turn.participant is agent]
        places = list({(place.turn.index, _sentence(place)): place for place in done}.values())
        rate = 100 * len(places) / number
        over = rate > per_100
        shown = tuple(places) if over else (places[0] if places else Evidence.whole(facts.longest_turn(agent)),)
        yield Finding(Outcome.MISSED if over else Outcome.MET, shown, f"{rate:.0f} of 100 sentences")
    if not asked:
        raise NotApplicable(f"the agent said under {sentences} sentences")

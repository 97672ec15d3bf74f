"""What is seen in a contact beside the questions of a form: shown, never scored.

The apology ladder, the ledger of commitments, the customer's mood and both kinds of the agent's language by thirds of
the talk, and figures of time and balance. Each names the words it rests on.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from audit.acts import ActIds
from audit.facts import Facts
from audit.language.sentences import clause_at
from audit.language.stems import content
from audit.language.words import count_words
from audit.measures.overlaps import interruptions, span, talk_over
from audit.model import Evidence, Participant, Role, Turn

# The steps of an apology, from none to the one that mends (practice texts; Lewicki's components of an apology).
LADDER = ("none", "reflex", "conditional", "specific", "specific with responsibility and repair")
# A customer turn's mood: from -1 to 1, the worst of what it does and the best.
MOODS: Mapping[str, float] = {
    "insult": -1,
    "distress": -1,
    "grievance": -1,
    "repetition": -0.5,
    "told-before": -0.5,
    "service-failure": -0.5,
    "dissatisfaction": -0.25,
    "thanks": 1,
    "works-now": 1,
}
# What a customer's act adds to the strain of a talk. Weights and bar were set on the talks of the STAR corpus that its
# assistants called annoyed or aggressive (development part).
STRAINS: Mapping[str, float] = {
    "distress": 1,
    "grievance": 1,
    "abuse": 1,
    "repetition": 0.5,
    "told-before": 0.5,
    "dissatisfaction": 0.5,
}
STRAINED = 0.25
# Of a talk with fewer customer turns no thirds are told.
FEWEST_TURNS = 6
EMPATHY: ActIds = ("acknowledgement", "sympathy")
WARM: ActIds = (*EMPATHY, "thanks", "greeting", "closing", "apology", "partnership", "reassurance")
TASK: ActIds = (
    "solving",
    "exploring-question",
    "open-question",
    "closed-question",
    "own-promise",
    "read-back",
    "settled",
)
# What the observations ask of each side, so that it is looked for.
ASKED: Mapping[Role, ActIds] = {
    Role.AGENT: (
        *WARM, *TASK, "hollow-apology", "responsibility", "repair-offer", "commitment", "follow-up-promise", "named-doer",
        "exact-time", "vague-time", "filler", "repair",
    ),
    Role.CUSTOMER: (*MOODS, *STRAINS),
}  # fmt: skip


class Commitment(NamedTuple):
    """Something promised: the words, and those that say who is to do it and by when; None where it was not said."""

    place: Evidence
    who: Evidence | None
    when: Evidence | None
    vague: bool


class Thirds(NamedTuple):
    """A figure for the first, the middle and the last third of a talk, None where the third holds nothing to tell."""

    first: float | None
    middle: float | None
    last: float | None


class Observations(NamedTuple):
    """All that is seen of one agent in one contact.

    `apology` is the highest step of the ladder that was reached and `apologies` how many were said; `empathy` is where a
    feeling was acknowledged; `mood` goes from -1 to 1, `warm` and `task` are shares of the agent's sentences (0 to 1);
    `talk` is the agent's share of all words by thirds; `words_a_minute` and `talk_over` (seconds of both speaking) need
    times, None without; `fillers` are of 100 words. `cut_off_by` counts interruptions by the agent and by the customer;
    `strained` tells a talk with an annoyed or aggressive customer; `asked_again` the turns in which the agent had not
    heard.
    """

    apology: str
    apologies: int
    empathy: tuple[Evidence, ...]
    commitments: tuple[Commitment, ...]
    mood: Thirds | None
    strained: bool
    warm: Thirds | None
    task: Thirds | None
    talk: Thirds
    words_a_minute: float | None
    talk_over: float | None
    cut_off_by: Mapping[str, int]
    fillers: float
    asked_again: int


def observe(facts: Facts, agent: Participant) -> Observations:
    """What is seen of AGENT in one contact."""
    own = facts.own_turns(agent)
    apologies = [place for place in facts.done(("apology", "hollow-apology")) if place.turn.participant is agent]
    timed = facts.can.has_end_times and facts.can.is_overlap_measurable and not facts.can.is_written
    return Observations(
        _ladder(facts, apologies),
        len({place.turn.index for place in apologies}),
        tuple(place for place in facts.done(EMPATHY) if place.turn.participant is agent),
        tuple(_commitments(facts, agent)),
        _mood(facts),
        strain(facts) >= STRAINED,
        _language(facts, own, WARM),
        _language(facts, own, TASK),
        _talk(facts),
        _pace(own),
        talk_over(facts.spoken, Role.AGENT, Role.CUSTOMER) if timed else None,
        {
            "agent": len(facts.interruptions) if timed else 0,
            "customer": len(interruptions(facts.spoken, Role.CUSTOMER, Role.AGENT)) if timed else 0,
        },
        _fillers(facts, agent),
        len({place.turn.index for place in facts.done(("repair",)) if place.turn.participant is agent}),
    )


def strain(facts: Facts) -> float:
    """How annoyed or aggressive the customer is: the strength of what was done, a turn of theirs; 0 is calm."""
    turns = len(facts.turns(Role.CUSTOMER))
    done = {(act, at.turn.index) for act in STRAINS for at in facts.done((act,), by=Role.CUSTOMER)}
    return sum(STRAINS[act] for act, _ in sorted(done)) / max(turns, 3)


def _ladder(facts: Facts, apologies: Sequence[Evidence]) -> str:
    """The highest step that any of APOLOGIES reaches, with what stands in the same turn."""
    hollow = {place.turn.index for place in facts.done(("hollow-apology",))}
    owned = {place.turn.index for place in facts.done(("responsibility",))}
    mended = {place.turn.index for place in facts.done(("repair-offer",))}
    best = 0
    for place in apologies:
        index = place.turn.index
        told: set[str] = set()
        for turn in facts.turns(Role.CUSTOMER, before=place.turn):
            told |= content(turn.text)
        specific = bool(told & content(_sentence(place)))
        if index in hollow:
            step = 2
        elif specific and index in owned and index in mended:
            step = 4
        else:
            step = 3 if specific else 1
        best = max(best, step)
    return LADDER[best]


def _sentence(place: Evidence) -> str:
    first, last = clause_at(place.turn.text, place.first)
    return place.turn.text[first:last]


def _commitments(facts: Facts, agent: Participant) -> Iterator[Commitment]:
    """What AGENT promised, a promise a sentence."""
    seen: set[tuple[int, int]] = set()
    for place in facts.done(("commitment", "follow-up-promise")):
        if place.turn.participant is not agent:
            continue
        text = place.turn.text
        first, last = clause_at(text, place.first)
        first += len(text[first:last]) - len(text[first:last].lstrip())
        if (place.turn.index, first) in seen or text[first:last].endswith("?"):
            continue
        seen.add((place.turn.index, first))
        inside = Evidence(place.turn, first, last)
        when = _within(facts, inside, ("exact-time",))
        vague = _within(facts, inside, ("vague-time",))
        yield Commitment(inside, _doer(facts, inside, place), when or vague, when is None and vague is not None)


def _doer(facts: Facts, sentence: Evidence, promise: Evidence) -> Evidence | None:
    """Who is to do what was promised: whom the words of PROMISE name, or the nearest before it in the SENTENCE."""
    named = [
        at
        for at in facts.done(("named-doer",))
        if at.turn is sentence.turn and sentence.first <= at.first < sentence.last
    ]
    before = [at for at in named if at.first < promise.last]
    return (before or named)[-1 if before else 0] if named else None


def _within(facts: Facts, place: Evidence, acts: ActIds) -> Evidence | None:
    for other in facts.done(acts):
        if other.turn is place.turn and place.first <= other.first < place.last:
            return other
    return None


def _mood(facts: Facts) -> Thirds | None:
    """The customer's mood by thirds; None in talks with few turns of the customer's."""
    turns = facts.turns(Role.CUSTOMER)
    if len(turns) < FEWEST_TURNS:
        return None
    best: dict[int, float] = {}
    worst: dict[int, float] = {}
    for act, value in MOODS.items():
        for place in facts.done((act,), by=Role.CUSTOMER):
            side = best if value > 0 else worst
            side[place.turn.index] = max(side.get(place.turn.index, 0), value, key=abs)
    return _thirds([best.get(turn.index, 0) + worst.get(turn.index, 0) for turn in turns])


def _thirds(values: Sequence[float]) -> Thirds:
    """The mean of each third of VALUES."""
    cuts = [round(len(values) * part / 3) for part in range(4)]
    parts = [values[low:high] for low, high in pairwise(cuts)]
    return Thirds(*(round(sum(part) / len(part), 3) if part else None for part in parts))


def _language(facts: Facts, own: Sequence[Turn], acts: ActIds) -> Thirds | None:
    """The share of turns in each third in which the agent did one of ACTS (Packard, Li & Berger 2023, on when each helps)."""
    if len(own) < FEWEST_TURNS:
        return None
    done = {place.turn.index for place in facts.done(acts)}
    return _thirds([float(turn.index in done) for turn in own])


def _talk(facts: Facts) -> Thirds:
    """The agents' share of the words in each third of the talk."""
    shares: list[float | None] = []
    cuts = [round(len(facts.spoken) * part / 3) for part in range(4)]
    for low, high in pairwise(cuts):
        words = {Role.AGENT: 0, Role.CUSTOMER: 0}
        for turn in facts.spoken[low:high]:
            words[turn.role] += count_words(turn.text)
        total = sum(words.values())
        shares.append(round(words[Role.AGENT] / total, 3) if total else None)
    return Thirds(*shares)


def _pace(own: Sequence[Turn]) -> float | None:
    """Words a minute over the turns that have both times, None under half a minute of them."""
    timed = [(turn, at) for turn in own if (at := span(turn)) is not None]
    seconds = sum(at[1] - at[0] for _, at in timed)
    return round(60 * sum(count_words(turn.text) for turn, _ in timed) / seconds, 1) if seconds >= 30 else None


def _fillers(facts: Facts, agent: Participant) -> float:
    words = facts.words_of(agent)
    said = sum(place.turn.participant is agent for place in facts.done(("filler",)))
    return round(100 * said / words, 2) if words else 0.0

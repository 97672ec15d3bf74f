"""Figures per agent: sums that add up in any order, and what may be said from them.

A Tally holds whole numbers only, so that adding parts in any order, by any number of processes, gives the same bytes.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import NamedTuple

from audit.form import Evaluation, Form, shown
from audit.intervals import Interval, wilson
from audit.language.sentences import clause_at
from audit.model import Evidence, Outcome, Verdict
from audit.moments import Moment

# Scores are counted in millionths of a point, so that sums do not depend on their order.
MILLIONTHS = 1_000_000
# Under this many scored contacts a resampled interval says nothing.
FEWEST_FOR_INTERVAL = 5
# How many contacts' worth of the team's mean an agent's is drawn towards, for order only.
PRIOR_CONTACTS = 5
RESAMPLES = 1000
SEED = 20261121
# Missed and best moments kept for each rule to show; and the least number of misses worth coaching.
MOMENTS = 3
FEWEST_MISSES = 2
MOST_COACHING = 3
# The same line of empathy in so large a share of so many contacts is canned (rulebook, EMO-CANNED); longer lines hold
# something of their own.
FEWEST_FOR_CANNED, CANNED_SHARE = 10, 0.3
LONGEST_CANNED = 160
# What is not of the line itself: whom a message is to, addresses, and the marks at its ends.
_ADDRESSED = re.compile(r"@\S+|https?:\S+")
_MARKS = " .,;:!?…-–—*^~\"'"


@dataclass(slots=True)
class Answers:
    """How one question was answered over many contacts."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    points: int = 0
    answered: int = 0
    reasons: Counter[tuple[Verdict, str]] = field(default_factory=Counter)
    missed: list[Moment] = field(default_factory=list)
    met: list[Moment] = field(default_factory=list)

    def __iadd__(self, other: "Answers") -> "Answers":
        for counts in ("verdicts", "outcomes", "reasons"):
            getattr(self, counts).update(getattr(other, counts))
        self.points += other.points
        self.answered += other.answered
        self.missed = sorted(self.missed + other.missed)[:MOMENTS]
        self.met = sorted(self.met + other.met)[:1]
        return self

    @property
    def score(self) -> float | None:
        """Mean score of the question from 0 to 1 where it was answered."""
        return self.points / MILLIONTHS / self.answered if self.answered else None

    @property
    def applied(self) -> int:
        """In how many contacts the question had a pass or a fail."""
        return self.verdicts[Verdict.PASS] + self.verdicts[Verdict.FAIL]


@dataclass(slots=True)
class Tally:
    """Sums over evaluations: an agent's, a team's and a week's are the same thing."""

    contacts: int = 0
    channels: Counter[str] = field(default_factory=Counter)
    scores: Counter[int] = field(default_factory=Counter)
    sections: dict[str, Counter[int]] = field(default_factory=dict)
    coverage: Counter[int] = field(default_factory=Counter)
    questions: dict[str, Answers] = field(default_factory=dict)
    gates: Counter[str] = field(default_factory=Counter)
    too_little: Counter[str] = field(default_factory=Counter)
    limits: Counter[str] = field(default_factory=Counter)
    scored_on: Counter[str] = field(default_factory=Counter)
    points_on: Counter[str] = field(default_factory=Counter)
    first: str = ""
    last: str = ""
    quiet: Counter[tuple[str, Verdict, str]] = field(default_factory=Counter)
    empathy: Counter[str] = field(default_factory=Counter)

    def settle(self) -> None:
        """Count what was answered without findings, kept apart while contacts are added, under its questions."""
        for (rule, verdict, reason), times in self.quiet.items():
            counts = self.questions.setdefault(rule, Answers())
            counts.verdicts[verdict] += times
            if reason:
                counts.reasons[verdict, reason] += times
        self.quiet.clear()

    def add(self, evaluation: Evaluation) -> None:
        """Count EVALUATION in."""
        self.contacts += 1
        self.channels[evaluation.conversation.channel] += 1
        if evaluation.score is not None:
            self.scores[_millionths(evaluation.score)] += 1
        else:
            self.too_little[evaluation.too_little] += 1
        if evaluation.coverage is not None:
            self.coverage[_millionths(evaluation.coverage)] += 1
        for section in evaluation.sections:
            if section.score is not None:
                scores = self.sections.get(section.title)
                if scores is None:
                    scores = self.sections[section.title] = Counter()
                scores[_millionths(section.score)] += 1
        if evaluation.seen is not None and evaluation.seen.empathy:
            self.empathy.update({_line(place) for place in evaluation.seen.empathy} - {""})
        self.gates.update(evaluation.failed_gates)
        self.limits.update(evaluation.limits)
        quiet = self.quiet
        for answer in evaluation.answers:
            if not answer.findings:
                key = (answer.rule, answer.verdict, answer.reason)
                quiet[key] = quiet.get(key, 0) + 1
                continue
            counts = self.questions.get(answer.rule)
            if counts is None:
                counts = self.questions[answer.rule] = Answers()
            counts.verdicts[answer.verdict] += 1
            if answer.reason:
                counts.reasons[answer.verdict, answer.reason] += 1
            score = answer.score
            if score is not None:
                counts.points += round(score * MILLIONTHS)
                counts.answered += 1
                for finding in answer.findings:
                    counts.outcomes[finding.outcome] += 1
        if evaluation.conversation.start is not None:
            day = evaluation.conversation.start.date().isoformat()
            self.first = min(self.first or day, day)
            self.last = max(self.last, day)
            if evaluation.score is not None:
                self.scored_on[day] += 1
                self.points_on[day] += _millionths(evaluation.score)

    def __iadd__(self, other: "Tally") -> "Tally":
        for each in fields(Tally):
            mine, more = getattr(self, each.name), getattr(other, each.name)
            if isinstance(mine, Counter):
                mine.update(more)
        self.contacts += other.contacts
        for title, scores in other.sections.items():
            self.sections.setdefault(title, Counter()).update(scores)
        for rule, answers in other.questions.items():
            mine = self.questions.setdefault(rule, Answers())
            mine += answers
        self.first = min(filter(None, (self.first, other.first)), default="")
        self.last = max(self.last, other.last)
        return self

    def __add__(self, other: "Tally") -> "Tally":
        both = Tally()
        both += self
        both += other
        return both


def _line(place: Evidence) -> str:
    """The sentence around PLACE, without what differs from one contact to the next; "" where it is too long."""
    first, last = clause_at(place.turn.text, place.first)
    line = " ".join(_ADDRESSED.sub(" ", place.turn.text[first:last]).split()).strip(_MARKS)
    return line if len(line) <= LONGEST_CANNED else ""


def canned(tally: Tally) -> list[tuple[str, int]]:
    """The lines of empathy that came in three of ten contacts or more, each with how many, the most common first."""
    if tally.contacts < FEWEST_FOR_CANNED:
        return []
    often = [(line, times) for line, times in tally.empathy.items() if times >= CANNED_SHARE * tally.contacts]
    return sorted(often, key=lambda each: (-each[1], each[0]))


def _millionths(score: float) -> int:
    return round(score * MILLIONTHS)


def mean(scores: Mapping[int, int]) -> float | None:
    """The mean of counted SCORES in points, None where there are none."""
    number = sum(scores.values())
    return sum(score * times for score, times in scores.items()) / number / MILLIONTHS if number else None


def interval(scores: Mapping[int, int]) -> Interval | None:
    """The 95 % interval of the mean of SCORES, by resampling contacts with a fixed seed (percentile bootstrap).

    None under five contacts. Where all contacts score alike, resampling would claim certainty: then the interval is
    that of as many passes in a row (Wilson), stretched over the scale.
    """
    number = sum(scores.values())
    if number < FEWEST_FOR_INTERVAL:
        return None
    if len(scores) == 1:
        level = next(iter(scores)) / MILLIONTHS
        slack = 100 * (1 - wilson(number, number).low)
        return Interval(max(0.0, level - slack), min(100.0, level + slack))
    import numpy as np

    values = np.array(sorted(scores), dtype=np.float64) / MILLIONTHS
    weights = np.array([scores[score] for score in sorted(scores)], dtype=np.float64)
    draws = np.random.Generator(np.random.PCG64(SEED)).multinomial(number, weights / weights.sum(), size=RESAMPLES)
    low, high = np.percentile(draws @ values / number, [2.5, 97.5])
    return Interval(float(low), float(high))


class Coaching(NamedTuple):
    """A behaviour to work on: `gain` is how many points of the card always meeting it would bring."""

    rule: str
    gain: float
    missed: int
    applied: int
    rate: Interval


class Person(NamedTuple):
    """Who a scorecard is about; `id` is "" for agents whom no file names."""

    id: str
    name: str
    team: str


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One agent's figures. Scores are means over scored contacts, 0 to 100."""

    person: Person
    tally: Tally
    score: float | None
    interval: Interval | None
    coverage: float | None
    against_team: str
    sections: Mapping[str, tuple[float | None, Interval | None, int]]
    coaching: tuple[Coaching, ...]
    strengths: tuple[str, ...]

    @property
    def shown(self) -> int | None:
        """The score as it is shown, and as gates see it."""
        return None if self.score is None else shown(self.score)

    def moments(self) -> Iterator[Moment]:
        """What is shown of this agent's contacts: what to coach, the best of the same kind, and the strengths."""
        for each in self.coaching:
            answers = self.tally.questions[each.rule]
            yield from (*answers.missed, *answers.met)
        for rule in self.strengths:
            yield from self.tally.questions[rule].met


def scorecard(person: Person, tally: Tally, team: Tally, form: Form) -> Scorecard:
    """The scorecard of PERSON from their TALLY and that of the TEAM."""
    span = interval(tally.scores)
    middle = mean(team.scores)
    sections = {
        section.title: (mean(scores), interval(scores), sum(scores.values()))
        for section in form.sections
        for scores in [tally.sections.get(section.title, Counter())]
    }
    focus = coaching(tally, form)
    return Scorecard(
        person,
        tally,
        mean(tally.scores),
        span,
        mean(tally.coverage),
        _against(span, middle, is_alone=tally.contacts == team.contacts),
        sections,
        tuple(focus),
        tuple(_strengths(tally, form, {each.rule for each in focus})),
    )


def _against(span: Interval | None, middle: float | None, is_alone: bool) -> str:
    if is_alone:
        return ""
    if span is None or middle is None:
        return "too few contacts to compare"
    if span.low > middle:
        return "above the team"
    return "below the team" if span.high < middle else "not distinguishable from the team"


def order(cards: Iterable[Scorecard], team: Tally) -> list[Scorecard]:
    """CARDS for looking through: lowest first, each drawn towards the team's mean by five contacts' worth, so that
    little evidence neither heads nor ends the list; cards without a score come last, by name."""
    middle = mean(team.scores) or 0.0

    def place(card: Scorecard) -> tuple[bool, float, str, str]:
        number = sum(card.tally.scores.values())
        drawn = ((card.score or 0.0) * number + middle * PRIOR_CONTACTS) / (number + PRIOR_CONTACTS)
        return card.score is None, round(drawn, 6), card.person.name, card.person.id

    return sorted(cards, key=place)


def coaching(tally: Tally, form: Form) -> list[Coaching]:
    """What to work on first: at most three questions by the points of the card that they cost."""
    weights = form.weights()
    found = []
    for rule, answers in tally.questions.items():
        missed = answers.verdicts[Verdict.FAIL]
        if missed >= FEWEST_MISSES and rule in weights and answers.score is not None:
            gain = weights[rule] * (1 - answers.score) * answers.applied / tally.contacts
            found.append(Coaching(rule, gain, missed, answers.applied, wilson(missed, answers.applied)))
    return sorted(found, key=lambda each: (-round(each.gain, 6), each.rule))[:MOST_COACHING]


def _strengths(tally: Tally, form: Form, focus: Collection[str]) -> list[str]:
    """Questions that this agent meets reliably: the Wilson bound of the pass rate is above one half, best first. What
    is in FOCUS, to be coached, is none."""
    weights = form.weights()
    bounds = {
        rule: wilson(answers.verdicts[Verdict.PASS], answers.applied).low
        for rule, answers in tally.questions.items()
        if rule in weights
        and rule not in focus
        and answers.applied
        and answers.verdicts[Verdict.FAIL] * 5 <= answers.applied
    }
    good = [rule for rule, low in bounds.items() if low > 0.5]
    return sorted(good, key=lambda rule: (-round(bounds[rule] * weights[rule], 6), rule))[:MOST_COACHING]


def quartiles(values: Iterable[float | None]) -> tuple[float, float, float] | None:
    """The lower quartile, median and upper quartile of the VALUES that are there, None under four of them."""
    from statistics import quantiles

    known = sorted(value for value in values if value is not None)
    if len(known) < 4:
        return None
    low, middle, high = quantiles(known, n=4, method="inclusive")
    return low, middle, high

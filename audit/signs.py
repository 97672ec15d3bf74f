"""Signs: acts that say little each, and taken together tell whether a contact gave occasion for a question at all."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from audit.facts import Facts
from audit.language.sentences import clause_at
from audit.model import Evidence, Finding, Outcome, Role, RuleResult, Verdict

AGAINST = "taken together, what was said gives no occasion for it"


class Sign(NamedTuple):
    """An act of one side, and the points it gives or takes, however often it is done."""

    by: Role
    act: str
    points: float


class Signs(NamedTuple):
    """What speaks for an occasion and against it, in points on top of `base`.

    With `enough` of them there was an occasion, with fewer than `too_few` there was none; in between the acts that the
    check looks for decide. Either may be infinite: signs that only give, or only take, an occasion. Points are natural
    logarithms of odds, by logistic regression over labelled contacts (`benchmarks/signs.py`).
    """

    base: float
    enough: float
    too_few: float
    signs: tuple[Sign, ...]

    def weigh(self, result: RuleResult, facts: Facts) -> RuleResult:
        """RESULT held against the signs.

        Where they speak against an occasion, what was missed is no miss, and what the agent did unasked shows none. Where
        the check saw no occasion and they speak for one, the act was missed: had it been done, there would have been a
        finding.
        """
        is_doubtful = bool(result.findings) and all(map(_is_doubtful, result.findings))
        if not is_doubtful and result.verdict is not Verdict.NOT_APPLICABLE:
            return result
        possible = [sign for sign in self.signs if sign.act in facts.acts(sign.by)]
        # Where signs cannot change RESULT even if all of one kind were done, it need not be known where they were.
        bound = self._points(sign for sign in possible if (sign.points < 0) is is_doubtful)
        if bound >= self.too_few if is_doubtful else bound < self.enough:
            return result
        seen = [(sign, places) for sign in possible if (places := facts.done((sign.act,), sign.by))]
        points = self._points(sign for sign, _ in seen)
        if is_doubtful:
            return RuleResult(result.rule, reason=AGAINST) if points < self.too_few else result
        speaking = [(sign, places) for sign, places in seen if sign.points > 0]
        told = _told(facts, ((sign.points, place) for sign, places in speaking for place in places))
        if points < self.enough or told is None:
            return result
        answer = Evidence.whole(facts.turns(Role.AGENT, after=told.turn)[0])
        note = f"signs of it: {', '.join(sign.act for sign, _ in speaking)}"
        return RuleResult(result.rule, (Finding(Outcome.MISSED, (told, answer), note),), zero_at=result.zero_at)

    def _points(self, signs: Iterable[Sign]) -> float:
        """The points of SIGNS and the base: written as decimals, and added up as such."""
        return round(self.base + sum(sign.points for sign in signs), 6)


def _is_doubtful(finding: Finding) -> bool:
    """Whether FINDING holds only if there was an occasion: a miss, or what no word of the customer's asked for."""
    return finding.outcome is Outcome.MISSED or all(place.turn.role is Role.AGENT for place in finding.evidence)


def _told(facts: Facts, places: Iterable[tuple[float, Evidence]]) -> Evidence | None:
    """The sentence of the customer's with the most points of PLACES, the first of several; None where no agent
    answers any."""
    last = facts.turns(Role.AGENT)[-1].index if facts.agents else -1
    weights: dict[Evidence, float] = defaultdict(float)
    for points, place in places:
        if place.turn.role is Role.CUSTOMER and place.turn.index < last:
            weights[Evidence(place.turn, *clause_at(place.turn.text, place.first))] += points
    return max(weights, key=lambda told: (weights[told], -told.turn.index, -told.first), default=None)

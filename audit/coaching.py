"""A plan for one coaching talk: one focus, why it matters, examples, an exercise of own sentences, and the next measure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from audit.intervals import wilson
from audit.model import Role, Verdict
from audit.moments import Moment
from audit.rule import Rule
from audit.scorecards import Coaching, Scorecard

# Contacts with an occasion after which the focus is measured again: the fewest that can show a change. And the examples
# a plan shows.
NEXT_CONTACTS = (10, 20, 30, 50)
EXAMPLES = 2


class Exercise(NamedTuple):
    """Something to say better: what the customer or the agent said, and one way of doing it."""

    ask: str
    said: str
    one_way: str


class CoachingPlan(NamedTuple):
    """`met` of `applied` contacts with an occasion met the focus; `aim` of the next `within` show that it was no luck."""

    focus: Coaching
    rule: Rule
    examples: Sequence[Moment]
    exercises: Sequence[Exercise]
    met: int
    applied: int
    aim: int
    within: int


def coaching_plan(card: Scorecard, rules: Mapping[str, Rule]) -> CoachingPlan | None:
    """The plan for the agent of CARD, None where nothing was missed often enough to coach.

    The aim is the fewest of the next contacts whose Wilson bound (95 %) lies above the rate so far.
    """
    if not card.coaching:
        return None
    focus = card.coaching[0]
    answers = card.tally.questions[focus.rule]
    rule = rules[focus.rule]
    examples = answers.missed[:EXAMPLES]
    met = answers.verdicts[Verdict.PASS]
    rate = met / focus.applied
    aims = ((n, of) for of in NEXT_CONTACTS for n in range(1, of + 1) if wilson(n, of).low > rate)
    aim, within = next(aims, (NEXT_CONTACTS[-1], NEXT_CONTACTS[-1]))
    exercises = [_exercise(moment, rule) for moment in examples]
    return CoachingPlan(focus, rule, examples, exercises, met, focus.applied, aim, within)


def _exercise(moment: Moment, rule: Rule) -> Exercise:
    """An exercise from MOMENT: own words to be said better, or a line of the customer's to be answered."""
    own = [line for line in moment.lines if line.role is Role.AGENT and line.marks]
    if moment.better and own:
        return Exercise("You said this. Say it again, better.", own[-1].text, moment.better)
    before = [line for line in moment.lines if line.role is Role.CUSTOMER and line.turn <= moment.anchor]
    instead = rule.say_instead[0] if rule.say_instead else ""
    if before:
        return Exercise("The customer says this. What do you say?", before[-1].text, instead)
    return Exercise("You began like this. Begin again.", own[-1].text if own else "", instead)

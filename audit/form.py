"""Evaluation forms: what each question is worth, and one contact's form filled in.

The arithmetic: a section's score is the weighted mean over its answered questions, the card's the weighted mean over
its sections that have any. Section first, so that a section with one answer left keeps its own weight only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from audit.definitions import Faults, Fields, Node, near
from audit.errors import AuditError, BadDefinitions
from audit.model import Channel, Conversation, Participant, RuleResult, Verdict
from audit.observations import Observations
from audit.penalties import one_penalty
from audit.rulepack import Rulepack, read_file

KEYS = ("id", "title", "says", "channels", "by_channel", "pass_mark", "floor", "bands", "sections", "gates")
# No score under five answered questions or 40 % of the card's weight, unless the form says otherwise.
FEWEST_QUESTIONS = 5
LEAST_WEIGHT = 40


class Criticality(StrEnum):
    """Whom a failed question harms."""

    NONE = "none"
    CUSTOMER = "customer"
    BUSINESS = "business"
    COMPLIANCE = "compliance"


class Question(NamedTuple):
    """One question of a section: the rule that answers it and its weight inside the section, 0 where it is advisory."""

    rule: str
    weight: float
    critical: Criticality


@dataclass(frozen=True, slots=True)
class Section:
    """A group of questions with its weight on the card, 0 where all of them are advisory."""

    title: str
    weight: float
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Form:
    """An evaluation form. `gates` are rules whose failure stands beside the score; marks are points from 0 to 100.

    `by_channel` holds the forms that take its place for contacts of one channel.
    """

    id: str
    title: str
    sections: tuple[Section, ...]
    channels: frozenset[Channel]
    pass_mark: float
    fewest_questions: int
    least_weight: float
    bands: tuple[tuple[str, float], ...]
    gates: tuple[str, ...]
    by_channel: Mapping[Channel, "Form"] = field(default_factory=dict)

    def of(self, channel: Channel) -> "Form":
        """The form for contacts of CHANNEL."""
        return self.by_channel.get(channel, self)

    def band(self, score: int) -> str:
        """The word for SCORE: the band with the highest lower bound that it reaches."""
        return next((name for name, low in self.bands if score >= low), self.bands[-1][0])

    def weights(self) -> dict[str, float]:
        """Each scored rule's share of the whole card in per cent, if every question were answered."""
        total = sum(section.weight for section in self.sections)
        return {
            question.rule: 100 * section.weight / total * question.weight / sum(q.weight for q in section.questions)
            for section in self.sections
            for question in section.questions
            if question.weight
        }

    @cached_property
    def standing(self) -> dict[str, tuple[float, int]]:
        """Where each rule stands when several mind the same words: the lowest speaks. The heaviest, then the first."""
        weights = self.weights()
        asked = [question.rule for section in self.sections for question in section.questions]
        return {rule: (-weights.get(rule, 0.0), place) for place, rule in enumerate(asked)}


class SectionScore(NamedTuple):
    """A section in one contact; `score` from 0 to 100, None where none of its questions was answered."""

    title: str
    weight: float
    score: float | None


class Evaluation(NamedTuple):
    """One form filled in for one agent in one contact.

    `score` is 0 to 100, None below the form's floor (`too_little` then says what was lacking) or where a rule failed
    to run. `coverage` is the share in per cent of the weight with an occasion that could be decided, None where
    nothing had an occasion. `weights` are the per cent of the score that each answered question made up. `limits` is
    what the file of the contact could not tell, in words; `seen` what was observed beside the questions.
    """

    form: Form
    conversation: Conversation
    agent: Participant
    answers: tuple[RuleResult, ...]
    sections: tuple[SectionScore, ...]
    score: float | None
    coverage: float | None
    weights: Mapping[str, float]
    failed_gates: tuple[str, ...]
    too_little: str = ""
    limits: tuple[str, ...] = ()
    seen: Observations | None = None


def shown(score: float) -> int:
    """SCORE as it is shown and as gates see it: a whole number, where 0 and 100 are always true ones."""
    return min(max(round(score), 1 if score > 0 else 0), 100 if score >= 100 else 99)


def fill_in(
    form: Form,
    conversation: Conversation,
    agent: Participant,
    answers: Sequence[RuleResult],
    limits: tuple[str, ...] = (),
    seen: Observations | None = None,
) -> Evaluation:
    """FORM filled in with the ANSWERS about AGENT."""
    answers = one_penalty(answers, form.standing)
    by_rule = {answer.rule: answer for answer in answers}
    sections, weights = [], {}
    decided = open_weight = card = points = 0.0
    for section in form.sections:
        scores = {}
        undecided = 0.0
        for question in section.questions:
            answer = by_rule.get(question.rule)
            if answer is None or not question.weight:
                continue
            score = answer.score
            if score is not None:
                scores[question.rule] = (question.weight, score)
            elif answer.verdict not in (Verdict.NOT_APPLICABLE, Verdict.FAIL):
                undecided += question.weight
        weight = sum(weight for weight, _ in scores.values())
        if weight + undecided:
            decided += section.weight * weight / (weight + undecided)
            open_weight += section.weight
        if not weight:
            sections.append(SectionScore(section.title, section.weight, None))
            continue
        score = sum(weight * score for weight, score in scores.values()) / weight
        sections.append(SectionScore(section.title, section.weight, 100 * score))
        card += section.weight
        points += section.weight * score
        weights.update({rule: section.weight * own / weight for rule, (own, _) in scores.items()})
    too_little = _too_little(form, len(weights), card, answers)
    return Evaluation(
        form,
        conversation,
        agent,
        tuple(answers),
        tuple(sections),
        None if too_little else 100 * points / card,
        100 * decided / open_weight if open_weight else None,
        {rule: 100 * weight / card for rule, weight in weights.items()},
        tuple(rule for rule in form.gates if rule in by_rule and by_rule[rule].verdict is Verdict.FAIL),
        too_little,
        limits,
        seen,
    )


def _too_little(form: Form, answered: int, card: float, answers: Sequence[RuleResult]) -> str:
    failed = [answer.rule for answer in answers if answer.verdict is Verdict.ERROR]
    if failed:
        return f"the rule {failed[0]} failed to run"
    if answered < max(1, form.fewest_questions):
        return f"{answered} of at least {max(1, form.fewest_questions)} questions could be answered"
    share = 100 * card / sum(section.weight for section in form.sections)
    if share < form.least_weight:
        return f"the answered sections hold {share:.0f} % of the weight, at least {form.least_weight:.0f} % are needed"
    return ""


def load_form(name: str, pack: Rulepack) -> Form:
    """The form called NAME, or in the file NAME. Raises AuditError where there is none, BadDefinitions if it is wrong."""
    if name in pack.forms:
        file, path = pack.forms[name]
    elif Path(name).suffix in (".yaml", ".yml") and Path(name).is_file():
        file, path = Path(name).name, Path(name)
    else:
        raise AuditError(f"there is no form `{name}`; {near(name, pack.forms)}")
    faults = Faults(file)
    node = read_file(path, faults)
    form = _read(node, faults, pack, path.stem) if node is not None else None
    if faults.found or form is None:
        raise BadDefinitions(faults.found)
    return form


def _read(node: Node, faults: Faults, pack: Rulepack, stem: str) -> Form:
    fields = Fields(node, faults, KEYS, "a form")
    name = fields.text("id", required=True)
    if name != stem:
        faults.add(fields.line_of("id"), f"`id: {name}` must equal the file's name, {stem}")
    sections = tuple(_section(item, faults, pack) for item in fields.nodes("sections", required=True))
    asked = [question.rule for section in sections for question in section.questions]
    for rule in sorted({rule for rule in asked if asked.count(rule) > 1}):
        faults.add(fields.line_of("sections"), f"the rule `{rule}` is asked twice")
    floor = fields.node("floor")
    least = Fields(floor or Node({}, node.line), faults, ("questions", "weight"), "a floor")
    channels = [Channel(text) for text, line in fields.texts("channels") if _is_channel(text, line, faults)]
    gates = fields.texts("gates")
    for rule, line in gates:
        _known_rule(rule, line, faults, pack)
    bands = fields.node("bands")
    named = bands.value if bands and isinstance(bands.value, dict) else {}
    marks = Fields(bands or Node({}, node.line), faults, named, "bands")
    words = [(word, marks.number(word, 0, 0, 100)) for word in named] or [("", 0.0)]
    if not sections or not all(section.questions for section in sections):
        faults.add(fields.line_of("sections"), "a form needs sections, and each section questions")
    by_channel = _by_channel(fields, pack)
    form = Form(
        name,
        fields.text("title", required=True),
        sections,
        frozenset(channels or Channel),
        fields.number("pass_mark", 75, 0, 100),
        int(least.number("questions", FEWEST_QUESTIONS)),
        least.number("weight", LEAST_WEIGHT, 0, 100),
        tuple(sorted(words, key=lambda band: -band[1])),
        tuple(rule for rule, _ in gates),
        by_channel,
    )
    if sections and not any(section.weight for section in sections):
        faults.add(fields.line_of("sections"), "a form needs at least one question with a weight")
    _check_alike(form, faults, fields.line_of("by_channel") if by_channel else node.line)
    return form


def _by_channel(fields: Fields, pack: Rulepack) -> dict[Channel, Form]:
    """The forms for single channels. They share sections and marks with this one, so that agents' figures add up."""
    node = fields.node("by_channel")
    named = node.value if node and isinstance(node.value, dict) else {}
    told = Fields(node or Node({}, fields.line), fields.faults, named, "by_channel")
    found = {}
    for channel in named:
        if _is_channel(channel, told.line_of(channel), fields.faults):
            found[Channel(channel)] = load_form(told.text(channel, required=True), pack)
    return found


def _check_alike(form: Form, faults: Faults, line: int) -> None:
    """Figures of one agent are added over FORM and those of its channels: their sections and marks must be the same."""
    titles = {section.title for section in form.sections}
    for channel, other in form.by_channel.items():
        more = {section.title for section in other.sections} - titles
        if more or (other.pass_mark, other.bands) != (form.pass_mark, form.bands):
            what = f"the section {sorted(more)[0]!r}" if more else "other marks"
            faults.add(line, f"the form `{other.id}` for {channel} has {what}; it must be like `{form.id}`")


def _is_channel(text: str, line: int, faults: Faults) -> bool:
    if text not in list(Channel):
        faults.add(line, f"`{text}` is no channel; {near(text, list(Channel))}")
        return False
    return True


def _known_rule(rule: str, line: int, faults: Faults, pack: Rulepack) -> None:
    if rule not in pack.rules:
        faults.add(line, f"there is no rule `{rule}`; {near(rule, pack.rules)}")


def _section(node: Node, faults: Faults, pack: Rulepack) -> Section:
    fields = Fields(node, faults, ("title", "weight", "questions"), "a section")
    questions = []
    for item in fields.nodes("questions", required=True):
        entry = Fields(item, faults, ("rule", "weight", "critical"), "a question")
        rule = entry.text("rule", required=True)
        if rule:
            _known_rule(rule, entry.line_of("rule"), faults, pack)
        critical = entry.choice("critical", Criticality, [str(each) for each in Criticality], Criticality.NONE)
        questions.append(Question(rule, _weight(entry) if "weight" in entry else 0.0, critical))
    scored = any(question.weight for question in questions)
    return Section(fields.text("title", required=True), _weight(fields) if scored else 0.0, tuple(questions))


def _weight(fields: Fields) -> float:
    weight = fields.number("weight", 1, 0, 1000)
    if weight == 0:
        fields.faults.add(fields.line_of("weight"), "`weight` must be more than 0; leave the question out instead")
    return weight or 1

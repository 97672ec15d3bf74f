"""The page of one contact: who spoke when, the filled-in form, and the transcript with the words that decided."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple

from audit.form import Evaluation
from audit.judging import Judge, Suggestion
from audit.measures.balance import Wait, waits
from audit.measures.overlaps import span
from audit.model import Conversation, Evidence, Outcome, Role, RuleResult, Turn, Verdict
from audit.report import Look, agent_page
from audit.reports.pages import write

# Silences on the timeline from this many seconds on.
SILENCE = 8.0
# Longer evidence is cut in the form's list; it stands whole in the transcript below.
LONGEST_QUOTE = 160
# Findings of one question in the form's list, and marks on one lane of the timeline; the transcript has them all.
MOST_FINDINGS = 4
MOST_BARS = 400


class Piece(NamedTuple):
    """A stretch of a turn's text; `kind` is "", "met", "missed", "unsure" or "occasion"."""

    text: str
    kind: str = ""


def pieces(text: str, marks: Sequence[tuple[int, int, str]]) -> list[Piece]:
    """TEXT cut where MARKS (first, last, kind) begin and end. Where marks overlap, what was missed is shown first."""
    rank = {"missed": 4, "unsure": 3, "met": 2, "occasion": 1, "": 0}
    cuts = sorted({0, len(text), *(edge for first, last, _ in marks for edge in (first, last) if edge <= len(text))})
    found: list[Piece] = []
    for first, last in pairwise(cuts):
        kinds = [kind for start, end, kind in marks if start <= first and last <= end]
        kind = max(kinds, key=rank.__getitem__, default="")
        if found and found[-1].kind == kind:
            found[-1] = Piece(found[-1].text + text[first:last], kind)
        else:
            found.append(Piece(text[first:last], kind))
    return found


def draw(
    look: Look, out: Path, page: str, judge: Judge, conversation: Conversation, evaluations: Sequence[Evaluation]
) -> None:
    """Write PAGE, that of one contact, into OUT."""
    marks = _marks(evaluations)
    notes = _notes(judge, evaluations)
    waited = waits([turn for turn in conversation.turns if turn.role in (Role.AGENT, Role.CUSTOMER) and turn.text])
    write(
        look,
        out / page,
        "contact.html.j2",
        root="../",
        conversation=conversation,
        evaluations=evaluations,
        rules={rule.id: rule for rule in judge.rules},
        form=judge.form.of(conversation.channel),
        marks={index: pieces(conversation.turns[index].text, each) for index, each in marks.items()},
        notes=notes,
        lanes=list(_timeline(conversation, marks, waited)),
        length=_length(conversation),
        waited=_waited(waited),
        agent_pages=[agent_page(evaluation.agent.agent_id) for evaluation in evaluations],
        sections=[list(_by_section(evaluation)) for evaluation in evaluations],
        unasked=[_unasked(evaluation) for evaluation in evaluations],
        quote=_quote,
        most=MOST_FINDINGS,
        limits=evaluations[0].limits if evaluations else (),
    )


def _quote(evidence: Evidence) -> str:
    quote = evidence.quote
    return quote if len(quote) <= LONGEST_QUOTE else f"{quote[: LONGEST_QUOTE - 1]}…"


class Asked(NamedTuple):
    """A section of the form with the questions that had an occasion; what was missed stands first in each."""

    title: str
    score: float | None
    weight: float
    answers: list[RuleResult]


def _by_section(evaluation: Evaluation) -> Iterator[Asked]:
    """The answers that are not "not applicable" under the sections of the form; what is in none of them comes last."""
    answers = {answer.rule: answer for answer in evaluation.answers}
    for section, scored in zip(evaluation.form.sections, evaluation.sections, strict=True):
        asked = [answers.pop(question.rule) for question in section.questions if question.rule in answers]
        if asked := [answer for answer in asked if answer.verdict is not Verdict.NOT_APPLICABLE]:
            yield Asked(section.title, scored.score, section.weight, asked)
    if left := [answer for answer in answers.values() if answer.verdict is not Verdict.NOT_APPLICABLE]:
        yield Asked("Outside this form", None, 0, left)


def _unasked(evaluation: Evaluation) -> list[tuple[str, list[str]]]:
    """The questions without an occasion, by the reason: (reason, rules), the most common reason first."""
    reasons: dict[str, list[str]] = {}
    for answer in evaluation.answers:
        if answer.verdict is Verdict.NOT_APPLICABLE:
            reasons.setdefault(answer.reason, []).append(answer.rule)
    return sorted(reasons.items(), key=lambda each: (-len(each[1]), each[0]))


def _marks(evaluations: Sequence[Evaluation]) -> dict[int, list[tuple[int, int, str]]]:
    """What is marked in each turn. Words that only gave the occasion are not marked as if they were at fault."""
    marks: dict[int, list[tuple[int, int, str]]] = {}
    for evaluation in evaluations:
        for answer in evaluation.answers:
            for finding in answer.findings:
                for evidence in finding.evidence:
                    if finding.outcome is Outcome.MET and evidence.is_whole:
                        continue
                    kind = str(finding.outcome) if evidence.turn.role is Role.AGENT else "occasion"
                    marks.setdefault(evidence.turn.index, []).append((evidence.first, evidence.last, kind))
    return marks


class Note(NamedTuple):
    """A remark under a turn; `instead` is what to say there."""

    rule: str
    outcome: Outcome
    note: str
    instead: Suggestion | None


def _notes(judge: Judge, evaluations: Sequence[Evaluation]) -> dict[int, list[Note]]:
    """What stands under each turn: under the last agent turn of each finding's evidence."""
    notes: dict[int, list[Note]] = {}
    for evaluation in evaluations:
        for answer in evaluation.answers:
            for finding in answer.findings:
                own = [evidence for evidence in finding.evidence if evidence.turn.role is Role.AGENT]
                if own and not finding.under and not (finding.outcome is Outcome.MET and own[-1].is_whole):
                    instead = judge.suggestion(answer.rule, finding) if finding.outcome is Outcome.MISSED else None
                    entry = Note(answer.rule, finding.outcome, finding.note, instead)
                    if entry not in notes.setdefault(own[-1].turn.index, []):
                        notes[own[-1].turn.index].append(entry)
    return notes


def _waited(waited: Sequence[Wait]) -> tuple[float, float, Turn] | None:
    """The median and the longest wait for an answer in seconds, and the turn that ended the longest."""
    if not waited:
        return None
    longest = max(waited, key=lambda each: each.seconds)
    return median(each.seconds for each in waited), longest.seconds, longest.answered


class Bar(NamedTuple):
    """Something on the timeline: left edge and width in thousandths of its length."""

    left: float
    width: float
    kind: str
    title: str


_LANES = (
    ("Agent", (Role.AGENT,)),
    ("Customer", (Role.CUSTOMER,)),
    ("Others", (Role.BOT, Role.SYSTEM, Role.SUPERVISOR, Role.UNKNOWN)),
)


def _timeline(
    conversation: Conversation, marks: Mapping[int, Sequence[tuple[int, int, str]]], waited: Sequence[Wait]
) -> Iterator[tuple[str, list[Bar]]]:
    """The lanes of the timeline: who spoke when, overlaps and silences; of messages, when they came, and the waits for
    an answer. Nothing where times are missing."""
    length = _length(conversation)
    said = [turn for turn in conversation.turns if turn.text]
    timed = [turn for turn in said if turn.start is not None]
    if not length or len(timed) < len(said):
        return
    is_call = all(turn.end is not None for turn in timed)
    for name, roles in _LANES:
        bars = [_bar(turn, length, marks) for turn in timed if turn.role in roles]
        if bars:
            yield name, bars[:MOST_BARS]
    if is_call:
        if overlaps := list(_overlaps(timed, length)):
            yield "Both", overlaps[:MOST_BARS]
        if silences := list(_silences(timed, length)):
            yield "Silence", silences[:MOST_BARS]
    elif long := [each for each in waited if each.seconds >= SILENCE]:
        yield "Waiting", [_wait(each, length) for each in long[:MOST_BARS]]


def _length(conversation: Conversation) -> float:
    """Seconds to the last moment that the file tells of, 0 where it tells none."""
    return max((turn.end or turn.start or 0.0 for turn in conversation.turns), default=0.0)


def _bar(turn: Turn, length: float, marks: Mapping[int, Sequence[tuple[int, int, str]]]) -> Bar:
    start = turn.start or 0.0
    kinds = {kind for _, _, kind in marks.get(turn.index, ())}
    kind = next((each for each in ("missed", "unsure", "met") if each in kinds), "")
    width = max(_share((turn.end or start) - start, length), 3.0)
    return Bar(min(_share(start, length), 1000 - width), width, kind, f"{turn.role}, turn {turn.index + 1}")


def _wait(wait: Wait, length: float) -> Bar:
    end = wait.answered.start or 0.0
    title = f"{wait.seconds:.0f} s until turn {wait.answered.index + 1}"
    return Bar(_share(end - wait.seconds, length), _share(wait.seconds, length), "silence", title)


def _overlaps(timed: Sequence[Turn], length: float) -> Iterator[Bar]:
    """Where an agent and a customer spoke at the same time."""
    last: dict[Role, float] = {}
    for turn in timed:
        at = span(turn)
        if at is None or turn.role not in (Role.AGENT, Role.CUSTOMER):
            continue
        other = Role.CUSTOMER if turn.role is Role.AGENT else Role.AGENT
        both = min(last.get(other, 0.0), at[1]) - at[0]
        if both > 0:
            yield Bar(_share(at[0], length), max(_share(both, length), 2.0), "both", f"{both:.1f} s of both speaking")
        last[turn.role] = max(last.get(turn.role, 0.0), at[1])


def _silences(timed: Sequence[Turn], length: float) -> Iterator[Bar]:
    spoken_until = 0.0
    for turn in timed:
        start = turn.start or 0.0
        if start - spoken_until >= SILENCE:
            title = f"{start - spoken_until:.0f} s of silence"
            yield Bar(_share(spoken_until, length), _share(start - spoken_until, length), "silence", title)
        spoken_until = max(spoken_until, turn.end or 0.0)


def _share(seconds: float, length: float) -> float:
    return round(1000 * seconds / length, 1)

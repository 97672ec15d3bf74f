"""The page of one contact: who spoke when, the filled-in form, and the transcript with the words that decided."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple

from markupsafe import Markup, escape

from audit.form import Evaluation
from audit.judging import Judge, Suggestion
from audit.measures.balance import Wait, waits
from audit.measures.overlaps import span
from audit.model import Conversation, Outcome, Role, RuleResult, Turn, Verdict
from audit.report import Look, agent_page
from audit.reports.pages import clean, write

# Silences on the timeline from this many seconds on.
SILENCE = 8.0
# Widths on the timeline, in thousandths of it: the least of a bar, where there are few and where there are many of them,
# and the room that a flag takes.
FEW, THIN, MANY = 3.0, 0.5, 150
FLAG = 8


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
        rules=judge.pack.rules,
        form=judge.form.of(conversation.channel),
        turns=[(*_speaker(turn), _words(marks, turn), notes.get(turn.index, ())) for turn in conversation.turns],
        lanes=list(_timeline(conversation, marks, waited)),
        length=_length(conversation),
        waited=_waited(waited),
        agent_pages=[agent_page(evaluation.agent.agent_id) for evaluation in evaluations],
        sections=[list(_by_section(evaluation)) for evaluation in evaluations],
        unasked=[_unasked(evaluation) for evaluation in evaluations],
        limits=evaluations[0].limits if evaluations else (),
    )


def _speaker(turn: Turn) -> tuple[int, float | None, str | None, Role, str, bool]:
    """TURN's number, its start, who speaks by name and role, where the role is from, and whether it is a note."""
    who = turn.participant
    return turn.index, turn.start, who.name, who.role, who.role_source, turn.visibility == "internal"


def _words(marks: Mapping[int, Sequence[tuple[int, int, str]]], turn: Turn) -> Markup:
    """The words of TURN with its MARKS."""
    if turn.index not in marks:
        return escape(clean(turn.text))
    found = ""
    for piece in pieces(turn.text, marks[turn.index]):
        text = str(escape(clean(piece.text)))
        found += f'<mark class="{piece.kind}">{text}</mark>' if piece.kind else text
    return Markup(found)  # noqa: S704  escaped above


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


def _unasked(evaluation: Evaluation) -> list[tuple[str, str]]:
    """The questions without an occasion, by the reason: (reason, rules), the most common reason first."""
    reasons: dict[str, list[str]] = {}
    for answer in evaluation.answers:
        if answer.verdict is Verdict.NOT_APPLICABLE:
            reasons.setdefault(answer.reason, []).append(answer.rule)
    common = sorted(reasons.items(), key=lambda each: (-len(each[1]), each[0]))
    return [(reason, ", ".join(rules)) for reason, rules in common]


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


class Lane(NamedTuple):
    """One lane of the timeline: a path in thousandths of its length, and what stands above it, as (left edge, kind)."""

    name: str
    path: str
    flags: list[tuple[float, str]]


_LANES = (
    ("Agent", (Role.AGENT,)),
    ("Customer", (Role.CUSTOMER,)),
    ("Others", (Role.BOT, Role.SYSTEM, Role.SUPERVISOR, Role.UNKNOWN)),
)


def _timeline(
    conversation: Conversation, marks: Mapping[int, Sequence[tuple[int, int, str]]], waited: Sequence[Wait]
) -> Iterator[Lane]:
    """The lanes of the timeline: who spoke when, overlaps and silences; of messages, when they came, and the waits for
    an answer. Nothing where times are missing."""
    length = _length(conversation)
    said = [turn for turn in conversation.turns if turn.text]
    timed = [turn for turn in said if turn.start is not None]
    if not length or len(timed) < len(said):
        return
    least = FEW if len(timed) < MANY else THIN
    top = 0
    for name, stretches in _stretches(timed, waited):
        bars = [(_share(first, length), max(_share(last - first, length), least)) for first, last in stretches]
        if bars:
            path = "".join(f"M{min(left, 1000 - wide):g} {top + 5}h{wide:g}v20h-{wide:g}z" for left, wide in bars)
            yield Lane(name, path, list(_flags(timed, length, marks)) if name == "Agent" else [])
            top += 30


def _stretches(timed: Sequence[Turn], waited: Sequence[Wait]) -> Iterator[tuple[str, list[tuple[float, float]]]]:
    """What lies on each lane, as (from, to) in seconds."""
    for name, roles in _LANES:
        own = [turn for turn in timed if turn.role in roles]
        yield name, [(turn.start or 0.0, turn.end or turn.start or 0.0) for turn in own]
    if all(turn.end is not None for turn in timed):
        yield "Both", list(_overlaps(timed))
        yield "Silence", list(_silences(timed))
    else:
        ends = [(each.answered.start or 0.0, each.seconds) for each in waited if each.seconds >= SILENCE]
        yield "Waiting", [(end - seconds, end) for end, seconds in ends]


def _flags(
    timed: Sequence[Turn], length: float, marks: Mapping[int, Sequence[tuple[int, int, str]]]
) -> Iterator[tuple[float, str]]:
    last: float = -FLAG
    for turn in timed:
        kinds = {kind for _, _, kind in marks.get(turn.index, ())} if turn.role is Role.AGENT else ()
        left = _share(turn.start or 0.0, length)
        kind = next((each for each in ("missed", "unsure") if each in kinds), "")
        if kind and left >= last + FLAG:
            last = left
            yield left, kind


def _length(conversation: Conversation) -> float:
    """Seconds to the last moment that the file tells of, 0 where it tells none."""
    return max((turn.end or turn.start or 0.0 for turn in conversation.turns), default=0.0)


def _overlaps(timed: Sequence[Turn]) -> Iterator[tuple[float, float]]:
    """Where an agent and a customer spoke at the same time."""
    last: dict[Role, float] = {}
    for turn in timed:
        at = span(turn)
        if at is None or turn.role not in (Role.AGENT, Role.CUSTOMER):
            continue
        other = Role.CUSTOMER if turn.role is Role.AGENT else Role.AGENT
        if (both := min(last.get(other, 0.0), at[1])) > at[0]:
            yield at[0], both
        last[turn.role] = max(last.get(turn.role, 0.0), at[1])


def _silences(timed: Sequence[Turn]) -> Iterator[tuple[float, float]]:
    spoken_until = 0.0
    for turn in timed:
        start = turn.start or 0.0
        if start - spoken_until >= SILENCE:
            yield spoken_until, start
        spoken_until = max(spoken_until, turn.end or 0.0)


def _share(seconds: float, length: float) -> float:
    return round(1000 * seconds / length, 1)

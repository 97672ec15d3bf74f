"""The HTML report: a page for the team, a scorecard for each agent, a page for each contact."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from audit import __version__
from audit.capabilities import GUESSED
from audit.console import clock
from audit.folders import folder
from audit.form import Evaluation, Form, shown
from audit.intervals import Interval
from audit.judging import Judge, Suggestion
from audit.model import Conversation, Evidence, Outcome, Role, RuleResult, Turn, Verdict
from audit.report import Contact, Report, agent_page
from audit.scorecards import FEWEST_FOR_INTERVAL, Line, Scorecard, quartiles

STYLE = "assets/style.css"
# Silences on the timeline from this many seconds on.
SILENCE = 8.0
# Longer evidence is cut in the form's list; it stands whole in the transcript below.
LONGEST_QUOTE = 240

# A verdict in words and a shape, so that it never hangs on a colour.
VERDICTS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.PASS: ("✓", "Pass"),
    Verdict.FAIL: ("✗", "Fail"),
    Verdict.NOT_APPLICABLE: ("–", "Not applicable"),
    Verdict.CANNOT_TELL: ("?", "Cannot tell"),
    Verdict.ERROR: ("!", "Error"),
}


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder("report_templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        shown=_shown, span=_span, clock=_clock, pieces=pieces, percent=lambda share: f"{100 * share:.0f}%", clean=_clean
    )
    environment.globals.update(VERDICTS=VERDICTS, version=__version__, few=FEWEST_FOR_INTERVAL, guessed=GUESSED)
    return environment


# What HTML does not allow in a text is shown as the replacement character.
_NOT_IN_HTML = dict.fromkeys([*range(9), 11, *range(14, 32), *range(127, 160)], "\N{REPLACEMENT CHARACTER}")


def _clean(text: str) -> str:
    return text.translate(_NOT_IN_HTML)


def _shown(score: float | None) -> str:
    return "–" if score is None else str(shown(score))


def _span(interval: Interval | None) -> str:
    return "" if interval is None else f"{shown(interval.low)}–{shown(interval.high)}"


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return clock(seconds)


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


def write(report: Report, out: Path) -> None:
    """Write the team page, the agents' pages and the style sheet into OUT, where the contact pages lie already."""
    (out / "agents").mkdir(exist_ok=True)
    (out / "assets").mkdir(exist_ok=True)
    shutil.copyfile(folder("report_templates") / "style.css", out / STYLE)
    _write(
        out / "index.html", "index.html.j2", report=report, root="", page=agent_page, needs=report.training_needs()[:5]
    )
    ranges = {
        section.title: quartiles(card.sections[section.title][0] for card in report.cards)
        for section in report.form.sections
    }
    median = quartiles(card.score for card in report.cards)
    for card in report.cards:
        _write(
            out / agent_page(card.person.id),
            "agent.html.j2",
            report=report,
            card=card,
            root="../",
            ranges=ranges,
            contacts=_worst_first(report.contacts.get(card.person.id, ())),
            verdict=_verdict(report, card),
            median=median,
            left_out=_left_out(card),
            excerpt=_excerpt,
        )


def _write(path: Path, template: str, **told: Any) -> None:
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
        file.writelines(_templates().get_template(template).generate(**told))


def _worst_first(contacts: Sequence[Contact]) -> list[Contact]:
    return sorted(contacts, key=lambda each: (each.score is None, each.score or 0.0, each.order))


def _verdict(report: Report, card: Scorecard) -> tuple[str, str]:
    """The verdict on a scorecard in words, and its kind for shape and colour."""
    if card.shown is None:
        return "Not enough evidence", "none"
    if card.tally.gates:
        return "Gate failed", "missed"
    mark = report.form.pass_mark
    if card.interval is not None and card.interval.low < mark <= card.interval.high:
        return "Around the pass mark", "unsure"
    return ("Meets the pass mark", "met") if card.shown >= mark else ("Below the pass mark", "missed")


def _left_out(card: Scorecard) -> list[tuple[str, int, list[tuple[str, str, int]]]]:
    """The questions that were not answered everywhere: (rule, contacts, [(verdict, reason, contacts)])."""
    found = []
    for rule, answers in sorted(card.tally.questions.items()):
        reasons = [(str(verdict), reason, times) for (verdict, reason), times in answers.reasons.items()]
        if reasons:
            reasons.sort(key=lambda each: (-each[2], each[1]))
            found.append((rule, sum(times for _, _, times in reasons), reasons))
    return found


def _excerpt(line: Line, kind: str) -> list[Piece]:
    return pieces(line.text, [(first, last, kind) for first, last in line.marks])


class Bar(NamedTuple):
    """Something on the timeline: left edge and width in thousandths of its length."""

    left: float
    width: float
    kind: str
    title: str


def write_contact(
    out: Path, page: str, judge: Judge, conversation: Conversation, evaluations: Sequence[Evaluation]
) -> None:
    """Write the page of one contact into OUT."""
    path = out / page
    path.parent.mkdir(exist_ok=True)
    marks = _marks(evaluations)
    _write(
        path,
        "contact.html.j2",
        root="../",
        conversation=conversation,
        evaluations=evaluations,
        rules={rule.id: rule for rule in judge.rules},
        form=judge.form.of(conversation.channel),
        marks=marks,
        notes=_notes(judge, evaluations),
        lanes=list(_timeline(conversation, marks)),
        length=_length(conversation),
        agent_pages=[agent_page(evaluation.agent.agent_id) for evaluation in evaluations],
        sections=[_by_section(evaluation.form, evaluation) for evaluation in evaluations],
        quote=_quote,
        limits=evaluations[0].limits if evaluations else (),
    )


def _quote(evidence: Evidence) -> str:
    quote = evidence.quote
    return quote if len(quote) <= LONGEST_QUOTE else f"{quote[: LONGEST_QUOTE - 1]}…"


def _by_section(form: Form, evaluation: Evaluation) -> list[tuple[str, float | None, list[RuleResult]]]:
    """The answers under the sections of the form, with their scores; what has no points comes last."""
    answers = {answer.rule: answer for answer in evaluation.answers}
    found = []
    for section, scored in zip(form.sections, evaluation.sections, strict=True):
        asked = [answers.pop(question.rule) for question in section.questions if question.rule in answers]
        found.append((section.title, scored.score, asked))
    if answers:
        found.append(("Without points", None, list(answers.values())))
    return found


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


def _length(conversation: Conversation) -> float:
    ends = [turn.end for turn in conversation.turns if turn.end is not None]
    return max(ends, default=0.0)


def _timeline(
    conversation: Conversation, marks: Mapping[int, Sequence[tuple[int, int, str]]]
) -> Iterator[tuple[str, list[Bar]]]:
    """The lanes of the timeline of a call: who spoke when, and silences. Nothing where times are missing."""
    length = _length(conversation)
    timed = [turn for turn in conversation.turns if turn.start is not None and turn.end is not None and turn.text]
    if not length or len(timed) < len([turn for turn in conversation.turns if turn.text]):
        return
    for name, roles in (("Agent", (Role.AGENT,)), ("Customer", (Role.CUSTOMER,)), ("Others", _OTHERS)):
        bars = [_bar(turn, length, marks) for turn in timed if turn.role in roles]
        if bars:
            yield name, bars
    if silences := list(_silences(timed, length)):
        yield "Silence", silences


_OTHERS = (Role.BOT, Role.SYSTEM, Role.SUPERVISOR, Role.UNKNOWN)


def _bar(turn: Turn, length: float, marks: Mapping[int, Sequence[tuple[int, int, str]]]) -> Bar:
    start, end = turn.start or 0.0, turn.end or 0.0
    kinds = {kind for _, _, kind in marks.get(turn.index, ())}
    kind = next((each for each in ("missed", "unsure", "met") if each in kinds), "")
    left, width = _share(start, length), max(_share(end - start, length), 0.3)
    return Bar(left, width, kind, f"{turn.role}, {_clock(start)}")


def _silences(timed: Sequence[Turn], length: float) -> Iterator[Bar]:
    spoken_until = 0.0
    for turn in timed:
        start = turn.start or 0.0
        if start - spoken_until >= SILENCE:
            title = f"{start - spoken_until:.0f} s of silence at {_clock(spoken_until)}"
            yield Bar(_share(spoken_until, length), _share(start - spoken_until, length), "silence", title)
        spoken_until = max(spoken_until, turn.end or 0.0)


def _share(seconds: float, length: float) -> float:
    return round(1000 * seconds / length, 1)

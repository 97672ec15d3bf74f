"""What is shown of a contact away from it: the words of one finding, with the turns around them."""

from typing import NamedTuple

from audit.form import Evaluation
from audit.language.sentences import sentences
from audit.model import Finding, Role

# Characters of one turn in an excerpt; longer ones are cut between sentences.
LONGEST_LINE = 320


class Line(NamedTuple):
    """One turn in an excerpt: who said it, the words, and which of them are marked, as (first, last)."""

    turn: int
    role: Role
    speaker: str
    text: str
    marks: tuple[tuple[int, int], ...]
    at: float | None


class Moment(NamedTuple):
    """A finding to show: where it lies in the run (for order), the contact and its page, the words in context, and how
    the same sentence is better said, "" where only an example of the rule can tell."""

    order: tuple[int, int]
    conversation: str
    page: str
    anchor: int
    lines: tuple[Line, ...]
    note: str
    better: str


def _excerpt(text: str, marks: tuple[tuple[int, int], ...]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """TEXT and its MARKS, a long one cut down to whole sentences around the first mark, or to a part of a long sentence,
    with dots where it was cut."""
    if len(text) <= LONGEST_LINE:
        return text, marks
    at = marks[0][0] if marks else 0
    spans = [span for span in sentences(text) if span[1] > at]
    first, last = spans[0] if spans and spans[0][0] <= at else (at, len(text))
    if last - first > LONGEST_LINE:
        first = max(first, text.rfind(" ", 0, max(at - LONGEST_LINE // 3, 0)) + 1)
        cut = text.rfind(" ", at + 1, first + LONGEST_LINE)
        last = cut if cut > at and last > first + LONGEST_LINE else min(last, first + LONGEST_LINE)
    for _, end in spans[1:]:
        if last < end <= first + LONGEST_LINE:
            last = end
    before, after = ("… " if first else ""), (" …" if last < len(text) else "")
    shift = len(before) - first
    kept = tuple((max(a, first) + shift, min(b, last) + shift) for a, b in marks if a < last and b > first)
    return before + text[first:last] + after, kept


def moment(
    evaluation: Evaluation, finding: Finding, position: tuple[int, int], page: str, better: str = "", context: int = 1
) -> Moment:
    """FINDING with the turns it cites and CONTEXT turns around them, to be shown away from its contact."""
    cited = {evidence.turn.index for evidence in finding.evidence}
    turns = [
        turn
        for turn in evaluation.conversation.turns
        if turn.text.strip() and (turn.index in cited or (turn.role is not Role.SYSTEM and turn.visibility == "public"))
    ]
    last = finding.evidence[-1].turn.index
    places = [place for place, turn in enumerate(turns) if turn.index in cited]
    near = {turn.index for place in places for turn in turns[max(0, place - context) : place + context + 1]}
    lines = tuple(
        Line(
            turn.index,
            turn.role,
            turn.participant.name or str(turn.role),
            *_excerpt(turn.text, tuple((e.first, e.last) for e in finding.evidence if e.turn is turn)),
            turn.start,
        )
        for turn in turns
        if turn.index in near
    )
    return Moment(position, evaluation.conversation.id, page, last, lines, finding.note, better)

"""The HTML report: a page for the team and a scorecard for each agent; `contact` makes the pages of contacts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from audit.coaching import coaching_plan
from audit.model import Verdict
from audit.moments import Line
from audit.report import Contact, Look, Report, agent_page
from audit.reports.contact import Piece, pieces
from audit.reports.pages import STYLE, style, write
from audit.scorecards import Scorecard, canned, quartiles
from audit.trends import Period, periods

# Contacts on the page of an agent; the others are on lists of their own, so many on each.
WORST = 100
A_LIST = 500
# Observations without points on the page of an agent.
MOST_ADVISORY = 6
BINS = 20


def draw(look: Look, report: Report, out: Path) -> None:
    """Write the team page, the agents' pages and the style sheet into OUT, where the contact pages lie already."""
    (out / "agents").mkdir(exist_ok=True)
    if not look.standalone:
        (out / "assets").mkdir(exist_ok=True)
        (out / STYLE).write_text(style(look), encoding="utf-8", newline="\n")
    if not look.agent_view:
        _team(look, report, out)
    ranges = {
        section.title: quartiles(card.sections[section.title][0] for card in report.cards)
        for section in report.form.sections
    }
    median = quartiles(card.score for card in report.cards)
    for card in report.cards:
        page = agent_page(card.person.id)
        contacts = _worst_first(report.contacts.get(card.person.id, ()))
        lists = [] if look.standalone else list(_lists(page, contacts))
        told = {
            "report": report,
            "card": card,
            "root": "../",
            "has_page": _never if look.standalone else report.has_page,
        }
        write(
            look,
            out / page,
            "agent.html.j2",
            **told,
            ranges=ranges,
            contacts=contacts[:WORST],
            lists=lists,
            verdict=_verdict(report, card),
            median=median,
            left_out=_left_out(card),
            advisory=_advisory(report, card),
            canned=canned(card.tally),
            plan=coaching_plan(card, report.rules),
            trend=_trend(periods(card.tally)),
            excerpt=_excerpt,
        )
        for number, (name, rows) in enumerate(lists):
            write(look, out / name, "contacts.html.j2", **told, contacts=rows, number=number, lists=lists, page=page)


def _team(look: Look, report: Report, out: Path) -> None:
    write(
        look,
        out / "index.html",
        "index.html.j2",
        report=report,
        root="",
        page=agent_page,
        needs=report.training_needs()[:5],
        bins=_bins(report.cards),
        middle=quartiles(card.score for card in report.cards),
        trends={card.person.id: periods(card.tally) for card in report.cards},
        trend=_trend(periods(report.team.tally)),
    )


def _never(_order: tuple[int, int]) -> bool:
    """A page that is sent by e-mail has no others beside it."""
    return False


def _worst_first(contacts: Sequence[Contact]) -> list[Contact]:
    return sorted(contacts, key=lambda each: (each.score is None, each.score or 0.0, each.order))


def _lists(page: str, contacts: Sequence[Contact]) -> Iterator[tuple[str, Sequence[Contact]]]:
    """The lists of all CONTACTS of the agent with PAGE, where they are more than its page holds."""
    if len(contacts) > WORST:
        for first in range(0, len(contacts), A_LIST):
            yield f"{page.removesuffix('.html')}.{first // A_LIST + 1}.html", contacts[first : first + A_LIST]


def _bins(cards: Sequence[Scorecard]) -> list[int]:
    """How many agents score in each twentieth of the scale."""
    counted = Counter(min(int(card.score * BINS / 100), BINS - 1) for card in cards if card.score is not None)
    return [counted[number] for number in range(BINS)]


class Trend(NamedTuple):
    """A line of mean scores over time: points for a chart of 300 by 60, and the periods they stand for."""

    points: str
    periods: Sequence[Period]


def _trend(found: Sequence[Period]) -> Trend | None:
    if not found:
        return None
    step = 280 / (len(found) - 1)
    points = [f"{10 + number * step:.1f},{55 - each.mean / 2:.1f}" for number, each in enumerate(found)]
    return Trend(" ".join(points), found)


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


class Advisory(NamedTuple):
    """A question without points that was missed: in how many contacts of those with an occasion, and how sure it is."""

    rule: str
    missed: int
    applied: int
    trust: str


def _advisory(report: Report, card: Scorecard) -> list[Advisory]:
    """What else was missed most, in questions of the form that carry no points."""
    weights = report.form.weights()
    asked = [question.rule for section in report.form.sections for question in section.questions]
    found = [
        Advisory(rule, answers.verdicts[Verdict.FAIL], answers.applied, report.trust.get(rule, ""))
        for rule in asked
        if rule not in weights and (answers := card.tally.questions.get(rule)) and answers.verdicts[Verdict.FAIL] > 1
    ]
    return sorted(found, key=lambda each: (-each.missed, each.rule))[:MOST_ADVISORY]


def _left_out(card: Scorecard) -> list[tuple[str, list[tuple[str, int, list[str]]]]]:
    """The questions that were not answered, by verdict and reason: (verdict, [(reason, most contacts, rules)])."""
    found: dict[str, dict[str, list[tuple[int, str]]]] = {}
    for rule, answers in card.tally.questions.items():
        for (verdict, reason), times in answers.reasons.items():
            found.setdefault(str(verdict), {}).setdefault(reason, []).append((times, rule))
    told = []
    for words, reasons in sorted(found.items()):
        rows = [
            (reason, max(rules)[0], [f"{rule} {times}" for times, rule in sorted(rules, key=lambda r: (-r[0], r[1]))])
            for reason, rules in reasons.items()
        ]
        told.append((words, sorted(rows, key=lambda row: (-row[1], row[0]))))
    return told


def _excerpt(line: Line, kind: str) -> list[Piece]:
    return pieces(line.text, [(first, last, kind) for first, last in line.marks])

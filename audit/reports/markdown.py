"""`summary.md` and a coaching plan for each agent, for wikis and chats."""

import re
from pathlib import Path

from audit.coaching import CoachingPlan, coaching_plan
from audit.form import shown
from audit.language.words import plural
from audit.report import Report, agent_page
from audit.scorecards import Scorecard

PLANS = "plans"
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


def write(report: Report, out: Path) -> None:
    """Write the summary and the plans into OUT."""
    (out / "summary.md").write_text(_summary(report), encoding="utf-8", errors="replace", newline="\n")
    for card in report.cards:
        plan = coaching_plan(card, report.rules)
        if plan is not None:
            path = out / _plan_page(card)
            path.parent.mkdir(exist_ok=True)
            path.write_text(_plan(card, plan), encoding="utf-8", errors="replace", newline="\n")


def _plan_page(card: Scorecard) -> str:
    return agent_page(card.person.id).replace("agents/", f"{PLANS}/").replace(".html", ".md")


def plain(text: str) -> str:
    """TEXT on one line in which nothing is a mark of Markdown or HTML."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _summary(report: Report) -> str:
    intake, team = report.intake, report.team
    lines = [f"# {report.form.title}", ""]
    lines += [f"{plural(intake.judged, 'contact')} of {plural(len(report.cards), 'agent')} judged. {_score(team)}", ""]
    lines += [f"- **Gate failed:** {plain(gate.says)}" for gate in report.gates if gate.held is False]
    lines += ["| Agent | Score | 95 % interval | Coverage | Contacts | Gates failed | Coach first |"]
    lines += ["| --- | ---: | :---: | ---: | ---: | ---: | --- |"]
    lines += [_row(card, report) for card in report.cards]
    if needs := report.training_needs()[:5]:
        lines += ["", "## What the team should train next", ""]
        lines += [
            f"1. {report.rules[rule].question} Missed in {missed} of {applied}." for rule, missed, applied in needs
        ]
    lines += ["", "## What was given", ""]
    lines += [f"{intake.given} given = {intake.read} read + {len(intake.rejected)} rejected; {intake.judged} judged."]
    lines += [f"- {plain(each.file)}: {plain(each.reason)}" for each in intake.rejected[:50]]
    return "\n".join(lines) + "\n"


def _score(card: Scorecard) -> str:
    if card.score is None:
        return "No score: too little evidence."
    low_high = f", 95 % interval {shown(card.interval.low)} to {shown(card.interval.high)}" if card.interval else ""
    return f"Score {card.shown} of 100{low_high}."


def _row(card: Scorecard, report: Report) -> str:
    score = "–" if card.shown is None else str(card.shown)
    span = f"{shown(card.interval.low)}–{shown(card.interval.high)}" if card.interval else "–"
    coverage = "–" if card.coverage is None else f"{shown(card.coverage)} %"
    first = report.rules[card.coaching[0].rule].question if card.coaching else "–"
    gates = sum(card.tally.gates.values())
    return f"| {plain(card.person.name)} | {score} | {span} | {coverage} | {card.tally.contacts} | {gates} | {first} |"


def _plan(card: Scorecard, plan: CoachingPlan) -> str:
    lines = [f"# Coaching plan: {plain(card.person.name)}", "", f"**One focus:** {plan.rule.question}", ""]
    lines += [f"**Why it matters:** {' '.join(plan.rule.why.split())}", ""]
    lines += [f"**So far:** met in {plan.met} of {plural(plan.applied, 'contact')} with an occasion.", ""]
    lines += ["## Two examples" if len(plan.examples) > 1 else "## An example", ""]
    for moment in plan.examples:
        lines += [f"From {plain(moment.conversation)}:", ""]
        lines += [f"> **{plain(line.speaker)}:** {plain(line.text)}  " for line in moment.lines]
        lines += ["", f"Better in the same words: {plain(moment.better)}", ""] if moment.better else [""]
    lines += ["## Practise", ""]
    for number, each in enumerate(plan.exercises, 1):
        one_way = f" One way: “{plain(each.one_way)}”" if each.one_way else ""
        lines += [f"{number}. {each.ask} “{plain(each.said)}”{one_way}"]
    lines += [
        "",
        f"**Measured next time:** met in at least {plan.aim} of the next {plan.within} contacts with an occasion.",
    ]
    return "\n".join(lines) + "\n"

"""What is said to people, on stderr, with nothing in it that could steer a terminal or a CI system."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from audit.language.words import plural

if TYPE_CHECKING:
    from audit.report import Intake, Report

# Problems of one kind that are named one by one; the report names them all.
MOST_NAMED = 20
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f\ud800-\udfff]")
_COMMAND = re.compile(r"^(\s*)(::|##)")


def safe(text: str) -> str:
    """TEXT on one line: control characters and direction marks written out, `::` and `##` at the start kept from being CI commands."""
    plain = _CONTROL.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
    return _COMMAND.sub(r"\1.\2", plain)


def clock(seconds: float) -> str:
    """SECONDS as `m:ss` or `h:mm:ss`; three days and more as days."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 72:
        return f"{hours // 24:,} days"
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def say(text: str) -> None:
    """Tell people TEXT, one line, on stderr."""
    click.echo(safe(text), err=True)


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str, int, int, int], None] | None]:
    """A bar on stderr that is told (what, done, of, conversations); None when QUIET or where nobody looks."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    form = "{desc} {percentage:3.0f}% |{bar}| {elapsed} so far, {remaining} left{postfix}"
    with tqdm(total=1, file=sys.stderr, bar_format=form, delay=1, leave=False, mininterval=0.3) as bar:

        def tell(what: str, done: int, of: int, conversations: int) -> None:
            bar.total = max(of, 1)
            bar.n = done
            rate = conversations / bar.format_dict["elapsed"] if bar.format_dict["elapsed"] else 0
            bar.set_description_str(what, refresh=False)
            bar.set_postfix_str(f"{plural(conversations, 'conversation')}, {rate:,.0f} a second", refresh=False)
            bar.update(0)

        yield tell


def summarise(report: "Report", place: Path) -> None:
    """Tell what a run found, and that it is to be read at PLACE."""
    intake, team = report.intake, report.team
    scored, filled_in = sum(team.tally.scores.values()), team.tally.contacts
    score = "no score" if team.shown is None else f"team score {team.shown}"
    if 0 < scored < filled_in:
        score += f" from {scored:,} of {plural(filled_in, 'evaluation')}"
    say(f"{plural(intake.judged, 'contact')} of {plural(len(report.cards), 'agent')} judged, {score}.")
    for rule, missed, applied in report.training_needs()[:3]:
        say(f"  missed in {missed} of {applied}: {report.rules[rule].question}")
    say(f"The report is in {place}")


def name_problems(intake: "Intake") -> None:
    """Name what was given and not judged, and count it."""
    for title, refusals in (("rejected", intake.rejected), ("not judged", intake.set_aside)):
        for each in refusals[:MOST_NAMED]:
            line = f":{each.line}" if each.line else ""
            say(f"{title}: {each.file}{line}: {each.reason}")
        if len(refusals) > MOST_NAMED:
            say(f"{title}: and {len(refusals) - MOST_NAMED} more")
    for warning, times in sorted(intake.warnings.items())[:MOST_NAMED]:
        say(f"warning: {warning}" + (f" ({times} times)" if times > 1 else ""))
    for error, times in sorted(intake.rule_errors.items()):
        say(f"rule in error: {error} ({plural(times, 'contact')})")
    say(
        f"{intake.given} given = {intake.read} read + {len(intake.rejected)} rejected"
        + (f"; {len(intake.set_aside)} of the read not judged" if intake.set_aside else "")
        + (f"; {plural(len(intake.passed_over), 'other file')} passed over" if intake.passed_over else "")
    )


def name_unscored(names: list[str]) -> None:
    """Name whom a gate on scores could not be held against."""
    for name in names[:MOST_NAMED]:
        say(f"no score, so not held to --fail-under: {name}")
    if len(names) > MOST_NAMED:
        say(f"no score: and {len(names) - MOST_NAMED} more")

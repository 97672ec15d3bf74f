"""The command line: parse, call, print, exit code. Nothing heavy is imported before a command needs it."""

import math
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from audit import __version__, console
from audit.errors import AuditError, Interrupted
from audit.rule_commands import PATH, RULES, Commands, rules
from audit.transcript_commands import ENCODING, INPUTS, convert, formats, options_of, reading

if TYPE_CHECKING:
    from audit.report import Intake

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
FORMATS = ("html", "json", "csv", "markdown", "xlsx")


def main() -> NoReturn:
    """Run the command line and exit with its code; no traceback ever reaches a user."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        code = _run(sys.argv[1:])
    except (click.exceptions.Abort, KeyboardInterrupt):
        code = 130
    except Interrupted as stop:
        code = 128 + stop.signal
    except click.ClickException as error:
        if isinstance(error, click.UsageError) and error.ctx:
            _tell(error.ctx.get_usage())
        _tell(f"Error: {error.format_message()}")
        code = 2
    except AuditError as error:
        _tell(f"audit: {error}")
        code = 2
    except BrokenPipeError:
        code = 2
    except OSError as error:
        _tell(f"audit: {error.filename or 'the output'}: {error.strerror or type(error).__name__}")
        code = 2
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}"
        _tell(f"audit: an error of our own: {where}. Please report this line; it holds nothing of your transcripts.")
        code = 2
    _let_go()
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    """The exit code of the command that ARGUMENTS name. Click's own `main` would turn a broken pipe into exit code 1."""
    try:
        with cli.make_context("audit", arguments) as context:
            code = cli.invoke(context)
    except click.exceptions.Exit as done:
        code = done.exit_code
    sys.stdout.flush()
    return int(code or 0)


def _let_go() -> None:
    """Write out what is left for people; where nobody reads on, or nothing more fits, it is not tried again at exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _tell(text: str) -> None:
    for line in text.splitlines():
        console.say(line)


def _stop(number: int, _frame: object) -> NoReturn:
    raise Interrupted(number)


def _points(_context: click.Context, _parameter: click.Parameter, value: float | None) -> float | None:
    if value is not None and not (math.isfinite(value) and 0 <= value <= 100):
        raise click.BadParameter("must be a number from 0 to 100")
    return value


def _formats(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    wanted = tuple(word.strip() for word in value.split(",") if word.strip())
    unknown = [word for word in wanted if word not in FORMATS]
    if unknown or not wanted:
        raise click.BadParameter(f"{unknown[0] if unknown else 'nothing'} is not known; choose of {', '.join(FORMATS)}")
    return wanted


FAIL_UNDER = click.option(
    "--fail-under", type=float, callback=_points, metavar="N", help="Exit 1 when a score is under N (0 to 100)."
)
SELECT = click.option("--select", multiple=True, metavar="RULE", help="Use only this rule (may be repeated).")
IGNORE = click.option("--ignore", multiple=True, metavar="RULE", help="Leave this rule out (may be repeated).")
QUIET = click.option("-q", "--quiet", is_flag=True, help="No summary; problems are still named.")
ALLOW = click.option("--allow-rejected", is_flag=True, help="Do not exit 2 because some inputs could not be read.")


@click.group(cls=Commands, context_settings=CONTEXT)
@click.version_option(__version__, prog_name="audit")
@click.option(
    "--settings",
    "settings_file",
    type=PATH,
    metavar="FILE",
    help="Settings to use (default: audit.toml here, if there is one).",
)
@click.pass_context
def cli(context: click.Context, settings_file: Path | None) -> None:
    """Judge customer-service transcripts and render a scorecard for each agent.

    Start with `audit run FOLDER --out REPORT` and open REPORT/index.html.

    Exit codes: 0 every gate was met, 1 a gate failed, 2 something could not be judged, 130 or 143 interrupted.
    """
    path = settings_file or Path("audit.toml")
    if settings_file is not None or path.is_file():
        from audit.settings import load

        known = {
            str(command.name): {
                option.lstrip("-"): each
                for each in command.params
                for option in each.opts
                if isinstance(each, click.Option) and option[:2] == "--"
            }
            for command in (run, check, formats, convert)
        }
        context.default_map = load(path, known)


@cli.command()
@INPUTS
@click.option(
    "--out",
    required=True,
    type=PATH,
    metavar="DIR",
    help="The folder for the report; swapped in whole when all is done.",
)
@click.option(
    "--format",
    "formats",
    default="html,json,csv,markdown",
    callback=_formats,
    show_default=True,
    metavar="LIST",
    help="What to write besides evaluations.jsonl: html, json, csv, markdown, xlsx.",
)
@click.option("--form", default="standard", show_default=True, metavar="NAME|FILE", help="The evaluation form.")
@RULES
@SELECT
@IGNORE
@click.option(
    "--prefer",
    type=click.Choice(["redacted", "raw"]),
    default="redacted",
    show_default=True,
    help="Which of two exports of one contact to judge.",
)
@reading
@FAIL_UNDER
@click.option(
    "--fail-on",
    type=click.Choice(["worst", "mean"]),
    default="worst",
    show_default=True,
    help="What --fail-under looks at: each agent, or the team's mean.",
)
@ALLOW
@click.option(
    "--jobs", type=click.IntRange(min=1), default=1, show_default=True, metavar="N", help="Processes to work with."
)
@click.option(
    "--contacts",
    type=click.Choice(["auto", "all", "evidence", "none"]),
    default="auto",
    show_default=True,
    help="Which contacts get a page. auto: all of up to 2,000, else those with evidence on an agent's page.",
)
@click.option("--agent-view", is_flag=True, help="Pages for the agents: strengths first, nothing about their peers.")
@click.option("--standalone", is_flag=True, help="Each agent's page in one file, for e-mail; no pages of contacts.")
@click.option(
    "--template", type=PATH, default=None, metavar="DIR", help="Your brand: brand.yaml (name, logo) and style.css."
)
@click.option(
    "--anonymise",
    type=PATH,
    default=None,
    metavar="KEY",
    help="Hide who the agents are. KEY, a file outside the report, tells; it is made where there is none.",
)
@QUIET
def run(inputs: tuple[str, ...], out: Path, formats: tuple[str, ...], **told: Any) -> int:
    """Audit transcripts (files and folders) and write the report.

    \b
    audit run exports/ --out report
    audit run calls.json --roster roster.csv --out report --fail-under 70
    """
    if told["guess_roles"] and told["fail_under"] is not None:
        raise click.UsageError("--fail-under cannot rest on guesses; say who the agents are instead of --guess-roles")
    from audit.pipeline import EVALUATIONS, Plan, rosters_of
    from audit.pipeline import run as run_pipeline
    from audit.pseudonyms import read_key, write_key
    from audit.report import Look
    from audit.reports import folder, outputs

    key = told["anonymise"]
    if key is not None and key.resolve().is_relative_to(out.resolve()):
        raise click.UsageError("the key of --anonymise must lie outside the report")
    if key is not None and any(key.resolve().is_relative_to(Path(each).resolve()) for each in inputs):
        raise click.UsageError("the key of --anonymise must lie outside what is to be audited")
    look = Look(told["template"], told["standalone"], told["agent_view"])
    if look.brand is not None:
        from audit.reports.pages import check as check_brand

        check_brand(look)
    with folder.building(out, inputs) as built:
        plan = Plan(
            built,
            rules=told["rules"],
            form=told["form"],
            rosters=(told["roster"],) if told["roster"] else rosters_of(inputs),
            options=options_of(told),
            select=told["select"],
            ignore=told["ignore"],
            pages=("none" if look.standalone else told["contacts"]) if "html" in formats else None,
            look=look,
            salt=read_key(key) if key else "",
        )
        with console.progress(told["quiet"]) as tell:
            report = run_pipeline(plan, inputs, told["jobs"], told["fail_under"], told["fail_on"], told["prefer"], tell)
        if not report.intake.judged:
            console.name_problems(report.intake)
            raise AuditError("nothing could be judged, so no report was written")
        outputs.write(report, plan.folder, formats, look, plan.folder / EVALUATIONS)
        if key is not None:
            write_key(key, plan.salt, plan.pseudonyms.met)
    if not told["quiet"]:
        console.summarise(report, out / ("index.html" if "html" in formats and not look.agent_view else ""))
    console.name_problems(report.intake)
    if told["fail_under"] is not None:
        console.name_unscored([card.person.name for card in report.cards if card.shown is None])
    return _exit_code(report.gates, report.intake, told["allow_rejected"])


def _exit_code(gates: Sequence[Any], intake: "Intake", allow_rejected: bool) -> int:
    from audit.gate import exit_code

    for gate in gates:
        if not gate.held:
            console.say(f"gate {'failed' if gate.held is False else 'not judged'}: {gate.says}")
    return exit_code(gates, bool(intake.rule_errors) or bool(intake.rejected and not allow_rejected))


@cli.command()
@INPUTS
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What to print on stdout.",
)
@click.option("--form", default="script", show_default=True, metavar="NAME|FILE", help="The evaluation form.")
@RULES
@SELECT
@IGNORE
@click.option("--each-heading", is_flag=True, help="Canned replies: each heading starts a text of its own.")
@click.option("--reading-grade", is_flag=True, help="Also tell the school grade that reading each text takes.")
@click.option(
    "--max-findings",
    type=click.IntRange(min=0),
    metavar="N",
    help="Exit 1 when there are more than N findings, whether they carry points or not.",
)
@ENCODING
@FAIL_UNDER
@ALLOW
@QUIET
def check(inputs: tuple[str, ...], output: str, **told: Any) -> int:
    """Check call scripts and canned replies (Markdown or text).

    Findings are printed as file:line:column. Only the agent speaks in a script, so whatever needs a customer or a
    clock is not asked.

    \b
    audit check scripts/ --max-findings 0
    audit check replies.md --each-heading --fail-under 80
    """
    from audit.form import load_form, shown
    from audit.ingest.source import Options
    from audit.judging import judge
    from audit.reports import findings
    from audit.rulepack import load
    from audit.scripts import review

    pack = load(told["rules"])
    judging = judge(pack, load_form(told["form"], pack), told["select"], told["ignore"])
    found = review(
        judging,
        inputs,
        Options(encoding=told["encoding"]),
        told["each_heading"],
        told["fail_under"],
        told["max_findings"],
    )
    grades = _reading_grades(found.evaluations) if told["reading_grade"] else None
    if output == "json":
        sys.stdout.buffer.write(findings.as_json(found, grades))
    else:
        click.echo(findings.as_text(found), nl=False)
    if not told["quiet"]:
        for each in found.evaluations:
            score = "nothing to judge" if each.score is None else f"{shown(each.score)} of 100"
            grade = f", reading grade {grades[each.conversation.id]}" if grades else ""
            console.say(f"{each.conversation.id}: {score}{grade}")
    console.name_problems(found.intake)
    if not any(each.score is not None for each in found.evaluations):
        raise AuditError("nothing could be judged")
    if told["fail_under"] is not None:
        console.name_unscored([each.conversation.id for each in found.evaluations if each.score is None])
    return _exit_code(found.gates, found.intake, told["allow_rejected"])


def _reading_grades(evaluations: Sequence[Any]) -> dict[str, float | None]:
    from audit.language.readability import reading_grade

    return {
        each.conversation.id: reading_grade("\n".join(turn.text for turn in each.conversation.turns))
        for each in evaluations
    }


cli.add_command(rules)
cli.add_command(formats)
cli.add_command(convert)


@cli.command()
@click.option("--force", is_flag=True, help="Overwrite the settings that are there.")
def init(force: bool) -> int:
    """Write a commented settings file, audit.toml, into this folder."""
    from audit.settings import FILE, TEMPLATE

    path = Path(FILE)
    if path.exists() and not force:
        raise AuditError(f"{FILE} is here already; --force overwrites it")
    path.write_text(TEMPLATE, encoding="utf-8")
    console.say(f"Wrote {FILE}.")
    return 0


@cli.command()
@click.argument("output", type=click.Choice(["report", "evaluations"]), default="report")
def schema(output: str) -> int:
    """Print the JSON Schema of an output."""
    from audit.folders import folder

    click.echo((folder("report_templates") / f"{output}.schema.json").read_text("utf-8"), nl=False)
    return 0

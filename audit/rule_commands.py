"""`audit rules`: list rules, explain one, and run the examples that test them."""

import re
from collections.abc import Sequence
from itertools import groupby
from math import isfinite
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audit import console
from audit.errors import AuditError
from audit.language.words import plural

if TYPE_CHECKING:
    from audit.rulepack import Rulepack

PATH = click.Path(path_type=Path)
RULES = click.option(
    "--rules",
    multiple=True,
    type=PATH,
    metavar="PATH",
    help="Add acts, rules and forms from a folder or a rule file of your own.",
)


class Commands(click.Group):
    """The commands in the order in which people meet them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, as they were added."""
        return list(self.commands)


@click.group(cls=Commands)
def rules() -> None:
    """Look at rules and test them."""


def _pack(paths: Sequence[Path], examples: bool = False) -> "Rulepack":
    from audit.rulepack import load

    return load(paths, examples)


@rules.command("list")
@RULES
def list_rules(**told: Any) -> int:
    """List the rules: what each is worth on the standard form, how sure its misses are, and what it asks.

    Of how many misses labelled by hand were right, and the least that is certain of it (95 %). A rule without weight is
    advisory: it is asked and shown, and carries no points.
    """
    from audit.form import load_form

    pack = _pack(told["rules"])
    weights = load_form("standard", pack).weights()
    width = max(map(len, pack.rules))
    for rule in pack.rules.values():
        weight = f"{weights[rule.id]:4.1f} %" if rule.id in weights else "advisory"
        click.echo(f"{rule.id:{width}}  {weight:8}  {_precision(pack, rule.id):24}  {rule.topic:18}  {rule.question}")
    return 0


def _precision(pack: "Rulepack", rule: str) -> str:
    from audit.trust import NOT_MEASURED

    trust = pack.trust.get(rule)
    return trust.said() if trust else NOT_MEASURED


@rules.command()
@click.argument("rule")
@RULES
def explain(rule: str, **told: Any) -> int:
    """Explain one RULE: what it asks, why, when it applies, how far it can be trusted, and what to say instead."""
    from audit.definitions import near
    from audit.form import load_form
    from audit.model import Channel

    pack = _pack(told["rules"], examples=True)
    if rule not in pack.rules:
        raise AuditError(f"there is no rule `{rule}`; {near(rule, pack.rules)}")
    found = pack.rules[rule]
    told_to = ", ".join(f"{key}: {' or '.join(v) if isinstance(v, tuple) else v}" for key, v in found.values.items())
    channels = "all channels" if found.applies_to == frozenset(Channel) else ", ".join(sorted(found.applies_to))
    weights = load_form("standard", pack).weights()
    worth = f"{weights[rule]:.1f} % of the standard form" if rule in weights else "advisory, it carries no points"
    click.echo(f"{found.id}  ({found.topic}, {found.file})\n\n{found.question}\n\n{found.why}\n")
    click.echo(f"Met:     {found.met}\nMissed:  {found.missed}\nAsked of {channels}.\nWorth:   {worth}.")
    click.echo(f"Trust:   {_trust(pack, rule)}\n")
    click.echo(f"How: {found.check.kind} ({told_to})\n  " + found.check.says.replace("\n", "\n  ") + "\n")
    if found.signs:
        signs = found.signs
        click.echo(
            f"Signs of an occasion: {signs.base:+g} points without any"
            + (f", {signs.enough:+g} are enough" if isfinite(signs.enough) else "")
            + (f", under {signs.too_few:+g} are too few" if isfinite(signs.too_few) else "")
        )
        for role, each in groupby(signs.signs, key=attrgetter("by")):
            click.echo(f"  {role}: " + ", ".join(f"{sign.act} {sign.points:+g}" for sign in each))
        click.echo()
    better = [f"{each.said} -> {each.instead}" for each in found.rewrites]
    for title, lines in (("Say instead", found.say_instead), ("In the same words", better), ("Sources", found.sources)):
        if lines:
            click.echo(f"{title}:\n" + "".join(f"  - {line}\n" for line in lines))
    for example in found.examples:
        note = f" ({example.note})" if example.note else ""
        click.echo(f"Example, {example.verdict}{note}:\n  " + example.transcript.replace("\n", "\n  ") + "\n")
    return 0


def _trust(pack: "Rulepack", rule: str) -> str:
    trust = pack.trust.get(rule)
    if trust is None:
        return "not measured on labelled contacts."
    return (
        f"of its misses read by two people {_precision(pack, rule)} were right; of {trust.near} near misses"
        f" {trust.missed} should have been found. Readers agreed on {trust.agreement:.0%} (AC1 {trust.ac1:.2f})."
        f" {trust.data}, {trust.when}."
    )


@rules.command()
@click.argument("name")
@click.option("--out", type=PATH, default=None, metavar="DIR", help="The folder of your rules.  [default: rules/own]")
def new(name: str, **told: Any) -> int:
    """Write a rule file called NAME to fill in: every key, with what belongs there."""
    from audit.folders import folder

    if not re.fullmatch(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", name):
        raise AuditError(
            f"`{console.safe(name)}` cannot be a rule's name: small letters, digits and hyphens, as in missing-greeting"
        )
    path = (told["out"] or Path("rules") / "own") / f"{name}.yaml"
    if path.exists():
        raise AuditError(f"{path} is there already; choose another name or remove it first")
    path.parent.mkdir(parents=True, exist_ok=True)
    text = (folder("report_templates") / "rule.yaml.txt").read_text(encoding="utf-8")
    path.write_text(text.replace("NAME", name), encoding="utf-8")
    console.say(f"{path} is ready to be filled in; then run: audit rules test {path.parent}")
    return 0


@rules.command()
@click.argument("old", type=PATH)
@click.argument("new_rules", metavar="NEW", type=PATH)
@click.argument("corpus", nargs=-1, required=True, type=PATH)
@click.option("--most", default=3, show_default=True, metavar="N", help="Show at most N contacts a change.")
def diff(old: Path, new_rules: Path, corpus: tuple[Path, ...], most: int) -> int:
    """Show which verdicts of CORPUS differ between the rules in OLD and those in NEW, with the words.

    Each is a folder or a rule file that is added to the rules of the tool; `-` stands for those alone.
    """
    from audit.comparison import changes

    before, after = ([] if str(path) == "-" else [path] for path in (old, new_rules))
    number, found = changes(_pack(before), _pack(after), corpus)
    for change in found:
        click.echo(f"{change.rule}: {change.before} -> {change.after} in {plural(len(change.contacts), 'contact')}")
        for contact, words in change.contacts[:most]:
            click.echo(console.safe(f"  {contact}: {words}"))
    flips = sum(len(change.contacts) for change in found)
    console.say(f"{plural(number, 'contact')} judged twice, {plural(flips, 'verdict')} differ")
    return 0


@rules.command("catalogue")
@RULES
def show_catalogue(**told: Any) -> int:
    """Print, as Markdown, what service training asks for and which rule, figure or command answers to it."""
    from audit.catalogue import catalogue

    click.echo(catalogue(_pack(told["rules"])), nl=False)
    return 0


@rules.command()
@click.argument("path", required=False, type=PATH)
def test(path: Path | None) -> int:
    """Run the examples in the act and rule files at PATH, or in those that come with the tool.

    Exit 1 when an example comes out otherwise than its file says, 2 when a file is wrong.
    """
    from audit.examples import run_examples

    pack = _pack([path] if path else [], examples=path is None)
    number, failures = run_examples(pack)
    for failure in failures:
        click.echo(str(failure))
    console.say(f"{plural(number, 'example')}, {len(failures)} failed")
    if not number:
        raise AuditError("no examples were found")
    return 1 if failures else 0

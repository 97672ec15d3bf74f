"""`audit rules`: list rules, explain one, and run the examples that test them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audit import console
from audit.errors import AuditError

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
    """List the rules, with the topic of each and its share of the standard form."""
    from audit.form import load_form

    pack = _pack(told["rules"])
    weights = load_form("standard", pack).weights()
    width = max(map(len, pack.rules))
    for rule in pack.rules.values():
        weight = f"{weights[rule.id]:4.1f} %" if rule.id in weights else "   –  "
        click.echo(f"{rule.id:{width}}  {weight}  {rule.topic:18}  {rule.question}")
    return 0


@rules.command()
@click.argument("rule")
@RULES
def explain(rule: str, **told: Any) -> int:
    """Explain one RULE: what it asks, why, when it applies, and what to say instead."""
    from audit.definitions import near
    from audit.model import Channel

    pack = _pack(told["rules"], examples=True)
    if rule not in pack.rules:
        raise AuditError(f"there is no rule `{rule}`; {near(rule, pack.rules)}")
    found = pack.rules[rule]
    told_to = ", ".join(f"{key}: {' or '.join(v) if isinstance(v, tuple) else v}" for key, v in found.values.items())
    channels = "all channels" if found.applies_to == frozenset(Channel) else ", ".join(sorted(found.applies_to))
    click.echo(f"{found.id}  ({found.topic}, {found.file})\n\n{found.question}\n\n{found.why}\n")
    click.echo(f"Met:     {found.met}\nMissed:  {found.missed}\nAsked of {channels}.\n")
    click.echo(f"How: {found.check.kind} ({told_to})\n  " + found.check.says.replace("\n", "\n  ") + "\n")
    for title, lines in (("Say instead", found.say_instead), ("Sources", found.sources)):
        if lines:
            click.echo(f"{title}:\n" + "".join(f"  - {line}\n" for line in lines))
    for example in found.examples:
        note = f" ({example.note})" if example.note else ""
        click.echo(f"Example, {example.verdict}{note}:\n  " + example.transcript.replace("\n", "\n  ") + "\n")
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
    console.say(f"{console.plural(number, 'example')}, {len(failures)} failed")
    if not number:
        raise AuditError("no examples were found")
    return 1 if failures else 0

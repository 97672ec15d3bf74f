"""The way out for a check that none of the kinds can express: a function of an installed plugin."""

from collections.abc import Iterator
from functools import cache

from audit.checks.registry import Judge, check
from audit.facts import Facts
from audit.model import Finding

GROUP = "transcript_audit.checks"


@cache
def plugin(name: str) -> Judge | None:
    """The function that an installed package offers as NAME under the entry point group, None where none does."""
    from importlib.metadata import entry_points

    found = sorted(entry_points(group=GROUP, name=name), key=lambda point: point.value)
    judge: Judge | None = found[0].load() if found else None
    return judge


@check("python")
def python(facts: Facts, *, function: str) -> Iterator[Finding]:
    """What the function FUNCTION of a plugin finds; it takes the facts and yields findings.

    Only installed packages that name it under the entry point group `transcript_audit.checks` are asked: a rule file
    cannot run code of its own.
    """
    judge = plugin(function)
    if judge is None:
        raise LookupError(f"no installed package offers the check `{function}`")
    yield from judge(facts)

"""Two packs of rules held against each other: which verdicts of the same contacts differ."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from audit.model import Conversation, RuleResult
from audit.pipeline import conversations
from audit.rulepack import Rulepack

# Characters of a quote.
LONGEST = 120
ABSENT = "not asked"


class Change(NamedTuple):
    """A verdict that became another one: the rule, both verdicts, and each contact with the words that decided."""

    rule: str
    before: str
    after: str
    contacts: list[tuple[str, str]]


def changes(before: Rulepack, after: Rulepack, corpus: Sequence[Path]) -> tuple[int, list[Change]]:
    """How many contacts of CORPUS were judged, and how the verdicts of the rules BEFORE and AFTER differ in them.

    The changes that touch most contacts come first. Raises AuditError where the corpus is missing.
    """
    found: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    number = 0
    for conversation in conversations(corpus):
        if not isinstance(conversation, Conversation):
            continue
        facts = before.facts(conversation), after.facts(conversation)
        if not facts[0].agents:
            continue
        number += 1
        for rule in sorted(before.rules.keys() | after.rules.keys()):
            old = before.rules[rule].run(facts[0]) if rule in before.rules else None
            new = after.rules[rule].run(facts[1]) if rule in after.rules else None
            verdicts = (str(old.verdict) if old else ABSENT, str(new.verdict) if new else ABSENT)
            if verdicts[0] != verdicts[1]:
                found.setdefault((rule, *verdicts), []).append((conversation.id, _words(new) or _words(old)))
    ordered = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
    return number, [Change(*key, contacts) for key, contacts in ordered]


def _words(result: RuleResult | None) -> str:
    """The words that decided RESULT, or why there are none."""
    if result is None:
        return ""
    quotes = [evidence.quote for finding in result.findings[:1] for evidence in finding.evidence]
    text = " … ".join(f'"{quote}"' for quote in quotes) or result.reason
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

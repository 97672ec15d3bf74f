"""What service training asks for, and the rule, figure or command that answers to each of it."""

from collections.abc import Iterator

from audit.rulepack import Rulepack
from audit.trust import NOT_MEASURED

# The behaviours that the five founding texts ask for, in the order in which rules name them: `seed 1` is the first.
BEHAVIOURS = (
    "keep calm; take nothing personally",
    "listen, without cutting in",
    "do not contradict, not even a customer who errs",
    "listen more than you speak",
    "show that you listened: in other words, read back, summed up",
    "name the feeling, take the customer's side",
    "apologise where it is due, and mean it",
    "ask open questions until the cause is found",
    "ask what would put it right for the customer",
    "bring solutions and choices, not the problem",
    "where it cannot be, look for what would also serve",
    "do not explain your way out",
    "look for the need behind the request",
    "be open about what cannot be done, and why",
    "say what can be done; no orders, no `not my job`",
    "say we and together where it helps",
    "leave out the phrases that hurt",
    "say what is coming before you ask or make wait",
    "break bad news in a good order",
    "go at the customer's pace",
    "set bounds politely; leave last",
    "bring in somebody above when it is needed or asked for",
    "stay off religion, politics and the like",
    "ask whether it is put right",
    "follow up, and keep the promise",
    "write down what was agreed, and by when",
    "be sincere: no line from a card",
    "thank for patience",
    "build rapport: a greeting, a name, a warm goodbye",
    "learn from each contact",
    "ask for feedback, and believe it",
    "stay positive",
)
# What is answered by a figure or a command, beside the rules or in their place.
ELSEWHERE = {
    "EMO-TRAJ": "figure `mood` (the customer's, by thirds; never scored)",
    "LIS-INT": "figures `talk_over_seconds`, `cut_off_by`",
    "LIS-BACK": "figure `talk` (the agent's share of the words, by thirds)",
    "APO-SPEC": "figure `apology` (the step of the ladder)",
    "CLO-NEXT": "figure `commitments` (who, what, by when)",
    "seed 4": "figure `talk`",
    "seed 16": "figures `warm`, `task`",
    "seed 20": "figure `words_a_minute`",
    "seed 25": "figure `commitments`",
    "seed 30": "`audit run`: what to coach next, with the agent's own best moment",
    "seed 31": "figure `mood`",
}


def catalogue(pack: Rulepack) -> str:
    """A Markdown page: each behaviour and each check with what answers to it, and each rule with what is known of it."""
    lines = [
        "# Rules",
        "",
        "Made by `audit rules catalogue`; do not edit. `audit rules explain RULE` shows a rule whole.",
        "",
        "## What the founding texts ask for",
        "",
        "| | behaviour | answered by |",
        "|---|---|---|",
        *(f"| {n} | {words} | {_answers(pack, f'seed {n}')} |" for n, words in enumerate(BEHAVIOURS, 1)),
        "",
        "## Checks",
        "",
        "| check | answered by |",
        "|---|---|",
        *(f"| {code} | {_answers(pack, code)} |" for code in _codes(pack)),
        "",
        "## Rules by topic",
        "",
        "| topic | rule | question | misses right, by hand |",
        "|---|---|---|---|",
        *_rules(pack),
    ]
    return "\n".join(lines) + "\n"


def _answers(pack: Rulepack, row: str) -> str:
    """The rules that serve ROW, and what else does."""
    named = [f"`{rule.id}`" for rule in pack.rules.values() if row in rule.serves]
    return ", ".join([*named, *([ELSEWHERE[row]] if row in ELSEWHERE else [])])


def _codes(pack: Rulepack) -> list[str]:
    named = {row for rule in pack.rules.values() for row in rule.serves} | set(ELSEWHERE)
    return sorted(row for row in named if not row.startswith("seed "))


def _rules(pack: Rulepack) -> Iterator[str]:
    for rule in sorted(pack.rules.values(), key=lambda rule: (rule.topic, rule.id)):
        trust = pack.trust.get(rule.id)
        known = trust.said() if trust else NOT_MEASURED
        yield f"| {rule.topic} | [{rule.id}]({rule.file}) | {rule.question} | {known} |"

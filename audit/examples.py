"""The examples in act and rule files are their tests; this runs them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from audit.acts import Act, Vocabulary
from audit.model import Conversation, Participant, Role, Turn
from audit.rule import Example, Rule
from audit.rulepack import Rulepack

_LINE = re.compile(
    r"(?:\[(?P<start>[\d.]+)-(?P<end>[\d.]+)\]\s*)?(?P<speaker>[a-z]+)(?: (?P<name>[A-Z]\w*))?:\s?(?P<text>.*)"
)


class Failure(NamedTuple):
    """An example that came out otherwise than its file says."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


def conversation(example: Example) -> Conversation:
    """The talk of EXAMPLE: lines `agent: words`, `customer: words`, with `[start-end] ` in seconds before them or a name
    after the role (`agent Ana: …`) where it matters. A line without a speaker goes on with the one before.

    Raises ValueError where a line is of no speaker.
    """
    people: dict[str, Participant] = {}
    turns: list[Turn] = []
    for number, line in enumerate(example.transcript.splitlines()):
        match = _LINE.fullmatch(line.strip())
        if match is None or match["speaker"] not in list(Role):
            if not turns:
                raise ValueError("the transcript must begin with `agent:` or `customer:`")
            turns[-1].text += " " + line.strip()
            continue
        key = match["speaker"] + (match["name"] or "")
        person = people.setdefault(key, Participant(key, Role(match["speaker"]), match["name"], key))
        start, end = (float(match[edge]) if match[edge] else None for edge in ("start", "end"))
        turns.append(Turn(len(turns), person, match["text"], start, end, source_ref=number + 1))
    return Conversation("example", example.channel, tuple(people.values()), tuple(turns))


def failures_of_rule(rule: Rule, pack: Rulepack) -> Iterator[Failure]:
    """What is wrong with the examples of RULE."""
    for example in rule.examples:
        try:
            talk = conversation(example)
        except ValueError as error:
            yield Failure(rule.file, example.line, str(error))
            continue
        result = rule.run(pack.facts(talk))
        note = f" ({example.note})" if example.note else ""
        if result.verdict is not example.verdict:
            because = f": {result.reason}" if result.reason else ""
            yield Failure(
                rule.file, example.line, f"expected {example.verdict}, came out {result.verdict}{because}{note}"
            )
        quotes = tuple(evidence.quote for finding in result.findings for evidence in finding.evidence)
        if example.quotes is not None and quotes != example.quotes:
            yield Failure(rule.file, example.line, f"expected the quotes {example.quotes}, came out {quotes}{note}")


def failures_of_act(act: Act) -> Iterator[Failure]:
    """What is wrong with the examples of ACT. It is tested alone: no other act can help or hinder it."""
    for sample in act.matches:
        text = re.sub(r"[\[\]]", "", sample.text)
        quotes = _quotes(act, text)
        wanted = re.findall(r"\[([^\]]*)\]", sample.text)
        if not quotes:
            yield Failure(act.file, sample.line, f"not found in: {text}")
        elif wanted and wanted != quotes:
            yield Failure(act.file, sample.line, f"expected {wanted}, found {quotes}")
    for sample in act.near_misses:
        quotes = _quotes(act, sample.text)
        if quotes:
            yield Failure(act.file, sample.line, f"found {quotes} in a near miss: {sample.text}")


def _quotes(act: Act, text: str) -> list[str]:
    return [text[first:last] for first, last in Vocabulary({act.id: act}).said(text).get(act.id, ())]


def run_examples(pack: Rulepack) -> tuple[int, list[Failure]]:
    """All examples that the acts and rules of PACK were read with: how many there are, and what is wrong with them."""
    acts = [act for act in pack.acts.values() if act.matches or act.near_misses]
    rules = [rule for rule in pack.rules.values() if rule.examples]
    number = sum(len(act.matches) + len(act.near_misses) for act in acts) + sum(len(rule.examples) for rule in rules)
    failures = [failure for act in acts for failure in failures_of_act(act)]
    failures += [failure for rule in rules for failure in failures_of_rule(rule, pack)]
    return number, failures

"""A rule: one question about an agent's conduct, and how it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from audit.checks import Check
from audit.facts import Facts
from audit.model import CannotTell, Channel, Finding, NotApplicable, Participant, Role, RuleResult, Verdict
from audit.rewriting import Rewrite
from audit.signs import Signs


@dataclass(frozen=True, slots=True)
class Example:
    """A talk that tests a rule. `quotes`, where given, are all words cited by the findings, in order."""

    verdict: Verdict
    transcript: str
    quotes: tuple[str, ...] | None = None
    note: str = ""
    channel: Channel = Channel.UNKNOWN
    line: int = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """One question about an agent's conduct and how it is answered.

    `serves` names rows of the catalogue. `occasion` holds, by role, the acts of which at least one must be done
    to be judged at all, and `idle` the result where none is. `signs` have the last word on whether there was one.
    """

    id: str
    question: str
    met: str
    missed: str
    why: str
    check: Check
    values: Mapping[str, Any]
    zero_at: int | None
    applies_to: frozenset[Channel]
    say_instead: tuple[str, ...]
    rewrites: tuple[Rewrite, ...]
    serves: tuple[str, ...]
    sources: tuple[str, ...]
    topic: str
    signs: Signs | None = None
    replaces: str = ""
    examples: tuple[Example, ...] = ()
    file: str = ""
    line: int = 1
    occasion: tuple[tuple[Role, frozenset[str]], ...] = ()
    idle: RuleResult | None = None

    def run(self, facts: Facts) -> RuleResult:
        """What this rule finds in one conversation, of all its agents together."""
        result = self._quiet(facts)
        if result is None:
            result = self._judged(facts)
        elif result is not self.idle:
            return result
        return result if self.signs is None else self.signs.weigh(result, facts)

    def _judged(self, facts: Facts) -> RuleResult:
        findings: list[Finding] = []
        without, reason = Verdict.NOT_APPLICABLE, "the contact gave no occasion for it"
        try:
            findings.extend(self.check.judge(facts, **self.values))
        except NotApplicable as no_opportunity:
            reason = str(no_opportunity)
        except CannotTell as lack:
            without, reason = Verdict.CANNOT_TELL, str(lack)
        except Exception as error:  # a check that fails must not take the batch with it, nor pass for a good answer
            return RuleResult(self.id, (), Verdict.ERROR, f"the check failed ({type(error).__name__})")
        return RuleResult(self.id, tuple(findings), without, "" if findings else reason, self.zero_at)

    def _quiet(self, facts: Facts) -> RuleResult | None:
        """The result where there is plainly nothing to look at: most questions of most contacts are of this kind."""
        channel, kind = facts.conversation.channel, self.check
        if channel not in self.applies_to and channel is not Channel.UNKNOWN:
            return _without(self.id, Verdict.NOT_APPLICABLE, f"the question is not asked of {channel} contacts")
        if facts.is_script and (kind.needs_customer or kind.needs_talk):
            return _without(self.id, Verdict.NOT_APPLICABLE, "a script holds only the agent's words")
        if kind.needs_customer and not facts.has_customer:
            return _without(self.id, Verdict.CANNOT_TELL, "the file holds no words of the customer")
        for role, acts in self.occasion:
            if not facts.acts(role).isdisjoint(acts):
                return None
        return self.idle

    def share_out(self, result: RuleResult, agents: tuple[Participant, ...]) -> list[RuleResult]:
        """RESULT divided among AGENTS: each finding belongs to the agent whose turn it was."""
        if not result.findings:
            return [result] * len(agents)
        shares = []
        for agent in agents:
            own = tuple(finding for finding in result.findings if finding.agent is agent)
            reason = "" if own else "the occasion was another agent's"
            shares.append(RuleResult(self.id, own, Verdict.NOT_APPLICABLE, reason, self.zero_at))
        return shares


@cache
def _without(rule: str, verdict: Verdict, reason: str) -> RuleResult:
    """The result of RULE where nothing was found, made once: most answers of most contacts are of this kind."""
    return RuleResult(rule, (), verdict, reason)

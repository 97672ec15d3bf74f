"""From one conversation to its filled-in forms."""

from collections.abc import Collection
from dataclasses import dataclass

from audit.definitions import near
from audit.errors import AuditError
from audit.form import Evaluation, Form, fill_in
from audit.language.tongues import is_foreign
from audit.model import Conversation, Role
from audit.observations import observe
from audit.rule import Rule
from audit.rulepack import Rulepack

_PEOPLE = frozenset({Role.AGENT, Role.CUSTOMER, Role.UNKNOWN})


class NotJudged(Exception):
    """A conversation that was read but cannot be judged; `code` is for machines, the message for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True)
class Judge:
    """A form and the rules to answer it with, in the order of their ids."""

    pack: Rulepack
    form: Form
    rules: tuple[Rule, ...]

    def evaluate(self, conversation: Conversation) -> list[Evaluation]:
        """The form filled in for each agent of CONVERSATION. Raises NotJudged."""
        if conversation.channel not in self.form.channels:
            raise NotJudged("channel", f"the form {self.form.id} is not for {conversation.channel} contacts")
        said = [turn.text for turn in conversation.turns if turn.participant.role in _PEOPLE]
        if is_foreign(said, self.pack.language, conversation.language):
            raise NotJudged("language", f"not in the language of the rules ({self.pack.language})")
        facts = self.pack.facts(conversation)
        if not facts.agents:
            raise NotJudged(
                "no-agent",
                "nobody is known to be the agent; see `audit formats --inspect`, then say it with --roster or --agent-speaker",
            )
        if not facts.is_script and len({id(turn.participant) for turn in conversation.turns if turn.text}) < 2:
            raise NotJudged("one-speaker", "only one speaker is told apart, so nobody's words are certain")
        limits = facts.can.limits()
        form = self.form.of(conversation.channel)
        if len(facts.agents) == 1:
            results = [rule.run(facts) for rule in self.rules]
            return [fill_in(form, conversation, facts.agents[0], results, limits, observe(facts, facts.agents[0]))]
        answers = [rule.share_out(rule.run(facts), facts.agents) for rule in self.rules]
        return [
            fill_in(form, conversation, agent, [shares[place] for shares in answers], limits, observe(facts, agent))
            for place, agent in enumerate(facts.agents)
        ]


def judge(pack: Rulepack, form: Form, select: Collection[str] = (), ignore: Collection[str] = ()) -> Judge:
    """The judge for FORM with the rules of PACK: those in SELECT (all where empty) without those in IGNORE."""
    for rule in (*select, *ignore):
        if rule not in pack.rules:
            raise AuditError(f"there is no rule `{rule}`; {near(rule, pack.rules)}")
    rules = [rule for name, rule in pack.rules.items() if (not select or name in select) and name not in ignore]
    if not rules:
        raise AuditError("no rule is left to judge by")
    return Judge(pack, form, tuple(rules))

"""From one conversation to its filled-in forms."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from audit.definitions import near
from audit.errors import AuditError
from audit.form import Evaluation, Form, fill_in
from audit.language.tongues import is_foreign
from audit.model import Channel, Conversation, Finding, Participant, Role, Turn, Verdict
from audit.observations import observe
from audit.rewriting import reworded
from audit.rule import Rule
from audit.rulepack import Rulepack

_PEOPLE = frozenset({Role.AGENT, Role.CUSTOMER, Role.UNKNOWN})


class NotJudged(Exception):
    """A conversation that was read but cannot be judged; `code` is for machines, the message for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Suggestion(NamedTuple):
    """What to say instead; `own` where it is made of the words in which it was said."""

    text: str
    own: bool


@dataclass(frozen=True, eq=False)
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

    def suggestion(self, rule: str, finding: Finding) -> Suggestion | None:
        """What to say instead of the words of FINDING: the sentence itself said better where its grammar allows it and
        no rule minds the outcome, else the first example of RULE, None where it has none."""
        rewrites, examples = self.pack.rules[rule].rewrites, self.pack.rules[rule].say_instead
        for place in finding.evidence:
            if place.turn.role is Role.AGENT:
                better = reworded(place, rewrites)
                if better is not None and self.is_clean(better):
                    return Suggestion(better, own=True)
        return Suggestion(examples[0], own=False) if examples else None

    @cached_property
    def is_clean(self) -> Callable[[str], bool]:
        """Whether no rule minds a text, said by an agent in the middle of a talk that is good otherwise."""
        always = self._minded("Here it is.")
        return lru_cache(_REMEMBERED)(lambda text: self._minded(text) <= always)

    def _minded(self, text: str) -> set[str]:
        people = {"agent": Participant("agent", Role.AGENT), "customer": Participant("customer", Role.CUSTOMER)}
        turns = [Turn(place, people[who], said.format(text)) for place, (who, said) in enumerate(_GOOD_TALK)]
        facts = self.pack.facts(Conversation("", Channel.UNKNOWN, tuple(people.values()), tuple(turns)))
        return {rule.id for rule in self.pack.rules.values() if rule.run(facts).verdict is Verdict.FAIL}


_REMEMBERED = 1 << 12
_GOOD_TALK = (
    ("agent", "Good morning, this is Ana from Northway. How can I help you today?"),
    ("customer", "Hello."),
    ("agent", "{}"),
    ("customer", "Okay."),
    (
        "agent",
        "Thank you for waiting. To recap, it is done as we agreed, and I noted it under case number 4471. Is that settled for you now?",
    ),
    ("customer", "Yes, it is, thank you."),
    ("agent", "Is there anything else I can do for you?"),
    ("customer", "No, that was all. Goodbye."),
    ("agent", "Thank you for calling, and have a good day. Goodbye."),
)


def judge(pack: Rulepack, form: Form, select: Collection[str] = (), ignore: Collection[str] = ()) -> Judge:
    """The judge for FORM with the rules of PACK: those in SELECT (all where empty) without those in IGNORE."""
    for rule in (*select, *ignore):
        if rule not in pack.rules:
            raise AuditError(f"there is no rule `{rule}`; {near(rule, pack.rules)}")
    rules = [rule for name, rule in pack.rules.items() if (not select or name in select) and name not in ignore]
    if not rules:
        raise AuditError("no rule is left to judge by")
    return Judge(pack, form, tuple(rules))

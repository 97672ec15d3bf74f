"""The kinds of check by name, and what each may be told."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, get_type_hints

from audit.facts import Facts
from audit.model import Finding, Role, Verdict

Judge = Callable[..., Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a rule may write under `with:`: a name, the kind of value, and the value where none is written."""

    name: str
    kind: Any
    default: Any

    @property
    def required(self) -> bool:
        """Whether a rule must write it."""
        return self.default is inspect.Parameter.empty


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of check. `zero_at` is the shape of the score, see RuleResult; None scores the share met."""

    kind: str
    judge: Judge
    says: str
    parameters: Mapping[str, Parameter]
    needs_customer: bool = False
    needs_talk: bool = False
    zero_at: int | None = None
    judges: bool = True
    occasion: Mapping[str, Role] = field(default_factory=dict)

    def idle(self, facts: Facts, values: Mapping[str, Any]) -> tuple[Verdict, str] | None:
        """The verdict, and why, where there is nothing to look at in this conversation; None where there may be."""
        if facts.is_script and (self.needs_customer or self.needs_talk):
            return Verdict.NOT_APPLICABLE, "a script holds only the agent's words"
        if self.needs_customer and not facts.has_customer:
            return Verdict.CANNOT_TELL, "the file holds no words of the customer"
        for key, role in self.occasion.items():
            if facts.may_have_done(values[key], role):
                return None
        if not self.occasion:
            return None
        return (
            Verdict.NOT_APPLICABLE,
            f"the {' or the '.join(dict.fromkeys(self.occasion.values()))} gave no occasion for it",
        )


CHECKS: dict[str, Check] = {}


def check(
    kind: str,
    *,
    needs_customer: bool = False,
    needs_talk: bool = False,
    zero_at: int | None = None,
    judges: bool = True,
    occasion: Mapping[str, Role] | None = None,
) -> Callable[[Judge], Judge]:
    """Register a function as the check KIND.

    NEEDS_CUSTOMER: it looks at the customer's turns. NEEDS_TALK: it looks at what only a talk that took place has,
    such as times. JUDGES: it can pass and fail, not only ask a person to look. ZERO_AT: how many missed opportunities leave nothing of the score, unless the rule says otherwise.
    OCCASION: the parameters that name acts, and who does them, of which at least one must be done to be judged at all.
    """

    def register(judge: Judge) -> Judge:
        hints = get_type_hints(judge)
        parameters = {
            name: Parameter(name, hints[name], parameter.default)
            for name, parameter in inspect.signature(judge).parameters.items()
            if parameter.kind is inspect.Parameter.KEYWORD_ONLY
        }
        CHECKS[kind] = Check(
            kind,
            judge,
            inspect.getdoc(judge) or "",
            parameters,
            needs_customer,
            needs_talk,
            zero_at,
            judges,
            occasion or {},
        )
        return judge

    return register

"""The kinds of check by name, and what each may be told."""

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, get_type_hints

from audit.model import Finding, Role

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
    by_customer: Collection[str] = ()
    by_both: Collection[str] = ()

    def doers(self, parameter: str) -> tuple[Role, ...]:
        """Whose acts PARAMETER names."""
        if parameter in self.by_both:
            return (Role.AGENT, Role.CUSTOMER)
        return (Role.CUSTOMER,) if parameter in self.by_customer else (Role.AGENT,)


CHECKS: dict[str, Check] = {}


def check(
    kind: str,
    *,
    needs_customer: bool = False,
    needs_talk: bool = False,
    zero_at: int | None = None,
    judges: bool = True,
    occasion: Mapping[str, Role] | None = None,
    by_customer: Collection[str] = (),
    by_both: Collection[str] = (),
) -> Callable[[Judge], Judge]:
    """Register a function as the check KIND.

    NEEDS_CUSTOMER: it looks at the customer's turns. NEEDS_TALK: it looks at what only a talk that took place has,
    such as times. JUDGES: it can pass and fail, not only ask a person to look. ZERO_AT: how many missed opportunities leave nothing of the score, unless the rule says otherwise.
    OCCASION: the parameters that name acts, and who does them, of which at least one must be done to be judged at all.
    BY_CUSTOMER, BY_BOTH: the parameters that name acts of the customer's, or of either side; all others are the agent's.
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
            by_customer,
            by_both,
        )
        return judge

    return register

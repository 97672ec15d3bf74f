"""How often each rule was right on contacts labelled by hand: what `measured.yaml` holds."""

from typing import NamedTuple

from audit.definitions import Faults, Fields, Node
from audit.intervals import Interval, wilson

MEASURED = "measured.yaml"
NOT_MEASURED = "not measured"
# The least certain precision at which a rule may cost points in a form that comes with the tool, and at which it may be
# a gate (rulebook, scoring 6).
FOR_POINTS, FOR_GATES = 0.80, 0.90


class Trust(NamedTuple):
    """How often a rule was right on contacts labelled by hand, as `measured.yaml` has it.

    `right` and `wrong` of its hits, `missed` of `near` near misses; `agreement` is the share of items on which two
    readers said the same, `ac1` Gwet's AC1; `data` says what was read, `when` the day of the labels.
    """

    right: int
    wrong: int
    near: int
    missed: int
    agreement: float
    ac1: float
    data: str
    when: str

    @property
    def precision(self) -> Interval:
        """The 95 % interval of the share of hits that were right, 0 to 1."""
        return wilson(self.right, self.right + self.wrong)

    def said(self) -> str:
        """The precision in words, with its interval."""
        number = self.right + self.wrong
        if not number:
            return NOT_MEASURED
        low, high = self.precision
        return f"{self.right / number:.0%} of {number} ({low:.0%}-{high:.0%})"

    @property
    def carries_points(self) -> bool:
        """Whether a shipped form may give the rule weight: the precision is certainly 80 % or more."""
        return self.precision.low >= FOR_POINTS


def read_trust(root: Node, faults: Faults) -> dict[str, Trust]:
    """The figures of each rule under ROOT; mistakes go to FAULTS."""
    rules = root.value if isinstance(root.value, dict) else {}
    return {rule: _figures(rule, node, faults) for rule, node in rules.items()}


def _figures(rule: str, node: Node, faults: Faults) -> Trust:
    fields = Fields(node, faults, Trust._fields, f"the figures of `{rule}`")
    right, wrong, near, missed = (int(fields.number(key, 0, low=0)) for key in ("right", "wrong", "near", "missed"))
    agreement, ac1 = (fields.number(key, 0, -1, 1) for key in ("agreement", "ac1"))
    return Trust(right, wrong, near, missed, agreement, ac1, fields.text("data"), fields.text("when"))

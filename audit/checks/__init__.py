"""The kinds of check: each looks for its opportunities in one conversation and yields a finding for each.

A check is a generator of findings. Its keyword parameters are what a rule may write under `with:`; their annotations
are the schema. It raises NotApplicable where the contact gave no opportunity and CannotTell where the file lacks what
is needed; findings yielded before that stand.
"""

from audit.checks.registry import CHECKS, Check, check

from audit.checks import beside, customer, ending, limits, presence, python, replies, restating, sequence, silence  # noqa: F401  each registers its kinds  # isort: skip

__all__ = ["CHECKS", "Check", "check"]

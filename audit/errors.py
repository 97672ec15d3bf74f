"""What can go wrong, said so that a person can act on it."""

from collections.abc import Iterable
from dataclasses import dataclass


class AuditError(Exception):
    """Something the user can put right; the message says what and how. Ends the command with exit code 2.

    Messages never hold words of a transcript: they reach terminals and logs.
    """


class Interrupted(BaseException):
    """The run was asked to stop; `signal` is the number of the signal that asked.

    Like KeyboardInterrupt it is no Exception: a check that fails is caught and the run goes on, a stop is not.
    """

    def __init__(self, signal: int) -> None:
        super().__init__(signal)
        self.signal = signal


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One mistake in an act, rule or form file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return " ".join(f"{self.file}:{self.line}: {self.message}".split())


class BadDefinitions(AuditError):
    """Act, rule or form files that cannot be used, with every fault found in them."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        count = len(self.faults)
        super().__init__(f"{count} {'mistake' if count == 1 else 'mistakes'} in rule files:\n{lines}")

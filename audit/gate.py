"""What a run is held to, and the exit code that follows."""

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from audit.scorecards import Scorecard


class Exit(IntEnum):
    """Exit codes. 2 beats 1 beats 0; nothing but a failed gate gives 1."""

    MET = 0
    GATE_FAILED = 1
    COULD_NOT_JUDGE = 2


class Gate(NamedTuple):
    """One thing that had to hold: what it was called, whether it held, and the figures in words.

    `held` is None where it could not be judged.
    """

    name: str
    held: bool | None
    says: str


def gates(cards: Sequence[Scorecard], fail_under: float | None, fail_on: str, team_score: int | None) -> list[Gate]:
    """The gates of a run: scores not under FAIL_UNDER (each one with FAIL_ON `worst`, else the mean), auto-fails."""
    found = []
    for card in cards:
        for rule, times in sorted(card.tally.gates.items()):
            contacts = "contact" if times == 1 else "contacts"
            found.append(Gate(f"gate:{rule}", False, f"{card.person.name}: failed {rule} in {times} {contacts}"))
    if fail_under is not None:
        if fail_on == "mean":
            found.append(_score_gate("all", team_score, fail_under))
        else:
            scored = [card for card in cards if card.shown is not None]
            found += [_score_gate(card.person.name, card.shown, fail_under) for card in scored]
            if not scored:
                found.append(_score_gate("all", None, fail_under))
    return found


def _score_gate(name: str, score: int | None, least: float) -> Gate:
    if score is None:
        return Gate(f"score:{name}", None, f"{name}: not enough evidence for a score")
    return Gate(f"score:{name}", score >= least, f"{name}: {score}, at least {least:g} wanted")


def exit_code(found: Sequence[Gate], could_not_judge: bool) -> Exit:
    """The exit code of a run with these gates; COULD_NOT_JUDGE where an input or a rule failed or nothing was judged."""
    if could_not_judge or any(gate.held is None for gate in found):
        return Exit.COULD_NOT_JUDGE
    return Exit.GATE_FAILED if any(gate.held is False for gate in found) else Exit.MET

"""Who spoke how much, and how long people waited."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from audit.language.words import count_words
from audit.model import Role, Turn


def words_by_role(turns: Iterable[Turn]) -> dict[Role, int]:
    """The number of words each role said."""
    said: dict[Role, int] = {}
    for turn in turns:
        said[turn.role] = said.get(turn.role, 0) + count_words(turn.text)
    return said


class Wait(NamedTuple):
    """Seconds from the end of what the customer said (its sending, in a chat) to the agent's answer."""

    asked: Turn
    answered: Turn
    seconds: float


def waits(turns: Sequence[Turn]) -> list[Wait]:
    """Each wait of a customer for an agent, where both have times. Of several messages in a row the first counts."""
    found = []
    asked: Turn | None = None
    for turn in turns:
        if turn.role is Role.CUSTOMER and asked is None:
            asked = turn
        elif turn.role is Role.AGENT and asked is not None:
            since = asked.end if asked.end is not None else asked.start
            if since is not None and turn.start is not None:
                found.append(Wait(asked, turn, max(0.0, round(turn.start - since, 3))))
            asked = None
    return found

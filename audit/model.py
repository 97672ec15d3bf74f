"""The nouns: what a contact is made of, and what is found in it."""

from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec


class _Word(StrEnum):
    """A word of a fixed list. It hashes as the text it is: millions of them are looked up in a run."""

    __hash__ = str.__hash__


class Role(_Word):
    """Who somebody is in a contact."""

    AGENT = "agent"
    CUSTOMER = "customer"
    BOT = "bot"
    SYSTEM = "system"
    SUPERVISOR = "supervisor"
    UNKNOWN = "unknown"


class Channel(_Word):
    """How the contact was held. `SCRIPT` is a text that an agent is meant to say."""

    VOICE = "voice"
    CHAT = "chat"
    EMAIL = "email"
    SCRIPT = "script"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who speaks.

    `id` tells participants of one conversation apart. `agent_id` is who the person is across conversations, None
    where the file does not say. `role_source` is where the role was learnt: `file`, `option`, `roster` or `guess`.
    """

    id: str
    role: Role = Role.UNKNOWN
    name: str | None = None
    agent_id: str | None = None
    team: str | None = None
    role_source: str = "file"


class Word(NamedTuple):
    """One word with its times in seconds from the start of the contact."""

    text: str
    start: float
    end: float


class Turn(msgspec.Struct, eq=False, gc=False):
    """One message or one stretch of speech; never changed once read, and equal only to itself.

    `start` and `end` are seconds from the start of the contact, None where the file does not say. `source_ref` is the
    line number or JSON pointer it came from. Turns with `visibility` "internal" are notes the customer never saw.
    """

    index: int
    participant: Participant
    text: str
    start: float | None = None
    end: float | None = None
    words: tuple[Word, ...] | None = None
    source_ref: str | int = ""
    column: int = 1
    visibility: str = "public"

    @property
    def role(self) -> Role:
        """The speaker's role."""
        return self.participant.role


@dataclass(frozen=True, slots=True)
class Conversation:
    """One contact between a customer and a company, in the order in which it was held.

    `has_own_id` is False where only the name of the file tells it from others. `one_track` says that all voices were
    recorded together, so that overlaps cannot be seen; `truncated` that the export holds only a part, by its own word.
    `start` has no time zone where the export tells none.
    """

    id: str
    channel: Channel
    participants: tuple[Participant, ...]
    turns: tuple[Turn, ...]
    language: str | None = None
    start: datetime | None = None
    source: str = ""
    source_ref: str | int = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    vendor_metrics: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    has_own_id: bool = True
    one_track: bool = False
    truncated: bool = False


class Evidence(NamedTuple):
    """Words of one turn: characters `first` to `last` (exclusive) of its text."""

    turn: Turn
    first: int
    last: int

    @classmethod
    def whole(cls, turn: Turn) -> "Evidence":
        """The whole of TURN."""
        return cls(turn, 0, len(turn.text))

    @property
    def quote(self) -> str:
        """The words exactly as they stand in the transcript."""
        return self.turn.text[self.first : self.last]

    @property
    def is_whole(self) -> bool:
        """Whether a whole turn is cited: it says where was looked, not which words did it."""
        return self.last - self.first == len(self.turn.text)

    def overlaps(self, other: "Evidence") -> bool:
        """Whether OTHER holds some of the same characters."""
        return self.turn is other.turn and self.first < other.last and other.first < self.last


class Outcome(_Word):
    """How one opportunity was used."""

    MET = "met"
    MISSED = "missed"
    UNSURE = "unsure"


class Verdict(_Word):
    """The answer to one question of an evaluation form."""

    PASS = "pass"  # noqa: S105  no password
    FAIL = "fail"
    NOT_APPLICABLE = "not-applicable"
    CANNOT_TELL = "cannot-tell"
    ERROR = "error"


class Finding(NamedTuple):
    """One opportunity and how it was used, with the words that prove it, in the order they were said.

    The finding belongs to the agent whose turn stands last in the evidence. `under` names the rule that counts the same
    words already, so that they cost nothing twice.
    """

    outcome: Outcome
    evidence: tuple[Evidence, ...]
    note: str = ""
    under: str = ""

    @property
    def agent(self) -> Participant | None:
        """Whose doing it was."""
        for evidence in reversed(self.evidence):
            if evidence.turn.role is Role.AGENT:
                return evidence.turn.participant
        return None


class NotApplicable(Exception):
    """Raised by a check: the contact gave no opportunity, for the reason given."""


class CannotTell(Exception):
    """Raised by a check: the file lacks what is needed to judge, which the message names."""


@dataclass(slots=True)
class RuleResult:
    """What one rule found of one agent in one conversation. Verdict and score follow from the findings alone.

    `without` is the verdict where there are no findings, and `reason` says why there are none. `zero_at` is the number
    of missed opportunities at which nothing is left of the score; None scores the share of opportunities met.
    `score` is from 0 to 1, None where nothing could be decided. What is counted under another rule is in the verdict
    and not in the score.
    """

    rule: str
    findings: tuple[Finding, ...] = ()
    without: InitVar[Verdict] = Verdict.NOT_APPLICABLE
    reason: str = ""
    zero_at: int | None = None
    verdict: Verdict = field(init=False)
    score: float | None = field(init=False, default=None)

    def __post_init__(self, without: Verdict) -> None:
        if not self.findings:
            self.verdict = without
            return
        outcomes = [finding.outcome for finding in self.findings]
        met, missed = outcomes.count(Outcome.MET), outcomes.count(Outcome.MISSED)
        if missed:
            self.verdict = Verdict.FAIL
            missed -= sum(bool(finding.under) for finding in self.findings)
            if met + missed:
                self.score = max(0.0, 1 - missed / self.zero_at) if self.zero_at else met / (met + missed)
        else:
            self.verdict = Verdict.CANNOT_TELL if Outcome.UNSURE in outcomes else Verdict.PASS
            self.score = 1.0 if met else None

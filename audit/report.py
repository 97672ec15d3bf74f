"""The one result of a run, that every output is written from."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from audit.form import Form
from audit.gate import Gate
from audit.model import Verdict
from audit.rule import Rule
from audit.scorecards import Person, Scorecard, Tally

SCHEMA = 1
UNNAMED = "Agent not named"


class Refusal(NamedTuple):
    """An input, or a part of one, that was not read or not judged."""

    file: str
    line: int | None
    code: str
    reason: str
    conversation: str = ""


@dataclass(slots=True)
class Intake:
    """What was given. A record is one conversation, or one file in which none could be read.

    given = read + rejected, always; judged = read - set aside.
    """

    read: int = 0
    rejected: list[Refusal] = field(default_factory=list)
    set_aside: list[Refusal] = field(default_factory=list)
    warnings: Counter[str] = field(default_factory=Counter)
    rule_errors: Counter[str] = field(default_factory=Counter)
    passed_over: list[str] = field(default_factory=list)
    files: int = 0

    @property
    def given(self) -> int:
        """How many records were given."""
        return self.read + len(self.rejected)

    @property
    def judged(self) -> int:
        """How many conversations were judged."""
        return self.read - len(self.set_aside)

    def __iadd__(self, other: "Intake") -> "Intake":
        self.read += other.read
        self.rejected += other.rejected
        self.set_aside += other.set_aside
        self.passed_over += other.passed_over
        self.warnings.update(other.warnings)
        self.rule_errors.update(other.rule_errors)
        return self


@dataclass(frozen=True, slots=True)
class Look:
    """How pages look.

    `brand` is a folder with `brand.yaml` (name, logo), `style.css` (read after ours) and, for those who want them,
    templates of their own; `standalone` puts the style into each page, for e-mail; `agent_view` makes pages for the
    agents themselves: strengths first, and nothing about their peers.
    """

    brand: Path | None = None
    standalone: bool = False
    agent_view: bool = False


class Contact(NamedTuple):
    """One evaluation in the list of an agent's contacts: what was missed with points, and how much `advisory`."""

    order: tuple[int, int]
    conversation: str
    page: str
    channel: str
    day: str
    score: float | None
    coverage: float | None
    missed: tuple[str, ...]
    advisory: int
    failed_gates: tuple[str, ...]
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """All that a run found, apart from the evaluations, which are written as they come.

    `trust` says how often the misses of a rule were right by hand; `pages` are the contacts that have a page, as places by
    piece of the run.
    """

    intake: Intake
    form: Form
    rules: Mapping[str, Rule]
    pack_name: str
    pack_version: str
    digests: Mapping[str, str]
    cards: Sequence[Scorecard]
    team: Scorecard
    gates: Sequence[Gate]
    contacts: Mapping[str, Sequence[Contact]]
    trust: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[int, Collection[int]] = field(default_factory=dict)

    def has_page(self, order: tuple[int, int]) -> bool:
        """Whether the contact at ORDER in the run has a page."""
        return order[1] in self.pages.get(order[0], ())

    def training_needs(self) -> list[tuple[str, int, int]]:
        """What the team missed most, by weight: (rule, contacts missed, contacts with an occasion), worst first."""
        weights = self.form.weights()
        found = [
            (rule, answers.verdicts[Verdict.FAIL], answers.applied)
            for rule, answers in self.team.tally.questions.items()
            if answers.verdicts[Verdict.FAIL] and rule in weights
        ]
        return sorted(found, key=lambda each: (-round(weights[each[0]] * each[1], 6), each[0]))


def page_name(folder: str, name: str, *identity: object) -> str:
    """A file name in FOLDER that is safe everywhere: the readable part of NAME and a hash of NAME and IDENTITY."""
    import hashlib

    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "x"
    told = "\0".join([name, *map(str, identity)]).encode("utf-8", "surrogatepass")
    return f"{folder}/{slug}-{hashlib.sha256(told).hexdigest()[:10]}.html"


@lru_cache(1 << 10)
def agent_page(agent_id: str | None) -> str:
    """The page of the scorecard of the agent with AGENT_ID, None or "" for agents whom no file names."""
    return page_name("agents", agent_id or UNNAMED, bool(agent_id))


class Sums:
    """Tallies of all agents met, by agent id; "" stands for agents whom no file names."""

    def __init__(self) -> None:
        self.tallies: dict[str, Tally] = {}
        self.people: dict[str, Person] = {}

    def of(self, agent_id: str | None, name: str | None, team: str | None) -> Tally:
        """The tally of the agent with AGENT_ID."""
        key = agent_id or ""
        if key not in self.tallies:
            self.tallies[key] = Tally()
        self._meet(Person(key, name or key if key else UNNAMED, team or ""))
        return self.tallies[key]

    def _meet(self, person: Person) -> None:
        """Keep the name and team of PERSON; where files differ, the same ones whatever the order."""
        known = self.people.get(person.id)
        if known is None:
            self.people[person.id] = person
        elif known != person:
            names = sorted({known.name, person.name} - {person.id}) or [person.name]
            teams = sorted({known.team, person.team} - {""}) or [""]
            self.people[person.id] = Person(person.id, names[0], teams[0])

    def __iadd__(self, other: "Sums") -> "Sums":
        for key, tally in other.tallies.items():
            self.tallies.setdefault(key, Tally())
            self.tallies[key] += tally
        for person in other.people.values():
            self._meet(person)
        return self

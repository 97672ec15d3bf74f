"""Acts: what people do with words, and how each is recognised."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from audit.definitions import Fields, Node
from audit.language.shouting import shouting
from audit.language.stems import at_length
from audit.matching import Lexicon, PhraseError, Phrases, Said, Span, expression, try_out
from audit.model import Role

ActIds = tuple[str, ...]

KEYS = ("id", "adds_to", "replaces", "says", "phrases", "unless", "recogniser", "examples")

# What phrases cannot hold is recognised by a function of the turn's text.
RECOGNISERS: Mapping[str, Callable[[str], list[Span]]] = {"at-length": at_length, "shouting": shouting}


class Sample(NamedTuple):
    """A sentence that tests an act. [Brackets] in `text` mark the words that must be found, where it has any."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Act:
    """One deed of speech: the phrases that do it and those that only look like it."""

    id: str
    says: str
    phrases: Phrases
    matches: tuple[Sample, ...] = ()
    near_misses: tuple[Sample, ...] = ()
    file: str = ""
    line: int = 1

    def with_more(self, other: "Act") -> "Act":
        """This act, also recognised and cancelled by what OTHER says."""
        finds = self.phrases.finds + other.phrases.finds
        cancels = self.phrases.cancels + other.phrases.cancels
        matches, near = self.matches + other.matches, self.near_misses + other.near_misses
        phrases = Phrases(finds, cancels, self.phrases.recognise or other.phrases.recognise)
        return Act(self.id, self.says, phrases, matches, near, self.file, self.line)


class Vocabulary:
    """All acts of the packs in use. Acts are known by their ids, in alphabetical order."""

    def __init__(self, acts: Mapping[str, Act], asked: Mapping[Role, Collection[str]] | None = None) -> None:
        """ASKED are the acts that anybody wants to know of each role; others are not looked for in a talk."""
        self.acts = {name: acts[name] for name in sorted(acts)}
        self.asked = asked or {}

    @cached_property
    def said(self) -> Callable[[str], Said]:
        """What all acts find in a text."""
        return self._lexicon(self.acts).said

    @cached_property
    def said_by(self) -> Mapping[Role, Callable[[str], Said]]:
        """What the acts that are asked of each role find in a text."""
        return {role: self._lexicon(asked).said for role, asked in self.asked.items()}

    def _lexicon(self, names: Collection[str]) -> Lexicon:
        return Lexicon({name: act.phrases for name, act in self.acts.items() if name in names})


def read_act(root: Node, fields: Fields, file: str, tried: bool) -> Act:
    """The act that a file defines; mistakes go to the faults of FIELDS. Phrases known to be TRIED are not tried out."""
    finds = _expressions(fields, "phrases", tried)
    cancels = _expressions(fields, "unless", tried)
    recognise = fields.choice("recogniser", RECOGNISERS.__getitem__, RECOGNISERS, None)
    if not finds and not recognise:
        fields.faults.add(root.line, "an act needs `phrases` (or a `recogniser`)")
    name = fields.text("id") or fields.text("adds_to")
    says = fields.text("says", required="id" in fields)
    matches, near = _examples(fields)
    return Act(name, says, Phrases(finds, cancels, recognise), matches, near, file, root.line)


def _expressions(fields: Fields, key: str, tried: bool) -> tuple[str, ...]:
    found = []
    for phrase, line in fields.texts(key):
        found.append(expression(phrase))
        if tried:
            continue
        try:
            try_out(found[-1])
        except PhraseError as error:
            fields.faults.add(line, f"the phrase `{phrase[:60]}` cannot be used: {error}")
    return tuple(found)


def _examples(fields: Fields) -> tuple[tuple[Sample, ...], tuple[Sample, ...]]:
    node = fields.node("examples")
    if node is None:
        return (), ()
    examples = Fields(node, fields.faults, ("matches", "near_misses"), "examples of an act")
    read = [tuple(Sample(*item) for item in examples.texts(key)) for key in ("matches", "near_misses")]
    for key, samples in zip(("matches", "near_misses"), read, strict=True):
        if len(samples) < 2:
            fields.faults.add(examples.line_of(key), f"an act needs at least two examples under `{key}`")
    return read[0], read[1]

"""Rules: what should have been done, and the packs of files they come in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from audit.acts import KEYS as ACT_KEYS
from audit.acts import Act, ActIds, Vocabulary, read_act
from audit.checks import CHECKS, Check
from audit.definitions import Faults, Fields, Node, files, near, parse
from audit.errors import AuditError, BadDefinitions
from audit.facts import Facts
from audit.folders import folder
from audit.model import (
    CannotTell,
    Channel,
    Conversation,
    Finding,
    NotApplicable,
    Participant,
    Role,
    RuleResult,
    Verdict,
)
from audit.observations import ASKED as OBSERVED
from audit.trust import MEASURED, Trust, read_trust

KEYS = [
    "id",
    "question",
    "met",
    "missed",
    "why",
    "check",
    "with",
    "applies_to",
    "say_instead",
    "sources",
    "examples",
    "replaces",
]
EXAMPLE_KEYS = ("verdict", "quotes", "note", "transcript", "channel")
FEWEST_EXAMPLES = 2
LONGEST_FILE = 1 << 20


@dataclass(frozen=True, slots=True)
class Example:
    """A talk that tests a rule. `quotes`, where given, are all words cited by the findings, in order."""

    verdict: Verdict
    transcript: str
    quotes: tuple[str, ...] | None = None
    note: str = ""
    channel: Channel = Channel.UNKNOWN
    line: int = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """One question about an agent's conduct and how it is answered.

    `occasion` holds, by role, the numbers of the acts of which at least one must be done to be judged at all, and `idle`
    the result where none is.
    """

    id: str
    question: str
    met: str
    missed: str
    why: str
    check: Check
    values: Mapping[str, Any]
    zero_at: int | None
    applies_to: frozenset[Channel]
    say_instead: tuple[str, ...]
    sources: tuple[str, ...]
    topic: str
    replaces: str = ""
    examples: tuple[Example, ...] = ()
    file: str = ""
    line: int = 1
    occasion: tuple[tuple[Role, frozenset[int]], ...] = ()
    idle: RuleResult | None = None

    def run(self, facts: Facts) -> RuleResult:
        """What this rule finds in one conversation, of all its agents together."""
        quiet = self._quiet(facts)
        if quiet is not None:
            return quiet
        findings: list[Finding] = []
        without, reason = Verdict.NOT_APPLICABLE, "the contact gave no occasion for it"
        try:
            findings.extend(self.check.judge(facts, **self.values))
        except NotApplicable as no_opportunity:
            reason = str(no_opportunity)
        except CannotTell as lack:
            without, reason = Verdict.CANNOT_TELL, str(lack)
        except Exception as error:  # a check that fails must not take the batch with it, nor pass for a good answer
            return RuleResult(self.id, (), Verdict.ERROR, f"the check failed ({type(error).__name__})")
        return RuleResult(self.id, tuple(findings), without, "" if findings else reason, self.zero_at)

    def _quiet(self, facts: Facts) -> RuleResult | None:
        """The result where there is plainly nothing to look at: most questions of most contacts are of this kind."""
        channel, kind = facts.conversation.channel, self.check
        if channel not in self.applies_to and channel is not Channel.UNKNOWN:
            return _without(self.id, Verdict.NOT_APPLICABLE, f"the question is not asked of {channel} contacts")
        if facts.is_script and (kind.needs_customer or kind.needs_talk):
            return _without(self.id, Verdict.NOT_APPLICABLE, "a script holds only the agent's words")
        if kind.needs_customer and not facts.has_customer:
            return _without(self.id, Verdict.CANNOT_TELL, "the file holds no words of the customer")
        for role, numbers in self.occasion:
            if not facts.may_be_done(role).isdisjoint(numbers):
                return None
        return self.idle

    def share_out(self, result: RuleResult, agents: tuple[Participant, ...]) -> list[RuleResult]:
        """RESULT divided among AGENTS: each finding belongs to the agent whose turn it was."""
        if not result.findings:
            return [result] * len(agents)
        shares = []
        for agent in agents:
            own = tuple(finding for finding in result.findings if finding.agent is agent)
            reason = "" if own else "the occasion was another agent's"
            shares.append(RuleResult(self.id, own, Verdict.NOT_APPLICABLE, reason, self.zero_at))
        return shares


@cache
def _without(rule: str, verdict: Verdict, reason: str) -> RuleResult:
    """The result of RULE where nothing was found, made once: most answers of most contacts are of this kind."""
    return RuleResult(rule, (), verdict, reason)


@dataclass
class Rulepack:
    """The acts, rules and form files of all packs in use."""

    name: str = ""
    version: str = ""
    language: str = "en"
    acts: dict[str, Act] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    forms: dict[str, tuple[str, Path]] = field(default_factory=dict)
    trust: dict[str, Trust] = field(default_factory=dict)
    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary({}))

    def facts(self, conversation: Conversation) -> Facts:
        """What is known about CONVERSATION in the words of this pack."""
        return Facts(conversation, self.vocabulary)


def load(paths: Iterable[Path] = (), examples: bool = False) -> Rulepack:
    """The rules that ship with the package and those at PATHS (folders or single rule files).

    EXAMPLES are read for the shipped rules only when asked for; a user's own rules are always read whole. Raises
    BadDefinitions with every mistake of every file, AuditError where a path is missing.
    """
    pack = Rulepack()
    faults: list[Faults] = []
    _add(pack, folder("rules"), faults, examples)
    for path in paths:
        if not path.exists():
            raise AuditError(f"no rules at {path}: give a folder or a file that exists")
        _add(pack, path, faults, examples=True)
    found = [fault for file in faults for fault in file.found]
    if found:
        raise BadDefinitions(found)
    pack.acts = dict(sorted(pack.acts.items()))
    pack.vocabulary = Vocabulary(pack.acts, _asked(pack))
    numbers = pack.vocabulary.numbers
    pack.rules = {name: _with_occasion(rule, numbers) for name, rule in sorted(pack.rules.items())}
    return pack


def _asked(pack: Rulepack) -> dict[Role, set[str]]:
    """The acts that are asked of each role, by observations and rules; all of them where a plugin may ask for any."""
    asked = {role: {act for act in acts if act in pack.acts} for role, acts in OBSERVED.items()}
    for rule in pack.rules.values():
        if rule.check.kind == "python":
            return {role: set(pack.acts) for role in asked}
        for name, parameter in rule.check.parameters.items():
            if parameter.kind == ActIds:
                for role in rule.check.doers(name):
                    asked[role].update(rule.values.get(name, ()))
    return asked


def _with_occasion(rule: Rule, numbers: Mapping[str, int]) -> Rule:
    needs = rule.check.occasion.items()
    if not needs:
        return rule
    found = tuple((role, frozenset(numbers[act] for act in rule.values.get(key, ()))) for key, role in needs)
    words = f"the {' or the '.join(dict.fromkeys(rule.check.occasion.values()))} gave no occasion for it"
    return replace(rule, occasion=found, idle=RuleResult(rule.id, (), Verdict.NOT_APPLICABLE, words))


def _add(pack: Rulepack, root: Path, all_faults: list[Faults], examples: bool) -> None:
    found = files(root)
    if not found:
        raise AuditError(f"no rule files (*.yaml) in {root}")
    rules: list[tuple[Node, Fields, str, str]] = []
    for path in found:
        name = path.name if root.is_file() else path.relative_to(root).as_posix()
        faults = Faults(name)
        all_faults.append(faults)
        kind = path.parent.name if not root.is_file() else ""
        if path.name == "pack.yaml":
            _read_pack(pack, path, faults)
        elif kind == "forms":
            pack.forms[path.stem] = (name, path)
        elif path.name == MEASURED:
            node = read_file(path, faults)
            pack.trust.update(read_trust(node, faults) if node is not None else {})
        else:
            node = read_file(path, faults, examples)
            if node is not None and kind == "acts":
                _add_act(pack, node, faults, name, path.stem, examples)
            elif node is not None:
                rules.append((node, Fields(node, faults, KEYS, "a rule"), name, path.stem))
    for node, fields, name, stem in rules:
        _add_rule(pack, node, fields, name, stem, examples)


def read_file(path: Path, faults: Faults, examples: bool = True) -> Node | None:
    """The mapping in the file PATH. Examples come last in a file; without EXAMPLES they are not even parsed."""
    try:
        text = path.read_text(encoding="utf-8-sig") if path.stat().st_size <= LONGEST_FILE else None
    except (OSError, UnicodeError) as error:
        faults.add(1, f"cannot be read as UTF-8 text ({type(error).__name__})")
        return None
    if text is None:
        faults.add(1, "larger than 1 MB; a rule file is a page")
        return None
    if not examples:
        text = text.partition("\nexamples:")[0] + "\n"
    return parse(text, faults)


def _read_pack(pack: Rulepack, path: Path, faults: Faults) -> None:
    node = read_file(path, faults)
    if node is None:
        return
    fields = Fields(node, faults, ("name", "version", "language", "extends"), "a pack")
    name, version = fields.text("name", required=True), fields.text("version", required=True)
    pack.name = f"{pack.name} + {name}" if pack.name else name
    pack.version = f"{pack.version} + {version}" if pack.version else version
    pack.language = fields.text("language") or pack.language


def _add_act(pack: Rulepack, node: Node, faults: Faults, file: str, stem: str, examples: bool) -> None:
    fields = Fields(node, faults, ACT_KEYS, "an act")
    act = read_act(node, fields, file, tried=not examples)
    base = pack.acts.get(act.id)
    if "adds_to" in fields:
        if base is None:
            faults.add(fields.line_of("adds_to"), f"no act `{act.id}` to add to; {near(act.id, pack.acts)}")
        else:
            pack.acts[act.id] = base.with_more(act)
        return
    _check_name(fields, act.id, stem)
    replaces = fields.text("replaces")
    if replaces and replaces not in pack.acts:
        faults.add(fields.line_of("replaces"), f"no act `{replaces}` to replace; {near(replaces, pack.acts)}")
    if base is not None and replaces != act.id:
        faults.add(
            fields.line_of("id"), f"there is an act `{act.id}` already; write `adds_to:` or `replaces: {act.id}`"
        )
    pack.acts[act.id] = act


def _check_name(fields: Fields, name: str, stem: str) -> None:
    if not name:
        fields.faults.add(fields.line, f"{fields.what} needs `id`")
    elif name != stem:
        fields.faults.add(fields.line_of("id"), f"`id: {name}` must equal the file's name, {stem}")


def _add_rule(pack: Rulepack, node: Node, fields: Fields, file: str, stem: str, examples: bool) -> None:
    name = fields.text("id", required=True)
    _check_name(fields, name or stem, stem)
    replaces = fields.text("replaces")
    if replaces and replaces not in pack.rules:
        fields.faults.add(fields.line_of("replaces"), f"no rule `{replaces}` to replace; {near(replaces, pack.rules)}")
    if name in pack.rules and replaces != name:
        fields.faults.add(
            fields.line_of("id"), f"there is a rule `{name}` already; write `replaces: {name}` to put this in its place"
        )
    pack.rules.pop(replaces, None)
    kind = fields.choice("check", CHECKS.__getitem__, CHECKS, None)
    if kind is None:
        fields.text("check", required=True)
        return
    values, zero_at = _values(fields, kind, pack.acts)
    channels = [_channel(text, line, fields) for text, line in fields.texts("applies_to")]
    pack.rules[name] = Rule(
        id=name,
        question=fields.text("question", required=True),
        met=fields.text("met", required=True),
        missed=fields.text("missed", required=True),
        why=fields.text("why", required=True),
        check=kind,
        values=values,
        zero_at=zero_at,
        applies_to=frozenset(channels or Channel),
        say_instead=tuple(text for text, _ in fields.texts("say_instead")),
        sources=tuple(text for text, _ in fields.texts("sources")),
        topic=Path(file).parent.name or "own",
        replaces=replaces,
        examples=_examples(fields, kind) if examples else (),
        file=file,
        line=node.line,
    )


def _channel(text: str, line: int, fields: Fields) -> Channel:
    if text not in list(Channel):
        fields.faults.add(line, f"`{text}` is no channel; {near(text, list(Channel))}")
        return Channel.UNKNOWN
    return Channel(text)


def _values(fields: Fields, kind: Check, acts: Mapping[str, Act]) -> tuple[dict[str, Any], int | None]:
    """What the rule tells its check, held against the check's own signature."""
    shape = ("zero_at",) if kind.zero_at else ()
    told = fields.node("with", required=any(parameter.required for parameter in kind.parameters.values()))
    if told is None:
        return {}, kind.zero_at
    given = Fields(told, fields.faults, (*kind.parameters, *shape), f"the check `{kind.kind}`")
    values = {}
    for parameter in kind.parameters.values():
        if parameter.name not in given:
            if parameter.required:
                fields.faults.add(given.line, f"the check `{kind.kind}` needs `{parameter.name}` under `with`")
        else:
            values[parameter.name] = _value(given, parameter.name, parameter.kind, parameter.default, acts)
    zero_at = given.number("zero_at", kind.zero_at or 0, low=1) if kind.zero_at else None
    return values, None if zero_at is None else int(zero_at)


def _value(given: Fields, name: str, kind: Any, default: Any, acts: Mapping[str, Act]) -> Any:
    if kind == ActIds:
        named = given.texts(name, required=True)
        for act, line in named:
            if act not in acts:
                given.faults.add(line, f"there is no act `{act}`; {near(act, acts)}")
        return tuple(act for act, _ in named)
    if get_origin(kind) is Literal:
        return given.choice(name, str, get_args(kind), default)
    node = given.node(name)
    if kind is str:
        return given.text(name, required=True)
    if kind is bool or node is None:
        if node is None or not isinstance(node.value, bool):
            given.faults.add(
                given.line_of(name), f"`{name}` must be true or false" if kind is bool else f"`{name}` needs a value"
            )
            return default
        return node.value
    if kind is int and isinstance(node.value, float):
        given.faults.add(node.line, f"`{name}` must be a whole number")
        return default
    return given.number(name, 0)


def _examples(fields: Fields, kind: Check) -> tuple[Example, ...]:
    read = [_example(node, fields.faults) for node in fields.nodes("examples", required=True)]
    examples = tuple(example for example in read if example is not None)
    for verdict in (Verdict.FAIL, Verdict.PASS) if kind.judges else (Verdict.CANNOT_TELL,):
        if sum(example.verdict is verdict for example in examples) < FEWEST_EXAMPLES:
            fields.faults.add(
                fields.line_of("examples"),
                f"a rule needs at least {FEWEST_EXAMPLES} examples with `verdict: {verdict}`",
            )
    near_misses = sum(bool(example.note) for example in examples)
    if near_misses < FEWEST_EXAMPLES:
        fields.faults.add(
            fields.line_of("examples"),
            f"a rule needs at least {FEWEST_EXAMPLES} near misses: examples with a `note` that says why they are no other verdict",
        )
    return examples


def _example(node: Node, faults: Faults) -> Example | None:
    fields = Fields(node, faults, EXAMPLE_KEYS, "an example")
    verdict = fields.choice("verdict", Verdict, [str(each) for each in Verdict], None)
    transcript = fields.text("transcript", required=True)
    if verdict is None:
        fields.text("verdict", required=True)
        return None
    quotes = tuple(text for text, _ in fields.texts("quotes")) if "quotes" in fields else None
    channel = fields.choice("channel", Channel, [str(each) for each in Channel], Channel.UNKNOWN)
    return Example(verdict, transcript, quotes, fields.text("note"), channel, node.line)

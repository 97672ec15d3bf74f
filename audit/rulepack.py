"""Packs of files that hold acts, rules and forms, read with every mistake named."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from audit.acts import KEYS as ACT_KEYS
from audit.acts import Act, ActIds, Vocabulary, read_act
from audit.checks import CHECKS, Check
from audit.definitions import Faults, Fields, Node, files, near, parse
from audit.errors import AuditError, BadDefinitions
from audit.facts import Facts
from audit.folders import folder
from audit.matching import PhraseError
from audit.model import Channel, Conversation, Role, RuleResult, Verdict
from audit.observations import ASKED as OBSERVED
from audit.rewriting import Rewrite, rewrite
from audit.rule import Example, Rule
from audit.signs import Sign, Signs
from audit.trust import MEASURED, Trust, read_trust

KEYS = [
    "id",
    "question",
    "met",
    "missed",
    "why",
    "check",
    "with",
    "signs",
    "applies_to",
    "say_instead",
    "rewrites",
    "serves",
    "sources",
    "examples",
    "replaces",
]
EXAMPLE_KEYS = ("verdict", "quotes", "note", "transcript", "channel")
FEWEST_EXAMPLES = 2
LONGEST_FILE = 1 << 20


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
    pack.rules = {name: _with_occasion(rule) for name, rule in sorted(pack.rules.items())}
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
        for sign in rule.signs.signs if rule.signs else ():
            asked[sign.by].add(sign.act)
    return asked


def _with_occasion(rule: Rule) -> Rule:
    needs = rule.check.occasion.items()
    if not needs:
        return rule
    found = tuple((role, frozenset(rule.values.get(key, ()))) for key, role in needs)
    words = f"the {' or the '.join(dict.fromkeys(rule.check.occasion.values()))} gave no occasion for it"
    return replace(rule, occasion=found, idle=RuleResult(rule.id, (), Verdict.NOT_APPLICABLE, words, rule.zero_at))


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
        rewrites=tuple(_rewrites(fields)),
        serves=tuple(text for text, _ in fields.texts("serves")),
        sources=tuple(text for text, _ in fields.texts("sources")),
        topic=Path(file).parent.name or "own",
        signs=_signs(fields, pack.acts),
        replaces=replaces,
        examples=_examples(fields, _verdicts(kind, values)) if examples else (),
        file=file,
        line=node.line,
    )


def _channel(text: str, line: int, fields: Fields) -> Channel:
    if text not in list(Channel):
        fields.faults.add(line, f"`{text}` is no channel; {near(text, list(Channel))}")
        return Channel.UNKNOWN
    return Channel(text)


def _rewrites(fields: Fields) -> Iterator[Rewrite]:
    for node in fields.nodes("rewrites"):
        told = Fields(node, fields.faults, ("says", "instead"), "a rewrite")
        try:
            yield rewrite(told.text("says", required=True), told.text("instead", required=True))
        except PhraseError as error:
            fields.faults.add(node.line, f"the rewrite cannot be used: {error}")


def _signs(fields: Fields, acts: Mapping[str, Act]) -> Signs | None:
    """What else tells whether there was an occasion, None where the rule names nothing."""
    node = fields.node("signs")
    if node is None:
        return None
    told = Fields(node, fields.faults, ("base", "enough", "too_few", "customer", "agent"), "the signs of a rule")
    base, enough, too_few = (
        told.number(key, default, low=-math.inf)
        for key, default in (("base", 0), ("enough", math.inf), ("too_few", -math.inf))
    )
    if too_few > enough:
        fields.faults.add(told.line_of("too_few"), "`too_few` cannot be more than `enough`")
    signs = []
    for role in (Role.CUSTOMER, Role.AGENT):
        named = told.node(role)
        if named is not None:
            side = Fields(named, fields.faults, acts, f"what the {role} does")
            signs += [Sign(role, act, side.number(act, 0, low=-math.inf)) for act in acts if act in side]
    return Signs(base, enough, too_few, tuple(signs))


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


def _verdicts(kind: Check, values: Mapping[str, Any]) -> tuple[Verdict, ...]:
    """The verdicts that examples of a rule must show: those that it is there to tell apart."""
    if not kind.judges:
        return (Verdict.CANNOT_TELL,)
    return (Verdict.CANNOT_TELL if values.get("may_be_elsewhere") else Verdict.FAIL, Verdict.PASS)


def _examples(fields: Fields, wanted: tuple[Verdict, ...]) -> tuple[Example, ...]:
    read = [_example(node, fields.faults) for node in fields.nodes("examples", required=True)]
    examples = tuple(example for example in read if example is not None)
    for verdict in wanted:
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

"""Read the YAML files a user may write, keeping the line of every word and finding all mistakes at once.

Scalars follow YAML 1.2: only `true`, `false`, `null` and decimal numbers are more than text, so `no` and `12:30` stay
words. Tags, anchors, aliases, a key given twice and a second document are refused.
"""

import difflib
import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml

from audit.errors import Fault

T = TypeVar("T")
DEEPEST = 12
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?\d{1,18}")
_DECIMAL = re.compile(r"[-+]?(\d+\.\d*|\.\d+|\d+(\.\d*)?[eE][-+]?\d+)")
_INFINITE = re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(slots=True)
class Node:
    """A value of a file and the line it stands on: text, number, true or false, None, a list or a mapping of nodes."""

    value: Any
    line: int


@dataclass
class Faults:
    """The mistakes found in one file so far."""

    file: str
    found: list[Fault] = field(default_factory=list)

    def add(self, line: int, message: str) -> None:
        """Note that MESSAGE holds of LINE."""
        self.found.append(Fault(self.file, line, message))


class _Refused(Exception):
    pass


def parse(text: str, faults: Faults) -> Node | None:
    """The one mapping that TEXT holds, or None with the reason in FAULTS."""
    try:
        events = yaml.parse(text, Loader=_Loader)
        root = _document(events)
    except _Refused as refusal:
        faults.add(*refusal.args)
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(part for part in (error.context, error.problem) if part)
        faults.add(getattr(mark, "line", 0) + 1, f"not YAML: {problem}")
        return None
    except yaml.YAMLError as error:
        faults.add(1, f"not YAML: {getattr(error, 'reason', 'unreadable')}")
        return None
    if root is None or root.value is None:
        faults.add(1, "the file says nothing")
        return None
    if not isinstance(root.value, dict):
        faults.add(root.line, "expected `key: value` lines")
        return None
    return root


def _document(events: Iterator[Any]) -> Node | None:
    root = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if root is not None:
                raise _Refused(_line(event), "a second document; one file holds one")
            root = _node(next(events), events, 0)
    return root


def _node(event: Any, events: Iterator[Any], depth: int) -> Node:
    line = _line(event)
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise _Refused(line, "anchors and aliases (& and *) are not allowed here")
    if event.tag is not None and not (isinstance(event, yaml.ScalarEvent) and event.tag == "!"):
        raise _Refused(line, "tags (!) are not allowed here")
    if depth > DEEPEST:
        raise _Refused(line, f"nested more than {DEEPEST} deep")
    if isinstance(event, yaml.ScalarEvent):
        return Node(_scalar(event.value, line) if not event.style else event.value, line)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(item := next(events), yaml.SequenceEndEvent):
            items.append(_node(item, events, depth + 1))
        return Node(items, line)
    entries: dict[str, Node] = {}
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        if not isinstance(key, yaml.ScalarEvent):
            raise _Refused(_line(key), "a key must be a word")
        name = _node(key, events, depth)
        word = key.value
        if word in entries:
            raise _Refused(name.line, f"`{word}` is given twice")
        entries[word] = _node(next(events), events, depth + 1)
        entries[word].line = entries[word].line if entries[word].value is not None else name.line
    return Node(entries, line)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _scalar(text: str, line: int) -> Any:
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _INFINITE.fullmatch(text):
        raise _Refused(line, f"`{text}` is not a number to count with")
    return text


def near(word: str, known: Iterable[str]) -> str:
    """What to write in place of WORD: the nearest of KNOWN, or all of them."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, 1)
    return f"did you mean `{close[0]}`?" if close else f"known are: {', '.join(names) or 'none'}"


class Fields:
    """The entries of one mapping, taken out one by one; whatever is wrong with them goes into `faults`."""

    def __init__(self, node: Node, faults: Faults, known: Iterable[str], what: str) -> None:
        self.line = node.line
        self.faults = faults
        self.what = what
        self._entries: dict[str, Node] = {}
        if not isinstance(node.value, dict):
            faults.add(node.line, f"{what}: expected `key: value` lines")
            return
        self._entries = node.value
        for key in self._entries:
            if key not in known:
                faults.add(self._entries[key].line, f"{what} has no `{key}`; {near(key, known)}")

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def line_of(self, key: str) -> int:
        """The line of KEY, or of the mapping where it is missing."""
        return self._entries[key].line if key in self._entries else self.line

    def node(self, key: str, required: bool = False) -> Node | None:
        """The value of KEY, whatever it is."""
        node = self._entries.get(key)
        if node is None or node.value is None:
            if required:
                self.faults.add(self.line_of(key), f"{self.what} needs `{key}`")
            return None
        return node

    def text(self, key: str, required: bool = False) -> str:
        """The words of KEY, "" where there are none."""
        node = self.node(key, required)
        if node is None:
            return ""
        if isinstance(node.value, list | dict | bool):
            self.faults.add(node.line, f"`{key}` must be text")
            return ""
        text = str(node.value).strip()
        if required and not text:
            self.faults.add(node.line, f"{self.what} needs words after `{key}`")
        return text

    def nodes(self, key: str, required: bool = False) -> list[Node]:
        """The items of the list KEY; a single value counts as a list of one."""
        node = self.node(key, required)
        if node is None:
            return []
        return node.value if isinstance(node.value, list) else [node]

    def texts(self, key: str, required: bool = False) -> list[tuple[str, int]]:
        """The words of the list KEY, each with its line."""
        found = []
        for item in self.nodes(key, required):
            if isinstance(item.value, list | dict | bool) or item.value is None:
                self.faults.add(item.line, f"each item of `{key}` must be text")
            else:
                found.append((str(item.value), item.line))
        return found

    def number(self, key: str, default: float, low: float = 0, high: float = math.inf) -> float:
        """The number KEY between LOW and HIGH."""
        node = self.node(key)
        if node is None:
            return default
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            self.faults.add(node.line, f"`{key}` must be a number")
            return default
        if not low <= node.value <= high:
            self.faults.add(node.line, f"`{key}` must lie between {low:g} and {high:g}")
            return default
        return node.value

    def choice(self, key: str, choices: Callable[[str], T], known: Iterable[str], default: T) -> T:
        """The one of the words KNOWN that KEY names, turned into a value by CHOICES."""
        node = self.node(key)
        if node is None:
            return default
        if isinstance(node.value, list | dict):
            self.faults.add(node.line, f"`{key}` must be one word")
            return default
        if node.value not in (known := list(known)):
            self.faults.add(node.line, f"`{key}: {node.value}` is not known; {near(str(node.value), known)}")
            return default
        return choices(node.value)


def files(root: Path) -> list[Path]:
    """The YAML files at or under ROOT, in an order that is the same everywhere."""
    if root.is_file():
        return [root]
    found = (path for path in root.rglob("*") if path.suffix.lower() in (".yaml", ".yml") and path.is_file())
    return sorted(found, key=lambda path: path.relative_to(root).as_posix())

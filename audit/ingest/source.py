"""What is given: files found in folders, cut into pieces of work, and their bytes as text or JSON."""

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from audit.errors import AuditError
from audit.folders import manifest

# Files that lie beside transcripts and are none.
NOT_GIVEN = frozenset({".md", ".yaml", ".yml", ".toml"})
ROSTER = "roster.csv"
# One piece of work: large enough that handing it over costs nothing, small enough to keep memory flat.
PIECE = 4 << 20
MOST_FILES = 200
# The name of the reader of the project's own form, and how many lines may show that a file is in it.
CONVERSATIONS = "conversations"
LINES_TO_KNOW = 20
# What reading a malformed file may raise, where its faults are more than any reader foresees.
MALFORMED = (
    KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError, ArithmeticError, OSError, csv.Error,
)  # fmt: skip


class Rejected(Exception):
    """An input, or a part of one, that cannot be read as a transcript.

    `code` is a fixed word for machines, `reason` says what is wrong and what to do, `line` where (None: all of it).
    """

    def __init__(self, code: str, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Options:
    """What the user says about the inputs that they do not say themselves."""

    encoding: str | None = None
    format: str | None = None
    channel: str | None = None
    time_unit: str | None = None
    columns: tuple[tuple[str, str], ...] = ()
    agent_names: tuple[str, ...] = ()
    agent_speakers: tuple[str, ...] = ()
    agent_channel: str | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """Bytes START to END of the file at PATH, called NAME in all outputs; LINE is the number of the first line.

    `format` is the reader of the whole file where that is known already.
    """

    path: str
    name: str
    start: int
    end: int
    line: int = 1
    format: str | None = None

    def read(self) -> bytes:
        """The bytes. Raises OSError."""
        with Path(self.path).open("rb") as file:
            file.seek(self.start)
            return file.read(self.end - self.start)


Piece = tuple[Slice, ...]


def _may_be_transcript(path: Path) -> bool:
    return path.suffix.lower() not in NOT_GIVEN and path.name != ROSTER


class Found(NamedTuple):
    """What lies at the inputs: files to read, names of files passed over, and what cannot be opened, with the reason."""

    files: list[tuple[Path, str]]
    passed_over: list[str]
    unreadable: list[tuple[str, str]]


def find(inputs: Sequence[Path], wanted: Callable[[Path], bool] = _may_be_transcript) -> Found:
    """The files at or under INPUTS with the names they go by.

    Names are relative to what the inputs have in common, with forward slashes, and sorted the same everywhere. In
    folders only the WANTED files are taken; a file that is named itself always is. Hidden files and reports of this
    tool are left alone. Raises AuditError where an input is missing.
    """
    for path in inputs:
        if not path.is_file() and not path.is_dir():
            what = "is neither a file nor a folder" if path.exists() else "does not exist"
            raise AuditError(f"{path} {what}; give files or folders")
    bases = [path.resolve() if path.is_dir() else path.resolve().parent for path in inputs]
    base = Path(os.path.commonpath(bases))

    def name(path: Path) -> str:
        return os.fsencode(path.relative_to(base).as_posix()).decode("utf-8", "backslashreplace")

    found: dict[Path, str] = {}
    passed: set[str] = set()
    unreadable: dict[str, str] = {}
    for path in inputs:
        if not path.is_dir():
            found[path.resolve()] = name(path.resolve())
            continue
        for entry, problem in _walk(path.resolve()):
            if problem:
                unreadable[name(entry)] = problem
            elif wanted(entry):
                found[entry] = name(entry)
            else:
                passed.add(name(entry))
    files = sorted(found.items(), key=lambda item: item[1])
    return Found(files, sorted(passed - set(found.values())), sorted(unreadable.items()))


def _walk(top: Path) -> Iterator[tuple[Path, str]]:
    """What lies under TOP, each with the reason why it cannot be opened, or ""."""
    closed: list[OSError] = []
    for place, folders, names in os.walk(top, onerror=closed.append):
        here = Path(place)
        folders[:] = [each for each in folders if each[0] != "." and manifest(here / each) is None]
        for each in names:
            if each[0] != ".":
                yield here / each, "" if (here / each).is_file() else "neither a file nor a folder that can be opened"
    for error in closed:
        yield Path(str(error.filename)), f"the folder cannot be opened ({error.strerror})"


def pieces(files: Sequence[tuple[Path, str]]) -> Iterator[Piece]:
    """FILES cut into pieces of work, in order. Long JSON Lines files are cut between lines; small files go together."""
    together: list[Slice] = []
    size = 0
    for path, name in files:
        length = path.stat().st_size
        cuts = _cuts(path, name, length) if length > PIECE else [Slice(str(path), name, 0, length)]
        for cut in cuts:
            if together and (size + cut.end - cut.start > PIECE or len(together) >= MOST_FILES):
                yield tuple(together)
                together, size = [], 0
            together.append(cut)
            size += cut.end - cut.start
    if together:
        yield tuple(together)


def _cuts(path: Path, name: str, length: int) -> Iterator[Slice]:
    """The file whole, unless it is conversations line by line: then slices of whole lines."""
    with path.open("rb") as file:
        if not any(holds_turns(file.readline(PIECE)) for _ in range(LINES_TO_KNOW)):
            yield Slice(str(path), name, 0, length)
            return
        file.seek(0)
        start, line = 0, 1
        while start < length:
            block = file.read(PIECE)
            block += file.readline()
            yield Slice(str(path), name, start, start + len(block), line, CONVERSATIONS)
            start += len(block)
            line += block.count(b"\n")


def holds_turns(line: bytes | str) -> bool:
    """Whether LINE is a JSON object with `turns`: a conversation in the project's own form."""
    try:
        told = orjson.loads(line)
    except ValueError:
        return False
    return isinstance(told, dict) and "turns" in told


@dataclass
class Source:
    """The bytes of one file, or of a part of it, and what they say."""

    name: str
    data: bytes
    options: Options = field(default_factory=Options)
    line: int = 1
    warnings: list[str] = field(default_factory=list)

    @cached_property
    def text(self) -> str:
        """The bytes as text: by mark, as UTF-16 by its zeros, as UTF-8, else as Windows-1252 with a warning.

        Raises Rejected where they are no text.
        """
        data = self.data
        if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
            raise Rejected("empty", "the file is empty")
        try:
            text = data.decode(self.options.encoding or self._encoding(data[:4096]))
            if self.options.encoding:
                text.encode()
            if not text.strip("\ufeff \t\r\n\u00a0"):
                raise Rejected("empty", "the file is empty")
            return text
        except LookupError:
            raise AuditError(f"there is no encoding `{self.options.encoding}`") from None
        except UnicodeError as error:
            if self.options.encoding:
                start = error.start if isinstance(error, UnicodeDecodeError) else 0
                line = data[:start].count(b"\n") + 1
                raise Rejected("encoding", f"not text in {self.options.encoding}; try --encoding", line) from None
        if sum(byte < 9 or 13 < byte < 32 for byte in data[:4096]) > 8:
            raise Rejected("binary", "not a text file; export the transcript as text, CSV or JSON")
        self.warnings.append("not UTF-8; read as Windows-1252 (say --encoding if that is wrong)")
        return data.decode("cp1252", errors="replace")

    @staticmethod
    def _encoding(head: bytes) -> str:
        if head.startswith(b"\xef\xbb\xbf"):
            return "utf-8-sig"
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf-16"
        if head[1::2].count(0) > len(head) // 4 and not head[::2].count(0):
            return "utf-16-le"
        if head[::2].count(0) > len(head) // 4 and not head[1::2].count(0):
            return "utf-16-be"
        if b"\0" in head:
            raise Rejected("binary", "not a text file; export the transcript as text, CSV or JSON")
        return "utf-8"

    @cached_property
    def looks_like_json(self) -> bool:
        """Whether the text opens as JSON does. A bracketed time opens a line of plain text."""
        start = self.text.lstrip()[:2]
        return start.startswith("{") or (start.startswith("[") and start[1:2] in '{["]\n\r ')

    @cached_property
    def document(self) -> Any:
        """The JSON value that the whole text is, None where it is none."""
        if not self.looks_like_json:
            return None
        try:
            return orjson.loads(self.text)
        except (ValueError, RecursionError):
            return None

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, without their ends. Only line feeds and carriage returns end a line."""
        return self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def json_fault(text: str) -> tuple[str, int]:
    """What is wrong with TEXT as JSON, and in which of its lines."""
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return f"not valid JSON: {error.msg} (line {error.lineno}, column {error.colno})", error.lineno
    return "valid JSON", 1

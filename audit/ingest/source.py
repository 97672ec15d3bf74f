"""What is given: files found in folders, cut into pieces of work, and their bytes as text or JSON."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from audit.errors import AuditError

# Files that lie beside transcripts and are none.
NOT_GIVEN = frozenset({".md", ".yaml", ".yml", ".toml"})
ROSTER = "roster.csv"
# One piece of work: large enough that handing it over costs nothing, small enough to keep memory flat.
PIECE = 4 << 20
MOST_FILES = 200


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
    """Bytes START to END of the file at PATH, called NAME in all outputs; LINE is the number of the first line."""

    path: str
    name: str
    start: int
    end: int
    line: int = 1

    def read(self) -> bytes:
        """The bytes. Raises OSError."""
        with Path(self.path).open("rb") as file:
            file.seek(self.start)
            return file.read(self.end - self.start)


Piece = tuple[Slice, ...]


def _may_be_transcript(path: Path) -> bool:
    return path.suffix.lower() not in NOT_GIVEN and path.name != ROSTER


def find(
    inputs: Sequence[Path], wanted: Callable[[Path], bool] = _may_be_transcript
) -> tuple[list[tuple[Path, str]], list[str]]:
    """The files at or under INPUTS with the names they go by, and the names of files passed over.

    In folders only the WANTED files are taken; a file that is named itself always is.

    Names are relative to what the inputs have in common, with forward slashes, and sorted the same everywhere. Raises
    AuditError where an input is missing.
    """
    for path in inputs:
        if not path.is_file() and not path.is_dir():
            what = "is neither a file nor a folder" if path.exists() else "does not exist"
            raise AuditError(f"{path} {what}; give files or folders")
    bases = [path.resolve() if path.is_dir() else path.resolve().parent for path in inputs]
    base = Path(os.path.commonpath(bases))
    found: dict[Path, str] = {}
    passed: set[str] = set()
    for path in inputs:
        for file in _walk(path.resolve()) if path.is_dir() else [path.resolve()]:
            name = file.relative_to(base).as_posix()
            if path.is_dir() and not wanted(file):
                passed.add(name)
            else:
                found[file] = name
    return sorted(found.items(), key=lambda item: item[1]), sorted(passed - set(found.values()))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path


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
    """The file whole, unless its first line is JSON by itself: then slices of whole lines."""
    with path.open("rb") as file:
        first = file.readline(PIECE)
        try:
            is_lines = isinstance(orjson.loads(first), dict)
        except ValueError:
            is_lines = False
        if not is_lines:
            yield Slice(str(path), name, 0, length)
            return
        file.seek(0)
        start, line = 0, 1
        while start < length:
            block = file.read(PIECE)
            block += file.readline()
            yield Slice(str(path), name, start, start + len(block), line)
            start += len(block)
            line += block.count(b"\n")


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
            return data.decode(self.options.encoding or self._encoding(data[:4096]))
        except LookupError:
            raise AuditError(f"there is no encoding `{self.options.encoding}`") from None
        except UnicodeDecodeError as error:
            if self.options.encoding:
                line = data[: error.start].count(b"\n") + 1
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

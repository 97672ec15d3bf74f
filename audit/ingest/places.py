"""Where transcripts lie: files, folders, patterns, archives, standard input and cloud stores, cut into pieces of work."""

import glob
import gzip
import io
import os
import shutil
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple, cast

import msgspec

from audit.errors import AuditError
from audit.folders import manifest

# Files that lie beside transcripts and are none.
NOT_GIVEN = frozenset({".md", ".yaml", ".yml", ".toml"})
ROSTER = "roster.csv"
STDIN = "-"
# One piece of work: large enough that handing it over costs nothing, small enough to keep memory flat.
PIECE = 1 << 20
MOST_FILES = 200
# The name of the reader of the project's own form, and how many lines may show that a file is in it.
CONVERSATIONS = "conversations"
LINES_TO_KNOW = 20
# What an archive may unpack to: one member, and all of them as a multiple of the archive. Text packs 5 to 50 times.
MOST_UNPACKED = 1 << 30
MOST_TIMES = 250
# An archive that unpacks to no more than this is harmless, however well it was packed.
HARMLESS = 64 << 20


class Given(NamedTuple):
    """One file to read: where it lies, the name it goes by in all outputs, its size, and its place in an archive."""

    path: str
    name: str
    size: int
    member: str | None = None


class Found(NamedTuple):
    """What lies at the inputs: files to read, names of files passed over, and what cannot be opened, with the reason."""

    files: list[Given]
    passed_over: list[str]
    unreadable: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Slice:
    """Bytes START to END of a file, called NAME in all outputs; LINE is the number of the first line.

    `format` is the reader of the whole file where that is known already, `member` the place in an archive.
    """

    path: str
    name: str
    start: int
    end: int
    line: int = 1
    format: str | None = None
    member: str | None = None

    def read(self) -> bytes:
        """The bytes, unpacked. Raises OSError."""
        with _opened(self.path, self.member) as file:
            if self.start:
                file.seek(self.start)
            data = file.read(self.end - self.start)
        return _gunzip(data) if data[:2] == b"\x1f\x8b" else data

    def beside(self, name: str) -> bytes | None:
        """The file called NAME in the same folder, or in the one above; None where there is none."""
        return _beside(*_parent(self.path, self.member), name)


Piece = tuple[Slice, ...]


def _may_be_transcript(path: PurePosixPath) -> bool:
    return path.suffix.lower() not in NOT_GIVEN and path.name != ROSTER


def find(
    inputs: Sequence[str | Path],
    wanted: Callable[[PurePosixPath], bool] = _may_be_transcript,
    prefer: str = "redacted",
) -> Found:
    """The files at or under INPUTS: paths, patterns, `-` for standard input, or addresses such as `s3://…`.

    Names are relative to what the inputs have in common, with forward slashes, and sorted the same everywhere; of
    twins, those PREFERred ("raw" or "redacted") come first. In folders and archives only the WANTED files are taken;
    a file that is named itself always is. Hidden files and reports of this tool are left alone. Raises AuditError
    where an input is missing.
    """
    looking = _Search(wanted)
    local: list[Path] = []
    for each in map(str, inputs):
        if each == STDIN:
            looking.files.append(_standard_input())
        elif "://" in each:
            looking.cloud(each)
        else:
            local += _expanded(each)
    if local:
        looking.local(local)
    first = prefer == "redacted"
    files = {(given.path, given.member): given for given in looking.files}.values()
    return Found(
        sorted(files, key=lambda given: (("redacted" in given.name.lower()) is not first, given.name)),
        sorted(looking.passed - {given.name for given in files}),
        sorted(looking.unreadable.items()),
    )


def _expanded(given: str) -> list[Path]:
    """The paths that GIVEN stands for: itself, or what the pattern fits."""
    path = Path(given)
    if path.exists() or path.is_symlink():
        if not path.is_file() and not path.is_dir():
            raise AuditError(f"{path} is neither a file nor a folder; give files or folders")
        return [path]
    fitting = [Path(each) for each in sorted(glob.glob(given, recursive=True))] if glob.has_magic(given) else []  # noqa: PTH207  a whole pattern
    if not fitting:
        raise AuditError(
            f"{path} {'fits no file' if glob.has_magic(given) else 'does not exist; give files or folders'}"
        )
    return fitting


class _Search:
    """What is found on the way."""

    def __init__(self, wanted: Callable[[PurePosixPath], bool]) -> None:
        self.wanted = wanted
        self.files: list[Given] = []
        self.passed: set[str] = set()
        self.unreadable: dict[str, str] = {}

    def local(self, paths: Sequence[Path]) -> None:
        """Take what lies at PATHS on this machine."""
        bases = [path.resolve() if path.is_dir() else path.resolve().parent for path in paths]
        base = Path(os.path.commonpath(bases))

        def name(path: Path) -> str:
            return os.fsencode(path.relative_to(base).as_posix()).decode("utf-8", "backslashreplace")

        for path in paths:
            if not path.is_dir():
                self._take(path.resolve(), name(path.resolve()))
                continue
            for entry, problem in _walk(path.resolve()):
                if problem:
                    self.unreadable[name(entry)] = problem
                elif self.wanted(PurePosixPath(entry.name)):
                    self._take(entry, name(entry))
                else:
                    self.passed.add(name(entry))

    def _take(self, path: Path, name: str) -> None:
        try:
            size = path.stat().st_size
            if path.suffix.lower() == ".zip":
                self.archive(str(path), name, size)
            else:
                self.files.append(Given(str(path), name, size))
        except OSError as error:
            self.unreadable[name] = f"the file cannot be opened ({error.strerror or error})"

    def archive(self, path: str, name: str, size: int) -> None:
        """Take what lies in the archive at PATH. Raises OSError where it is none, or a trap."""
        with _opened(path) as file, _zip(file) as packed:
            members = packed.infolist()
            total = sum(each.file_size for each in members)
            if total > HARMLESS and total > MOST_TIMES * size:
                raise OSError(f"the archive would unpack to {total >> 20:,} MB; unpack it yourself if that is right")
        for each in members:
            inner = PurePosixPath(each.filename)
            called = f"{name}/{each.filename}"
            if each.is_dir() or any((part[0] == "." and part != "..") or part == "__MACOSX" for part in inner.parts):
                continue
            if ".." in inner.parts:
                self.unreadable[called] = "its place leads out of the archive; unpack it yourself if that is right"
                continue
            if not self.wanted(inner):
                self.passed.add(called)
            elif each.flag_bits & 1:
                self.unreadable[called] = "locked with a password; unpack it first"
            elif inner.suffix.lower() == ".zip":
                self.unreadable[called] = "an archive within an archive; unpack it first"
            elif each.file_size > MOST_UNPACKED:
                self.unreadable[called] = f"unpacks to more than {MOST_UNPACKED >> 20:,} MB; unpack it first"
            else:
                self.files.append(Given(path, called, each.file_size, each.filename))

    def cloud(self, address: str) -> None:
        """Take what lies at or under ADDRESS in a cloud store."""
        place = _upath(address)
        try:
            found = cast("dict[str, dict[str, Any]]", place.fs.find(place.path, detail=True))
        except Exception as error:
            raise AuditError(f"{address} cannot be listed ({type(error).__name__}); are the credentials set?") from None
        if not found:
            raise AuditError(f"{address} does not exist, or holds no files")
        above = str(place.path).strip("/") if len(found) > 1 or place.path not in found else str(place.parent.path)
        for path, told in sorted(found.items()):
            name = str(path).strip("/").removeprefix(above).strip("/")
            here = f"{place.protocol}://{path}"
            if not self.wanted(PurePosixPath(name)) or any(part[0] == "." for part in PurePosixPath(name).parts):
                self.passed.add(name)
            elif name.lower().endswith(".zip"):
                try:
                    self.archive(here, name, int(told["size"]))
                except OSError as error:
                    self.unreadable[name] = f"the file cannot be opened ({error.strerror or error})"
            else:
                self.files.append(Given(here, name, int(told["size"] or 0)))


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


def _upath(address: str) -> Any:
    try:
        from upath import UPath

        return UPath(address)
    except (ImportError, ValueError) as error:
        raise AuditError(
            f"{address.partition('://')[0]}:// cannot be opened ({error}); pip install 'transcript-audit[cloud]'"
        ) from None


_spooled: list[IO[bytes]] = []


def _standard_input() -> Given:
    """Standard input, kept in a file that nobody else can read and that goes with this process."""
    if not _spooled:
        _spooled.append(tempfile.NamedTemporaryFile(prefix="audit-"))  # noqa: SIM115  it lives as long as the process
        shutil.copyfileobj(sys.stdin.buffer, _spooled[0])
        _spooled[0].flush()
    return Given(_spooled[0].name, "stdin", _spooled[0].tell())


def _opened(path: str, member: str | None = None) -> IO[bytes]:
    """The file at PATH, or MEMBER of the archive there, for reading. Raises OSError."""
    if "://" in path:
        try:
            file = cast("IO[bytes]", _upath(path).open("rb"))
        except OSError:
            raise
        except Exception as error:  # every store has errors of its own
            raise OSError(f"the store says {type(error).__name__}") from None
    else:
        file = Path(path).open("rb")  # noqa: SIM115  the caller closes it
    if member is None:
        return file
    with file, _zip(file) as packed:
        return io.BytesIO(_limited(packed.open(member)))


def _zip(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise OSError(f"not a whole zip archive ({error})") from None


def _gunzip(data: bytes) -> bytes:
    return _limited(gzip.GzipFile(fileobj=io.BytesIO(data)), len(data))


def _limited(file: IO[bytes] | gzip.GzipFile, packed: int = 0) -> bytes:
    """All of FILE. Raises OSError where it is damaged, or far more than it may be."""
    most = min(MOST_UNPACKED, max(HARMLESS, MOST_TIMES * packed)) if packed else MOST_UNPACKED
    try:
        data = file.read(most + 1)
    except (zlib.error, zipfile.BadZipFile, EOFError, gzip.BadGzipFile, NotImplementedError, RuntimeError) as error:
        raise OSError(f"the archive is damaged ({error})") from None
    if len(data) > most:
        raise OSError(f"unpacks to more than {most >> 20:,} MB; unpack it first")
    return data


def _parent(path: str, member: str | None) -> tuple[str, str | None]:
    """The folder that a file lies in: (folder, None), or (archive, folder in it)."""
    return (path.replace("\\", "/").rpartition("/")[0], None) if member is None else (path, member.rpartition("/")[0])


@lru_cache(maxsize=16)
def _beside(place: str, inner: str | None, name: str) -> bytes | None:
    folders = [place, place.rpartition("/")[0]] if inner is None else [inner, inner.rpartition("/")[0]]
    for folder in folders:
        at = f"{folder}/{name}".lstrip("/") if inner is not None else f"{folder}/{name}"
        try:
            with _opened(at) if inner is None else _opened(place, at) as file:
                return file.read(MOST_UNPACKED)
        except (OSError, KeyError):
            continue
    return None


def pieces(files: Sequence[Given]) -> Iterator[Piece]:
    """FILES cut into pieces of work, in order. Long JSON Lines files are cut between lines; small files go together."""
    together: list[Slice] = []
    size = 0
    for given in files:
        whole = Slice(given.path, given.name, 0, given.size, member=given.member)
        for cut in _cuts(whole) if given.size > PIECE and given.member is None else [whole]:
            if together and (size + cut.end - cut.start > PIECE or len(together) >= MOST_FILES):
                yield tuple(together)
                together, size = [], 0
            together.append(cut)
            size += cut.end - cut.start
    if together:
        yield tuple(together)


def _cuts(whole: Slice) -> Iterator[Slice]:
    """The file WHOLE, unless it is conversations line by line: then slices of whole lines."""
    try:
        with _opened(whole.path) as file:
            if not any(holds_turns(file.readline(PIECE)) for _ in range(LINES_TO_KNOW)):
                yield whole
                return
            file.seek(0)
            start, line = 0, 1
            while start < whole.end:
                block = file.read(PIECE)
                block += file.readline()
                yield Slice(whole.path, whole.name, start, start + len(block), line, CONVERSATIONS)
                start += len(block)
                line += block.count(b"\n")
    except OSError:
        yield whole


def holds_turns(line: bytes | str) -> bool:
    """Whether LINE is a JSON object with `turns`: a conversation in the project's own form."""
    try:
        told = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    except (ValueError, RecursionError):
        return False
    return "turns" in told

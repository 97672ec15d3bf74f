"""The bytes of one file, or of a part of one, and what they say: text, lines, JSON."""

import csv
import re
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, TypeVar, cast

import msgspec

from audit.errors import AuditError

Shape = TypeVar("Shape")

# What reading a malformed file may raise, where its faults are more than any reader foresees.
MALFORMED = (
    KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError, ArithmeticError, OSError, csv.Error,
)  # fmt: skip
_BOM = b"\xef\xbb\xbf"
_HEAD = 4096
# So much of a document shows in which style its names are written.
HEAD_TO_KNOW = 1 << 16
# What a file is by its first bytes, where it is no text that could be read.
_MAGIC = (
    (b"%PDF", "a PDF; export the transcript as text, CSV or JSON"),
    (b"\xd0\xcf\x11\xe0", "an old Office file; save it as .xlsx or .txt"),
    (b"OggS", "an audio recording; transcribe it first"),
    (b"fLaC", "an audio recording; transcribe it first"),
    (b"ID3", "an audio recording; transcribe it first"),
    (b"\xff\xfb", "an audio recording; transcribe it first"),
    (b"\xff\xf3", "an audio recording; transcribe it first"),
    (b"\x1aE\xdf\xa3", "a video recording; transcribe it first"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database; export the transcript as CSV or JSON"),
    (b"7z\xbc\xaf", "an archive that is no zip; unpack it first"),
    (b"Rar!", "an archive that is no zip; unpack it first"),
    (b"BZh", "an archive that is no zip; unpack it first"),
    (b"\xfd7zXZ", "an archive that is no zip; unpack it first"),
)


class Rejected(Exception):
    """An input, or a part of one, that cannot be read as a transcript.

    `code` is a fixed word for machines, `reason` says what is wrong and what to do, `line` where (None: all of it).
    The code `companion` is for a file that is no transcript itself but tells readers about those beside it.
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
    date_order: str | None = None
    columns: tuple[tuple[str, str], ...] = ()
    agent_names: tuple[str, ...] = ()
    agent_speakers: tuple[str, ...] = ()
    agent_channel: str | None = None
    guess_roles: bool = False


class Outline:
    """The keys of a JSON value without what they hold: enough to tell one export from another, at little cost."""

    def __init__(self, raw: bytes | msgspec.Raw = b"null") -> None:
        self._raw = raw
        self.is_list = bytes(memoryview(raw)[:64]).lstrip()[:1] == b"["
        self._held: dict[str, msgspec.Raw] = {}
        self._inside: dict[str, Outline] = {}
        try:
            if self.is_list:
                first = next(iter(msgspec.json.decode(raw, type=list[msgspec.Raw])), b"null")
                self._held = msgspec.json.decode(first, type=dict[str, msgspec.Raw])
            else:
                self._held = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
        except (ValueError, RecursionError):
            pass

    @property
    def keys(self) -> frozenset[str]:
        """The keys of the object, or of the first object of the list."""
        return frozenset(self._held)

    def has(self, *keys: str) -> bool:
        """Whether all KEYS are there."""
        return all(key in self._held for key in keys)

    def under(self, *path: str) -> "Outline":
        """What the keys of PATH lead to, one inside the other; an outline without keys where they lead nowhere."""
        here = self
        for key in path:
            if key not in here._inside:
                here._inside[key] = Outline(here._held.get(key, b"null"))
            here = here._inside[key]
        return here

    def value(self, key: str) -> Any:
        """The value of KEY, None where there is none. Meant for short ones."""
        return msgspec.json.decode(self._held[key]) if key in self._held else None


# Texts, which are left as they are, and numbers that are none.
_NO_NUMBER = re.compile(rb'"(?:[^"\\]|\\.)*"|NaN|-?Infinity')


def _snake(key: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower()


def _camel(key: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), key)


def _renamed(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {change(key): _renamed(each, change) for key, each in value.items()}
    return [_renamed(each, change) for each in value] if isinstance(value, list) else value


def _is_utf_8(data: bytes) -> bool:
    try:
        return data.isascii() or bool(data.decode())
    except UnicodeDecodeError:
        return False


def _is_json(data: bytes) -> bool:
    try:
        msgspec.json.decode(data, type=msgspec.Raw)
    except (ValueError, RecursionError):
        return False
    return True


@dataclass
class Source:
    """The bytes of one file, or of a part of it, and what they say.

    `beside` gives the bytes of a file of that name in the same folder or the one above, None where there is none.
    `part` is the place in the file where this part stands, "" for all of it.
    """

    name: str
    data: bytes
    options: Options = field(default_factory=Options)
    line: int = 1
    warnings: list[str] = field(default_factory=list)
    beside: Callable[[str], bytes | None] = lambda _name: None
    part: str = ""

    @cached_property
    def text(self) -> str:
        """The bytes as text: by mark, as UTF-16 by its zeros, as UTF-8, else as Windows-1252 with a warning.

        Raises Rejected where they are no text.
        """
        data = self.data
        if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
            raise Rejected("empty", "the file is empty")
        try:
            text = data.decode(self.options.encoding or self._encoding)
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
        if sum(byte < 9 or 13 < byte < 32 for byte in data[:_HEAD]) > 8:
            raise self._no_text()
        self.warnings.append("not UTF-8; read as Windows-1252 (say --encoding if that is wrong)")
        return data.decode("cp1252", errors="replace")

    @cached_property
    def _encoding(self) -> str:
        head = self.data[:_HEAD]
        if head.startswith(_BOM):
            return "utf-8-sig"
        if any(head.startswith(magic) for magic, _ in _MAGIC):
            raise self._no_text()
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf-16"
        if head[1::2].count(0) > len(head) // 4 and not head[::2].count(0):
            return "utf-16-le"
        if head[::2].count(0) > len(head) // 4 and not head[1::2].count(0):
            return "utf-16-be"
        if b"\0" in head:
            raise self._no_text()
        return "utf-8"

    def _no_text(self) -> Rejected:
        """What the bytes are instead of text."""
        head = self.data[:_HEAD]
        what = next((what for magic, what in _MAGIC if head.startswith(magic)), None)
        if head[:4] == b"RIFF" or head[4:8] == b"ftyp":
            what = "an audio recording; transcribe it first"
        elif head[:2] == b"PK":
            word = b"word/" in self.data
            what = "a Word file; save it as .txt" if word else "a zip archive; give it the ending .zip"
        elif head[257:262] == b"ustar":
            what = "a tar archive; unpack it first"
        if what:
            return Rejected("binary", f"this is {what}")
        return Rejected("binary", "not a text file; export the transcript as text, CSV or JSON")

    @cached_property
    def json(self) -> bytes:
        """The text in UTF-8 without a mark, as JSON is decoded from. Raises Rejected where the bytes are no text."""
        data = self.data.removeprefix(_BOM)
        if self.options.encoding or not self._encoding.startswith("utf-8") or not _is_utf_8(data):
            data = self.text.removeprefix("\ufeff").encode()
        return self._without_nan(data) if b"NaN" in data or b"Infinity" in data else data

    def _without_nan(self, data: bytes) -> bytes:
        """DATA with nothing in the place of numbers that are none, which Python writes and JSON does not know.

        The project's own form, which has turns, is strict.
        """
        if _is_json(data):
            return data
        mended = _NO_NUMBER.sub(lambda found: found[0] if found[0][:1] == b'"' else b"null", data)
        if not _is_json(mended) or Outline(mended).has("turns"):
            return data
        self.warnings.append("NaN and Infinity, which are no JSON, were read as nothing")
        return mended

    @cached_property
    def looks_like_json(self) -> bool:
        """Whether the text opens as JSON does. A bracketed time opens a line of plain text."""
        if not self.data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
            raise Rejected("empty", "the file is empty")
        start = self.json.lstrip()[:2] if self.json[:1].isspace() else self.json[:2]
        return start[:1] == b"{" or (start[:1] == b"[" and start[1:2] in b'{["]\n\r ')

    @property
    def looks_known(self) -> bool:
        """Whether the bytes are text at all that opens as JSON does."""
        try:
            return self.looks_like_json
        except Rejected:
            return False

    @cached_property
    def outline(self) -> Outline:
        """The keys of the JSON value that the whole text is; no keys where it is none."""
        return Outline(self.json) if self.looks_like_json else Outline()

    def parts(self) -> "Iterator[Source]":
        """What this is made of: the items of a list, the lines of JSON Lines, or the values of an object."""
        if self.looks_like_json and self.document is None and not _is_json(self.json.lstrip().partition(b"\n")[0]):
            return
        if self.outline.is_list and self.outline.keys:
            for place, raw in enumerate(msgspec.json.decode(self.json, type=list[msgspec.Raw])):
                yield self._inner(bytes(raw), f"/{place}", self.line)
        elif self.outline.keys:
            for key, raw in msgspec.json.decode(self.json, type=dict[str, msgspec.Raw]).items():
                if bytes(memoryview(raw)[:1]) in (b"{", b"["):
                    yield self._inner(bytes(raw), f"/{key}", self.line)
        else:
            for number, line in enumerate(self.json.splitlines(), self.line):
                if line.strip():
                    yield self._inner(line, str(number), number)

    def _inner(self, data: bytes, part: str, line: int) -> "Source":
        return Source(self.name, data, self.options, line, beside=self.beside, part=f"{self.part}{part}")

    def in_other_case(self) -> "Iterator[Source]":
        """This with its keys in snake_case, then in camelCase: programs dump exports in the style of their language."""
        for change in (_snake, _camel):
            try:
                data = msgspec.json.encode(_renamed(self.document, change))
            except (RecursionError, ValueError):
                return
            yield Source(self.name, data, self.options, self.line, beside=self.beside, part=self.part)

    @cached_property
    def document(self) -> Any:
        """The JSON value that the whole text is, None where it is none."""
        if not self.looks_like_json:
            return None
        try:
            return msgspec.json.decode(self.json)
        except (ValueError, RecursionError):
            return None

    def decode(self, shape: type[Shape]) -> Shape:
        """The JSON value as a SHAPE. Raises Rejected, with the place in the document, where it has another one."""
        return decode(self.json, shape)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, without their ends. Only line feeds and carriage returns end a line."""
        return self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def decode(data: bytes | msgspec.Raw, shape: type[Shape]) -> Shape:
    """DATA, in JSON, as a SHAPE. Raises Rejected, with the place as a JSON pointer, where it has another one."""
    try:
        return _decode(data, shape)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        pointer = where.rstrip("`").replace("[...]", "/*").replace("[", "/").replace("]", "").replace(".", "/")
        raise Rejected("shape", f"{pointer or 'the document'}: {what[:1].lower()}{what[1:]}".replace("`", "")) from None
    except (msgspec.DecodeError, RecursionError):
        fault, line = json_fault(data)
        raise Rejected("json", fault, line) from None


def _decode(data: bytes | msgspec.Raw, shape: type[Shape]) -> Shape:
    """DATA as a SHAPE. What is null is as good as not there, where a shape does not foresee it.

    Names in the other style than that of the shape (`startTime`, `start_time`) are taken for what they mean.
    """
    head = bytes(memoryview(data)[:HEAD_TO_KNOW])
    strange = {
        other: name for other, name in _other_names(cast("Hashable", shape)).items() if f'"{other}"'.encode() in head
    }
    try:
        if strange:
            told = _renamed(msgspec.json.decode(data), lambda key: strange.get(key, key))
            return msgspec.convert(told, type=shape, strict=False)
        return msgspec.json.decode(data, type=shape, strict=False)
    except msgspec.ValidationError as error:
        if "got `null`" not in str(error):
            raise
    return msgspec.convert(_without_null(msgspec.json.decode(data)), type=shape, strict=False)


@cache
def _other_names(shape: Any) -> dict[str, str]:
    """The names that the fields of SHAPE, and of the shapes in it, have in the other style."""
    names: set[str] = set()
    todo: list[Any] = [msgspec.inspect.type_info(shape)]
    seen: set[Any] = set()
    while todo:
        each = todo.pop()
        if isinstance(each, msgspec.inspect.StructType):
            if each.cls in seen:
                continue
            seen.add(each.cls)
            names.update(field.encode_name for field in each.fields)
            todo += [field.type for field in each.fields]
        todo += [*getattr(each, "types", ()), *([each.item_type] if hasattr(each, "item_type") else [])]
    several_words = [name for name in names if "_" in _snake(name)]
    return {other: name for name in several_words for other in (_snake(name), _camel(name)) if other not in names}


def _without_null(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_null(each) for key, each in value.items() if each is not None}
    return [_without_null(each) for each in value] if isinstance(value, list) else value


def json_fault(data: bytes | str | msgspec.Raw) -> tuple[str, int]:
    """What is wrong with DATA as JSON, and in which of its lines."""
    plain = data.encode() if isinstance(data, str) else bytes(data)
    try:
        msgspec.json.decode(plain)
    except msgspec.DecodeError as error:
        what, _, place = str(error).partition(" (byte ")
        if "range" in what:
            return "not valid JSON: it holds a number that is out of range", 1
        if not place:
            return "not valid JSON: it ends too early; was the file cut?", plain.rstrip().count(b"\n") + 1
        at = int(place.rstrip(")"))
        line = plain[:at].count(b"\n") + 1
        column = at - plain.rfind(b"\n", 0, at)
        return f"{what.replace('JSON is malformed', 'not valid JSON')} (line {line}, column {column})", line
    except RecursionError:
        return "not valid JSON: nested too deeply", 1
    return "valid JSON", 1

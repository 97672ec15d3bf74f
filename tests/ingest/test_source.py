import pytest

from audit.errors import AuditError
from audit.ingest.readers import read
from audit.ingest.source import Options, Rejected, Source


def source(data, **options):
    return Source("x.txt", data, Options(**options))


@pytest.mark.parametrize(
    "data",
    ["Ana: café".encode(), "\ufeffAna: café".encode(), "\ufeffAna: café".encode("utf-16-le"), "Ana: café".encode("utf-16-le"),
     "Ana: café".encode("utf-16-be")],
    ids=["utf-8", "mark", "utf-16 mark", "utf-16 little", "utf-16 big"],
)  # fmt: skip
def test_encodings_are_found(data):
    made = source(data)
    assert made.text.lstrip("\ufeff") == "Ana: café"
    assert made.warnings == []


def test_windows_1252_is_read_with_a_warning():
    made = source("Ana: café".encode("cp1252"))
    assert made.text == "Ana: café"
    assert "Windows-1252" in made.warnings[0]


def test_an_encoding_that_is_said_goes_first():
    assert source("Ana: 你好".encode("gb2312"), encoding="gb2312").text == "Ana: 你好"
    with pytest.raises(Rejected) as caught:
        source(b"ok\nok \xff\xff\xff", encoding="utf-8").text  # noqa: B018
    assert (caught.value.code, caught.value.line) == ("encoding", 2)
    with pytest.raises(AuditError, match="no encoding `klingon`"):
        source(b"x", encoding="klingon").text  # noqa: B018


@pytest.mark.parametrize("data", [b"", b"  \n", b"\xef\xbb\xbf", b"\0\0\0"])
def test_an_empty_file_is_said_to_be_empty(data):
    with pytest.raises(Rejected, match="empty"):
        source(data).text  # noqa: B018


@pytest.mark.parametrize(
    "data", [b"\xff\xd8\xff\xe0\0\x10JFIF\0", bytes(range(256)), b"RIFF\x24\x08\0\0WAVEfmt \x10\0"]
)
def test_what_is_no_text_is_refused(data):
    with pytest.raises(Rejected) as caught:
        source(data).text  # noqa: B018
    assert caught.value.code == "binary"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
        (b"RIFF\x24\x08\0\0WAVEfmt \x10\0", "an audio recording"),
        (b"ID3\x03\0\0\0\0\0\0", "an audio recording"),
        (b"\0\0\0\x20ftypM4A \0\0", "an audio recording"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "an old Office file"),
        (b"PK\x03\x04\x14\0\0\0word/document.xml", "a Word file"),
        (b"PK\x03\x04\x14\0\0\0a.txt", "a zip archive"),
        (b"a.txt".ljust(257, b"\0") + b"ustar\0", "a tar archive"),
    ],
)
def test_a_file_is_named_for_what_it_is(data, what):
    (found,) = read(source(data))
    assert found.reason.startswith(f"this is {what}")


def test_numbers_that_are_none_are_read_as_nothing():
    made = source(b'{"language": "en", "segments": [{"start": NaN, "end": 1.5, "text": "x: NaN, y", "speaker": "A"}]}')
    (found,) = read(made)
    assert (found.turns[0].start, found.turns[0].text) == (None, "x: NaN, y")
    assert "NaN" in found.warnings[0]

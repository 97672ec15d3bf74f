import pytest

from audit.errors import AuditError
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

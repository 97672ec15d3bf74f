import os

import pytest

from audit.errors import AuditError
from audit.ingest.readers import read
from audit.ingest.source import PIECE, Options, Rejected, Source, find, pieces


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


def test_files_go_by_names_relative_to_what_they_have_in_common(tmp_path):
    for name in ("a/x.txt", "a/deep/y.json", "b/x.txt", "a/notes.md", "a/.hidden", "a/roster.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found, passed, unreadable = find([tmp_path / "a"])
    assert [name for _, name in found] == ["deep/y.json", "x.txt"]
    assert passed == ["notes.md", "roster.csv"]
    assert unreadable == []
    found, *_ = find([tmp_path / "b", tmp_path / "a", tmp_path / "a/notes.md"])
    assert [name for _, name in found] == ["a/deep/y.json", "a/notes.md", "a/x.txt", "b/x.txt"]
    assert [name for _, name in find([tmp_path / "a/x.txt"]).files] == ["x.txt"]
    with pytest.raises(AuditError, match="does not exist"):
        find([tmp_path / "nowhere"])


def test_a_long_file_of_lines_is_cut_between_lines(tmp_path):
    path = tmp_path / "long.jsonl"
    line = b'{"id": 1, "turns": "' + b"x" * 1000 + b'"}\n'
    number = 2 * PIECE // len(line) + 10
    path.write_bytes(line * number)
    cuts = [cut for piece in pieces([(path, "long.jsonl")]) for cut in piece]
    assert len(cuts) == 3
    assert b"".join(cut.read() for cut in cuts) == line * number
    assert cuts[0].line == 1
    assert all(cut.read().endswith(b"}\n") for cut in cuts)
    assert cuts[1].line == 1 + cuts[0].read().count(b"\n")


def test_small_files_are_worked_on_together(tmp_path):
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text("x")
    (piece,) = pieces(find([tmp_path]).files)
    assert [cut.name for cut in piece] == ["0.txt", "1.txt", "2.txt", "3.txt", "4.txt"]


def test_what_cannot_be_opened_is_named(tmp_path):
    (tmp_path / "x.txt").write_text("x")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.jsonl")
    found, _, unreadable = find([tmp_path])
    assert [name for _, name in found] == ["x.txt"]
    assert [name for name, _ in unreadable] == ["gone.txt", "pipe.jsonl"]
    with pytest.raises(AuditError, match="neither a file nor a folder"):
        find([tmp_path / "pipe.jsonl"])


def test_a_report_of_ours_is_no_input(tmp_path):
    (tmp_path / "x.txt").write_text("x")
    (tmp_path / "report").mkdir()
    (tmp_path / "report/evaluations.jsonl").write_text("{}")
    (tmp_path / "report/manifest.json").write_text('{"tool": {"name": "transcript-audit"}}')
    assert [name for _, name in find([tmp_path]).files] == ["x.txt"]


def test_names_that_are_no_utf_8_are_written_out(tmp_path):
    (tmp_path / os.fsdecode(b"a\xff.txt")).write_text("x")
    assert [name for _, name in find([tmp_path]).files] == ["a\\xff.txt"]


def test_slices_know_their_reader_and_their_lines(tmp_path):
    """A bad line at the start of a slice costs that line and no other."""
    path = tmp_path / "long.jsonl"
    line = b'{"id": "%d", "agent_id": "a", "turns": [{"speaker": "agent", "text": "' + b"x" * 4000 + b'"}]}\n'
    lines = [line % number for number in range(PIECE // len(line) + 5)]
    cut = next(each for (each,) in pieces([_written(path, lines)]))
    bad = cut.read().count(b"\n")
    lines.insert(bad, b'{"id": "bad", "turns": [\n')
    lines += [b"%s" % (line % (90_000 + number)) for number in range(bad)]
    found = []
    for (cut,) in pieces([_written(path, lines)]):
        found += read(Source(cut.name, cut.read(), Options(format=cut.format), cut.line))
    rejected = [each for each in found if isinstance(each, Rejected)]
    assert [each.line for each in rejected] == [bad + 1]
    assert len(found) == len(lines)


def _written(path, lines):
    path.write_bytes(b"".join(lines))
    return path, path.name

import os

import pytest

from audit.errors import AuditError
from audit.ingest.places import PIECE, find, pieces
from audit.ingest.readers import read
from audit.ingest.source import Options, Rejected, Source


def names(files):
    return [given.name for given in files]


def test_files_go_by_names_relative_to_what_they_have_in_common(tmp_path):
    for name in ("a/x.txt", "a/deep/y.json", "b/x.txt", "a/notes.md", "a/.hidden", "a/roster.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found, passed, unreadable = find([tmp_path / "a"])
    assert names(found) == ["deep/y.json", "x.txt"]
    assert passed == ["notes.md", "roster.csv"]
    assert unreadable == []
    found, *_ = find([tmp_path / "b", tmp_path / "a", tmp_path / "a/notes.md"])
    assert names(found) == ["a/deep/y.json", "a/notes.md", "a/x.txt", "b/x.txt"]
    assert names(find([tmp_path / "a/x.txt"]).files) == ["x.txt"]
    with pytest.raises(AuditError, match="does not exist"):
        find([tmp_path / "nowhere"])


def test_a_long_file_of_lines_is_cut_between_lines(tmp_path):
    path = tmp_path / "long.jsonl"
    line = b'{"id": 1, "turns": "' + b"x" * 1000 + b'"}\n'
    number = 2 * PIECE // len(line) + 10
    path.write_bytes(line * number)
    cuts = [cut for piece in pieces(find([path]).files) for cut in piece]
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
    assert names(found) == ["x.txt"]
    assert [name for name, _ in unreadable] == ["gone.txt", "pipe.jsonl"]
    with pytest.raises(AuditError, match="neither a file nor a folder"):
        find([tmp_path / "pipe.jsonl"])


def test_a_report_of_ours_is_no_input(tmp_path):
    (tmp_path / "x.txt").write_text("x")
    (tmp_path / "report").mkdir()
    (tmp_path / "report/evaluations.jsonl").write_text("{}")
    (tmp_path / "report/manifest.json").write_text('{"tool": {"name": "transcript-audit"}}')
    assert names(find([tmp_path]).files) == ["x.txt"]


def test_names_that_are_no_utf_8_are_written_out(tmp_path):
    (tmp_path / os.fsdecode(b"a\xff.txt")).write_text("x")
    assert names(find([tmp_path]).files) == ["a\\xff.txt"]


def test_slices_know_their_reader_and_their_lines(tmp_path):
    """A bad line at the start of a slice costs that line and no other."""
    path = tmp_path / "long.jsonl"
    line = b'{"id": "%d", "agent_id": "a", "turns": [{"speaker": "agent", "text": "' + b"x" * 4000 + b'"}]}\n'
    lines = [line % number for number in range(PIECE // len(line) + 5)]
    cut = next(each for (each,) in pieces(_written(path, lines)))
    bad = cut.read().count(b"\n")
    lines.insert(bad, b'{"id": "bad", "turns": [\n')
    lines += [b"%s" % (line % (90_000 + number)) for number in range(bad)]
    found = []
    for (cut,) in pieces(_written(path, lines)):
        found += read(Source(cut.name, cut.read(), Options(format=cut.format), cut.line))
    rejected = [each for each in found if isinstance(each, Rejected)]
    assert [each.line for each in rejected] == [bad + 1]
    assert len(found) == len(lines)


def _written(path, lines):
    path.write_bytes(b"".join(lines))
    return find([path]).files

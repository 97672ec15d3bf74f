import gzip
import io
import os
import sys
import zipfile

import pytest

from audit.errors import AuditError
from audit.ingest.places import HARMLESS, PIECE, Slice, find, pieces
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


def packed(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def whole(found):
    return {cut.name: cut.read() for piece in pieces(found.files) for cut in piece}


class TestArchives:
    def test_a_zip_is_a_folder(self, tmp_path):
        packed(
            tmp_path / "x.zip",
            {"a/b.txt": "one", "c.json.gz": gzip.compress(b"two"), "__MACOSX/._c": "x", "a/readme.md": "x"},
        )
        found = find([tmp_path / "x.zip"])
        assert whole(found) == {"x.zip/a/b.txt": b"one", "x.zip/c.json.gz": b"two"}
        assert found.passed_over == ["x.zip/a/readme.md"]

    def test_a_gzip_is_unpacked(self, tmp_path):
        (tmp_path / "x.jsonl.gz").write_bytes(gzip.compress(b"hello"))
        assert whole(find([tmp_path])) == {"x.jsonl.gz": b"hello"}

    def test_a_bomb_is_named_and_not_unpacked(self, tmp_path):
        nothing = b"\0" * (HARMLESS + 1)
        packed(tmp_path / "x.zip", {"bomb.txt": nothing})
        (tmp_path / "y.gz").write_bytes(gzip.compress(nothing))
        found = find([tmp_path])
        assert [name for name, reason in found.unreadable if "would unpack to" in reason] == ["x.zip"]
        with pytest.raises(OSError, match="unpacks to more"):
            whole(found)

    def test_a_lie_about_the_size_is_found_out(self, tmp_path, monkeypatch):
        monkeypatch.setattr("audit.ingest.places.MOST_UNPACKED", 1000)
        packed(tmp_path / "x.zip", {"a.txt": b"x" * 5000})
        assert "unpacks to more" in find([tmp_path]).unreadable[0][1]
        with pytest.raises(OSError, match="unpacks to more"):
            Slice(str(tmp_path / "x.zip"), "a", 0, 10**9, member="a.txt").read()

    def test_what_cannot_be_unpacked_is_named(self, tmp_path):
        packed(tmp_path / "inner.zip", {"a.txt": "x"})
        packed(tmp_path / "outer.zip", {"inner.zip": (tmp_path / "inner.zip").read_bytes()})
        (tmp_path / "cut.zip").write_bytes((tmp_path / "inner.zip").read_bytes()[:40])
        locked = bytearray((tmp_path / "inner.zip").read_bytes())
        locked[locked.index(b"PK\x01\x02") + 8] |= 1
        (tmp_path / "locked.zip").write_bytes(locked)
        (tmp_path / "cut.gz").write_bytes(gzip.compress(b"hello" * 100)[:20])
        found = find([tmp_path])
        why = dict(found.unreadable)
        assert "archive within an archive" in why["outer.zip/inner.zip"]
        assert "not a whole zip archive" in why["cut.zip"]
        assert "password" in why["locked.zip/a.txt"]
        with pytest.raises(OSError, match="damaged"):
            whole(find([tmp_path / "cut.gz"]))

    def test_files_beside_are_found_in_an_archive_too(self, tmp_path):
        packed(
            tmp_path / "x.zip",
            {"users.json": "up", "support/users.json": "here", "support/1.json": "x", "other/2.json": "x"},
        )
        cuts = {cut.name: cut for piece in pieces(find([tmp_path]).files) for cut in piece}
        assert cuts["x.zip/support/1.json"].beside("users.json") == b"here"
        assert cuts["x.zip/other/2.json"].beside("users.json") == b"up"
        assert cuts["x.zip/other/2.json"].beside("nobody.json") is None


def test_patterns_are_filled_in(tmp_path):
    for name in ("a/1.txt", "a/2.json", "b/3.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert names(find([f"{tmp_path}/**/*.txt"]).files) == ["a/1.txt", "b/3.txt"]
    with pytest.raises(AuditError, match="fits no file"):
        find([f"{tmp_path}/*.xml"])


def test_of_twins_the_preferred_one_comes_first(tmp_path):
    for name in ("c_analysis_1.json", "c_analysis_redacted_1.json"):
        (tmp_path / name).write_text("x")
    assert names(find([tmp_path]).files)[0] == "c_analysis_redacted_1.json"
    assert names(find([tmp_path], prefer="raw").files)[0] == "c_analysis_1.json"


def test_a_scheme_without_its_extra_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "upath", None)
    with pytest.raises(AuditError, match=r"pip install 'transcript-audit\[cloud\]'"):
        find(["s3://bucket/x"])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.loopback
def test_a_cloud_store_is_a_folder(monkeypatch):
    pytest.importorskip("s3fs")
    moto = pytest.importorskip("moto.server")
    s3fs = pytest.importorskip("s3fs")
    pytest.importorskip("upath")
    server = moto.ThreadedMotoServer(port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        for key, value in {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_DEFAULT_REGION": "us-east-1",
        }.items():  # fmt: skip
            monkeypatch.setenv(key, value)
        store = s3fs.S3FileSystem(endpoint_url=f"http://{host}:{port}", skip_instance_cache=True)
        store.mkdir("calls")
        inner = io.BytesIO()
        packed(inner, {"z.txt": "in a zip"})
        for name, data in {"in/a.txt": b"one", "in/deep/users.json": b"people", "in/deep/b.txt": b"two", "in/notes.md": b"x",
                           "in/c.zip": inner.getvalue()}.items():  # fmt: skip
            store.pipe(f"calls/{name}", data)
        found = find(["s3://calls/in"])
        assert whole(found) == {
            "a.txt": b"one",
            "deep/b.txt": b"two",
            "deep/users.json": b"people",
            "c.zip/z.txt": b"in a zip",
        }
        assert found.passed_over == ["notes.md"]
        cut = next(cut for piece in pieces(found.files) for cut in piece if cut.name == "deep/b.txt")
        assert cut.beside("users.json") == b"people"
        assert names(find(["s3://calls/in/a.txt"]).files) == ["a.txt"]
        with pytest.raises(AuditError, match="does not exist"):
            find(["s3://calls/nowhere"])
    finally:
        server.stop()

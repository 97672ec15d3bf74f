import json

import msgspec
import pytest

from audit.errors import AuditError
from audit.folders import MANIFEST
from audit.report import agent_page, page_name
from audit.reports.folder import building, write_manifest
from audit.reports.html import Piece, pieces
from audit.reports.results import safe


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("x;=2+5", "x;'=2+5"),
        ("a\n=1", "a\n'=1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-1", "'-1"),
        ("chat-7", "chat-7"),
        ("  =1", "'  =1"),
        (None, ""),
        ("nul\0l", "null"),
    ],
)
def test_no_cell_can_be_run(cell, expected):
    assert safe(cell) == expected


def test_hostile_cells(shared):
    for name in ("own/formula.jsonl", "third_party/csv-payloadbox.jsonl"):
        for line in (shared / "hostile" / name).read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            cell = safe(
                told
                if isinstance(told, str)
                else str(next(iter(told.values())) if "value" not in told else told["value"])
            )
            assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))


def test_pages_have_safe_and_different_names(shared):
    names = [
        json.loads(line) for line in (shared / "hostile/own/agent-names.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    names = [name if isinstance(name, str) else name.get("id", str(name)) for name in names]
    made = [agent_page(name) for name in names]
    assert len({page.lower() for page in made}) == len(set(names))
    for page in made:
        stem = page.removeprefix("agents/").removesuffix(".html")
        assert stem.isascii()
        assert stem.replace("-", "").isalnum()
        assert len(stem) <= 51


def test_page_names_tell_the_place_apart():
    assert page_name("contacts", "7", "a.json", 1) != page_name("contacts", "7", "b.json", 1)
    assert agent_page(None) != agent_page("Agent not named")


def test_marks_cut_the_text_and_what_was_missed_shows_first():
    assert pieces("abcdef", [(1, 4, "met"), (3, 5, "missed")]) == [
        Piece("a"),
        Piece("bc", "met"),
        Piece("de", "missed"),
        Piece("f"),
    ]
    assert pieces("abc", []) == [Piece("abc")]
    assert pieces("", []) == []
    assert "".join(piece.text for piece in pieces("abcdef", [(0, 6, "met"), (2, 2, "missed")])) == "abcdef"


def test_the_folder_is_swapped_in_whole(tmp_path):
    out = tmp_path / "report"
    for text in ("one", "two"):
        with building(out) as built:
            (built / "x.txt").write_text(text)
            write_manifest(built, {"form": {"id": "f"}})
        assert (out / "x.txt").read_text() == text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report"]
    manifest = msgspec.json.decode((out / MANIFEST).read_bytes())
    assert set(manifest["files"]) == {"x.txt"}
    assert len(manifest["files"]["x.txt"]) == 64


def test_a_run_that_fails_leaves_the_old_report_and_no_litter(tmp_path):
    out = tmp_path / "report"
    with building(out) as built:
        (built / "x.txt").write_text("one")
        write_manifest(built, {})
    with pytest.raises(ZeroDivisionError), building(out) as built:
        (built / "x.txt").write_text("two")
        raise ZeroDivisionError
    assert (out / "x.txt").read_text() == "one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report"]


def test_a_folder_with_somebodys_files_is_never_overwritten(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(AuditError, match="no report of this tool"), building(tmp_path):
        pass
    (tmp_path / MANIFEST).write_text('{"tool": {"name": "another"}}')
    with pytest.raises(AuditError, match="no report of this tool"), building(tmp_path):
        pass
    assert (tmp_path / "thesis.txt").read_text() == "mine"
    with pytest.raises(AuditError, match="is a file"), building(tmp_path / "thesis.txt"):
        pass


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "out").mkdir()
    with building(tmp_path / "out") as built:
        (built / "x.txt").write_text("one")
    assert (tmp_path / "out/x.txt").read_text() == "one"

"""`audit formats` and `audit convert`."""

import json
import sys

import pytest
from click.testing import CliRunner

from audit.cli import cli
from audit.errors import AuditError
from audit.ingest import readers
from audit.ingest.readers import PLUGINS, all_readers

CALL = "[00:01] Ana (Agent): Hello, how can I help?\n[00:04] Kim (Customer): It is late.\n"


def invoke(*arguments, stdin=None):
    result = CliRunner().invoke(cli, [*map(str, arguments)], input=stdin, standalone_mode=False, catch_exceptions=False)
    return result.return_value, result.stdout, result.stderr


@pytest.fixture
def call(tmp_path):
    path = tmp_path / "call.txt"
    path.write_text(CALL)
    return path


class TestFormats:
    def test_every_reader_is_listed_with_its_evidence(self):
        code, out, _ = invoke("formats")
        assert code == 0
        for reader in all_readers().values():
            assert f"{reader.NAME} " in out
            assert reader.TITLE in out
            assert reader.EVIDENCE.startswith(("sample", "documented", "own"))
            assert reader.CARRIES and all(ending.startswith(".") for ending in reader.EXTENSIONS)

    def test_a_file_is_inspected(self, call):
        code, out, _ = invoke("formats", "--inspect", call)
        assert code == 0
        assert "call.txt: text, Plain text with a speaker before each turn" in out
        assert "2 turns, 0:01 to 0:04" in out
        assert "agent         1 turns  Ana (Agent): Ana, agent id Ana" in out
        assert "limits: no times at which turns ended" in out

    def test_what_cannot_be_read_is_said(self, tmp_path):
        (tmp_path / "x.json").write_text('{"$schema": "x", "properties": {}}')
        code, out, _ = invoke("formats", "--inspect", tmp_path / "x.json")
        assert (code, "this is a JSON Schema" in out) == (2, True)

    def test_many_conversations_are_summed_up(self, tmp_path):
        lines = [
            {"id": str(n), "turns": [{"speaker": "agent", "text": "Hi"}, {"speaker": "customer", "text": "Hi"}]}
            for n in range(8)
        ]
        (tmp_path / "x.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        _, out, _ = invoke("formats", "--inspect", tmp_path / "x.jsonl")
        assert "and 3 conversations more; of all 8:" in out
        assert "8 × no times" in out

    def test_nothing_of_a_transcript_steers_the_terminal(self, tmp_path):
        (tmp_path / "x.json").write_text(
            json.dumps({"id": "\x1b[31m::error::", "turns": [{"speaker": "\x1b]0;x\x07", "text": "Hi"}]})
        )
        _, out, _ = invoke("formats", "--inspect", tmp_path / "x.json")
        assert "\x1b" not in out and "\x07" not in out


class TestConvert:
    @pytest.mark.parametrize("form", ["jsonl", "csv", "vcon"])
    def test_what_is_written_is_read(self, call, tmp_path, form):
        out = tmp_path / f"out.{form}"
        code, _, stderr = invoke("convert", call, "--to", form, "-o", out)
        assert (code, "1 conversation written" in stderr) == (0, True)
        _, shown, _ = invoke("formats", "--inspect", out)
        assert "2 turns, 0:01 to 0:04" in shown
        assert "Ana, agent id Ana" in shown

    def test_to_standard_output_and_from_standard_input(self, monkeypatch, tmp_path):
        monkeypatch.setattr("audit.ingest.places._spooled", [])
        code, out, _ = invoke("convert", "-", "--to", "jsonl", stdin=CALL)
        assert code == 0
        assert json.loads(out)["turns"][1]["text"] == "It is late."

    def test_a_folder_of_vcons(self, tmp_path):
        for name in "ab":
            (tmp_path / "in").mkdir(exist_ok=True)
            (tmp_path / f"in/{name}.txt").write_text(CALL)
        invoke("convert", tmp_path / "in", "--to", "vcon", "-o", tmp_path / "out")
        assert len(list((tmp_path / "out").glob("*.vcon"))) == 2

    def test_what_csv_cannot_hold_is_said(self, tmp_path):
        turn = {"speaker": "agent", "text": "Hi", "start": 0, "end": 1, "words": [{"text": "Hi", "start": 0, "end": 1}]}
        (tmp_path / "x.json").write_text(json.dumps({"id": "k", "turns": [turn], "metadata": {"a": 1}}))
        _, _, stderr = invoke("convert", tmp_path / "x.json", "--to", "csv", "-o", tmp_path / "x.csv")
        assert "left out, as csv cannot hold it: times of words (1 conversation)" in stderr
        assert "left out, as csv cannot hold it: metadata (1 conversation)" in stderr

    def test_what_cannot_be_read_is_named_and_the_rest_is_written(self, call, tmp_path):
        (tmp_path / "z.json").write_text("{")
        code, out, stderr = invoke("convert", call, tmp_path / "z.json", "--to", "jsonl")
        assert code == 2
        assert "rejected: z.json:1: not valid JSON" in stderr
        assert out.count("\n") == 1

    def test_nothing_read_is_an_error(self, tmp_path):
        (tmp_path / "z.json").write_text("{")
        with pytest.raises(AuditError, match="nothing could be read"):
            invoke("convert", tmp_path / "z.json", "--to", "jsonl")


class TestPlugins:
    @pytest.fixture
    def plugin(self, monkeypatch, tmp_path):
        def install(code):
            (tmp_path / "our_reader.py").write_text(code)
            monkeypatch.syspath_prepend(str(tmp_path))
            monkeypatch.delitem(sys.modules, "our_reader", raising=False)
            from importlib.metadata import EntryPoint

            points = [EntryPoint("ours", "our_reader", PLUGINS)]
            monkeypatch.setattr(readers, "entry_points", lambda group: points if group == PLUGINS else [])
            all_readers.cache_clear()

        yield install
        monkeypatch.undo()
        all_readers.cache_clear()

    def test_a_plugin_brings_a_reader(self, plugin, tmp_path):
        plugin('''
"""Tape."""
from audit.ingest.draft import Draft
NAME, TITLE, EXTENSIONS, EVIDENCE, CARRIES = "tape", "Tape", (".tape",), "documented", ("words",)
def recognises(source):
    return source.data.startswith(b"TAPE")
def read(source):
    draft = Draft(source)
    for number, line in enumerate(source.lines[1:], 2):
        draft.say(draft.cast.add(line[:1]), line[2:], ref=number)
    yield draft.finish("t")
''')
        (tmp_path / "x.tape").write_text("TAPE\nA Hello\nB Hi\n")
        _, out, _ = invoke("formats", "--inspect", tmp_path / "x.tape")
        assert "x.tape: tape, Tape" in out

    @pytest.mark.parametrize(
        ("code", "says"),
        [("1 / 0", "cannot be loaded"), ("NAME = 'tape'", "has no TITLE"),
         ("from audit.ingest.rev import *\nfrom audit.ingest.rev import NAME", "is called rev")],
    )  # fmt: skip
    def test_a_plugin_that_cannot_be_used_is_named(self, plugin, code, says):
        plugin(code)
        with pytest.raises(AuditError, match=f"the reader plugin `ours` .*{says}"):
            all_readers()


def test_stdin_is_audited(monkeypatch, tmp_path):
    monkeypatch.setattr("audit.ingest.places._spooled", [])
    code, _, stderr = invoke("run", "-", "--out", tmp_path / "out", stdin=CALL)
    assert (code, "1 contact of 1 agent judged" in stderr) == (0, True)
    assert json.loads((tmp_path / "out/evaluations.jsonl").read_text())["source"] == "stdin"

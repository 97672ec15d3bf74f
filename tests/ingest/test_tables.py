"""Tables in every wrapping: spreadsheets, Parquet, records, whole talks in cells, and the traps of each."""

import io
import json
import zipfile
from datetime import UTC, datetime, time, timedelta

import pytest

from audit.ingest.readers import read, reader_for
from audit.ingest.source import Options, Rejected, Source
from audit.model import Channel, Conversation


def reading(data, name="x", **options):
    return list(read(Source(name, data if isinstance(data, bytes) else data.encode(), Options(**options))))


def one(data, **options):
    (made,) = reading(data, **options)
    assert isinstance(made, Conversation), made.reason
    return made


def said(made):
    return [(str(turn.role), turn.text, turn.start, turn.end) for turn in made.turns]


def workbook(*sheets, **formats):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    styles = {key: book.add_format({"num_format": value}) for key, value in formats.items()}
    for rows in sheets:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                style = styles.get({datetime: "moment", time: "clock", timedelta: "length"}.get(type(cell), ""))
                sheet.write(line, column, cell, style)
    book.close()
    return out.getvalue()


class TestWorkbooks:
    def test_rows_are_read_as_text(self):
        made = one(workbook([["conversation", "speaker", "text"], [7.0, "Agent", "NA"], [7, "Customer", "null"]]))
        assert (made.id, [turn.text for turn in made.turns]) == ("7", ["NA", "null"])

    def test_ids_written_as_text_keep_their_noughts(self):
        assert one(workbook([["conversation", "speaker", "text"], ["007", "Agent", "Hi"]])).id == "007"

    def test_moments_clocks_and_lengths(self):
        head = ["speaker", "text", "start"]
        moments = [["Agent", "a", datetime(2026, 10, 5, 9, 0, 0)], ["Customer", "b", datetime(2026, 10, 5, 9, 0, 2)]]
        made = one(workbook([head, *moments], moment="yyyy-mm-dd hh:mm:ss"))
        assert [turn.start for turn in made.turns] == [0, 2]
        clocks = [["Agent", "a", time(0, 0, 1)], ["Customer", "b", time(0, 1, 2)]]
        assert [turn.start for turn in one(workbook([head, *clocks], clock="hh:mm:ss")).turns] == [1, 62]
        lengths = [["Agent", "a", timedelta(seconds=1.5)], ["Customer", "b", timedelta(seconds=90)]]
        assert [turn.start for turn in one(workbook([head, *lengths], length="[h]:mm:ss.0")).turns] == [1.5, 90]

    def test_fractions_of_a_day_are_told_by_how_fast_people_talk(self):
        rows = [["Agent", "one two three four five six", 0.0], ["Customer", "seven eight nine ten", 5 / 86_400]]
        assert [turn.start for turn in one(workbook([["speaker", "text", "start"], *rows])).turns] == [
            0,
            pytest.approx(5),
        ]

    def test_lines_above_the_names_of_columns_and_other_sheets(self):
        table = [["Export of May"], [], ["Speaker", "Text"], ["Agent", "Hello"], ["Customer", "Hi_x000D_"]]
        made, left = reading(workbook(table, [["nothing", "here"], ["a", "b"]]))
        assert [turn.text for turn in made.turns] == ["Hello", "Hi\r"]
        assert "1 of 2 sheets" in left.reason

    def test_no_sheet_with_text_is_refused(self):
        (found,) = reading(workbook([["a", "b"], [1, 2]]))
        assert found.code == "columns"

    def test_ods(self):
        cells = "".join(
            "<table:table-row>"
            + "".join(
                f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
                for cell in row
            )
            + "</table:table-row>"
            for row in (("speaker", "text"), ("Agent", "Hello"), ("Customer", "Hi"))
        )
        content = (
            '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
            f'<office:body><office:spreadsheet><table:table table:name="S">{cells}</table:table></office:spreadsheet></office:body></office:document-content>'
        )
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as packed:
            packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            packed.writestr("content.xml", content)
            packed.writestr(
                "META-INF/manifest.xml",
                '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
            )
        assert said(one(out.getvalue())) == [("agent", "Hello", None, None), ("customer", "Hi", None, None)]

    def test_a_damaged_workbook_is_named(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as packed:
            packed.writestr("xl/workbook.xml", "<nonsense")
        (found,) = reading(out.getvalue())
        assert isinstance(found, Rejected)

    def test_without_the_extra_it_is_said(self, monkeypatch):
        import sys

        data = workbook([["speaker", "text"], ["Agent", "Hi"]])
        monkeypatch.setitem(sys.modules, "python_calamine", None)
        (found,) = reading(data)
        assert (found.code, "transcript-audit[excel]" in found.reason) == ("extra", True)


def test_parquet():
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    out = io.BytesIO()
    at = [datetime(2026, 10, 5, 9, 0, second, tzinfo=UTC) for second in (0, 3)]
    columns = {
        "conversation_id": ["007", "007"],
        "role": ["agent", "customer"],
        "message": ["None", None],
        "created_at": at,
    }
    parquet.write_table(pyarrow.table(columns), out)
    made = one(out.getvalue())
    assert (made.id, said(made)) == ("007", [("agent", "None", 0, None)])
    (found,) = reading(out.getvalue()[:60] + b"xxPAR1")
    assert found.code == "parquet"


class TestRecords:
    ROWS = (
        {"conversationId": "a", "speakerRole": "AGENT", "text": "Hello", "ts": 1700000000},
        {"conversationId": "a", "speakerRole": "CUSTOMER", "text": "Hi", "ts": 1700000004},
        {"conversationId": "b", "speakerRole": "AGENT", "text": "Yes", "ts": 1700000009},
    )

    def test_one_row_a_line(self):
        first, second = reading("\n".join(map(json.dumps, self.ROWS)))
        assert (first.id, second.id) == ("a", "b")
        assert said(first) == [("agent", "Hello", 0, None), ("customer", "Hi", 4, None)]

    def test_a_list_of_rows(self):
        assert [made.id for made in reading(json.dumps(self.ROWS))] == ["a", "b"]

    def test_a_bad_line_costs_that_line(self):
        found = reading("\n".join([json.dumps(self.ROWS[0]), "{", json.dumps(self.ROWS[1])]))
        assert [(each.code, each.line) for each in found if isinstance(each, Rejected)] == [("json", 2)]

    @pytest.mark.parametrize("key", ["messages", "transcript", "utterances", "dialogue"])
    def test_a_list_of_turns_in_an_object(self, key):
        made = one(
            json.dumps(
                {
                    "call_id": 7,
                    key: [{"speaker": "Agent", "message": "Hello"}, {"speaker": "Customer", "message": "Hi"}],
                }
            )
        )
        assert (made.id, said(made)) == ("7", [("agent", "Hello", None, None), ("customer", "Hi", None, None)])

    def test_objects_with_turns_line_by_line(self):
        lines = [{"id": name, "messages": [{"role": "agent", "content": "Hello"}]} for name in "ab"]
        assert [made.id for made in reading("\n".join(map(json.dumps, lines)))] == ["a", "b"]

    def test_the_whole_text_in_a_value(self):
        text = "**Agent:** Thank you for calling. How can I help?\n\n**Customer:** My order is late.\n" * 4
        made = one(
            json.dumps({"ConversationId": "k", "StartTime": "2025-12-08 11:00:00", "Content": text, "Agent": "Ana"})
        )
        assert (made.id, len(made.turns), made.start.isoformat()) == ("k", 8, "2025-12-08T11:00:00")
        assert made.turns[0].participant.agent_id == "Ana"


class TestWholeTalksInCells:
    def test_each_row_is_a_conversation(self):
        rows = 'id,agent_name,transcript\n1,Ana,"Agent: Hello\nCustomer: Hi"\n2,Ben,"Agent: Yes\nCustomer: No"\n'
        first, second = reading(rows)
        assert (first.id, second.id, second.source_ref) == ("1", "2", 4)
        assert [turn.participant.agent_id for turn in first.turns] == ["Ana", None]

    def test_salesforce_bodies(self):
        body = '<p align=""center"">Chat Started: Friday, September 20, 2019, 16:14:59 (+0200)</p><p align=""center"">Agent Ana D</p>( 5s ) Ana D: Hello<br>( 1m 2s ) Kim: It&#39;s late<br>'
        made = one(f'Id,OwnerId,Body\n570,005,"{body}"\n')
        assert (made.id, made.channel, made.start.isoformat()) == ("570", Channel.CHAT, "2019-09-20T14:14:59+00:00")
        assert said(made) == [("agent", "Hello", 5, None), ("customer", "It's late", 62, None)]
        assert made.turns[0].participant.agent_id == "005"

    def test_a_cell_in_which_nobody_is_named_is_one_unknown_turn(self):
        made = one("id,body\n1,just some words\n")
        assert said(made) == [("unknown", "just some words", None, None)]
        assert "does not say who speaks" in made.warnings[0]


class TestUnitsAndDates:
    @pytest.mark.parametrize(
        ("rows", "starts"),
        [
            ("start\nAgent,hi,1675813229000000\nCustomer,yo,1675813231000000", [0, 2]),
            ("start\nAgent,hi,1675813229000\nCustomer,yo,1675813231000", [0, 2]),
            ("start\nAgent,hi,05/10/2026 09:00\nCustomer,yo,25/10/2026 09:00", [0, 20 * 86_400]),
            ("start\nAgent,hi,10/25/2026 9:00 PM\nCustomer,yo,10/25/2026 9:00:04 PM", [0, 4]),
            ("start\nAgent,hi,\"Oct 5, 2026 12:05 AM\"\nCustomer,yo,\"Oct 5, 2026 1:05 AM\"", [0, 3600]),
            ("start_ms\nAgent,hi,0\nCustomer,yo,1500", [0, 1.5]),
        ],
    )  # fmt: skip
    def test_times(self, rows, starts):
        assert [turn.start for turn in one(f"speaker,text,{rows}\n").turns] == starts

    def test_an_ambiguous_date_names_the_option(self):
        rows = "speaker,text,start\nAgent,a,01/02/2026 09:00\nCustomer,b,02/03/2026 09:00\n"
        (found,) = reading(rows)
        assert (found.code, "--date-order" in found.reason) == ("date-order", True)
        assert one(rows, date_order="dmy").turns[1].start == 29 * 86_400

    def test_dates_that_go_back_in_one_order_are_in_the_other(self):
        rows = "speaker,text,start\nAgent,a,01/12/2026 09:00\nCustomer,b,02/11/2026 09:00\nAgent,c,03/12/2026 09:00\n"
        assert one(rows).turns[1].start == 30 * 86_400

    def test_an_unclear_unit_names_the_option(self):
        rows = "speaker,text,start\nAgent,one two three four five six,0\nCustomer,seven,90000000\n"
        (found,) = reading(rows)
        assert (found.code, "--time-unit" in found.reason) == ("time-unit", True)

    def test_a_length_makes_an_end(self):
        rows = "speaker,text,start,duration\nAgent,one two three,0,1.5\nCustomer,four five six,2,1\n"
        assert [turn.end for turn in one(rows).turns] == [1.5, 3]

    def test_dates_without_a_zone_stay_without(self):
        made = one("speaker,text,start\nAgent,a,25/10/2026 09:00\nCustomer,b,25/10/2026 09:01\n")
        assert made.start.tzinfo is None


def test_a_table_is_asked_last():
    assert reader_for(Source("x", b"00:00:01\tAna:\ttext, speaker\n00:00:02\tAna:\tyes\n")).NAME == "zoom-chat"


def test_a_converted_table_is_read_as_it_was(tmp_path):
    assert reader_for(Source("x", b"speaker,text\nAgent,Hi\n")).NAME == "table"

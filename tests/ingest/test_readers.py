"""Each reader on a tiny file of its own, on each fault, and on the real samples where they are there."""

import base64
import json

import pytest

from audit.ingest.readers import all_readers, read, reader_for
from audit.ingest.source import Options, Rejected, Source
from audit.model import Channel, Conversation


def reading(text, name="x", **options):
    data = text if isinstance(text, bytes) else text.encode()
    return list(read(Source(name, data, Options(**options))))


def one(text, name="x", **options):
    (found,) = reading(text, name, **options)
    assert isinstance(found, Conversation), found.reason
    return found


def said(conversation):
    return [(str(turn.role), turn.participant.name, turn.text, turn.start, turn.end) for turn in conversation.turns]


OURS = {
    "id": "c1",
    "agent_id": "a-17",
    "turns": [{"speaker": "agent", "text": "Hello"}, {"speaker": "customer", "text": "Hi"}],
}


def ours(**changes):
    return json.dumps({**OURS, **changes})


class TestConversations:
    def test_turns_that_name_speakers(self):
        made = one(ours(channel="chat"))
        assert (made.id, made.channel, made.source_ref) == ("c1", Channel.CHAT, 1)
        assert said(made) == [("agent", None, "Hello", None, None), ("customer", None, "Hi", None, None)]
        assert made.turns[0].participant.agent_id == "a-17"

    def test_turns_that_name_participants(self):
        people = [
            {"id": "p1", "role": "agent", "name": "Ana", "agent_id": "007", "team": "North"},
            {"id": "p2", "role": "customer"},
        ]
        turns = [
            {
                "participant": "p1",
                "text": "Hello",
                "start": 0,
                "end": 1.5,
                "words": [{"text": "Hello", "start": 0, "end": 1}],
            }
        ]
        made = one(json.dumps({"id": 7, "participants": people, "turns": turns, "metadata": {"csat": 4}}))
        agent = made.turns[0].participant
        assert (made.id, agent.agent_id, agent.team, made.metadata) == ("7", "007", "North", {"csat": 4})
        assert made.turns[0].words[0].end == 1

    def test_times_since_1970_become_times_since_the_first_turn(self):
        turns = [
            {"speaker": "customer", "time": 1589473482, "text": "a"},
            {"speaker": "agent", "time": 1589473496, "text": "b"},
        ]
        made = one(ours(turns=turns))
        assert [turn.start for turn in made.turns] == [0, 14]
        assert made.start.isoformat() == "2020-05-14T16:24:42+00:00"

    def test_turns_are_put_in_the_order_of_their_times(self):
        turns = [
            {"speaker": "agent", "text": "second", "start": 5},
            {"speaker": "customer", "text": "first", "start": 1},
        ]
        assert [(turn.index, turn.text) for turn in one(ours(turns=turns)).turns] == [(0, "first"), (1, "second")]

    def test_times_that_cannot_be_are_left_out_with_a_warning(self):
        turns = [
            {"speaker": "agent", "text": "a", "start": -2, "end": 1},
            {"speaker": "agent", "text": "b", "start": 3, "end": 2},
        ]
        made = one(ours(turns=turns))
        assert [(turn.start, turn.end) for turn in made.turns] == [(None, None), (3, None)]
        assert len(made.warnings) == 2

    def test_a_cut_last_line_is_named_and_the_others_go_on(self):
        found = reading(f"{ours()}\n\n{ours(id='c2')}\n{ours(id='c3')[:60]}")
        assert [each.id for each in found[:2]] == ["c1", "c2"]
        assert (found[2].code, found[2].line) == ("json", 4)

    def test_line_numbers_go_on_in_a_slice(self):
        found = list(read(Source("x", f"{ours()}\n{{".encode(), line=101)))
        assert (found[0].source_ref, found[1].line) == (101, 102)

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"turns": []}, "no-turns"),
            ({"turns": "hi"}, "no-turns"),
            ({"turns": [None]}, "turn"),
            ({"turns": [{"speaker": "agent"}]}, "text"),
            ({"turns": [{"speaker": "agent", "text": 5}]}, "text"),
            ({"turns": [{"speaker": "agent", "text": "a", "start": True}]}, "time"),
            ({"turns": [{"speaker": "agent", "text": "a", "start": "soon"}]}, "time"),
            ({"participants": [1]}, "participants"),
            ({"start": "yesterday"}, "time"),
        ],
    )
    def test_faults(self, changes, code):
        (found,) = reading(ours(**changes))
        assert isinstance(found, Rejected)
        assert (found.code, found.line) == (code, 1)

    def test_a_bad_first_line_costs_one_line(self):
        for first in ('{"id": "x", "turns": [', '{"id": "x"}'):
            found = reading(f"{first}\n{ours()}\n{ours(id='c2')}\n")
            assert [each.id for each in found[1:]] == ["c1", "c2"], first
            assert found[0].line == 1

    @pytest.mark.parametrize(
        "odd",
        [
            {"participants": 5},
            {"participants": True},
            {"start": 1e18},
            {"start": "9999-12-31T23:59:59-14:00"},
            {"turns": [{"speaker": "agent", "text": "a", "time": 1e18}]},
        ],
    )
    def test_an_odd_value_costs_one_line(self, odd):
        found = reading(f"{ours()}\n{ours(**odd)}\n{ours(id='c3')}\n")
        assert [each.id for each in (found[0], found[2])] == ["c1", "c3"]
        assert isinstance(found[1], Rejected)
        assert found[1].line == 2

    def test_long_ids_that_begin_alike_stay_two(self):
        one_id, other = (one(ours(id="x" * 300 + end)).id for end in "ab")
        assert one_id != other
        assert len(one_id) <= 200

    def test_a_label_cannot_take_for_ever(self):
        for label in ("(" + " " * 100_000 + "x", "a" + " " * 100_000 + "x", "a (" * 30_000):
            one(ours(turns=[{"speaker": label, "text": "Hi"}]))

    def test_a_bot_is_no_agent(self):
        turns = [{"speaker": "bot", "text": "Hello"}, {"speaker": "agent", "text": "Hi"}]
        assert [role for role, *_ in said(one(ours(turns=turns)))] == ["bot", "agent"]

    def test_internal_notes_are_kept_apart(self):
        turns = [{"speaker": "agent", "text": "angry one", "visibility": "internal"}]
        assert one(ours(turns=turns)).turns[0].visibility == "internal"


class TestTables:
    HEAD = "conversation_id,agent_id,role,author,start,message\n"

    def test_rows_of_one_conversation_belong_together(self):
        rows = '007,0017,agent,Ana,0,Hello\n8,b,agent,Ben,0,Hi\n007,0017,customer,Sam,2,"Well, hi"\n'
        first, second = reading(self.HEAD + rows)
        assert (first.id, second.id) == ("007", "8")
        assert said(first) == [("agent", "Ana", "Hello", 0, None), ("customer", "Sam", "Well, hi", 2, None)]
        assert first.turns[0].participant.agent_id == "0017"
        assert [turn.source_ref for turn in first.turns] == [2, 4]

    def test_words_like_na_stay_words(self):
        made = one(self.HEAD + "c,NA,agent,NA,0,None\nc,NA,customer,null,2,NA\n")
        assert [turn.text for turn in made.turns] == ["None", "NA"]
        assert made.turns[0].participant.agent_id == "NA"

    @pytest.mark.parametrize("mark", [";", "\t", "|"])
    def test_other_separators(self, mark):
        made = one(f"speaker{mark}text\nAgent{mark}Hello, you\nCustomer{mark}Hi\n")
        assert [turn.text for turn in made.turns] == ["Hello, you", "Hi"]

    def test_without_a_conversation_column_the_file_is_one(self):
        assert one("speaker,text\nAgent,Hello\nCustomer,Hi\n", "chats/x.csv").id == "chats/x.csv"

    def test_a_line_break_in_a_cell_starts_no_row(self):
        made = one('speaker,text\nAgent,"Hello\nyou"\nCustomer,Hi\n')
        assert made.turns[0].text == "Hello\nyou"
        assert made.turns[1].source_ref == 4

    def test_columns_named_by_the_user(self):
        text = "Who,Said\nAgent,Hello\nCustomer,Hi\n"
        assert isinstance(reading(text)[0], Rejected)
        made = one(text, columns=(("speaker", "Who"), ("text", "Said")))
        assert [turn.text for turn in made.turns] == ["Hello", "Hi"]

    @pytest.mark.parametrize(
        ("rows", "starts"),
        [
            ("start_ms\nAgent,one two three,0\nCustomer,four five six,2500", [0, 2.5]),
            ("start,channel\nAgent,one two three,0,voice\nCustomer,four five six,2500,voice", [0, 2.5]),
            ("start\nAgent,one two three,0\nCustomer,four five six,2.5", [0, 2.5]),
            ("start\nAgent,one two three,00:00\nCustomer,four five six,00:02", [0, 2]),
            ("sent_at\nAgent,one,2026-10-05T09:00:00Z\nCustomer,two,2026-10-05T09:00:02Z", [0, 2]),
        ],
    )
    def test_units_of_times(self, rows, starts):
        assert [turn.start for turn in one(f"speaker,text,{rows}\n").turns] == starts

    @pytest.mark.parametrize(
        ("text", "code", "line"),
        [
            ("speaker,text\n", "no-turns", 1),
            ("speaker,text\nAgent,Hello,x\n", "csv", 2),
            ("speaker,text\nAgent,Hello\nCustomer\n", "csv", 3),
            ('speaker,text\nAgent,"Hello""\nCustomer,Hi\n', "csv", 2),
            ("speaker,text,text\nAgent,a,b\n", "columns", 1),
            ("speaker,text,start\nAgent,a,noon\nCustomer,b,1\n", "time", 2),
            ("speaker,text,start\nAgent,a,1e18\nCustomer,b,1e18\n", "shape", 2),
        ],
    )
    def test_faults(self, text, code, line):
        found = reading(text)[0]
        assert isinstance(found, Rejected)
        assert (found.code, found.line) == (code, line)


class TestPlainText:
    @pytest.mark.parametrize(
        ("text", "turns"),
        [
            (
                "Agent: Hello\nCustomer: Hi\n",
                [("agent", None, "Hello", None, None), ("customer", None, "Hi", None, None)],
            ),
            (
                "[00:12] Ana (Agent): Hello\n[00:20] Sam (Customer): Hi",
                [("agent", "Ana", "Hello", 12, None), ("customer", "Sam", "Hi", 20, None)],
            ),
            (
                "**Agent:** Hello\n**Customer:** Hi",
                [("agent", None, "Hello", None, None), ("customer", None, "Hi", None, None)],
            ),
            (
                "Agent: Hello\n  and welcome\n\nCustomer: Hi: it is me",
                [("agent", None, "Hello and welcome", None, None), ("customer", None, "Hi: it is me", None, None)],
            ),
            (
                "Agent: Hello\r\nCustomer: Hi\r\n",
                [("agent", None, "Hello", None, None), ("customer", None, "Hi", None, None)],
            ),
        ],
    )
    def test_the_common_styles(self, text, turns):
        assert said(one(text)) == turns

    def test_a_colon_in_a_sentence_is_no_speaker(self):
        made = one("Agent: I have three:\nOne more thing: the price.\nCustomer: Fine\nAgent: Good")
        assert [turn.text for turn in made.turns] == ["I have three: One more thing: the price.", "Fine", "Good"]

    def test_names_alone_give_no_role(self):
        assert {role for role, *_ in said(one("Rosa: Hello\nSam: Hi\n"))} == {"unknown"}


class TestCaptions:
    def test_voice_tags(self):
        made = one(
            "WEBVTT\n\n1\n00:01.000 --> 00:02.500\n<v Ana (Agent)>Hello &amp; welcome</v>\n\n00:00:03.000 --> 00:00:04.000 align:start\n<v Customer>Hi <i>you</i>\n"
        )
        assert said(made) == [("agent", "Ana", "Hello & welcome", 1, 2.5), ("customer", None, "Hi you", 3, 4)]

    def test_two_voices_in_one_cue(self):
        made = one("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Agent>Yes</v>\n<v Customer>No</v>\n")
        assert [(role, text) for role, _, text, *_ in said(made)] == [("agent", "Yes"), ("customer", "No")]

    def test_srt_with_names(self):
        made = one(
            "1\r\n00:00:01,000 --> 00:00:02,000\r\nAgent: Hello\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nmore\r\n"
        )
        assert said(made) == [("agent", None, "Hello", 1, 2), ("unknown", None, "more", 3, 4)]
        assert made.warnings == ("1 of 2 cues name no speaker",)

    @pytest.mark.parametrize(("text", "line"), [("WEBVTT\n", 1), ("WEBVTT\n\n00:61:99.9 --> 00:00:05.000\nx\n", 3)])
    def test_faults(self, text, line):
        (found,) = reading(text)
        assert found.line == line


LENS = {
    "Channel": "VOICE", "Participants": [{"ParticipantId": "AGENT", "ParticipantRole": "AGENT"}],
    "CustomerMetadata": {"ContactId": "abc"}, "LanguageCode": "en-US",
    "Transcript": [
        {"ParticipantId": "AGENT", "Content": "Hello", "BeginOffsetMillis": 100, "EndOffsetMillis": 900},
        {"ParticipantId": "CUSTOMER", "Content": "Hi", "BeginOffsetMillis": 1000, "EndOffsetMillis": 1500},
    ],
}  # fmt: skip


class TestAmazon:
    def test_contact_lens_voice(self):
        made = one(json.dumps(LENS))
        assert (made.id, made.channel, made.language) == ("abc", Channel.VOICE, "en-US")
        assert said(made) == [("agent", None, "Hello", 0.1, 0.9), ("customer", None, "Hi", 1, 1.5)]
        assert made.turns[0].participant.agent_id is None

    def test_contact_lens_chat(self):
        def entry(who, role, text, at, **more):
            return {"Type": "MESSAGE", "ParticipantId": who, "ParticipantRole": role, "DisplayName": who, "Content": text,
                    "AbsoluteTime": f"2026-10-05T09:00:{at:02}Z", **more}  # fmt: skip

        menu = json.dumps({"data": {"content": {"title": "Pick a day"}}})
        entries = [
            {"Type": "EVENT", "AbsoluteTime": "2026-10-05T08:59:00Z"},
            entry("s", "SYSTEM", "Welcome", 0),
            entry("b", "CUSTOM_BOT", menu, 1, ContentType="application/vnd.amazonaws.connect.message.interactive"),
            entry("Ana", "AGENT", "Hello", 5),
            entry("[PII]", "CUSTOMER", "Hi", 7),
        ]
        made = one(json.dumps({"Channel": "CHAT", "Transcript": entries, "CustomerMetadata": {"ContactId": "k"}}))
        assert said(made) == [
            ("system", "s", "Welcome", 0, None), ("bot", "b", "Pick a day", 1, None), ("agent", "Ana", "Hello", 5, None),
            ("customer", None, "Hi", 7, None),
        ]  # fmt: skip
        assert made.turns[2].participant.agent_id == "Ana"

    def test_call_analytics_has_word_times(self):
        items = [
            {"Type": "pronunciation", "Content": "Hello", "BeginOffsetMillis": 100, "EndOffsetMillis": 300},
            {"Type": "punctuation", "Content": "."},
        ]
        told = {
            **LENS,
            "JobName": "job-7",
            "Transcript": [
                {
                    "ParticipantRole": "AGENT",
                    "Content": "Hello.",
                    "Items": items,
                    "BeginOffsetMillis": 100,
                    "EndOffsetMillis": 400,
                }
            ],
        }
        made = one(json.dumps(told))
        assert made.id == "job-7"
        assert [(word.text, word.start, word.end) for word in made.turns[0].words] == [("Hello", 0.1, 0.3)]

    def test_an_empty_transcript_is_refused(self):
        (found,) = reading(json.dumps({**LENS, "Channel": "CHAT", "Transcript": []}))
        assert found.code == "no-turns"

    def test_an_entry_without_words_is_refused_with_its_place(self):
        (found,) = reading(json.dumps({**LENS, "Transcript": [{"ParticipantId": "AGENT"}]}))
        assert "/Transcript/0/Content" in found.reason


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"$schema": "x", "properties": {}}', "schema"),
        ('{"error": "rate limited", "code": 429}', "error-page"),
        ("<!DOCTYPE html><html></html>", "web-page"),
        ('{"a": 1}', "format"),
        ('{"a": 1', "json"),
        ("just words\nand more", "format"),
    ],
)
def test_what_a_file_is_instead(text, code):
    (found,) = reading(text)
    assert found.code == code


def test_a_format_can_be_said():
    assert reader_for(Source("x", b"Agent: a\nCustomer: b", Options(format="text"))) is all_readers()["text"]


def test_hostile_files_are_read_or_rejected_as_expected(shared):
    for row in (shared / "hostile/own/broken-transcripts.jsonl").read_text(encoding="utf-8").splitlines():
        told = json.loads(row)
        found = reading(base64.b64decode(told["b64"]), told["name"])
        rejected = [each for each in found if isinstance(each, Rejected)]
        assert found
        if told["expect"] != "either":
            assert bool(rejected) == (told["expect"] == "reject"), told["name"]
        assert all(each.reason and "Rosa" not in each.reason for each in rejected)


def test_no_json_breaks_a_reader(shared):
    for row in (shared / "hostile/third_party/json-testsuite.jsonl").read_text(encoding="utf-8").splitlines():
        told = json.loads(row)
        assert all(isinstance(each, Rejected) for each in reading(base64.b64decode(told["b64"]), told["name"]))

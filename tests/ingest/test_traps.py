"""The traps that exports set, one by one: section 10 of the field guide, as far as no other test sets them."""

import json

import pytest

from audit.facts import Facts
from audit.ingest.markup import own_words, plain
from audit.ingest.readers import read
from audit.ingest.source import Options, Rejected, Source
from audit.ingest.times import duration, seconds
from audit.language.shouting import shouting
from audit.language.words import is_unreadable
from audit.model import Conversation, Role


def reading(told, **options):
    data = told if isinstance(told, bytes) else told.encode() if isinstance(told, str) else json.dumps(told).encode()
    return list(read(Source("x", data, Options(**options))))


def one(told, **options):
    (made,) = reading(told, **options)
    assert isinstance(made, Conversation), made.reason
    return made


@pytest.mark.parametrize(
    ("value", "expected"),
    [("PT1.1S", 1.1), ("PT1H2M3S", 3723), ("1.200s", 1.2), ("628s", 628), ({"seconds": "5", "nanos": 400000000}, 5.4),
     ({"nanos": 5e8}, 0.5), ({}, 0), ("", None), (None, None)],
)  # fmt: skip
def test_lengths_of_time_in_all_their_shapes(value, expected):
    assert duration(value) == expected


def test_minutes_are_not_taken_for_seconds():
    text = "Agent: Hello, how can I help you today?\nCustomer: My order is late.\n" * 4
    assert one({"ConversationId": "k", "Duration": 9.83, "Content": text}).turns[-1].end is None


class TestClocks:
    def test_a_local_clock_that_steps_back_in_autumn(self):
        made = one(
            "25/10/2026, 02:58 - Ana: one\n25/10/2026, 02:02 - Kim: two\n25/10/2026, 03:10 - Ana: three\n",
            date_order="dmy",
        )
        assert [(turn.text, turn.start) for turn in made.turns] == [("one", 0), ("two", None), ("three", 720)]
        assert "stepped back" in made.warnings[0]
        assert made.start.tzinfo is None

    def test_a_chat_over_midnight(self):
        made = one("23:59:50\tAna:\tone\n00:00:10\tKim:\ttwo\n")
        assert [turn.start for turn in made.turns] == [0, 20]

    def test_a_stamp_in_another_zone_is_the_same_moment(self):
        assert (
            seconds("2026-10-05T11:00:00+02:00")
            == seconds("2026-10-05T09:00:00Z")
            == seconds("2026-10-05 09:00:00.000+0000")
        )


class TestOrder:
    def turns(self, *starts):
        return {
            "id": "k",
            "turns": [{"speaker": "agent", "text": str(place), "start": start} for place, start in enumerate(starts)],
        }

    def test_turns_out_of_order_are_sorted(self):
        assert [turn.text for turn in one(self.turns(5, 1, 3)).turns] == ["1", "2", "0"]

    def test_equal_stamps_stay_as_they_stood(self):
        assert [turn.text for turn in one(self.turns(2, 1, 1, 2)).turns] == ["1", "2", "0", "3"]

    def test_one_missing_start_leaves_the_file_its_order(self):
        assert [turn.text for turn in one(self.turns(5, None, 3)).turns] == ["0", "1", "2"]


def lens(*entries, **more):
    return {"Channel": "CHAT", "CustomerMetadata": {"ContactId": "k"}, "Transcript": [
        {"Type": "MESSAGE", "AbsoluteTime": f"2026-10-05T09:00:{place:02}Z", **entry} for place, entry in enumerate(entries)], **more}  # fmt: skip


class TestPeople:
    def test_two_people_of_one_name(self):
        made = one(lens(
            {"ParticipantId": "1", "ParticipantRole": "AGENT", "DisplayName": "Sam", "Content": "Hello"},
            {"ParticipantId": "2", "ParticipantRole": "CUSTOMER", "DisplayName": "Sam", "Content": "Hi"},
        ))  # fmt: skip
        assert [(str(turn.role), turn.participant.name) for turn in made.turns] == [
            ("agent", "Sam"),
            ("customer", "Sam"),
        ]

    def test_after_a_transfer_each_agent_has_their_own_turns(self):
        made = one("conversation_id,agent_id,role,text\n1,ana,agent,Hello\n1,,customer,Hi\n1,ben,agent,Ben here\n")
        assert [turn.participant.agent_id for turn in made.turns] == ["ana", None, "ben"]

    def test_whoever_is_no_person_greets_for_nobody(self, pack):
        made = one(lens(
            {"ParticipantId": "s", "ParticipantRole": "SYSTEM", "Content": "Hello, welcome to the shop!"},
            {"ParticipantId": "b", "ParticipantRole": "CUSTOM_BOT", "Content": "Hello, how can I help you today?"},
            {"ParticipantId": "a", "ParticipantRole": "AGENT", "Content": "Your number?"},
            {"ParticipantId": "c", "ParticipantRole": "CUSTOMER", "Content": "Why?"},
        ))  # fmt: skip
        facts = pack.facts(made)
        assert [turn.text for turn in facts.spoken] == ["Your number?", "Why?"]
        assert not facts.done(("greeting",))

    def test_notes_are_no_words_to_the_customer(self, pack):
        turns = [
            {"speaker": "agent", "text": "Calm down.", "visibility": "internal"},
            {"speaker": "agent", "text": "Hello"},
        ]
        facts: Facts = pack.facts(one({"id": "k", "turns": turns}))
        assert [turn.text for turn in facts.turns(Role.AGENT)] == ["Hello"]


class TestText:
    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("<p>Hello&nbsp;there &amp; <b>you</b></p><p>It&#39;s me</p>", "Hello there & you\nIt's me"),
            ("one<br>two<br/>three", "one\ntwo\nthree"),
            ("<div>New</div><blockquote>Old</blockquote>", "New"),
            ("<style>p {}</style><script>alert(1)</script>Hi", "Hi"),
            ("a < b and c > d", "a < b and c > d"),
            ("I <3 it", "I <3 it"),
            ("plain", "plain"),
        ],
    )
    def test_markup_goes_and_words_stay(self, html, text):
        assert plain(html) == text

    @pytest.mark.parametrize(
        "mail",
        [
            "Yes.\n\nOn Thu, 2 Jan 2025 at 10:00, Kim <kim@x.example> wrote:\n> Is it?\n",
            "Yes.\n\n-----Original Message-----\nFrom: Kim\n",
            "Yes.\n\n________________\nFrom: Kim\nSent: Monday\n",
            "Yes.\nFrom: Kim\nSent: Monday\nTo: Ana\nold\n",
            "Yes.\n-- \nAna Duarte\nShop Ltd.\n",
            "> Is it?\nYes.\n",
        ],
    )
    def test_an_answer_is_not_what_it_answers(self, mail):
        assert own_words(mail) == "Yes."

    @pytest.mark.parametrize("text", ["[PII]", "[NAME] [ADDRESS]", "{{NAME}}", "***", "<REDACTED>", "####", "[PII] ok"])
    def test_what_was_taken_out_is_neither_shouting_nor_words(self, text):
        assert is_unreadable(text)
        assert not shouting(text)

    def test_a_redacted_name_is_no_name(self):
        made = one(lens({"ParticipantId": "1", "ParticipantRole": "AGENT", "DisplayName": "[PII]", "Content": "Hi"}))
        assert (made.turns[0].participant.name, made.turns[0].participant.agent_id) == (None, None)

    @pytest.mark.parametrize("text", ["🤓", "👍🏽", "\u200fשלום\u200e", "؟"])
    def test_a_message_without_latin_letters_is_a_message(self, text):
        assert one(f"Agent: Hello\nCustomer: {text}\nAgent: Yes\n").turns[1].text == text

    @pytest.mark.parametrize(
        "data",
        [b"Agent: Hello\r\nCustomer: Hi\r\n", b"Agent: Hello\rCustomer: Hi\r", b"\xef\xbb\xbfAgent: Hello\nCustomer: Hi",
         "Agent: Hello\nCustomer: Hi\n".encode("utf-16"), "Agent: Hello\nCustomer: Hi\n".encode("utf-16-le")],
        ids=["CRLF", "CR", "mark", "UTF-16", "UTF-16 without a mark"],
    )  # fmt: skip
    def test_line_ends_and_encodings(self, data):
        assert [(str(turn.role), turn.text) for turn in one(data).turns] == [("agent", "Hello"), ("customer", "Hi")]

    def test_the_same_of_json_and_tables(self):
        told = json.dumps({"id": "k", "turns": [{"speaker": "agent", "text": "Grüße"}]}, ensure_ascii=False)
        for encoding in ("utf-8-sig", "utf-16"):
            assert one(told.encode(encoding)).turns[0].text == "Grüße"
            assert one("speaker;text\nAgent;Grüße\nCustomer;é\n".encode(encoding)).turns[0].text == "Grüße"
        assert "Windows-1252" in one("speaker;text\nAgent;Grüße\n".encode("cp1252")).warnings[0]


def test_partial_results_are_left_to_the_final_ones():
    told = {"Channel": "VOICE", "Transcript": [
        {"ParticipantId": "AGENT", "Content": "Hel", "IsPartial": True, "BeginOffsetMillis": 0, "EndOffsetMillis": 5},
        {"ParticipantId": "AGENT", "Content": "Hello", "BeginOffsetMillis": 0, "EndOffsetMillis": 9}]}  # fmt: skip
    assert [turn.text for turn in one(told).turns] == ["Hello"]


def test_voices_in_one_cue_are_all_kept():
    made = one("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Agent>Yes</v>\n<v Customer>No</v>\n<v Agent>Well\n")
    assert [(str(turn.role), turn.text) for turn in made.turns] == [
        ("agent", "Yes"),
        ("customer", "No"),
        ("agent", "Well"),
    ]


def test_a_blank_line_in_a_cue_is_text():
    made = one(
        "1\n00:00:01,000 --> 00:00:02,000\nAgent: one\n\ntwo\n\n2\n00:00:03,000 --> 00:00:04,000\nCustomer: three\n"
    )
    assert [turn.text for turn in made.turns] == ["one two", "three"]


def test_whatsapp_lines_in_the_ways_of_many_phones():
    for stamp, order in (
        ("[05.10.26, 09:00:12] ", None), ("10/5/26, 9:00\u202fAM - ", "mdy"), ("2026-10-05, 09:00 - ", None), ("\u200e[05/10/26 09:00] ", "dmy"),
        ("05/10/2026, 9:00 p. m. - ", "dmy"),
    ):  # fmt: skip
        made = one(
            f"{stamp}Ana Duarte: Hello\n{stamp}Kim: <Media omitted>\n{stamp}Messages are encrypted\n{stamp}Kim: Hi: there\nand more\n",
            date_order=order,
        )
        assert [(turn.participant.name, turn.text) for turn in made.turns] == [
            ("Ana Duarte", "Hello"),
            ("Kim", "Hi: there\nand more"),
        ]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("", "empty"),
        ({"jobName": "j", "results": {"transcripts": [], "items": []}}, "no-speakers"),
        ({"audio_segments": [], "metadata": {}}, "no-turns"),
        ({"conversationHistoryRecords": [{"messageRecords": []}]}, "no-turns"),
        ({"messages": []}, "format"),
        ({"callTranscripts": [{"callId": "1", "transcript": []}]}, "no-turns"),
        ({"metadata": {}, "results": {"channels": []}}, "no-turns"),
        ({"type": "conversation", "conversation_parts": {"conversation_parts": []}}, "no-turns"),
    ],
)  # fmt: skip
def test_files_in_which_nobody_says_anything(told, code):
    (found,) = reading(told)
    assert isinstance(found, Rejected)
    assert found.code == code


@pytest.mark.parametrize("part", ["a", "a ", " ", "a:", "[", "(a ", "1:", "<", "<a ", "&", "-", "a\t", "A. "])
def test_a_long_line_takes_no_longer_than_it_is(part):
    line = part * (60_000 // len(part))
    assert reading(f"Agent: hi\n{line}\nCustomer: {line} x\nAgent: ok\n")
    assert reading(f"WEBVTT\n\n00:01.000 --> 00:02.000\nAgent: {line} x\n")

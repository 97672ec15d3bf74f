"""The many ways in which people and programs write the same thing, and what must not be mistaken for it."""

import json

import pytest

from audit.ingest.labels import speakers
from audit.ingest.readers import read
from audit.ingest.source import Options, Rejected, Source
from audit.model import Conversation


def reading(told, name="x", **options):
    data = told if isinstance(told, bytes) else told.encode() if isinstance(told, str) else json.dumps(told).encode()
    return list(read(Source(name, data, Options(**options))))


def one(told, **options):
    (made,) = reading(told, **options)
    assert isinstance(made, Conversation), made.reason
    return made


def said(made):
    return [(str(turn.role), turn.text, turn.start) for turn in made.turns]


@pytest.mark.parametrize(
    ("lines", "starts"),
    [
        ("- Agent: {}\n- Customer: {}\n", (None, None)),
        ("* **Agent**: {}\n* **Customer**: {}\n", (None, None)),
        ("**Agent** (0:01): {}\n**Customer** (0:04): {}\n", (1, 4)),
        ("AGENT (00:01): {}\nCUSTOMER (00:04): {}\n", (1, 4)),
        ("Agent [00:01]: {}\nCustomer [00:04]: {}\n", (1, 4)),
        ("[Agent] {}\n[Customer] {}\n", (None, None)),
        ("<Agent> {}\n<Customer> {}\n", (None, None)),
        ("Agent> {}\nCustomer> {}\n", (None, None)),
        ("Agent:{}\nCustomer:{}\n", (None, None)),
        ("Agent：{}\nCustomer：{}\n", (None, None)),
        ("00:00:01\tAgent\t{}\n00:00:04\tCustomer\t{}\n", (1, 4)),
        ("[00:01 --> 00:03] Agent: {}\n[00:04 --> 00:05] Customer: {}\n", (1, 4)),
        ("00:01 - 00:03 Agent: {}\n00:04 - 00:05 Customer: {}\n", (1, 4)),
        ("2024-05-01 10:00:01 Agent: {}\n2024-05-01 10:00:04 Customer: {}\n", (0, 3)),
        ("[2024-05-01T10:00:01Z] Agent: {}\n[2024-05-01T10:00:04Z] Customer: {}\n", (0, 3)),
        ("10:00:01 PM Agent: {}\n10:00:04 PM Customer: {}\n", (0, 3)),
        ("00:00:01\nAgent: {}\n00:00:04\nCustomer: {}\n", (1, 4)),
        ("Agent   0:01\n{}\n\nCustomer   0:04\n{}\n", (1, 4)),
        ("\u200fAgent: {}\n\u200fCustomer: {}\n", (None, None)),
        ("Agent:\n{}\nCustomer:\n{}\n", (None, None)),
        ("Agent #12: {}\nCustomer: {}\n", (None, None)),
    ],
)
def test_speakers_are_written_in_many_ways(lines, starts):
    made = one(lines.format("Hello there.", "My order is late: help"))
    assert said(made) == [("agent", "Hello there.", starts[0]), ("customer", "My order is late: help", starts[1])]


@pytest.mark.parametrize(
    "name",
    [
        "Duarte, Ana",
        "Dr. Ana Duarte Jr",
        "007",
        "@ana",
        "ana@shop.example",
        "Ana | Shop",
        "آنا",
        "Ana María de la Cruz y Vega",
    ],
)
def test_names_are_written_in_many_ways(name):
    made = one(f"{name}: Hello.\nCustomer: Hi.\n{name}: So?\nCustomer: Well.\n")
    assert [turn.participant.id for turn in made.turns] == [name, "Customer", name, "Customer"]


def test_whoever_speaks_once_is_a_speaker_where_every_line_has_one():
    lines = [
        f"{who}: words\n"
        for who in ("Agent", "Customer", "McDonald", "O'Neil, Pat", "de Souza", "Automated message", "Customer")
    ]
    assert [turn.participant.id for turn in one("".join(lines)).turns][2:6] == [
        "McDonald",
        "O'Neil, Pat",
        "de Souza",
        "Automated message",
    ]


def test_what_heads_a_piece_of_information_is_no_speaker():
    lines = [
        "Agent: Here you are",
        "Total: 45 dollars",
        "Note: keep it",
        "Contact: 555",
        "Customer: Thanks",
        "Agent: One more thing: the price",
        "Customer: Yes",
    ]
    made = one("\n".join(lines))
    assert [turn.text for turn in made.turns] == [
        "Here you are Total: 45 dollars Note: keep it Contact: 555", "Thanks", "One more thing: the price", "Yes",
    ]  # fmt: skip
    assert speakers(["https", "He said. Then", "Why", "Ana"] * 2, 4) == {"Ana"}


def test_notes_in_a_text_are_no_words_to_the_customer():
    made = one(
        "Agent: Hello\nAgent (internal note): rude one\nCustomer: Hi\n[Internal note] Agent: watch out\nAgent: Yes\n"
    )
    assert [(turn.text, turn.visibility) for turn in made.turns] == [
        ("Hello", "public"), ("rude one", "internal"), ("Hi", "public"), ("watch out", "internal"), ("Yes", "public"),
    ]  # fmt: skip


def test_several_talks_in_one_text():
    first, second = reading("Call 1\nAgent: Hello\nCustomer: Hi\n===== Call 2 =====\nAgent: Yes\nCustomer: No\n")
    assert [said(each) for each in (first, second)] == [
        [("agent", "Hello", None), ("customer", "Hi", None)], [("agent", "Yes", None), ("customer", "No", None)],
    ]  # fmt: skip
    assert first.id != second.id


@pytest.mark.parametrize(
    "text",
    [
        "[10:02] Agent: a\n[10:09] Customer: b\n",
        "start,speaker,text\n10:02,Agent,a\n10:09,Customer,b\n",
        "[23:58] Agent: a\n[00:02] Customer: b\n",
    ],
)
def test_a_clock_of_two_numbers_is_not_guessed(text):
    (found,) = reading(text)
    assert (found.code, "--time-unit h:mm" in found.reason) == ("time-unit", True)
    assert [turn.start for turn in one(text, time_unit="h:mm").turns] in ([0, 420], [0, 240])


def test_a_clock_past_midnight():
    assert [turn.start for turn in one("23:59:50 Agent: a\n00:00:05 Customer: b\n").turns] == [0, 15]


class TestTables:
    @pytest.mark.parametrize(
        ("head", "rows", "starts"),
        [
            ("Start Time (ms)", ("0", "1500"), (0, 1.5)),
            ("Timestamp (UTC)", ("2026-10-05 09:00:00", "2026-10-05 09:00:02"), (0, 2)),
            ("start", ("11:59:50 AM", "12:00:10 PM"), (0, 20)),
            ("start", ("20261005090000", "20261005090002"), (0, 2)),
            ("start", ("45413.4", "45413.5"), (0, 8640)),
            ("start_ms", ("-20", "2e3"), (None, 2)),
            ("start", ("0.5", "n/a"), (0.5, None)),
            ("start", ("Mon, 05 Oct 2026 09:00:00 GMT", "Mon, 05 Oct 2026 09:00:02 GMT"), (0, 2)),
        ],
    )
    def test_times(self, head, rows, starts):
        made = one(f'{head};speaker;text\n{rows[0]};Agent;a\n{rows[1]};Customer;b\n')  # fmt: skip
        assert tuple(turn.start for turn in made.turns) == starts

    def test_decimals_with_a_comma(self):
        assert [turn.start for turn in one("start;speaker;text\n0,5;Agent;a\n3,25;Customer;b\n").turns] == [0.5, 3.25]

    def test_a_length_has_a_unit_of_its_own(self):
        made = one("start_ms,duration,speaker,text\n0,1.5,Agent,one two three four\n2000,1,Customer,five six\n")
        assert [turn.end for turn in made.turns] == [1.5, 3]

    def test_a_day_beside_a_time(self):
        made = one("date,time,speaker,text\n2026-10-05,23:59:50,Agent,a\n2026-10-06,00:00:05,Customer,b\n")
        assert ([turn.start for turn in made.turns], made.start.isoformat()) == ([0, 15], "2026-10-05T23:59:50")

    @pytest.mark.parametrize("before", ["sep=;\n", "Export of May\n", "\ufeff"])
    def test_what_stands_above_the_names(self, before):
        assert len(one(f"{before}speaker;text\nAgent;a\nCustomer;b\n").turns) == 2

    def test_an_id_of_each_row_is_no_id_of_a_talk(self):
        assert len(one("id,speaker,text\n1,Agent,a\n2,Customer,b\n").turns) == 2

    @pytest.mark.parametrize("column", ["direction", "type", "name"])
    def test_a_talk_in_a_cell_is_read_whatever_stands_beside_it(self, column):
        made = one(f'call_id,{column},transcript\n7,inbound,"Agent: Hello\nCustomer: Hi"\n')
        assert [text for _, text, _ in said(made)] == ["Hello", "Hi"]

    @pytest.mark.parametrize(
        ("column", "value"),
        [("is_internal", "true"), ("public", "false"), ("type", "internal_note"), ("visibility", "Private")],
    )
    def test_notes_are_no_words_to_the_customer(self, column, value):
        made = one(f"id,author_role,text,{column}\n1,agent,Hello,x\n1,agent,rude,{value}\n1,customer,Hi,x\n")
        assert [turn.visibility for turn in made.turns] == ["public", "internal", "public"]

    def test_two_columns_of_text_are_not_guessed_between(self):
        assert "--column" in reading("speaker,text,message\nAgent,a,b\n")[0].reason
        assert one("speaker,text,message\nAgent,a,b\n", columns=(("text", "message"),)).turns[0].text == "b"

    def test_a_row_of_another_length_costs_its_conversation(self):
        found = reading("id,speaker,text\n1,Agent,a\n1,Customer\n2,Agent,b\n2,Customer,c\n")
        assert [(each.code, each.line) for each in found if isinstance(each, Rejected)] == [("csv", 3)]
        assert [each.id for each in found if isinstance(each, Conversation)] == ["2"]

    def test_two_people_of_one_name_stay_two(self):
        made = one("role,speaker,text,agent_id\nagent,Alex,a,1\ncustomer,Alex,b,\nagent,Alex,c,2\n")
        assert len({turn.participant.id for turn in made.turns}) == 3


CHAT = {"Channel": "CHAT", "CustomerMetadata": {"ContactId": "k"}, "Transcript": [
    {"Type": "MESSAGE", "ParticipantId": "a", "ParticipantRole": "AGENT", "Content": "Hello", "AbsoluteTime": "2026-10-05T09:00:00Z"}]}  # fmt: skip


class TestWrappings:
    def test_lists_lines_and_wrappers_of_exports(self):
        other = {**CHAT, "CustomerMetadata": {}}
        for told in ([CHAT, other], f"{json.dumps(CHAT)}\n{json.dumps(other)}\n", {"data": [CHAT, other]}):
            first, second = reading(told)
            assert first.id == "k"
            assert second.id.startswith("x:")
        assert one({"result": CHAT}).id == "k"

    def test_a_bad_one_among_them_is_named_by_its_place(self):
        bad = {**CHAT, "Transcript": [{"Type": "MESSAGE", "Content": 7}]}
        assert [each.reason for each in reading([CHAT, bad]) if isinstance(each, Rejected)] == [
            "/1: /Transcript/0/Content: expected str | null, got int"
        ]
        found = reading(f"{json.dumps(CHAT)}\n{json.dumps(bad)}\n")
        assert [each.line for each in found if isinstance(each, Rejected)] == [2]

    def test_names_in_the_style_of_another_language(self):
        told = {"monologues": [{"speaker": 0, "elements": [{"type": "text", "value": "Hi", "ts": 0.5, "endTs": 0.9}]}]}
        assert one(told).turns[0].end == 0.9
        told = {
            "results": [
                {"alternatives": [{"words": [{"word": "hi", "start_time": "1s", "end_time": "2s", "speaker_tag": 1}]}]}
            ]
        }
        assert one(told).turns[0].start == 1

    def test_null_is_as_good_as_nothing(self):
        told = {
            "Channel": "CHAT",
            "CustomerMetadata": None,
            "Participants": None,
            "Transcript": [{**CHAT["Transcript"][0], "DisplayName": None, "Items": None}],
        }
        assert one(told).turns[0].text == "Hello"

    def test_records_without_ids_are_told_apart(self):
        lines = [{"messages": [{"role": "agent", "content": text}]} for text in ("one", "two")]
        assert len({each.id for each in reading("\n".join(map(json.dumps, lines)))}) == 2

    def test_texts_in_parts_are_whole(self):
        told = [{"role": "agent", "text": "a"}, {"role": "customer", "text": ["My ", {"text": "order"}, " is late"]}]
        assert one(json.dumps(told)).turns[1].text == "My order is late"


class TestCaptions:
    def test_two_speakers_in_a_cue(self):
        made = one(
            "1\n00:00:01,000 --> 00:00:02,000\n- Agent: Hello\n- Customer: Hi\n\n2\n00:00:03,000 --> 00:00:04,000\nAgent: So: well\n"
        )
        assert [(role, text) for role, text, _ in said(made)] == [
            ("agent", "Hello"),
            ("customer", "Hi"),
            ("agent", "So: well"),
        ]

    def test_a_sentence_with_a_colon_is_nobodys_name(self):
        made = one(
            "WEBVTT\n\n00:01.000 --> 00:02.000\nAgent: Hello\n\n00:03.000 --> 00:04.000\nOne thing: the price\n\n00:05.000 --> 00:06.000\nCustomer: go to menu --> settings\n"
        )
        assert [turn.participant.id for turn in made.turns] == ["Agent", "unnamed", "Customer"]

    def test_one_bad_time_costs_that_time(self):
        made = one("WEBVTT\n\n00:01.000 --> 00:02.000\nAgent: Hello\n\n00:99:99.0 --> x\nCustomer: Hi\n")
        assert said(made) == [("agent", "Hello", 1), ("customer", "Hi", None)]
        assert "1 of 2 cues" in made.warnings[0]


@pytest.mark.parametrize(
    "stamp",
    [
        "13/05/2024 à 14:33 - ",
        "13.5.2024 klo 14.33 - ",
        "13. 5. 2024 14:33 - ",
        "2024. 05. 13. 14:33 - ",
        "2024년 5월 13일 오후 2:33, ",
        "[2024/5/13 下午2:33:00] ",
    ],
)
def test_whatsapp_in_other_languages(stamp):
    made = one(
        "".join(
            f"{stamp}{name}: {text}\n"
            for name, text in (("Ana", "Hello"), ("Kim Lee", "Hi"), ("Ana", "Bild weggelassen"))
        )
    )
    assert [(turn.participant.name, turn.text) for turn in made.turns] == [("Ana", "Hello"), ("Kim Lee", "Hi")]
    assert made.start.isoformat() == "2024-05-13T14:33:00"


def test_whatsapp_system_lines_and_dates_in_messages_are_no_people():
    lines = [
        "13/05/2024, 10:00 - Messages and calls are end-to-end encrypted. Tap to learn: more",
        '13/05/2024, 10:01 - Ana changed the subject to "Re: order"',
        "13/05/2024, 10:02 - Ana: two slots\n13/05/2024 10:00 - 11:00 slot one",
        "13/05/2024, 10:03 - Kim: fine <This message was edited>",
    ]
    assert [(turn.participant.name, turn.text) for turn in one("\n".join(lines)).turns][-1] == ("Kim", "fine")
    assert {turn.participant.name for turn in one("\n".join(lines)).turns} == {"Ana", "Kim"}


def test_a_visitor_and_a_bot_have_no_agent():
    body = "Chat Started: Friday, September 20, 2019, 16:14:59 (+0000)<br>( 5s ) Maria: Hi<br>( 9s ) Chatbot: Hello<br>"
    assert [role for role, *_ in said(one(f"<p>{body}</p>"))] == ["unknown", "bot"]


def test_a_first_message_that_nobody_typed_is_a_bots():
    told = {"type": "conversation", "id": "1", "conversation_parts": {"conversation_parts": []},
            "source": {"body": "<p>Hi! How can I help you?</p>", "delivered_as": "automated", "author": {"type": "admin", "id": "5"}}}  # fmt: skip
    assert said(one(told)) == [("bot", "Hi! How can I help you?", None)]


TALK = "".join(f"Agent: line {n}\nCustomer: answer {n}\n" for n in range(8))


@pytest.mark.parametrize(
    "turn",
    [
        "Here is your order:\nColour: blue\nSize: M\nDelivery: Friday",
        "Please note: it is final\nPlease note: keep it",
        "Try this.\nStep 1: unplug it\nStep 2: wait",
        "We tried to reach you\nat 10:30 on Monday and\nat 10:45 again",
        "The flights are\nFlight TP100 10:30 AM\nFlight TP200 6:45 PM",
        "In contracts the\ncustomer: you. Note: one\nagent: one case.",
        "You wrote\n> Agent: we will refund you\nand nothing came",
        "Please\ncall 112.\nor else\ncall 911.",
        "See C:\\Temp and https://shop.example\nC:\\Temp: full\nhttps://x: y",
        "It is\n10:30",
    ],
)
def test_what_is_said_over_several_lines_stays_one_turn(turn):
    made = one(f"{TALK}Agent: {turn}\nCustomer: bye\n")
    assert len(made.turns) == 18
    assert made.turns[16].text == " ".join(turn.split("\n"))


@pytest.mark.parametrize(
    "name",
    ["Prof. Lee", "Sra. Gomez", "St. James Support", "Acme Inc. Support", 'Kim "Kiki" Lee', "🌸 Kim", "Jean-Luc d'Arc", "Phone", "Kim?", "kim_lee99", "Ana from Acme Customer Care Team West"],
)  # fmt: skip
def test_whoever_speaks_often_is_a_speaker_however_they_are_called(name):
    made = one(TALK.replace("Customer", name))
    assert {turn.participant.id for turn in made.turns} == {"Agent", name}


def test_a_head_of_the_file_is_not_said_by_anybody():
    made = one("Call ID: 4471\nAgent: Ana Duarte\nCustomer: Kim Lee\nDate: 2024-05-01\n\nAgent: Hello\nCustomer: Hi\n")
    assert [(str(turn.role), turn.participant.name, turn.text) for turn in made.turns] == [
        ("agent", "Ana Duarte", "Hello"), ("customer", "Kim Lee", "Hi"),
    ]  # fmt: skip
    assert made.turns[0].participant.agent_id == "Ana Duarte"


def test_remarks_of_a_transcriber_are_said_by_nobody():
    made = one("Agent: One moment.\n[Customer on hold]\nCustomer: Yes\n--- End of transcript ---\n")
    assert [turn.text for turn in made.turns] == ["One moment.", "Yes"]
    assert "2 remarks" in made.warnings[0]


@pytest.mark.parametrize("name", ["Private Banking", "Internal IT Desk", "Whisper Support"])
def test_a_desk_called_private_is_no_note(name):
    assert {turn.visibility for turn in one(TALK.replace("Agent", name)).turns} == {"public"}


@pytest.mark.parametrize(
    ("text", "role"),
    [("Agent Ana", "agent"), ("Customer Kim Lee", "customer"), ("Agent/Ana", "agent"), ("Customer Service", "agent"), ("Customer Care Team", "agent")],
)  # fmt: skip
def test_a_role_may_stand_before_a_name(text, role):
    assert {str(turn.role) for turn in one(f"{text}: a\nKim Lee: b\n{text}: c\nKim Lee: d\n").turns} == {
        role,
        "unknown",
    }


@pytest.mark.parametrize(
    "text", ["Contact us at <support@acme.example> any time", "a<b and c>d", "<order number>", "my <title> is"]
)
def test_what_only_looks_like_a_tag_is_kept(text):
    assert one(f'speaker,text\nAgent,"{text}"\nCustomer,b\n').turns[0].text == text


def test_a_mail_in_a_row_of_a_ticket_is_no_talk_of_its_own():
    rows = 'id,role,author,text\n1,customer,Kim,"Web form\nCustomer: Kim Lee\nProduct: A1"\n1,agent,Ana,"Dear Kim,\nAgent: see above\nCustomer: fine"\n'
    assert [(str(turn.role), turn.participant.name) for turn in one(rows).turns] == [
        ("customer", "Kim"),
        ("agent", "Ana"),
    ]


def test_a_cell_with_markup_is_a_talk():
    made = one('id,transcript\n7,"Agent: Hello<br>Customer: Hi"\n')
    assert [text for _, text, _ in said(made)] == ["Hello", "Hi"]


@pytest.mark.parametrize(
    "words",
    [
        "The second page was omitted",
        "Missed call yesterday, sorry",
        "<order number>",
        "null",
        "22/05/2024 10:00 - 11:00 first",
    ],
)
def test_whatsapp_words_are_kept(words):
    made = one(
        f"13/05/2024, 10:00 - Ana: Hi\n13/05/2024, 10:01 - Kim: so\n13/05/2024, 10:02 - Ana: {words}\n13/05/2024, 10:03 - Kim: ok\n"
    )
    assert made.turns[2].text == words


@pytest.mark.parametrize("name", ["Sra. Gomez", "Acme Inc. Sales", "Kim!", "Order", "Page"])
def test_whatsapp_contacts_are_kept_however_they_are_called(name):
    made = one(f"13/05/2024, 10:00 - {name}: Hi\n13/05/2024, 10:01 - Kim: so\n13/05/2024, 10:02 - {name}: yes\n")
    assert [turn.participant.name for turn in made.turns] == [name, "Kim", name]


def test_values_wrapped_twice():
    talk = {
        "call_id": "7",
        "utterances": [{"speaker": "Agent", "text": "Hello"}, {"speaker": "Customer", "text": "Hi"}],
    }
    for told in ({"calls": [talk]}, {"data": {"calls": [talk]}}):
        assert one(told).id == "7"


def test_who_speaks_at_the_same_time_may_be_written_in_either_order():
    made = one("[00:12] Agent: a\n[00:14] Customer: b\n[00:13] Agent: c\n")
    assert [(turn.text, turn.start) for turn in made.turns] == [("a", 12), ("c", 13), ("b", 14)]

"""Formats of which no sample was at hand, in the shapes that their makers document."""

import json

import pytest

from audit.ingest.readers import read, reader_for
from audit.ingest.source import Rejected, Source
from audit.model import Channel, Conversation


def reading(told, beside=None, name="export.json"):
    data = told if isinstance(told, bytes) else json.dumps(told).encode()
    files = {key: json.dumps(value).encode() for key, value in (beside or {}).items()}
    return list(read(Source(name, data, beside=files.get)))


def one(told, **more):
    (made,) = reading(told, **more)
    assert isinstance(made, Conversation), made.reason
    return made


def said(conversation):
    return [
        (str(turn.role), turn.participant.name, turn.participant.agent_id, turn.text, turn.start, turn.end)
        for turn in conversation.turns
    ]


TWILIO = {
    "sentences": [
        {"media_channel": 1, "sentence_index": 0, "start_time": "0.72", "end_time": "2.10", "transcript": "Good morning.",
         "confidence": "0.93", "words": [{"word": "Good", "start_time": "0.72", "end_time": "0.95"}]},
        {"media_channel": 2, "sentence_index": 1, "start_time": 2.4, "end_time": 3.9, "transcript": "It is late.",
         "words": None},
    ],
    "meta": {"url": "https://intelligence.example/v2/Transcripts/GT" + "c" * 32 + "/Sentences", "next_page_url": None},
}  # fmt: skip
TWILIO_TRANSCRIPT = {
    "sid": "GT" + "c" * 32, "service_sid": "GAx", "media_start_time": "2025-08-31T20:30:00Z", "language_code": "en-US",
    "customer_key": "call-77",
    "channel": {"participants": [
        {"channel_participant": 1, "role": "Agent", "full_name": "Lou T", "user_id": "lou"},
        {"channel_participant": 2, "role": "Customer", "full_name": "Vera M"}]},
}  # fmt: skip


class TestTwilio:
    def test_sentences_alone_tell_no_roles(self):
        made = one(TWILIO)
        assert said(made) == [
            ("unknown", None, None, "Good morning.", 0.72, 2.1),
            ("unknown", None, None, "It is late.", 2.4, 3.9),
        ]
        assert made.id == "GT" + "c" * 32
        assert not made.one_track

    def test_the_transcript_beside_them_tells_who_spoke(self):
        made = one(TWILIO, beside={"transcript.json": TWILIO_TRANSCRIPT})
        assert [entry[:3] for entry in said(made)] == [("agent", "Lou T", "lou"), ("customer", "Vera M", None)]
        assert (made.id, made.language, made.start.isoformat()) == ("call-77", "en-US", "2025-08-31T20:30:00+00:00")

    def test_the_transcript_of_another_call_tells_nothing(self):
        made = one(TWILIO, beside={"transcript.json": {**TWILIO_TRANSCRIPT, "sid": "GT" + "d" * 32}})
        assert {entry[0] for entry in said(made)} == {"unknown"}

    def test_both_in_one_file(self):
        assert [entry[0] for entry in said(one({**TWILIO_TRANSCRIPT, **TWILIO}))] == ["agent", "customer"]

    def test_a_page_of_several_is_truncated(self):
        made = one({**TWILIO, "meta": {"next_page_url": "https://x"}})
        assert made.truncated
        assert "one page of several" in made.warnings[0]

    def test_the_transcript_is_no_conversation_itself(self):
        assert reading(TWILIO_TRANSCRIPT)[0].code == "companion"


def test_zendesk_chat():
    made = one({
        "id": "1704.23", "type": "chat", "timestamp": "2025-04-24T04:36:45Z", "visitor": {"name": "Visitor 7"},
        "agent_ids": ["4120927"], "agent_names": ["Ana"], "department_name": "Billing",
        "history": [
            {"type": "chat.memberjoin", "name": "Visitor 7", "timestamp": "2025-04-24T04:36:44.807000Z"},
            {"type": "chat.triggermsg", "name": "Help", "msg": "Hi! An agent will be with you.", "timestamp": "2025-04-24T04:36:44.9Z"},
            {"type": "chat.msg", "name": "Visitor 7", "timestamp": "2025-04-24T04:36:45.165000Z", "msg": "Where is it?"},
            {"type": "chat.msg", "name": "Ana", "timestamp": "2025-04-24T04:36:55.165000Z", "msg": "Let me check.",
             "nick": "agent:4120927", "sender_type": "Agent"},
            {"type": "chat.rating", "rating": None, "new_rating": "good", "timestamp": "2025-04-24T04:47:13Z"}],
    })  # fmt: skip
    assert said(made) == [
        ("bot", "Help", None, "Hi! An agent will be with you.", 0, None),
        ("customer", "Visitor 7", None, "Where is it?", 0.265, None),
        ("agent", "Ana", "4120927", "Let me check.", 10.265, None),
    ]
    assert made.turns[2].participant.team == "Billing"


def test_zendesk_chat_in_its_other_wrappings():
    chat = {
        "id": "7",
        "type": "offline_msg",
        "visitor": {"name": "Kim"},
        "message": "Hello?",
        "timestamp": "2014-10-09T05:28:35Z",
    }
    for told in (chat, [chat], {"chats": [chat]}, {"docs": {"7": chat}}):
        made = one(told)
        assert (made.id, said(made)[0][:2]) == ("7", ("customer", "Kim"))


def test_zendesk_tickets_with_comments_and_users():
    comments = [
        {"author_id": 1, "html_body": "<p>It broke.</p>", "public": True, "created_at": "2025-01-02T10:00:00Z", "via": {"channel": "email"}},
        {"author_id": 2, "plain_body": "Rude one.", "public": False, "created_at": "2025-01-02T10:05:00Z"},
        {"author_id": 2, "plain_body": "So sorry!\n\nOn Thu, 2 Jan 2025, Kim wrote:\n> It broke.", "public": True,
         "created_at": "2025-01-02T10:10:00Z"},
    ]  # fmt: skip
    users = [{"id": 1, "name": "Kim", "role": "end-user"}, {"id": 2, "name": "Ana", "role": "agent"}]
    ticket = {
        "id": 35,
        "requester_id": 1,
        "assignee_id": 2,
        "created_at": "2025-01-02T10:00:00Z",
        "via": {"channel": "email"},
    }
    for told, beside in (
        ({"ticket": ticket, "comments": comments, "users": users}, {}),
        ({**ticket, "comments": comments}, {"users.json": {"users": users}}),
        ({"tickets": [{**ticket, "comments": comments}], "users": users}, {}),
    ):
        made = one(told, beside=beside)
        assert [(entry[0], entry[1], entry[3], entry[4]) for entry in said(made)] == [
            ("customer", "Kim", "It broke.", 0), ("agent", "Ana", "Rude one.", 300), ("agent", "Ana", "So sorry!", 600),
        ]  # fmt: skip
        assert [turn.visibility for turn in made.turns] == ["public", "internal", "public"]
        assert (made.id, made.channel) == ("35", Channel.EMAIL)


SLACK = [
    {"type": "message", "user": "U1", "text": "Hi <@U2>, my order &lt;77&gt; is late", "ts": "1638784588.000100",
     "thread_ts": "1638784588.000100", "user_profile": {"display_name": "kim", "real_name": "Kim Lee"}},
    {"type": "message", "user": "U2", "text": "Looking now", "ts": "1638784627.000300", "thread_ts": "1638784588.000100"},
    {"type": "message", "subtype": "bot_message", "bot_id": "B01", "username": "Helpdesk", "text": "Ticket 5", "ts": "1638784700.0"},
    {"type": "message", "subtype": "channel_join", "user": "U7", "text": "<@U7> has joined", "ts": "1638784800.0"},
    {"type": "message", "user": "U2", "text": "And?", "ts": "1638784900.0", "thread_ts": "1638700000.000000"},
]  # fmt: skip
SLACK_USERS = [
    {"id": "U2", "name": "ana", "real_name": "Ana Duarte", "is_bot": False, "profile": {"real_name": "Ana Duarte"}}
]


def test_slack():
    thread, day, late = reading(SLACK, beside={"users.json": SLACK_USERS}, name="support/2021-12-06.json")
    assert [(entry[1], entry[3], entry[4]) for entry in said(thread)] == [
        ("kim", "Hi @Ana Duarte, my order <77> is late", 0), ("Ana Duarte", "Looking now", 39),
    ]  # fmt: skip
    assert said(day)[0][:2] == ("bot", "Helpdesk")
    assert [each.id for each in (thread, day, late)] == [
        "support:1638784588.000100", "support/2021-12-06.json", "support:1638700000.000000:2021-12-06",
    ]  # fmt: skip
    assert late.truncated
    assert reading(SLACK_USERS)[0].code == "companion"


def test_dialpad():
    made = one({"call_id": "5479428721549312", "lines": [
        {"type": "transcript", "name": "Ana", "user_id": 5765607478525952, "content": "Hello.", "time": "2025-05-10T17:34:27.000Z"},
        {"type": "moment", "name": "Ana", "content": "whole_call_summary", "time": "2025-05-10T17:34:28.000Z"},
        {"type": "transcript", "name": "Kim", "contact_id": "agx", "content": "It is late.", "time": "2025-05-10T17:34:31.120Z"}]})  # fmt: skip
    assert said(made) == [
        ("agent", "Ana", "5765607478525952", "Hello.", 0, None), ("customer", "Kim", None, "It is late.", 4.12, None),
    ]  # fmt: skip
    assert made.start.isoformat() == "2025-05-10T17:34:27+00:00"


RINGSENSE = {
    "sourceRecordId": "p-v-a3", "ownerExtensionId": "6328932", "recordingStartTime": "2025-09-12T16:27:34.611Z",
    "speakerInfo": [{"speakerId": "33", "name": "Leon", "extensionId": "6328932"}, {"speakerId": "da", "name": "Customer", "extensionId": None}],
    "insights": {"Transcript": [{"end": 4.68, "text": "Hello.", "start": 1.52, "speakerId": "33"},
                                {"end": 8, "text": "It is dead.", "start": 6.84, "speakerId": "da"},
                                {"end": 9, "text": "Who?", "start": 8.5, "speakerId": "zz"}]},
}  # fmt: skip


@pytest.mark.parametrize("told", [RINGSENSE, {"event": "/ai/ringsense", "body": RINGSENSE}])
def test_ringcentral(told):
    made = one(told)
    assert said(made) == [
        ("agent", "Leon", "6328932", "Hello.", 1.52, 4.68), ("customer", "Customer", None, "It is dead.", 6.84, 8),
        ("unknown", None, None, "Who?", 8.5, 9),
    ]  # fmt: skip


GONG = {"records": {}, "callTranscripts": [{"callId": "7782342274025937895", "transcript": [
    {"speakerId": "64", "topic": "Greeting", "sentences": [{"start": 460, "end": 2860, "text": "Hello there."}]},
    {"speakerId": "77", "topic": None, "sentences": [{"start": 4300, "end": 6900, "text": "It is wrong."}]}]}]}  # fmt: skip
GONG_CALLS = {"calls": [{
    "metaData": {"id": "7782342274025937895", "started": "2025-02-17T02:30:00-08:00", "duration": 460, "language": "eng"},
    "parties": [{"id": "5", "name": "Ana", "userId": "234", "speakerId": "64", "affiliation": "Internal"},
                {"id": "6", "name": "Kim", "speakerId": "77", "affiliation": "External"}]}]}  # fmt: skip


def test_gong():
    assert {entry[0] for entry in said(one(GONG))} == {"unknown"}
    for made in (one(GONG, beside={"calls.json": GONG_CALLS}), one({**GONG, **GONG_CALLS})):
        assert said(made) == [
            ("agent", "Ana", "234", "Hello there.", 0.46, 2.86), ("customer", "Kim", None, "It is wrong.", 4.3, 6.9),
        ]  # fmt: skip
        assert (made.id, made.language, made.start.isoformat()) == (
            "7782342274025937895",
            "en",
            "2025-02-17T02:30:00-08:00".replace("02:30", "10:30").replace("-08", "+00"),
        )
    assert reading(GONG_CALLS)[0].code == "companion"


def test_gong_in_seconds_where_the_length_of_the_call_says_so():
    told = json.loads(
        json.dumps(GONG).replace("6900", "400.5").replace("4300", "398").replace("460", "0.46").replace("2860", "2.86")
    )
    assert [(entry[4], entry[5]) for entry in said(one({**told, **GONG_CALLS}))] == [(0.46, 2.86), (398, 400.5)]


def test_google_speech_reads_the_last_result_only_where_it_repeats_all():
    def word(text, start, end, tag=None):
        return {"word": text, "startTime": start, "endTime": end} | ({"speakerTag": tag} if tag else {})

    made = one({"results": [
        {"alternatives": [{"transcript": "hello how", "words": [word("hello", "0s", "0.400s"), word("how", "1s", "1.200s")]}]},
        {"alternatives": [{"words": [{"word": "hello", "endTime": "0.400s", "speakerTag": 1}, word("how", "1s", "1.200s", 2)]}]}]})  # fmt: skip
    assert [(entry[3], entry[4], entry[5]) for entry in said(made)] == [("hello", 0, 0.4), ("how", 1, 1.2)]
    (made,) = reading({"results": [
        {"alternatives": [{"words": [{"word": "hello", "startTime": {"nanos": 500000000}, "endTime": {"seconds": "1"}, "speakerTag": 2}]}]}]})  # fmt: skip
    assert said(made)[0][3:] == ("hello", 0.5, 1)


def test_google_speech_without_speakers_is_refused():
    assert reading({"results": [{"alternatives": [{"transcript": "hello", "words": []}]}]})[0].code == "no-speakers"


def test_google_conversation():
    made = one({
        "name": "projects/p/locations/l/conversations/c77", "startTime": "2025-02-01T10:00:00Z", "languageCode": "en-US",
        "agentId": "a12", "medium": "PHONE_CALL", "callMetadata": {"customerChannel": 1, "agentChannel": 2},
        "qualityMetadata": {"agentInfo": [{"agentId": "a12", "displayName": "Ana", "teams": ["Billing"]}]},
        "transcript": {"transcriptSegments": [
            {"text": "Ana speaking.", "segmentParticipant": {"role": "HUMAN_AGENT", "userId": "a12"},
             "words": [{"startOffset": "0.800s", "endOffset": "1.200s", "word": "Ana"}, {"startOffset": "1.300s", "endOffset": "2.100s", "word": "speaking."}]},
            {"text": "It is wrong.", "channelTag": 1, "messageTime": "2025-02-01T10:00:03Z"}]}})  # fmt: skip
    assert said(made) == [
        ("agent", "Ana", "a12", "Ana speaking.", 0.8, 2.1),
        ("customer", None, None, "It is wrong.", 3, None),
    ]
    assert (made.id, made.turns[0].participant.team) == ("c77", "Billing")


def test_rev():
    made = one({"monologues": [
        {"speaker": 0, "elements": [{"type": "text", "value": "Hello", "ts": 0.5, "end_ts": 0.9}, {"type": "punct", "value": " "},
                                    {"type": "text", "value": "there", "ts": 0.95, "end_ts": 1.2}, {"type": "punct", "value": "."}]},
        {"speaker": 1, "speaker_info": {"id": "1", "display_name": "Kim"}, "elements": [
            {"type": "text", "value": "Hi", "ts": 1.6, "end_ts": 1.8}, {"type": "text", "value": "you", "ts": 1.9, "end_ts": 2}]}]})  # fmt: skip
    assert said(made) == [("unknown", None, None, "Hello there.", 0.5, 1.2), ("unknown", "Kim", None, "Hi you", 1.6, 2)]


def test_fireflies():
    transcript = {"id": "Ovw", "title": "Call", "date": 1713201000000, "duration": 1.25, "sentences": [
        {"index": 0, "speaker_id": 0, "speaker_name": "Ana", "text": "Hello.", "raw_text": "hello", "start_time": 0.32, "end_time": 1.9},
        {"index": 1, "speaker_id": 1, "speaker_name": "Kim", "text": "Hi.", "raw_text": "hi", "start_time": "2.1", "end_time": "2.4"}]}  # fmt: skip
    for told in (transcript, {"data": {"transcript": transcript}}, {"data": {"transcripts": [transcript]}}):
        made = one(told)
        assert [entry[1:] for entry in said(made)] == [
            ("Ana", None, "Hello.", 0.32, 1.9),
            ("Kim", None, "Hi.", 2.1, 2.4),
        ]
        assert made.start.isoformat() == "2024-04-15T17:10:00+00:00"
    assert reading({**transcript, "sentences": None})[0].code == "no-turns"


def test_whisperx_cuts_a_segment_where_the_speaker_changes():
    made = one({"language": "en", "word_segments": [], "segments": [
        {"start": 0.0, "end": 2.0, "text": " Hello. Hi.", "speaker": "SPEAKER_00", "words": [
            {"word": "Hello.", "start": 0.0, "end": 0.5, "speaker": "SPEAKER_00"}, {"word": "Hi.", "start": 1.5, "end": 2.0, "speaker": "SPEAKER_01"}]},
        {"start": 3.0, "end": 4.0, "text": " Order 2014.", "words": [{"word": "Order", "start": 3.0, "end": 3.4, "speaker": "SPEAKER_01"}, {"word": "2014."}]}]})  # fmt: skip
    assert [(turn.participant.id, turn.text, turn.start, turn.end) for turn in made.turns] == [
        ("SPEAKER_00", "Hello.", 0, 0.5), ("SPEAKER_01", "Hi.", 1.5, 2), ("SPEAKER_01", "Order 2014.", 3, 4),
    ]  # fmt: skip


def test_whisper_cpp_counts_milliseconds():
    made = one({"result": {"language": "en"}, "transcription": [
        {"offsets": {"from": 0, "to": 2500}, "text": " Hello.", "speaker": "0"}, {"offsets": {"from": 2500, "to": 4000}, "text": " Hi.", "speaker": "?"}]})  # fmt: skip
    assert [(turn.participant.id, turn.text, turn.end) for turn in made.turns] == [
        ("0", "Hello.", 2.5),
        ("unnamed", "Hi.", 4),
    ]


def test_teams_json_though_it_names_a_schema():
    made = one({"$schema": "http://stream.office.com/schemas/transcript.json", "type": "Transcript", "entries": [
        {"text": "Hello.", "speakerDisplayName": "Ana", "startOffset": "00:00:07.0033780", "endOffset": "00:00:09.8"}]})  # fmt: skip
    assert said(made) == [("unknown", "Ana", None, "Hello.", 7.003378, 9.8)]


def test_teams_captions():
    made = one(
        b"WEBVTT\n\n0:0:0.0 --> 0:0:5.320\n<v Ana Duarte>Hello</v>\n\n-0:00:03.120 --> 00:00:01.000\n<v Kim>Hm</v>\n"
    )
    assert [(entry[1], entry[3]) for entry in said(made)] == [("Ana Duarte", "Hello"), ("Kim", "Hm")]
    cue = json.dumps(
        {"speakerName": "Ana", "spokenText": "Hello.", "startDateTime": "2023-03-08T08:22:30.0461639+00:00"}
    )
    made = one(f"WEBVTT\n\n00:00:16.246 --> 00:00:17.726\n{cue}\n".encode())
    assert said(made) == [("unknown", "Ana", None, "Hello.", 16.246, 17.726)]


def test_azure_fast_transcription_and_channels():
    made = one({"durationMilliseconds": 4000, "combinedPhrases": [{"text": "x"}], "phrases": [
        {"channel": 0, "offsetMilliseconds": 100, "durationMilliseconds": 1000, "text": "Hello.", "locale": "en-US", "words": []},
        {"channel": 1, "offsetMilliseconds": 50, "durationMilliseconds": 30, "text": "Hi.", "words": []}]})  # fmt: skip
    assert [(turn.participant.id, turn.text, turn.start, turn.end) for turn in made.turns] == [
        ("1:None", "Hi.", 0.05, 0.08),
        ("0:None", "Hello.", 0.1, 1.1),
    ]


def test_azure_conversations_count_ticks():
    made = one({"analysisInput": {"conversations": [{"id": "c", "language": "en", "modality": "transcript", "conversationItems": [
        {"id": "1", "participantId": "p1", "role": "Agent", "modality": "transcript", "text": "Hello.",
         "conversationItemLevelTiming": {"offset": 1000000, "duration": 10000000}}]}]}})  # fmt: skip
    assert said(made) == [("agent", None, None, "Hello.", 0.1, 1.1)]


def test_transcribe_audio_segments():
    made = one({"jobName": "j", "results": {"transcripts": [], "items": [
        {"id": 0, "type": "pronunciation", "alternatives": [{"content": "Hello"}], "start_time": "0.1", "end_time": "0.56"},
        {"id": 1, "type": "punctuation", "alternatives": [{"content": "."}]}],
        "audio_segments": [{"id": 0, "transcript": "Hello.", "start_time": "0.1", "end_time": "0.56", "speaker_label": "spk_0", "items": [0, 1]}]}})  # fmt: skip
    assert said(made) == [("unknown", None, None, "Hello.", 0.1, 0.56)]
    assert [word.text for word in made.turns[0].words] == ["Hello"]


def test_several_channels_are_several_tracks():
    deepgram = one({"metadata": {"request_id": "a"}, "results": {"channels": [{"alternatives": []}, {"alternatives": []}], "utterances": [
        {"start": 0.1, "end": 0.5, "channel": 0, "transcript": "Hello.", "speaker": 0}, {"start": 0.3, "end": 0.6, "channel": 1, "transcript": "Hi.", "speaker": 0}]}})  # fmt: skip
    assembly = one({"id": "6", "status": "completed", "audio_duration": 4, "multichannel": True, "utterances": [
        {"text": "Hello.", "start": 100, "end": 560, "channel": "1", "speaker": "1"}, {"text": "Hi.", "start": 1000, "end": 1300, "channel": "2", "speaker": "2"}]})  # fmt: skip
    for made in (deepgram, assembly):
        assert len(made.participants) == 2
        assert not made.one_track


def test_liveperson_live_chat_with_notes_between_agents():
    made = one({"interactionHistoryRecords": [{"info": {"engagementId": "q"}, "transcript": {"lines": [
        {"timeL": 1485969123246, "text": "<p>Hello &amp; welcome</p>", "by": "Ana", "source": "agent", "agentId": 213},
        {"timeL": 1485969124246, "text": "he is cross", "by": "Ana", "source": "agent", "agentId": 213, "subType": "ONLY_TO_REP"}]}}]})  # fmt: skip
    assert [(turn.text, turn.visibility) for turn in made.turns] == [
        ("Hello & welcome", "public"),
        ("he is cross", "internal"),
    ]


def test_intercom_counts_its_assistant_as_a_bot():
    part = {"part_type": "comment", "body": "<p>Let me check.</p>", "created_at": 1734537521,
            "author": {"type": "admin", "id": "1", "name": "Operator", "from_ai_agent": True}}  # fmt: skip
    note = {
        "part_type": "note",
        "body": "<p>rude</p>",
        "created_at": 1734537522,
        "author": {"type": "admin", "id": "2"},
    }
    made = one({"type": "conversation", "id": "147", "created_at": 1734537511, "conversation_parts": {"total_count": 2, "conversation_parts": [part, note]},
                "source": {"body": "<p>Late</p>", "author": {"type": "user", "id": "67"}}})  # fmt: skip
    assert [(str(turn.role), turn.visibility) for turn in made.turns] == [
        ("customer", "public"),
        ("bot", "public"),
        ("agent", "internal"),
    ]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"payload": "x", "signatures": []}, "signed"),
        ({"ciphertext": "x", "recipients": []}, "encrypted"),
        ({"parties": [], "dialog": [{"type": "recording", "url": "x"}]}, "no-turns"),
    ],
)
def test_vcons_that_hold_no_words(told, code):
    assert reading(told)[0].code == code


def test_vcon_text_in_html_base64_and_parts():
    dialog = [
        {"type": "text", "start": "2026-07-02T09:14:03.000Z", "originator": 1, "mediatype": "text/html", "encoding": "none", "body": "<p>Hello</p>"},
        {"type": "text", "start": "2026-07-02T09:14:05Z", "parties": [0], "mimetype": "text/plain", "encoding": "base64url", "body": "SGkh"},
        {"type": "text", "start": "2026-07-02T09:14:07Z", "parties": 0, "mediatype": 'multipart/alternative; boundary="b"',
         "body": "--b\nContent-Type: text/plain\n\nplainly\n--b\nContent-Type: text/html\n\n<p>x</p>\n--b--\n"}]  # fmt: skip
    made = one(
        {
            "uuid": "u",
            "parties": [{"tel": "+1", "role": "customer"}, {"name": "Ana", "role": "agent"}],
            "dialog": dialog,
        }
    )
    assert [(entry[0], entry[3], entry[4]) for entry in said(made)] == [
        ("agent", "Hello", 0),
        ("customer", "Hi!", 2),
        ("customer", "plainly", 4),
    ]


def test_vcon_transcripts_of_other_shapes():
    parties = [{"name": "Ana", "role": "agent"}, {"name": "Kim", "role": "customer"}]
    turns = [
        {"parties": 0, "start": 0.5, "duration": 1.0, "text": "Hello and welcome here."},
        {"parties": 1, "start": 2.0, "duration": 1.0, "text": "Hi, it is me again."},
    ]
    for body in (turns, json.dumps(turns)):
        made = one(
            {"uuid": "u", "parties": parties, "dialog": [], "analysis": [{"type": "transcript-redacted", "body": body}]}
        )
        assert [(entry[0], entry[1], entry[4], entry[5]) for entry in said(made)] == [
            ("agent", "Ana", 0.5, 1.5),
            ("customer", "Kim", 2, 3),
        ]


def test_every_reader_is_taken_by_nobody_else(shared):
    for path in (shared / "formats").rglob("*.*"):
        if path.suffix not in (".md",) and "schema" not in path.name:
            assert reader_for(Source(path.name, path.read_bytes()))


def test_a_wrong_part_is_named_by_its_place():
    (found,) = reading({"call_id": 1, "lines": [{"content": "a"}, {"content": 7}]})
    assert isinstance(found, Rejected)
    assert found.reason == "/lines/1/content: expected str | null, got int"

"""What is written reads back as the same conversation, whatever it holds."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.ingest import writers
from audit.ingest.readers import read
from audit.ingest.source import Source
from audit.model import Channel, Conversation, Participant, Role, Turn, Word

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40)
NAME = TEXT.map(str.strip).filter(bool)
SECONDS = st.integers(0, 9_000_000).map(lambda millis: millis / 1000)
KEYS = st.text("abcdefghijk", min_size=1, max_size=6)
MOMENTS = st.datetimes(
    datetime(2001, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC) | st.none()
).map(lambda when: when.replace(microsecond=when.microsecond // 1000 * 1000))  # fmt: skip


@st.composite
def conversations(draw):
    people = []
    for key in draw(st.lists(NAME, min_size=1, max_size=4, unique=True)):
        role = draw(st.sampled_from(Role))
        who = draw(NAME) if role is Role.AGENT else None
        source = draw(st.sampled_from(["file", "roster", "option", "guess"]))
        people.append(Participant(key, role, draw(st.none() | NAME), who, draw(st.none() | NAME), source))
    start = 0.0
    turns = []
    for _ in range(draw(st.integers(1, 5))):
        start += draw(SECONDS)
        begins = draw(st.sampled_from([None, round(start, 3)]))
        ends = None if begins is None else draw(st.sampled_from([None, round(begins + draw(SECONDS), 3)]))
        words = (Word("hm", begins, begins + 1),) if begins is not None and draw(st.booleans()) else None
        visibility = draw(st.sampled_from(["public", "internal"]))
        turns.append(
            Turn(len(turns), draw(st.sampled_from(people)), draw(TEXT), begins, ends, words, visibility=visibility)
        )
    people = [person for person in people if any(turn.participant is person for turn in turns)]
    return Conversation(
        draw(NAME), draw(st.sampled_from(list(Channel))), tuple(people), tuple(turns),
        language=draw(st.sampled_from([None, "en", "en-US"])), start=draw(st.none() | MOMENTS),
        metadata=draw(st.dictionaries(KEYS.map(lambda key: f"m_{key}"), TEXT | st.integers(-5, 5), max_size=2)),
        vendor_metrics=draw(st.dictionaries(KEYS, st.integers(-5, 5), max_size=2)),
        one_track=draw(st.booleans()), truncated=draw(st.booleans()),
    )  # fmt: skip


def back(data):
    (made,) = read(Source("written", data))
    return made


def told(conversation, without=()):
    """All that a conversation holds, without where it was read from."""
    return {key: value for key, value in writers.as_object(conversation).items() if key not in without}


@settings(deadline=None, max_examples=150)
@given(conversations())
def test_json_lines_read_back_equal(conversation):
    assert told(back(writers.jsonl(conversation))) == told(conversation)


@settings(deadline=None, max_examples=150)
@given(conversations())
def test_vcons_read_back_equal(conversation):
    assert told(back(writers.vcon(conversation))) == told(conversation)


@settings(deadline=None, max_examples=150)
@given(conversations())
def test_csv_reads_back_equal_but_for_what_it_says_it_loses(conversation):
    def kept(each):
        held = told(each, without=("metadata", "vendor_metrics", "participants"))
        held["turns"] = [{key: value for key, value in turn.items() if key != "words"} for turn in held["turns"]]
        people = {json.dumps(person, sort_keys=True) for person in writers.as_object(each)["participants"]}
        return held, people

    assert kept(back(writers.csv_head() + writers.csv_rows(conversation))) == kept(conversation)
    lost = writers.losses(conversation)
    assert ("times of words" in lost) == any(turn.words for turn in conversation.turns)
    assert ("metadata" in lost) == bool(conversation.metadata or conversation.vendor_metrics)


def test_no_cell_starts_a_formula():
    talk = Conversation(
        "=1+1", Channel.CHAT, (agent := Participant("a", Role.AGENT),), (Turn(0, agent, "ok;@SUM(A1)"),)
    )
    row = writers.csv_rows(talk).decode()
    assert row.startswith("1,'=1+1,")
    assert "ok;'@SUM(A1)" in row


def test_a_vcon_tells_other_tools_what_was_said_when():
    people = (Participant("a", Role.AGENT, "Ana", "ana"), Participant("c", Role.CUSTOMER))
    start = datetime(2026, 7, 2, 9, tzinfo=timezone(timedelta(hours=2)))
    talk = Conversation("c1", Channel.VOICE, people, (Turn(0, people[0], "Hello", 1.5, 2.0),), start=start)
    made = json.loads(writers.vcon(talk))
    assert made["parties"][0] == {"name": "Ana", "role": "agent", "uuid": "ana"}
    assert made["dialog"][0]["start"] == "2026-07-02T09:00:01.500000+02:00"
    assert made["dialog"][0]["body"] == "Hello"


@pytest.mark.parametrize("form", ["jsonl", "vcon"])
def test_what_was_made_of_a_real_export_reads_back_equal(shared, form):
    for path in sorted((shared / "formats").rglob("*.*")):
        for made in read(Source(path.name, path.read_bytes())):
            if isinstance(made, Conversation):
                again = back(getattr(writers, form)(made))
                assert told(again) == told(made), path

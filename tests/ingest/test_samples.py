"""The real samples beside FORMATS.md, against what was found by reading the files themselves.

Choices where two answers are right: Genesys counts from the start of the conversation, Salesforce from the start of the
chat, other chats from the first message; redacted and system names are no names; a vCon e-mail is left without the one
it answers; a cue without a name is one more speaker.
"""

import json
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from audit.ingest.readers import read
from audit.ingest.source import Options, Rejected, Source
from audit.model import Conversation

EXPECTED = json.loads((Path(__file__).parent / "samples.json").read_text(encoding="utf-8"))
SCHEMA = "genesys-cloud/genesys_cloud_schema.json"
ENCODINGS = {"webvtt-srt/gb2312.srt": "gb2312"}


@pytest.fixture
def found(shared, request):
    path = shared / "formats" / request.param
    return list(read(Source(path.name, path.read_bytes(), Options(encoding=ENCODINGS.get(request.param)))))


@pytest.mark.parametrize(
    ("found", "expected"),
    [(path, told) for path, told in EXPECTED.items() if path != SCHEMA],
    indirect=["found"],
    ids=[path for path in EXPECTED if path != SCHEMA],
)
def test_a_sample_reads_as_a_person_reads_it(found, expected):
    assert all(isinstance(each, Conversation) for each in found)
    assert len(found) == expected["conversations"]
    made = found[0]
    turns = made.turns
    start = made.start and made.start.isoformat().replace("+00:00", "Z")
    wanted = expected["start"]
    if wanted and made.start:
        assert datetime.fromisoformat(start) == datetime.fromisoformat(wanted)
    else:
        assert start == wanted
    assert (made.id if made.has_own_id else None) == expected["id"]
    assert made.channel == expected["channel"]
    assert len(turns) == expected["turns"]
    assert dict(Counter(str(turn.role) for turn in turns)) == expected["roles"]
    assert len({turn.participant.id for turn in turns}) == expected["speakers"]
    assert sorted({turn.participant.name for turn in turns} - {None}) == expected["names"]
    assert turns[0].start == pytest.approx(expected["first_start"], abs=1e-3)
    assert turns[-1].start == pytest.approx(expected["last_start"], abs=1e-3)
    assert turns[-1].end == pytest.approx(expected["last_end"], abs=1e-3)
    assert made.language == expected["language"]
    assert any(turn.words for turn in turns) == expected["has_word_times"]
    assert " ".join(turns[0].text.split())[:50] == " ".join(expected["first_text"].split())[:50]
    assert " ".join(turns[-1].text.split())[:50] == " ".join(expected["last_text"].split())[:50]


def test_every_sample_is_expected(shared):
    there = {path.relative_to(shared / "formats").as_posix() for path in (shared / "formats").rglob("*.*")}
    assert {name for name in there if "/" in name} == set(EXPECTED)


@pytest.mark.parametrize("found", [SCHEMA], indirect=True)
def test_a_schema_is_named_for_what_it_is(found):
    assert [each.code for each in found if isinstance(each, Rejected)] == ["schema"]


def test_words_outside_any_segment_are_told(shared):
    path = shared / "formats/amazon-transcribe/speaker_labels.trimmed.json"
    (made,) = read(Source(path.name, path.read_bytes()))
    assert "some words belong to no speaker's segment" in made.warnings[0]

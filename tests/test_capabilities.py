import json

import pytest

from audit.capabilities import GUESSED, capabilities
from audit.ingest.readers import read
from audit.ingest.source import Source


def made(**changes):
    turns = [
        {"participant": "a", "text": "Hello", "start": 0, "end": 1, "words": [{"text": "Hello", "start": 0, "end": 1}]},
        {"participant": "c", "text": "Hi", "start": 1, "end": 2, "words": [{"text": "Hi", "start": 1, "end": 2}]},
    ]
    people = [{"id": "a", "role": "agent", "name": "Ana"}, {"id": "c", "role": "customer"}]
    told = {"id": "k", "channel": "voice", "participants": people, "turns": turns} | changes
    (conversation,) = read(Source("x", json.dumps(told).encode()))
    return capabilities(conversation)


def without(*keys, **more):
    (first, second) = (
        {"participant": who, "text": "Hi", "start": at, "end": at + 1} for who, at in (("a", 0), ("c", 1))
    )
    return [{key: value for key, value in turn.items() if key not in keys} | more for turn in (first, second)]


def test_a_file_that_tells_all_has_no_limits():
    told = made()
    assert told.limits() == ()
    assert [name for name, there in told.flags().items() if not there] == [
        "is_written",
        "is_redacted",
        "is_truncated",
        "is_guessed",
    ]


@pytest.mark.parametrize(
    ("changes", "limits"),
    [
        ({"turns": without("start", "end")}, ("no times",)),
        ({"turns": without("end")}, ("no times at which turns ended",)),
        ({"turns": without()}, ("no times of words",)),
        ({"channel": "chat", "turns": without("end")}, ()),
        ({"one_track": True}, ("all voices on one track, so overlaps cannot be seen",)),
        ({"truncated": True}, ("the export holds only a part",)),
        ({"turns": without(text="My name is [PII]")}, ("no times of words", "parts were redacted")),
        ({"participants": [{"id": "a", "role": "agent", "agent_id": None}, {"id": "c", "role": "customer"}]}, ("the agent is not named",)),
        ({"participants": [{"id": "a"}, {"id": "c"}]},
         ("nobody is known to be the agent", "no words of anybody known to be the customer")),
        ({"participants": [{"id": "a", "role": "agent", "agent_id": "x", "role_source": "guess"}, {"id": "c", "role": "customer"}]}, (GUESSED,)),
    ],
)  # fmt: skip
def test_each_limit_is_said_in_words(changes, limits):
    assert made(**changes).limits() == limits


def test_an_overlap_is_no_matter_of_one_track():
    assert made().is_overlap_measurable
    assert not made(one_track=True).is_overlap_measurable


def test_times_that_were_rounded_show_no_overlaps():
    whole = [{"speaker": "ac"[n % 2], "text": f"word {n}", "start": float(5 * n), "end": 5.0 * n + 4} for n in range(8)]
    rounded, few = made(turns=whole), made(turns=whole[:7])
    assert not rounded.is_overlap_measurable
    assert "times in whole seconds, so overlaps cannot be seen" in rounded.limits()
    assert few.is_overlap_measurable
    whole[3]["end"] += 0.25
    assert made(turns=whole).is_overlap_measurable

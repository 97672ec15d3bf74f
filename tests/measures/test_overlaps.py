import pytest

from audit.measures.balance import waits, words_by_role
from audit.measures.overlaps import Basis, interruptions, is_unfinished, talk_over
from audit.model import Participant, Role, Turn, Word
from tests.conftest import talk

AGENT, CUSTOMER = Participant("a", Role.AGENT), Participant("c", Role.CUSTOMER)


def found(text):
    return interruptions(talk(text).turns, by=Role.AGENT, of=Role.CUSTOMER)


CUT = "[0-6] customer: I rang on Monday and then the\n[4-9] agent: Can I take your number please?\n[9.5-11] customer: driver came."


def test_taking_the_floor_in_mid_sentence():
    (overlap,) = found(CUT)
    assert (overlap.seconds, overlap.basis, overlap.earlier.index, overlap.later.index) == (2, Basis.TURN_TIMES, 0, 1)


@pytest.mark.parametrize(
    "text",
    [
        CUT.replace("Can I take your number please?", "Mhm, okay."),
        CUT.replace("[4-9]", "[5.6-9]").replace("then the", "then he came."),
        CUT.replace("[4-9]", "[6.3-9]"),
        CUT.replace("[4-9]", "[4-5]"),
        CUT.replace("then the", "then he came.").replace("driver came", "Thanks"),
        "customer: I rang on Monday and then the\nagent: Can I take your number please?",
    ],
    ids=[
        "listening words",
        "at the end",
        "after a pause",
        "the customer kept the floor",
        "the customer had finished",
        "no times",
    ],
)
def test_what_is_no_interruption(text):
    assert found(text) == []


def test_a_mark_shows_it_without_times():
    (overlap,) = found("customer: I rang twice and nobody --\nagent: Your number?")
    assert (overlap.seconds, overlap.basis) == (None, Basis.CUT_OFF_MARK)


@pytest.mark.parametrize("pause", ["...", "…"])
def test_dots_without_times_may_be_a_pause_for_thought(pause):
    assert found(f"customer: Okay, I am in the settings{pause}\nagent: Your number?") == []


def test_words_times_go_before_turn_times():
    """The turn of the customer seems to last until 9 s; the words ended long before the agent began."""
    words = tuple(Word(word, n * 0.5, n * 0.5 + 0.4) for n, word in enumerate(["I", "rang", "and", "the"]))
    turns = [Turn(0, CUSTOMER, "I rang and the", 0, 9, words), Turn(1, AGENT, "Can I take your number?", 4, 9)]
    assert interruptions(turns, by=Role.AGENT, of=Role.CUSTOMER) == []


@pytest.mark.parametrize("text", ["and then the", "I told them -", "so I…", "it was [crosstalk]", "because"])
def test_unfinished(text):
    assert is_unfinished(text)


@pytest.mark.parametrize("text", ["I rang.", "He came in.", "my number is 5", "okay"])
def test_finished(text):
    assert not is_unfinished(text)


def test_both_directions_can_be_asked():
    turns = talk("[0-6] agent: You can send it back and the\n[3-8] customer: No I don't want that at all").turns
    assert len(interruptions(turns, by=Role.CUSTOMER, of=Role.AGENT)) == 1


def test_time_of_both_speaking_is_told_apart_from_interruptions():
    turns = talk(
        "[0-6] customer: I rang on Monday and he came.\n[4-9] agent: Can I take your number\n[7-8] customer: mhm"
    ).turns
    assert talk_over(turns, by=Role.AGENT, of=Role.CUSTOMER) == 3
    assert talk_over(turns, by=Role.CUSTOMER, of=Role.AGENT) == 2
    assert interruptions(turns, by=Role.AGENT, of=Role.CUSTOMER) == []


def test_waits_and_words():
    turns = talk("[0-2] customer: one two\n[1-3] customer: three\n[12-13] agent: four").turns
    assert [wait.seconds for wait in waits(turns)] == [10]
    assert words_by_role(turns) == {Role.CUSTOMER: 3, Role.AGENT: 1}


def test_against_the_vendors_own_list(shared):
    """The vendor's judgement is no truth; what we find lies inside what it found."""
    from audit.ingest.readers import read
    from audit.ingest.source import Source

    path = shared / "formats/amazon-transcribe-call-analytics/example-call.json"
    (call,) = read(Source(path.name, path.read_bytes()))
    vendor = call.vendor_metrics["Interruptions"]["InterruptionsByInterrupter"]["AGENT"]
    starts = [each["BeginOffsetMillis"] / 1000 for each in vendor]
    ours = [overlap.later.start for overlap in interruptions(call.turns, by=Role.AGENT, of=Role.CUSTOMER)]
    assert len(starts) == 2
    assert set(ours) <= set(starts)

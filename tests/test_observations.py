"""What is seen beside the form."""

import pytest

from audit.observations import LADDER, observe


def seen(facts, text):
    told = facts(text)
    return observe(told, told.agents[0])


@pytest.mark.parametrize(
    ("words", "step"),
    [
        ("Your lamp comes on Friday.", "none"),
        ("Sorry. What is the number?", "reflex"),
        ("I'm sorry if you feel that way.", "conditional"),
        ("I'm sorry the lamp arrived broken.", "specific"),
        (
            "I'm sorry the lamp arrived broken. That was our mistake, and I'll send you a new one today.",
            "specific with responsibility and repair",
        ),
    ],
)
def test_the_ladder_of_apologies(facts, words, step):
    assert step in LADDER
    assert seen(facts, f"customer: The lamp arrived broken.\nagent: {words}").apology == step


def test_promises_are_kept_with_who_and_when(facts):
    found = seen(facts, "customer: And now?\nagent: I'll call you tomorrow by noon. They'll reply soon.").commitments
    assert [promise.place.quote for promise in found] == ["I'll call you tomorrow by noon.", "They'll reply soon."]
    first, second = found
    assert first.when is not None
    assert not first.vague
    assert second.vague or second.when is None


def test_a_question_is_no_promise(facts):
    assert not seen(facts, "customer: And now?\nagent: Shall I call you tomorrow?").commitments


def test_a_mood_needs_enough_turns_and_goes_from_first_to_last_third(facts):
    short = "customer: This is terrible.\nagent: I see."
    assert seen(facts, short).mood is None
    angry = "customer: This is a disgrace, I'm furious!\nagent: I see.\n"
    glad = "customer: Great, thank you so much!\nagent: My pleasure.\n"
    mood = seen(facts, angry * 2 + "customer: It is order twelve.\nagent: One moment.\n" * 2 + glad * 2).mood
    assert mood.first < 0 < mood.last
    assert mood.middle == 0


def test_shares_of_talk_lie_between_0_and_1_and_times_are_not_made_up(facts):
    found = seen(facts, "customer: Hello there.\nagent: Um, hello, um, what is the, um, number?\ncustomer: Twelve.")
    assert all(share is None or 0 <= share <= 1 for share in found.talk)
    assert found.words_a_minute is None
    assert found.talk_over is None
    assert found.fillers > 10


def test_asking_to_hear_again_is_counted_and_is_no_apology(facts):
    found = seen(facts, "customer: Four two one.\nagent: Sorry, could you repeat that?\ncustomer: Four two one.")
    assert (found.asked_again, found.apologies) == (1, 0)


def test_an_annoyed_customer_is_told_from_a_civil_one(facts):
    assert seen(facts, "customer: You idiots, I'm furious!\nagent: I see.\ncustomer: This is a disgrace!").strained
    assert not seen(facts, "customer: It does not work.\nagent: I see.\ncustomer: It is order twelve.").strained

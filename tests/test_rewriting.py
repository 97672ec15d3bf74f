import pytest

from audit.form import load_form
from audit.judging import judge
from audit.matching import PhraseError
from audit.model import Evidence, Finding, Outcome, Participant, Role, Turn
from audit.rewriting import reworded, rewrite
from audit.rulepack import load

JUDGE = judge(load(), load_form("standard", load()))
RULES = JUDGE.pack.rules
AGENT = Participant("agent", Role.AGENT)

# What agents say, and what comes out: each rewrite of each rule at least once.
BETTER = [
    ("directive-phrasing", "You will have to send the form before we can refund you.", "Once you send the form, we can refund you."),
    ("directive-phrasing", "You have to send the form first, and then I can look at it.", "Once you send the form, I can look at it."),
    ("directive-phrasing", "You must sign it so that they can book you in.", "Once you sign it, they can book you in."),
    ("directive-phrasing", "To change your seat, you need to enter the new code.", "If you enter the new code, you can change your seat."),
    ("directive-phrasing", "You'll need to call our billing department.", "Our billing department can help you with that. Shall I ask them for you?"),
    ("directive-phrasing", "ok, you have to give me the number again", "Could you give me the number again, please?"),
    ("directive-phrasing", "You must confirm your address!", "Could you confirm your address, please?"),
    ("directive-phrasing", "I need you to open the app. ^AB", "Could you open the app, please?"),
    ("directive-phrasing", "You can't return it until it's arrived.", "You can return it once it is arrived."),
    ("directive-phrasing", "You can't change it unless your bank agrees.", "You can change it if your bank agrees."),
    ("hollow-apology", "I'm sorry if the driver left it in the rain.", "I'm sorry the driver left it in the rain."),
    ("hollow-apology", "I apologise if your order was late.", "I apologise that your order was late."),
    ("hollow-apology", "We are sorry for any trouble this may have caused you.", "I'm sorry for the trouble this caused you."),
    ("hollow-apology", "Apologies for any confusion that may have caused.", "I apologise for the confusion this caused you."),
    ("cancelled-acknowledgement", "I understand how you feel, but the shop opens at nine.", "I understand how you feel. The shop opens at nine."),
    ("cancelled-acknowledgement", "I'm sorry you waited, but you are next now.", "I'm sorry you waited. You are next now."),
    ("unresolved-uncertainty", "Hm, I don't know when it ships.", "Let me find out when it ships."),
    ("unresolved-uncertainty", "Sorry, I'm not sure whether they have a lift.", "Let me find out whether they have a lift."),
    ("unresolved-uncertainty", "I have no idea why that happened.", "Let me find out why that happened."),
    ("unresolved-uncertainty", "I can't say how long the repair takes.", "Let me find out how long the repair takes."),
    ("unresolved-uncertainty", "I'm not sure about the size.", "Let me find out about the size."),
    ("missing-follow-up", "Our warehouse will call you shortly.", "Our warehouse will call you by five today."),
    ("missing-follow-up", "Someone will get back to you as soon as possible.", "I will get back to you by five today."),
    ("missing-follow-up", "Somebody will call you back.", "I will call you back by five today."),
    ("missing-follow-up", "We'll let you know.", "We'll let you know by five today."),
    ("blamed-customer", "You entered the wrong postcode.", "It looks as if the wrong postcode was entered. Let's put in the right one together."),
    ("blamed-customer", "You forgot to sign the second page.", "Could you sign the second page, please? Then I can go on from here."),
    ("blamed-customer", "You never confirmed", None),
    ("blamed-customer", "You did not send the receipt.", "Could you send the receipt, please? Then I can go on from here."),
    ("refusal-without-alternative", "We can't send it until you confirm your address.", "We can send it as soon as you confirm your address."),
    ("refusal-without-alternative", "I can't book it without your date of birth.", "With your date of birth I can book it."),
    ("refusal-without-alternative", "We can only refund it if it comes back unopened.", "We can refund it once it comes back unopened."),
    ("refusal-without-alternative", "It's not possible before Monday.", "That is possible from Monday on."),
]  # fmt: skip


def place(text):
    return Evidence(Turn(0, AGENT, text), 0, len(text))


@pytest.mark.parametrize(("rule", "said", "better"), BETTER)
def test_a_sentence_is_said_better_in_its_own_words(rule, said, better):
    assert reworded(place(said), RULES[rule].rewrites) == better


def test_each_rewrite_of_each_rule_is_used_above():
    used = {(rule, which) for rule, said, _ in BETTER for which in [_first(rule, said)]}
    for rule in RULES.values():
        assert {which for name, which in used if name == rule.id} >= set(range(len(rule.rewrites))), rule.id


def _first(rule, said):
    return next(
        (number for number, each in enumerate(RULES[rule].rewrites) if reworded(place(said), [each]) is not None), None
    )


@pytest.mark.parametrize(("rule", "said", "better"), [each for each in BETTER if each[2]])
def test_no_rule_minds_a_rewrite(rule, said, better):
    assert JUDGE.is_clean(better)
    told = JUDGE.suggestion(rule, Finding(Outcome.MISSED, (place(said),)))
    assert (told.text, told.own) == (better, True)


@pytest.mark.parametrize(("rule", "line"), [(rule.id, line) for rule in RULES.values() for line in rule.say_instead])
def test_no_rule_minds_what_a_rule_offers(rule, line):
    assert JUDGE.is_clean(line)


def test_a_rewrite_that_another_rule_minds_gives_way_to_the_example():
    said = "You have to give me your password."
    (told,) = [JUDGE.suggestion("directive-phrasing", Finding(Outcome.MISSED, (place(said),)))]
    assert not JUDGE.is_clean("Could you give me your password, please?")
    assert told == (RULES["directive-phrasing"].say_instead[0], False)


@pytest.mark.parametrize(
    "said",
    [
        "You have to be patient.",
        "You have to send the form, because otherwise (I asked) nothing happens; believe me.",
        "What you have to do is send the form.",
        "You have to",
    ],
)
def test_what_does_not_have_the_shape_is_left_alone(said):
    assert reworded(place(said), RULES["directive-phrasing"].rewrites) is None


def test_only_the_part_behind_a_comma_need_have_the_shape():
    said = "Hello Mr Hale, thanks for that, you need to send the form. Bye."
    at = said.index("you need")
    found = reworded(Evidence(Turn(0, AGENT, said), at, at + 11), RULES["directive-phrasing"].rewrites)
    assert found == "Could you send the form, please?"


def test_accents_and_contractions_stay_as_they_were_said():
    assert reworded(place("You have to give me Ramón's number, please"), RULES["directive-phrasing"].rewrites) is None
    each = [rewrite("you have to {do}", "Could you {do}, please?")]
    assert reworded(place("You’ll have to"), each) is None
    assert reworded(place("You have to ask Ramón if he’s in."), each) == "Could you ask Ramón if he’s in, please?"


def test_a_rewrite_must_know_its_gaps():
    with pytest.raises(PhraseError, match=r"no \{what\}"):
        rewrite("you have to {do}", "Could you {what}?")
    with pytest.raises(PhraseError, match="braces"):
        rewrite("you have to {do}", "Could you {do.real}?")
    with pytest.raises(PhraseError):
        rewrite("you have to (", "Could you?")


def test_hostile_words_are_only_words():
    each = [rewrite("you have to {do}", "Could you {do}, please?")]
    assert reworded(place("You have to use <b>{do} \\1 & co."), each) == "Could you use <b>{do} \\1 & co, please?"


# The acts that a kind of check wants, by the name they have in its rules.
WANTED = {"expects": "act", "expects-reply": "reply", "expects-after": "after"}


@pytest.mark.parametrize(
    ("rule", "line"),
    [(name, line) for name, rule in RULES.items() if rule.check.kind in WANTED for line in rule.say_instead],
)
def test_who_says_what_a_rule_advises_has_done_what_it_asks(rule, line):
    wanted = RULES[rule].values[WANTED[RULES[rule].check.kind]]
    assert not JUDGE.pack.vocabulary.said(line).keys().isdisjoint(wanted)

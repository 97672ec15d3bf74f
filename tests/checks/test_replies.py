from audit.model import Verdict


def result(pack, rule, made):
    return pack.rules[rule].run(made)


def test_an_apology_late_in_the_talk_is_an_apology(pack, facts):
    made = facts(
        "customer: You charged me twice.\nagent: Order number?\ncustomer: 1\nagent: Postcode?\ncustomer: M4\n"
        "agent: Name?\ncustomer: Hale\nagent: I'm sorry about that."
    )
    assert result(pack, "missing-apology", made).verdict is Verdict.PASS


def test_an_apology_in_the_third_answer_is_in_time(pack, facts):
    made = facts(
        "customer: You charged me twice.\nagent: Order number?\ncustomer: 1\nagent: Postcode?\ncustomer: M4\n"
        "agent: I'm sorry about that."
    )
    assert result(pack, "missing-apology", made).verdict is Verdict.PASS


def test_an_agent_who_never_speaks_again_had_no_chance(pack, facts):
    made = facts("agent: Hello, how can I help?\ncustomer: My kettle arrived broken.")
    assert result(pack, "missing-apology", made).verdict is Verdict.NOT_APPLICABLE


def test_two_complaints_in_one_breath_are_one_opportunity(pack, facts):
    made = facts("customer: It arrived broken.\ncustomer: And nobody called me back.\nagent: Order number?")
    assert len(result(pack, "missing-apology", made).findings) == 1


def test_an_apology_given_just_before_also_counts(pack, facts):
    made = facts(
        "customer: About my order.\nagent: I'm so sorry, I can see we sent the wrong one.\n"
        "customer: Yes, you sent me the wrong one.\nagent: I'll put it right."
    )
    assert result(pack, "missing-apology", made).verdict is Verdict.PASS


def test_a_file_without_the_customers_words_cannot_tell(pack, facts):
    found = result(pack, "missing-apology", facts("agent: Hello.\nagent: I see."))
    assert (found.verdict, found.reason) == (Verdict.CANNOT_TELL, "the file holds no words of the customer")


def test_a_redacted_answer_is_unsure(pack, facts):
    made = facts("customer: It arrived broken.\nagent: [PII]\ncustomer: Hello?")
    assert result(pack, "missing-apology", made).verdict is Verdict.CANNOT_TELL


def test_an_answer_of_which_a_part_is_lacking_is_unsure(pack, facts):
    made = facts("customer: It arrived broken.\nagent: @you your number, please. 2/2 ^AB\ncustomer: Hello?")
    assert result(pack, "missing-apology", made).verdict is Verdict.CANNOT_TELL
    assert result(pack, "missing-paraphrase", made).verdict is Verdict.CANNOT_TELL


def test_an_answer_in_two_parts_that_are_both_there_is_judged(pack, facts):
    made = facts("customer: It arrived broken.\nagent: Please send us 1/2\nagent: your number. 2/2\ncustomer: Hello?")
    assert result(pack, "missing-apology", made).verdict is Verdict.FAIL


def test_the_next_agent_is_not_charged_with_what_was_told_to_the_first(pack, facts):
    made = facts(
        "customer: It arrived broken.\nagent Ana: I'll pass you on.\nagent Ben: I'm sorry it arrived broken.\ncustomer: Thanks."
    )
    rule = pack.rules["missing-apology"]
    ana, ben = rule.share_out(rule.run(made), made.agents)
    assert (ana.verdict, ben.verdict) == (Verdict.FAIL, Verdict.NOT_APPLICABLE)

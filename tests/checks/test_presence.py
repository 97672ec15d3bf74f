from audit.model import Channel, Participant, Role, Verdict
from tests.conftest import talk


def run(pack, rule, made):
    result = pack.rules[rule].run(made)
    return result.verdict, [e.quote for finding in result.findings for e in finding.evidence], result.reason


def test_words_that_the_agent_quotes_are_not_the_agents(pack, facts):
    told = 'customer: I have a problem.\nagent: I can see a colleague wrote "you have to pay first" to you, and I am going to look into that right now for you.'
    assert run(pack, "directive-phrasing", facts(told))[0] is Verdict.PASS


def test_a_few_words_are_too_little_to_pass(pack, facts):
    verdict, _, reason = run(pack, "directive-phrasing", facts("customer: Open?\nagent: Yes."))
    assert (verdict, reason) == (Verdict.NOT_APPLICABLE, "the agent said under 20 words")


def test_a_fault_counts_in_however_few_words(pack, facts):
    assert run(pack, "directive-phrasing", facts("customer: Now?\nagent: You must wait."))[:2] == (
        Verdict.FAIL,
        ["You must"],
    )


def test_each_agent_answers_for_their_own_turns(pack, facts):
    made = facts(
        "agent Ana: Hello, this is Ana, and I will be glad to look at that for you today, one moment, I have it open now.\n"
        "customer: Thanks, I have a problem.\n"
        "agent Ben: You have to call billing.\n"
        "customer: Oh."
    )
    rule = pack.rules["directive-phrasing"]
    ana, ben = rule.share_out(rule.run(made), made.agents)
    assert (ana.verdict, ben.verdict) == (Verdict.PASS, Verdict.FAIL)


def test_only_the_first_agent_must_greet(pack, facts):
    made = facts(
        "agent Ana: Hello!\ncustomer: Hi, my order?\nagent Ana: I'll pass you on.\nagent Ben: Your order number?"
    )
    rule = pack.rules["missing-greeting"]
    ana, ben = rule.share_out(rule.run(made), made.agents)
    assert (ana.verdict, ben.verdict) == (Verdict.PASS, Verdict.NOT_APPLICABLE)
    assert ben.reason == "the occasion was another agent's"


def test_an_answer_that_was_redacted_cannot_be_told(pack, facts):
    made = facts("customer: Can you move it?\nagent: [PII]\ncustomer: Thanks.\nagent: Goodbye.")
    assert run(pack, "missing-anything-else", made)[0] is Verdict.CANNOT_TELL


def test_a_single_reply_needs_no_greeting_but_a_whole_script_does(pack, facts):
    whole = "agent: Account number please.\nagent: Thank you for calling, goodbye."
    assert run(pack, "missing-greeting", facts(whole, Channel.SCRIPT))[0] is Verdict.FAIL
    assert (
        run(pack, "missing-greeting", facts("agent: Account number please.", Channel.SCRIPT))[0]
        is Verdict.NOT_APPLICABLE
    )


def test_a_greeting_is_one_though_the_file_begins_in_the_middle(pack, facts):
    made = facts(
        "customer: My nappies leak.\nagent: Please try another size. 2/2\ncustomer: I did.\nagent: Hi Mo, sorry."
    )
    assert run(pack, "missing-greeting", made)[:2] == (Verdict.PASS, ["Hi"])


def test_thanks_in_advance_end_no_talk(pack, facts):
    made = facts(
        "customer: My key is lost.\ncustomer: Please help, thanks!\nagent: Was it the blue one? It is by the door."
    )
    assert run(pack, "missing-anything-else", made)[0] is Verdict.CANNOT_TELL


def test_no_rule_errs_where_nobody_is_known(pack):
    made = talk("customer: My parcel is late.\nagent: Where is it?\ncustomer: Thanks, bye.")
    for turn in made.turns:
        turn.participant = Participant("somebody", Role.UNKNOWN)
    facts = pack.facts(made)
    erring = [rule.id for rule in pack.rules.values() if rule.run(facts).verdict is Verdict.ERROR]
    assert not erring

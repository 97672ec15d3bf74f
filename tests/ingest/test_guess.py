from dataclasses import replace

import pytest

from audit.ingest.guess import guess
from audit.ingest.readers import read
from audit.ingest.roles import recast
from audit.ingest.source import Source
from audit.model import Role

CALL = """spk_0: Thank you for calling the post, my name is Ana. How can I help you?
spk_1: Hi, I'm calling about my order, it never came.
spk_0: Let me check that for you. Can I have your name?
spk_1: My name's Kim.
"""


def made(text):
    (conversation,) = read(Source("x", text.encode()))
    return conversation


def roles(conversation):
    return [(str(person.role), person.role_source) for person in conversation.participants]


def test_words_of_service_tell_who_the_agent_is_and_it_is_marked():
    assert roles(guess(made(CALL))) == [("agent", "guess"), ("customer", "guess")]


@pytest.mark.parametrize(
    "text",
    [
        "spk_0: Hello there.\nspk_1: Hello.\nspk_0: Well, yes.\n",
        CALL + "spk_2: And me.\n",
        CALL.replace("spk_0", "Agent"),
    ],
    ids=["nothing to go by", "three speakers", "somebody is known"],
)
def test_otherwise_nothing_is_guessed(text):
    assert all(source != "guess" for _, source in roles(guess(made(text))))


def test_real_chats_whose_roles_are_hidden(shared):
    right = wrong = 0
    for path in sorted((shared / "corpus").glob("s*_chats.jsonl")):
        for talk in read(Source(path.name, path.read_bytes())):
            truth = [person.role for person in talk.participants]
            hidden = [
                replace(person, role=Role.UNKNOWN) if person.role in (Role.AGENT, Role.CUSTOMER) else person
                for person in talk.participants
            ]
            found = [person.role for person in guess(recast(talk, hidden)).participants]
            right += found == truth
            wrong += found != truth and Role.AGENT in found
    assert right > 1_300
    assert wrong <= 0.01 * right

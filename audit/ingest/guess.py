"""A guess at who the agent is, from how agents and customers talk. Made only where asked for, and always marked."""

import re
from dataclasses import replace

from audit.ingest.roles import recast
from audit.model import Conversation, Participant, Role

# Words of service, which customers hardly ever say; and of those who are served.
_AGENT = re.compile(
    r"how (?:can|may) (?:i|we) (?:help|assist)|(?:thank you|thanks) for (?:calling|contacting|reaching|holding|waiting|your patience)"
    r"|my name is|this is \w+ (?:speaking|from|with)|(?:can|could|may) i (?:have|get|take|ask) (?:you|your)"
    r"|(?:anything|something) else (?:i|we) can|let me (?:check|look|see|pull|transfer|verify|confirm)"
    r"|(?:i can|i will|i'll|i'd be|happy|glad) (?:to )?(?:help|assist)|(?:verify|confirm) (?:your|the)"
    r"|please (?:hold|bear|wait|allow)|your (?:account|order|booking|reservation|appointment|card) (?:is|has|was|will)"
    r"|i (?:do )?(?:see|understand) (?:that )?(?:you|your)|(?:have|enjoy) (?:a|the rest)|what is your|i apologi[sz]e",
    re.IGNORECASE,
)
_CUSTOMER = re.compile(
    r"i(?: a|')m (?:calling|looking|having|trying|still)|i (?:need|want|wanted|would like|'d like|have a (?:problem|question)|ordered|bought|received|paid|can(?:no|')t)"
    r"|my (?:order|account|card|phone|bill|internet|name|number|package|flight|booking|subscription|password)"
    r"|(?:can|could|would) you (?:please )?(?:help|tell|check|book|find|send|give)|do you have|you guys|i was (?:charged|told|wondering)"
    r"|speak (?:to|with)|(?:no|nope),? (?:that's|that is|thats) (?:all|it)|that(?:'s| is) all",
    re.IGNORECASE,
)
# How many more words of service one side must have said than the other: fewer are chance.
LEAST = 2


def guess(conversation: Conversation) -> Conversation:
    """CONVERSATION with its two unknown speakers guessed to be agent and customer; as it is where that is not clear.

    Nothing is guessed where anybody is known to be an agent or a customer.
    """
    if any(person.role in (Role.AGENT, Role.CUSTOMER) for person in conversation.participants):
        return conversation
    speakers = {id(t.participant): t.participant for t in conversation.turns if t.role is Role.UNKNOWN and t.text}
    if len(speakers) != 2:
        return conversation
    one, other = speakers.values()
    lead = _leaning(conversation, one) - _leaning(conversation, other)
    if abs(lead) < LEAST:
        return conversation
    agent = one if lead > 0 else other
    people = [_guessed(person, agent) if id(person) in speakers else person for person in conversation.participants]
    return recast(conversation, people)


def _guessed(person: Participant, agent: Participant) -> Participant:
    if person is agent:
        return replace(person, role=Role.AGENT, agent_id=person.agent_id or person.name, role_source="guess")
    return replace(person, role=Role.CUSTOMER, role_source="guess")


def _leaning(conversation: Conversation, person: Participant) -> int:
    """How much PERSON talks as agents do: words of service, less words of the served."""
    said = [turn.text.replace("’", "'") for turn in conversation.turns if turn.participant is person]
    return sum(len(_AGENT.findall(text)) - len(_CUSTOMER.findall(text)) for text in said)

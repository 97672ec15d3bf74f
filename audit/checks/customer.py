"""Checks that look at what the customer has to do or say."""

import re
from collections.abc import Iterator

from audit.acts import ActIds
from audit.checks.registry import check
from audit.facts import Facts
from audit.language.backchannel import is_listening
from audit.language.words import count_words, plural
from audit.model import CannotTell, Channel, Evidence, Finding, NotApplicable, Outcome, Role, Turn

# Fewer words than these tell nothing yet: "Hello there".
TELLING = 4


@check("spares", needs_customer=True, needs_talk=True, zero_at=1, by_customer=("act",))
def spares(facts: Facts, *, act: ActIds, unless_new: bool = False) -> Iterator[Finding]:
    """The customer is never brought to do ACT after the agent has spoken.

    With UNLESS_NEW, what is said to an agent who has only just come in, and was told nothing yet, is charged to nobody:
    it was the transfer's doing, or an earlier contact's.
    """
    guilty = was_before = False
    for place in facts.done(act, by=Role.CUSTOMER):
        before = facts.turns(Role.AGENT, before=place.turn)
        if before and unless_new and _is_new(facts, before):
            was_before = True
        elif before:
            guilty = True
            yield Finding(Outcome.MISSED, (Evidence.whole(before[-1]), place))
    if was_before and not guilty:
        raise NotApplicable("the customer says so of what was before this agent came in")
    if not guilty:
        for agent in facts.agents:
            shown = Evidence.whole(facts.longest_turn(agent))
            yield Finding(
                Outcome.MET, (shown,), f"{plural(len(facts.turns(Role.CUSTOMER)), 'turn')} of the customer read"
            )


def _is_new(facts: Facts, spoken: list[Turn]) -> bool:
    """Whether whoever said the last of SPOKEN had said nothing else, and came in before the customer told anything, or
    after another agent."""
    agent = spoken[-1].participant
    if len([turn for turn in spoken if turn.participant is agent]) > 1:
        return False
    told = facts.turns(Role.CUSTOMER, before=spoken[-1])
    return agent is not facts.agents[0] or not any(count_words(turn.text) >= TELLING for turn in told)


@check("asks-for-a-look", needs_customer=True, judges=False, by_customer=("act",))
def asks_for_a_look(facts: Facts, *, act: ActIds) -> Iterator[Finding]:
    """Where the customer does ACT, a person should read the contact: nothing is judged."""
    places = facts.done(act, by=Role.CUSTOMER)
    for place in places[:1]:
        answers = facts.turns(Role.AGENT, after=place.turn) or facts.turns(Role.AGENT)[-1:]
        yield Finding(Outcome.UNSURE, (place, Evidence.whole(answers[0])), "please look")
    if not places:
        raise NotApplicable("the customer gave no sign of it")


@check("expects-listening", needs_customer=True, needs_talk=True)
def expects_listening(facts: Facts, *, words: int = 40) -> Iterator[Finding]:
    """While the customer explains at length, WORDS or more in one stretch, the agent shows listening.

    Shown by a listening word inside the stretch or at the start of the answer. In writing there is none to show. Where
    a file holds no listening word of anybody, they were not written down.
    """
    if facts.conversation.channel in (Channel.CHAT, Channel.EMAIL):
        raise NotApplicable("in writing nobody hears listening words")
    stretches = list(_stretches(facts, words))
    if not stretches:
        raise NotApplicable(f"the customer never said {words} words in one stretch")
    if not any(is_listening(turn.text) for turn in facts.spoken):
        raise CannotTell("the file holds no listening words at all: they were not written down")
    for first, inside, answer in stretches:
        shown = next((turn for turn in inside if is_listening(turn.text)), None)
        start = _OPENING.match(answer.text)
        if shown or start:
            place = Evidence.whole(shown) if shown else Evidence(answer, 0, start.end() if start else 0)
            yield Finding(Outcome.MET, (Evidence.whole(first), place))
        else:
            yield Finding(Outcome.MISSED, (Evidence.whole(first), Evidence.whole(answer)))


_OPENING = re.compile(
    r"\W*(?:okay|ok|right|i see|yeah|yes|oh|ah|mhm|mm-?hm+|uh-?huh|sure|alright|all right|understood|got it|wow|gosh"
    r"|[^.?!]{0,80}\bi (?:\w+ ){0,2}(?:understand|hear)"
    r"|(?:(?:well|no|ma'am|sir|madam),? )*i(?:'m| am) (?:so |very |really |terribly )?sorry)\b",
    re.IGNORECASE,
)


def _stretches(facts: Facts, words: int) -> Iterator[tuple[Turn, list[Turn], Turn]]:
    """Each stretch of the customer's of WORDS or more: its first turn, the agent's listening turns in it, the answer."""
    own: list[Turn] = []
    inside: list[Turn] = []
    for turn in facts.spoken:
        if turn.role is Role.CUSTOMER:
            own.append(turn)
        elif own and is_listening(turn.text):
            inside.append(turn)
        elif own:
            if sum(count_words(each.text) for each in own) >= words:
                yield own[0], inside, turn
            own, inside = [], []


@check("avoids-reasking", needs_customer=True, needs_talk=True, zero_at=2, occasion={"ask": Role.AGENT})
def avoids_reasking(facts: Facts, *, ask: ActIds) -> Iterator[Finding]:
    """The agent asks for no fact that the customer has given: an e-mail address, a phone number, a date of birth, a
    postcode, an order or account number, a name.

    Only turns in which the agent does ASK are looked at. A question that says the fact confirms it, and is none. Facts
    that were redacted are not known.
    """
    turns = {place.turn.index: place.turn for place in facts.done(ask)}
    occasions: dict[str, Finding] = {}
    asked: dict[str, int] = {}
    for turn in turns.values():
        for question in _ASKED.finditer(turn.text):
            kind = question.lastgroup or ""
            if _OF_OTHERS.search(question[0]):
                continue
            given = _given(facts, kind, turn, asked.get(kind))
            if given is not None and _FULL_NAME.search(question[0]) and not _TWO_NAMES.search(given.quote):
                given = None
            asked[kind] = turn.index
            if given is not None:
                says_it = given.quote.lower() in turn.text.lower()
                place = Evidence(turn, *question.span())
                occasions.setdefault(kind, Finding(Outcome.MET if says_it else Outcome.MISSED, (given, place)))
    if not asked:
        raise NotApplicable("the agent asked for no such fact")
    if occasions:
        yield from occasions.values()
        return
    yield Finding(Outcome.MET, (Evidence.whole(turns[max(asked.values())]),), f"{len(asked)} facts asked for once")


def _given(facts: Facts, kind: str, turn: Turn, asked_at: int | None) -> Evidence | None:
    """Where the customer gave the fact KIND before TURN: by its form, or as the answer to the same question before."""
    for told in facts.turns(Role.CUSTOMER, before=turn):
        is_answer = asked_at is not None and told.index > asked_at
        if kind not in _PLAIN and not is_answer:
            continue
        match = _GIVEN[kind].search(told.text)
        if match is not None and (is_answer or not _is_another(facts, kind, told, match)):
            return Evidence(told, *match.span())
        if is_answer and kind in _SPOKEN and count_words(told.text) <= 6 and not _NO.match(told.text):
            return None if facts.unreadable(told) else Evidence.whole(told)
        asked_at = None if is_answer else asked_at
    return None


def _is_another(facts: Facts, kind: str, told: Turn, match: re.Match[str]) -> bool:
    """Whether what was TOLD at MATCH answers a question for a fact of another KIND, or is called by another name."""
    before = facts.turns(Role.AGENT, before=told)
    asked = {question.lastgroup for question in _ASKED.finditer(before[-1].text)} if before else set()
    return (bool(asked) and kind not in asked) or _CALLED_OTHERWISE.search(told.text[: match.start()]) is not None


# Who gave one name has not given the full one.
_FULL_NAME = re.compile(r"\b(?:full|last|family) name|surname|spell", re.IGNORECASE)
_TWO_NAMES = re.compile(r"[A-Z]\w+ [A-Z][\w'’]+$")
# What is new cannot have been given, nor was what belongs to others.
_OF_OTHERS = re.compile(
    r"\b(?:new|his|her|their|other|daughter|son|wife|husband|friend|child|partner|pet|dog|cat|guest)(?:'?s)?\b",
    re.IGNORECASE,
)
# What stands before a number that says of what it is.
_CALLED_OTHERWISE = re.compile(
    r"\b(?:order|account|member(?:ship)?|case|booking|reservation|reference|policy|ticket|tracking|card|serial|sim|imei|id)"
    r"(?: (?:number|id|code))?(?: is|:|,)?\W*$",
    re.IGNORECASE,
)
# How a fact is asked for, and the words that say which; each group is one fact.
_ASKED = re.compile(
    r"(?:what(?:'s| is| was)|(?:may|can|could) i (?:have|get|take|ask)|(?:can|could|would) you (?:please )?"
    r"(?:give|tell|provide|confirm|send|spell)(?: me)?|please (?:give|provide|confirm|send)(?: me)?|i(?:'ll| will)? (?:just )?need)"
    r" (?:\w+ ){0,4}(?:(?P<email>(?<!an )e-?mail(?: address)?)|(?P<phone>(?:phone|telephone|mobile|cell|contact|callback)(?: number)?)"
    r"|(?P<postcode>postcode|post code|zip)|(?P<birth>date of birth|birthday|birth date)"
    r"|(?P<order>(?:order|booking|reference|confirmation) (?:number|id|reference|code))|(?P<account>account (?:number|id))"
    r"|(?P<name>(?<!user)(?<!user )(?<!company )(?<!business )(?<!product )(?<!store )(?<!brand )name\b(?! of)(?! on)))\b[^.!]{0,20}",
    re.IGNORECASE,
)
_GIVEN = {
    "email": re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"),
    "phone": re.compile(r"(?<!\w)(?:\+?\d[\d ()-]{7,}\d)(?!\w)"),
    "postcode": re.compile(r"\b(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b"),
    "birth": re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b"),
    "order": re.compile(r"#?\b(?=\w*\d)[A-Z\d-]{4,}\b", re.IGNORECASE),
    "account": re.compile(r"#?\b(?=\w*\d)[A-Z\d-]{4,}\b", re.IGNORECASE),
    "name": re.compile(r"(?:my (?:full )?name is|my name's|this is|i am|i'm) (?:Mr |Mrs |Ms )?[A-Z][a-z]+(?: [A-Z][\w'’]+)?"),
}  # fmt: skip
# What shows by its form what it is; other facts are known only where they answer the question for them.
_PLAIN = frozenset({"email", "phone", "name"})
_SPOKEN = frozenset({"name"})
_NO = re.compile(r"\W*(?:no|why|what|i don't|i do not|not|sorry|which|who|how)\b", re.IGNORECASE)

"""Tables whatever they were written in, and which of their columns holds what."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit.ingest.source import Rejected, Source
from audit.model import Channel

# What a column may be called, letters and digits only. The first that is there wins.
ALIASES: Mapping[str, tuple[str, ...]] = {
    key: tuple(words.split())
    for key, words in {
        "conversation": "conversationid contactid callid chatid ticketid sessionid interactionid conversation contact"
        " call chat ticket session conversationkey caseid threadid id",
        "text": "plainbody text message utterance content body transcript messagetext messagebody sentence chattext"
        " comment",
        "speaker": "speaker author from sender name participant displayname speakername sendername actorname"
        " authorname participantid speakerid user username parties",
        "role": "role speakerrole participantrole sendertype sentby speakertype authortype authorrole actortype direction type",
        "start": "start starttime begin timestamp time createdat sentat offset ts startms beginoffsetmillis datetime"
        " date starttimems startseconds startsec entrytime senttime createddate startoffset",
        "end": "end endtime endms endoffsetmillis endtimems endseconds endsec endoffset",
        "duration": "duration durationms durationseconds durationsec",
        "agent": "agentid agent assignee owner userid ownerid agentname",
        "name": "agentname agentfullname",
        "team": "agentteam team group queue department",
        "channel": "channel mediatype medium media",
        "language": "language languagecode locale",
        "visibility": "visibility isinternal internal isprivate private public ispublic messagetype type",
    }.items()
}
CHANNELS = {
    word: channel
    for channel, words in {
        Channel.VOICE: "voice call phone phonecall telephone audio",
        Channel.CHAT: "chat webchat messaging message sms whatsapp livechat social web",
        Channel.EMAIL: "email mail",
    }.items()
    for word in words.split()
}
# Columns of which only one can hold what was said.
_SAID = frozenset({"text", "message", "utterance", "body", "messagetext", "messagebody", "chattext"})
_BIT = 60
# Longer ones are no names of columns, in characters.
_LONGEST_HEAD = 200


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under names of columns, each with its line or JSON pointer. `places` tells which column is which."""

    heads: Sequence[str]
    rows: Sequence[tuple[str | int, Sequence[str]]]
    places: Mapping[str, int]


def simple(column: str) -> str:
    """The name of a COLUMN in letters and digits only, as aliases are written; a unit in brackets is left out."""
    return re.sub(r"[^a-z0-9]", "", re.sub(r"[(\[][^()\[\]]*[)\]]", "", column[:_LONGEST_HEAD].lower()))


def find_places(heads: Sequence[str], source: Source) -> dict[str, int]:
    """Which of HEADS is which: as the user says, else by its name. Raises Rejected where two would do."""
    plain_heads = [simple(head) for head in heads]
    places: dict[str, int] = {}
    for key, column in source.options.columns:
        if column in heads:
            places[key] = list(heads).index(column)
        elif len(heads) > 1 and (any(other in heads for _, other in source.options.columns) or len(plain_heads) > 2):
            raise Rejected("columns", f"there is no column `{column[:_BIT]}` for {key}", 1)
    texts = [head for head, name in zip(heads, plain_heads, strict=True) if name in _SAID]
    if len(texts) > 1 and "text" not in places:
        raise Rejected(
            "columns", f"`{texts[0][:_BIT]}` and `{texts[1][:_BIT]}` may both hold the text; say --column text=NAME", 1
        )
    taken = set(places.values())
    for key, aliases in ALIASES.items():
        if key in places:
            continue
        for alias in aliases:
            shared = key in ("name", "visibility")
            found = [at for at, head in enumerate(plain_heads) if head == alias and (at not in taken or shared)]
            if len(found) > 1:
                raise Rejected("columns", f"two columns are called like `{heads[found[0]][:_BIT]}`; say --column", 1)
            if found:
                places[key] = found[0]
                taken.add(found[0])
                break
    return places


def line_of(ref: str | int) -> int | None:
    """The line that REF is, None where it is a place in a document."""
    return ref if isinstance(ref, int) else None

"""Pseudonyms for agents, with the key in a file of its own.

A pseudonym is made from the agent's id and the key's salt: the same key gives the same names in every run and on every
machine, and without the key nobody can tell whose they are, not even by trying all ids of a company.
"""

import base64
import hashlib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from audit.errors import AuditError
from audit.ingest.roles import recast
from audit.model import Conversation, Participant, Role

# Shorter parts of a name are words of their own in too many sentences.
SHORTEST_NAME = 3
_WORD = re.compile(r"\w+")


class _Key(msgspec.Struct):
    salt: str
    agents: dict[str, str] = {}


@dataclass
class Pseudonyms:
    """Names for agents by SALT; `met` holds whose they are, as far as they were needed."""

    salt: str
    met: dict[str, str] = field(default_factory=dict)

    def name(self, identity: str) -> str:
        """The pseudonym of the agent with IDENTITY."""
        digest = hashlib.blake2b(identity.encode("utf-8", "surrogatepass"), key=bytes.fromhex(self.salt), digest_size=5)
        return f"Agent-{base64.b32encode(digest.digest()).decode()[:6]}"

    def rename(self, conversation: Conversation) -> Conversation:
        """CONVERSATION with its agents under pseudonyms. What is said stays, so that it is judged as it was said."""
        people: list[Participant] = []
        for person in conversation.participants:
            identity = person.agent_id or person.name
            if person.role is Role.AGENT and identity:
                name = self.name(identity)
                self.met[name] = " ".join(dict.fromkeys(filter(None, (person.agent_id, person.name))))
                person = replace(person, id=name, agent_id=name, name=name)
            people.append(person)
        return recast(conversation, people)

    def hide(self, conversation: Conversation) -> None:
        """Put other names into the words of CONVERSATION, once renamed and judged: wherever somebody says an agent's.

        They are as long as the true ones, so that evidence stays in its place.
        """
        said = {
            word.casefold()
            for person in conversation.participants
            if person.name in self.met
            for word in _names(self.met[person.name])
        }
        if said:
            words = "|".join(map(re.escape, sorted(said, key=len, reverse=True)))
            pattern = re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
            for turn in conversation.turns:
                turn.text = pattern.sub(lambda word: self._like(word[0]), turn.text)
                turn.words = None

    def _like(self, word: str) -> str:
        """Another name in the place of WORD, of the same length and case."""
        digest = hashlib.blake2b(
            word.casefold().encode("utf-8", "surrogatepass"), key=bytes.fromhex(self.salt)
        ).digest()
        letters = [_LETTERS[place % 2][digest[place % len(digest)] % 5] for place in range(len(word))]
        return "".join(new.upper() if old.isupper() else new for old, new in zip(word, letters, strict=True))


# Consonants and vowels in turn make something that can be said.
_LETTERS = ("klmrv", "aeiou")


def _names(whose: str) -> list[str]:
    """The parts of WHOSE, an id and a name, that may be said."""
    return [part for part in _WORD.findall(whose) if len(part) >= SHORTEST_NAME and not part.isdigit()]


def read_key(path: Path) -> str:
    """The salt in the key at PATH, a new one where there is none. Raises AuditError where it is no key."""
    if not path.exists():
        return secrets.token_hex(16)
    try:
        salt = msgspec.json.decode(path.read_bytes(), type=_Key).salt
        return salt if bytes.fromhex(salt) else ""
    except (OSError, ValueError, msgspec.MsgspecError):
        raise AuditError(f"{path} is no key of --anonymise; name a new file to make one") from None


def write_key(path: Path, salt: str, met: Mapping[str, str]) -> None:
    """Write the key to PATH: SALT, and whose the pseudonyms are; for its owner's eyes only where the system can."""
    known: dict[str, str] = {}
    if path.exists():
        known = msgspec.json.decode(path.read_bytes(), type=_Key).agents
    told = msgspec.json.encode(_Key(salt, dict(sorted({**known, **met}.items()))))
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.format(told) + b"\n")

"""Pseudonyms for agents, with the key in a file of its own.

A pseudonym is made from the agent's id and the key's salt: the same key gives the same names in every run and on every
machine, and without the key nobody can tell whose they are, not even by trying all ids of a company.
"""

import base64
import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from audit.errors import AuditError
from audit.ingest.roles import recast
from audit.model import Conversation, Participant, Role

_STAFF = (Role.AGENT, Role.SUPERVISOR)
_WORD = re.compile(r"[^\W_]+")
# Bytes of a salt: fewer can be guessed, and more cannot be used.
_SALT = range(16, 65)
# Names that are common words too, and parts of ids that are no names: hidden only beside another part of the name, or
# where somebody is named.
_COMMON_TEXT = (
    "will may mark grant hope joy grace dawn june april august bill rich guy art sue jack rose pat drew chase faith iris"
    " ivy jade penny ray rob sky summer van young best good long short brown black white green king price love page day"
    " agent support team service care help bot staff test user the and for of de la chat voice sales billing"
)
_COMMON = frozenset(_COMMON_TEXT.split())
_NAMING = frozenset({"is", "am", "m", "s", "name", "hi", "hello", "dear", "thanks", "call"})
# Consonants and vowels in turn make something that can be said.
_LETTERS = ("klmrv", "aeiou")


class _Key(msgspec.Struct):
    salt: str
    agents: dict[str, str] = {}


@dataclass
class Pseudonyms:
    """Names for agents by SALT; `met` holds whose they are, as far as they were needed, `others` names of colleagues that
    are to be hidden wherever they are said."""

    salt: str
    others: frozenset[str] = frozenset()
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
            if person.role in _STAFF and identity:
                name = self.name(identity)
                self.met[name] = " ".join(dict.fromkeys(filter(None, (person.agent_id, person.name))))
                person = replace(person, id=name, agent_id=name, name=name)
            people.append(person)
        return recast(conversation, people)

    def hide(self, conversation: Conversation) -> Conversation:
        """CONVERSATION, once renamed and judged, with other names in its words, its id and the name of its file, wherever
        the name of an agent stands.

        They are as long as the true ones, so that evidence stays in its place; the turns are changed as they are.
        """
        whose = [self.met[person.name] for person in conversation.participants if person.name in self.met]
        names = frozenset().union(self.others, *map(names_of, whose))
        for turn in conversation.turns:
            turn.text = self._hidden(turn.text, names)
            turn.words = None
        people = [
            replace(person, name=self._hidden(person.name, names))
            if person.name and person.name not in self.met
            else person
            for person in conversation.participants
        ]
        told = recast(conversation, people)
        return replace(told, id=self._hidden(told.id, names), source=self._hidden(told.source, names))

    def _hidden(self, text: str, names: frozenset[str]) -> str:
        """TEXT with another name for each of NAMES that stands in it."""
        words = list(_WORD.finditer(text))
        folded = [_fold(word[0]) for word in words]
        pieces: list[str] = []
        done = 0
        for place, word in enumerate(words):
            if folded[place] not in names or not _is_meant(folded, place, names):
                continue
            pieces += text[done : word.start()], self._like(word[0])
            done = word.end()
        return "".join([*pieces, text[done:]])

    def _like(self, word: str) -> str:
        """Another name in the place of WORD, of the same length and case."""
        digest = hashlib.blake2b(_fold(word).encode("utf-8", "surrogatepass"), key=bytes.fromhex(self.salt)).digest()
        letters = [_LETTERS[place % 2][digest[place % len(digest)] % 5] for place in range(len(word))]
        return "".join(
            str(ord(new) % 10) if old.isdigit() else new.upper() if old.isupper() else new
            for old, new in zip(word, letters, strict=True)
        )


def _is_meant(words: list[str], place: int, names: frozenset[str]) -> bool:
    """Whether the word at PLACE of WORDS names somebody; a common word only beside another name, or after `this is`."""
    word = words[place]
    if word not in _COMMON and len(word) > 2:
        return True
    around = words[max(0, place - 1) : place] + words[place + 1 : place + 2]
    return any(other in names and other != word for other in around) or bool(
        place and words[place - 1] in _NAMING and word not in ("the", "and", "for", "of")
    )


def names_of(whose: str) -> frozenset[str]:
    """The words of WHOSE, an id and a name, that may be said: folded; of an e-mail address what stands before the `@`."""
    return frozenset(
        _fold(part)
        for each in whose.split()
        for part in _WORD.findall(each.partition("@")[0])
        if len(part) > 1 and (not part.isdigit() or len(part) > 3)
    )


def _fold(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


def read_key(path: Path) -> str:
    """The salt in the key at PATH, a new one where there is none. Raises AuditError where it is no key, or cannot be
    written later."""
    if path.is_dir() or not os.access(path if path.exists() else _first_there(path.parent), os.W_OK):
        raise AuditError(f"the key {path} cannot be written; give a file in a folder of yours")
    if not path.exists():
        return secrets.token_hex(16)
    try:
        salt = msgspec.json.decode(path.read_bytes(), type=_Key).salt
        if len(bytes.fromhex(salt)) in _SALT:
            return salt
    except (OSError, ValueError, msgspec.MsgspecError):
        pass
    raise AuditError(f"{path} is no key of --anonymise; name a new file to make one")


def _first_there(path: Path) -> Path:
    return next((each for each in (path, *path.parents) if each.exists()), Path())


def write_key(path: Path, salt: str, met: Mapping[str, str]) -> None:
    """Write the key to PATH: SALT, and whose the pseudonyms are; for its owner's eyes only where the system can.

    Raises AuditError where it cannot be written."""
    known = msgspec.json.decode(path.read_bytes(), type=_Key).agents if path.exists() else {}
    told = msgspec.json.encode(_Key(salt, dict(sorted({**known, **met}.items()))))
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.format(told) + b"\n")
        beside.replace(path)
    except OSError as error:
        raise AuditError(f"the key {path} cannot be written: {error.strerror}") from None

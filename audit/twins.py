"""Contacts that were given more than once: by their id, or by what was said."""

import hashlib
from typing import NamedTuple

from audit.model import Conversation

# Talks of fewer letters may be alike by chance, and lines of JSON with ids are not written from each other.
LEAST_LETTERS = 100
LINES = (".jsonl", ".ndjson")


class Known(NamedTuple):
    """What two exports of one contact have in common: the id, or the words where one of them has no id of its own."""

    id: str
    has_own_id: bool
    words: bytes
    file: str


def seen_before(ids: list[Known], seen: dict[int, tuple[str, bytes]]) -> dict[int, str]:
    """Why those in IDS are not judged, by place, whose contact was SEEN, or stands there before; all are seen now.

    Hashes stand for ids and words: a hundred thousand of them weigh a few megabytes.
    """
    again = {}
    shared: dict[tuple[str, bytes], tuple[str, bytes]] = {}
    for place, each in enumerate(ids):
        known = shared.setdefault((each.file, each.words), (each.file, each.words))
        by_id, by_words, by_either = hash(each.id), hash((each.words, "no id")), hash((each.words, "any"))
        if first := seen.get(by_id):
            again[place] = f"a conversation with this id was judged already, from {first[0]}"
            if first[1] != each.words and "redacted" not in f"{first[0]} {each.file}".lower():
                again[place] += "; the words differ, so this may be another part of it"
        elif each.words and (twin := seen.get(by_words if each.has_own_id else by_either)):
            again[place] = f"the same words were judged already, from {twin[0]}"
        seen.setdefault(by_id, known)
        if each.words:
            seen.setdefault(by_either, known)
            if not each.has_own_id:
                seen.setdefault(by_words, known)
    return again


def words_of(conversation: Conversation) -> bytes:
    """What was said in CONVERSATION, whoever said it and however it was cut into turns, as eight bytes."""
    if conversation.has_own_id and conversation.source.endswith(LINES):
        return b""
    said = "".join("".join([turn.text for turn in conversation.turns]).lower().split())
    return (
        hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=8).digest() if len(said) >= LEAST_LETTERS else b""
    )

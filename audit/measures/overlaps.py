"""Who spoke while somebody else was speaking, and whose turn was cut short by it."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from audit.language.backchannel import is_idle, is_listening
from audit.language.words import count_words
from audit.model import Role, Turn

# Who stops so long before the other one's end did not take the floor.
NEAR_THE_END = 0.3
# A turn that breaks off in mid-sentence was taken over where the other one began before its end or within this many
# seconds after: people need about 200 ms to answer. On two-speaker stretches of the ICSI meetings half of these are
# labelled interruptions (precision .53, recall .51); longer overlaps are no surer a sign.
REACTION = 0.2
# A recogniser that writes full stops puts one behind what was cut off too; there a turn was cut off where both spoke for
# longer than turns take to change hands (Schegloff 2000), and it was taken up again within these many seconds.
_MARKS = frozenset(".?!")
SHORTEST_OVERLAP = 0.6
RESUMED_WITHIN = 5.0
# Fewer words neither hold the floor nor take it.
FEWEST_WORDS = 2

# Ends that nobody chooses: a dash, a mark of the transcriber, or a word that needs another one after it. Dots may also
# be a pause for thought: without times they show nothing.
_CUT_MARK = re.compile(r"(?:--|[—–-]|//|\[(?:crosstalk|cut off|interrupted|overlapping)[^\]]*\])[\"'”’]?\s*$", re.I)
_DOTS = re.compile(r"(?:\.\.\.|…)[\"'”’]?\s*$")
_HANGING = re.compile(
    r"\b(?:the|an?|my|your|our|their|his|her|its|to|of|for|with|at|from|in|by|as|than|about|into|and|but|because|cuz"
    r"|or|if|that|am|is|are|was|were|i|i'm|i've|i'd|we|we're|you're|he|she|it's|they|they're|there's|that's|what's"
    r"|when|which|who|where|just|like|then|would|could|will|can|should|might|may|have|has|had|does|did|don't"
    r"|didn't|doesn't|isn't|not|very|really|more|be|been|being|even|gonna|wanna|hafta|i mean|um|uh)\s*,?\s*$",
    re.IGNORECASE,
)


class Basis(StrEnum):
    """What shows that a turn was cut short."""

    WORD_TIMES = "word times"
    TURN_TIMES = "turn times"
    CUT_OFF_MARK = "a cut-off mark"


class Overlap(NamedTuple):
    """LATER began while EARLIER was being spoken; `seconds` is how long both spoke, None where only a mark shows it."""

    earlier: Turn
    later: Turn
    seconds: float | None
    basis: Basis


def span(turn: Turn) -> tuple[float, float] | None:
    """When TURN was spoken, in seconds from the start: by its words where they have times, else by its own."""
    if turn.words:
        return turn.words[0].start, turn.words[-1].end
    if turn.start is None or turn.end is None or turn.end < turn.start:
        return None
    return turn.start, turn.end


def is_cut_off(text: str) -> bool:
    """Whether TEXT ends in a mark that its speaker was cut off."""
    return bool(_CUT_MARK.search(text.rstrip()))


def is_unfinished(text: str) -> bool:
    """Whether TEXT breaks off: in a mark, in dots, or in a word that needs another one after it."""
    return is_cut_off(text) or bool(_DOTS.search(text) or _HANGING.search(text.rstrip()))


def interruptions(turns: Sequence[Turn], by: Role, of: Role) -> list[Overlap]:
    """Each time a speaker with the role BY took the floor while one with the role OF was in mid-turn and lost it.

    It was lost in mid-turn where its words break off just as the other one begins. Listening words are none, nor are
    overlaps over a turn that was finished all the same, however long (Schegloff 2000): those are time of both speaking,
    see `talk_over`. Turns without times show one only by a mark at the end of the turn that was cut off.
    """
    speakers = [turn for turn in turns if turn.role in (by, of)]
    found = []
    for place, earlier in enumerate(speakers):
        if earlier.role is not of or is_idle(earlier.text):
            continue
        overlap = _overlap(speakers, place, by)
        if overlap is not None:
            found.append(overlap)
    return found


def _overlap(speakers: list[Turn], place: int, by: Role) -> Overlap | None:
    earlier = speakers[place]
    spoken = span(earlier)
    if spoken is None:
        return _marked(speakers, place, by)
    ends_in_a_mark = earlier.text.rstrip()[-1:] in _MARKS
    if not ends_in_a_mark and not is_unfinished(earlier.text):
        return None
    for later in speakers[place + 1 :]:
        other = span(later)
        if other is None or other[0] > spoken[1] + REACTION:
            break
        if later.role is not by and not is_idle(later.text):
            break  # the speaker began anew: what comes now cuts that off
        if later.role is not by or is_idle(later.text) or other[1] < spoken[1] - NEAR_THE_END:
            continue
        seconds = max(0.0, min(other[1], spoken[1]) - other[0])
        if count_words(later.text) < FEWEST_WORDS or other[0] <= spoken[0]:
            continue
        if not ends_in_a_mark or (seconds >= SHORTEST_OVERLAP and _resumed(speakers, place, spoken[1])):
            basis = Basis.WORD_TIMES if earlier.words and later.words else Basis.TURN_TIMES
            return Overlap(earlier, later, round(seconds, 2), basis)
    return None


def talk_over(turns: Sequence[Turn], by: Role, of: Role) -> float:
    """For how many seconds somebody of the role BY spoke while one of the role OF did, listening words aside.

    Most of it is harmless, and none of it is judged: it is shown beside what was.
    """
    spoken = [(at, turn) for turn in turns if turn.role is of and (at := span(turn)) is not None]
    total = 0.0
    for turn in turns:
        own = span(turn) if turn.role is by and not is_listening(turn.text) else None
        if own is not None:
            total += sum(max(0.0, min(own[1], at[1]) - max(own[0], at[0])) for at, _ in spoken)
    return round(total, 2)


def _marked(speakers: list[Turn], place: int, by: Role) -> Overlap | None:
    earlier = speakers[place]
    if not is_cut_off(earlier.text) or place + 1 == len(speakers):
        return None
    later = speakers[place + 1]
    if later.role is not by or is_listening(later.text):
        return None
    return Overlap(earlier, later, None, Basis.CUT_OFF_MARK)


def _resumed(speakers: list[Turn], place: int, end: float) -> bool:
    """Whether the speaker cut off at END goes on in small letters soon after."""
    earlier = speakers[place]
    for turn in speakers[place + 1 :]:
        if turn.participant is earlier.participant and not is_listening(turn.text):
            return turn.start is not None and turn.start - end <= RESUMED_WITHIN and turn.text[:1].islower()
    return False

"""Who spoke while somebody else was speaking, and whose turn was cut short by it."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from audit.language.backchannel import is_listening
from audit.language.words import count_words
from audit.model import Role, Turn

# Overlaps under about half a second are how turns normally change hands (Schegloff 2000; Levinson & Torreira 2015).
SHORTEST_OVERLAP = 0.6
NEAR_THE_END = 0.5
# Fewer words than this do not take the floor.
FEWEST_WORDS = 4
# A turn taken up again within this many seconds had not been finished.
RESUMED_WITHIN = 5.0

# Ends that nobody chooses: a dash or dots, a mark of the transcriber, or a word that needs another one after it.
_CUT_MARK = re.compile(
    r"(?:--|[—–-]|\.\.\.|…|//|\[(?:crosstalk|cut off|interrupted|overlapping)[^\]]*\])[\"'”’]?\s*$", re.I
)
_HANGING = re.compile(
    r"\b(?:and|but|so|because|or|if|that|the|a|an|my|your|our|their|his|her|its|to|of|for|with|at|from"
    r"|is|are|was|were|am|i|i'm|we|you|he|she|it|they|when|which|who|where|just|like|then|this|would|could|will|can"
    r"|have|has|had|do|don't|didn't|not|very|really|um|uh)\s*,?\s*$",
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
    """Whether TEXT breaks off: in a mark, or in a word that needs another one after it."""
    return is_cut_off(text) or bool(_HANGING.search(text.rstrip()))


def interruptions(turns: Sequence[Turn], by: Role, of: Role) -> list[Overlap]:
    """Each time a speaker with the role BY took the floor while one with the role OF was in mid-turn and lost it.

    Listening words are none, nor are overlaps at the end of a turn, nor a turn that was finished all the same. Turns
    without times show one only by a mark at the end of the turn that was cut off.
    """
    speakers = [turn for turn in turns if turn.role in (by, of)]
    found = []
    for place, earlier in enumerate(speakers):
        if earlier.role is not of:
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
    for later in speakers[place + 1 :]:
        other = span(later)
        if other is None or other[0] >= spoken[1] - NEAR_THE_END:
            break
        if later.role is not by or is_listening(later.text) or count_words(later.text) < FEWEST_WORDS:
            continue
        seconds = min(other[1], spoken[1]) - other[0]
        lost = other[1] >= spoken[1] and (is_unfinished(earlier.text) or _resumed(speakers, place, spoken[1]))
        if seconds >= SHORTEST_OVERLAP and lost:
            basis = Basis.WORD_TIMES if earlier.words and later.words else Basis.TURN_TIMES
            return Overlap(earlier, later, round(seconds, 2), basis)
    return None


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
        if turn.participant is earlier.participant:
            return turn.start is not None and turn.start - end <= RESUMED_WITHIN and turn.text[:1].islower()
    return False

"""Time to find every act in a text, and in one eight times as long, for shipped rules and for phrases that attack.

    python benchmarks/linearity.py [--characters 30000]

Prints the ratio for each shipped act and for phrases that take exponential, cubic or quadratic time in engines that
backtrack. Anything near 8 is linear; the bound is 10.
"""

import argparse
import sys
import time

from audit.matching import Lexicon, PhraseError, Phrases, expression, try_out
from audit.rulepack import load

ATTACKS = {
    "(a+)+$": "a",
    "(a|aa)+$": "a",
    "(.*a){12}": "a",
    "you have to.*sorry.*please": "you have to you have to sorry sorry ",
    "(.*),(.*),(.*),x": ",",
    "a ... b ... c": "a x ",
}


def seconds(lexicon: Lexicon, text: str) -> float:
    """CPU seconds to find everything in TEXT, the best of several."""
    best = float("inf")
    for _ in range(7):
        lexicon.said.cache_clear()
        begun = time.process_time()
        lexicon.said(text)
        best = min(best, time.process_time() - begun)
    return best


def ratio(phrases: Phrases, attack: str, characters: int) -> float:
    """How much longer eight times the text takes."""
    lexicon = Lexicon({"act": phrases})
    short = attack * (characters // len(attack))
    return seconds(lexicon, short * 8 + "!") / max(seconds(lexicon, short + "!"), 1e-6)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--characters", type=int, default=30_000)
    told = parser.parse_args()
    worst = 0.0
    for act in load(examples=True).acts.values():
        sample = (
            " ".join(each.text.replace("[", "").replace("]", "") for each in (*act.matches, *act.near_misses)) + " "
        )
        found = max(ratio(act.phrases, text, told.characters) for text in (sample, "you have to sorry not "))
        worst = max(worst, found)
        print(f"{act.id:24} {found:5.1f}")
    for phrase, attack in ATTACKS.items():
        pattern = expression(phrase)
        try:
            try_out(pattern)
        except PhraseError as error:
            print(f"{phrase:24} refused: {error}")
            continue
        found = ratio(Phrases((pattern,)), attack, told.characters)
        worst = max(worst, found)
        print(f"{phrase:24} {found:5.1f}")
    print(f"worst ratio {worst:.1f} for 8 times the text")
    sys.exit(worst > 10)


if __name__ == "__main__":
    main()

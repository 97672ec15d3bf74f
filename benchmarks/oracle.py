"""RE2 against Python's `re` on every text of a gold folder, as it stands and with accents, curly quotes and odd spaces.

    python benchmarks/oracle.py GOLD_DIR

Prints how many texts were searched for how many acts, how often something was found, and the number of differences.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from audit.language.fold import fold
from audit.matching import MOST_PLACES, Lexicon, Phrases
from audit.rulepack import load


def texts(gold: Path) -> Iterator[str]:
    """Every text in the files of GOLD."""
    for path in sorted(gold.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            told = json.loads(line)
            yield from [told["text"]] if "text" in told else [turn["text"] for turn in told["turns"]]


def disguised(text: str) -> str:
    """TEXT with accents, curly quotes and odd spaces put in."""
    accents = str.maketrans({"e": "é", "o": "ö", "a": "à", "'": "’", " ": "\u00a0", '"': "”"})
    return text.translate(accents)


def by_re(pattern: "re.Pattern[str]", text: str) -> list[tuple[int, int]]:
    """Where `re` finds PATTERN in TEXT, trimmed and bounded as in `audit.matching`."""
    found = []
    for match in pattern.finditer(text):
        words = match.group()
        found.append((match.start() + len(words) - len(words.lstrip()), match.end() - len(words) + len(words.rstrip())))
    return found[:MOST_PLACES]


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    told = parser.parse_args()
    acts = load().acts.values()
    phrases = sorted({phrase for act in acts for phrase in act.phrases.finds + act.phrases.cancels})
    lexicon = Lexicon({phrase: Phrases((phrase,)) for phrase in phrases})
    oracles = {phrase: re.compile(phrase, re.IGNORECASE | re.ASCII) for phrase in phrases}
    searched = found = different = 0
    for text in sorted(set(texts(told.gold))):
        for form in (text, disguised(text)):
            searched += 1
            folded = fold(form)
            said = lexicon.said(form)
            for phrase, oracle in oracles.items():
                expected = [folded.original(*span) for span in by_re(oracle, folded.text)]
                found += len(expected)
                different += said.get(phrase, []) != expected
    print(f"{searched} texts, {len(phrases)} phrases, {found} places found, {different} differences")
    sys.exit(different > 0)


if __name__ == "__main__":
    main()

"""How often whole verdicts are right, on conversations that two people judged by hand.

    python benchmarks/verdicts.py LABELS CONVERSATIONS...
    python benchmarks/verdicts.py --agreement READER_A READER_B

LABELS is JSON Lines: `{"id": conversation, RULE: "pass" | "fail" | "na" | "ct", ...}`, or for a rule whose places were
labelled a list of `[turn number from 0, "words"]`; tests/labels/CODEBOOK.md says what each means. CONVERSATIONS are
files that `audit run` reads. Prints for each rule how many verdicts are right, how many of its fails are, and what was
said for what; for places, precision and recall. With --agreement, how often two readers said the same, and Gwet's AC1,
which unlike kappa does not fall where nearly all answers are alike (Gwet 2008).
"""

import argparse
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from audit.facts import Facts
from audit.form import load_form
from audit.intervals import wilson
from audit.model import Conversation, Outcome, Verdict
from audit.pipeline import conversations
from audit.rule import Rule
from audit.rulepack import load

SHORT = {"not-applicable": "na", "cannot-tell": "ct"}
ANSWERS = ("pass", "fail", "na", "ct")

Labels = Mapping[str, Mapping[str, Any]]


def labels(path: Path) -> dict[str, dict[str, Any]]:
    """The labels in PATH by the id of the conversation."""
    told = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return {each.pop("id"): each for each in told}


def agreement(one: Labels, other: Labels) -> None:
    """Print how far two readers agree on each question."""
    both = sorted(one.keys() & other.keys())
    print(f"{len(both)} conversations\n{'rule':28} equal         AC1")
    for rule in sorted({rule for each in both for rule in one[each] if isinstance(one[each][rule], str)}):
        pairs = [(one[each][rule], other[each][rule]) for each in both if rule in one[each] and rule in other[each]]
        equal = sum(first == second for first, second in pairs) / len(pairs)
        shares = [sum((first == a) + (second == a) for first, second in pairs) / (2 * len(pairs)) for a in ANSWERS]
        chance = sum(share * (1 - share) for share in shares) / (len(ANSWERS) - 1)
        print(f"{rule:28} {equal:.2f} of {len(pairs):4}  {(equal - chance) / (1 - chance):.2f}")


def places(rule: Rule, facts: Facts, wanted: list[list[Any]], tally: Counter[str]) -> None:
    """Hold the places RULE found against those WANTED: the same turn, and words that overlap."""
    found = [f.evidence[-1] for f in rule.run(facts).findings if f.outcome is Outcome.MISSED]
    left = list(found)
    for number, words in wanted:
        hit = next((at for at in left if at.turn.index == number and _overlap(at.turn.text, words, at)), None)
        if hit:
            left.remove(hit)
        tally["right" if hit else "missed"] += 1
    tally["wrong"] += len(left)


def _overlap(text: str, words: str, at: Any) -> bool:
    first = text.lower().find(words.lower())
    return first < 0 or (first < at.last and at.first < first + len(words))


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agreement", action="store_true")
    parser.add_argument("--list", metavar="RULE", help="name the conversations in which RULE was judged otherwise")
    parser.add_argument("labels", type=Path)
    parser.add_argument("conversations", type=Path, nargs="+")
    told = parser.parse_args()
    wanted = labels(told.labels)
    if told.agreement:
        agreement(wanted, labels(told.conversations[0]))
        return
    pack = load()
    verdicts: dict[str, Counter[tuple[str, str]]] = {}
    found: dict[str, Counter[str]] = {}
    scored = load_form("standard", pack).weights().keys()
    clean = alarmed = 0
    seen = set()
    for conversation in conversations(told.conversations):
        if not isinstance(conversation, Conversation) or conversation.id in seen or conversation.id not in wanted:
            continue
        seen.add(conversation.id)
        facts = pack.facts(conversation)
        asked = {rule for rule in scored & wanted[conversation.id].keys() if wanted[conversation.id][rule] != "fail"}
        if asked == scored & wanted[conversation.id].keys():
            clean += 1
            alarmed += any(pack.rules[rule].run(facts).verdict is Verdict.FAIL for rule in asked)
        for rule, label in wanted[conversation.id].items():
            if rule not in pack.rules:
                continue
            if not isinstance(label, str):
                places(pack.rules[rule], facts, label, found.setdefault(rule, Counter()))
                continue
            verdict = str(pack.rules[rule].run(facts).verdict)
            said = SHORT.get(verdict, verdict)
            verdicts.setdefault(rule, Counter())[label, said] += 1
            if rule == told.list and said != label:
                print(f"{conversation.id}: labelled {label}, judged {said}")
    print(f"{len(seen)} of {len(wanted)} labelled conversations found\n")
    print(f"{'rule':28}{'right':>14}  {'95 %':12}{'fail right':>12}  labelled as → judged as, where they differ")
    for rule, pairs in sorted(verdicts.items()):
        number, right = sum(pairs.values()), sum(n for (label, said), n in pairs.items() if label == said)
        failed = sum(n for (_, said), n in pairs.items() if said == "fail")
        share = wilson(right, number)
        wrong = ", ".join(f"{a}→{b} {n}" for (a, b), n in sorted(pairs.items(), key=lambda p: (-p[1], p[0])) if a != b)
        fails = f"{pairs['fail', 'fail']}/{failed}"
        print(
            f"{rule:28}{right:5}/{number:<3} {right / number:.2f}  {share.low:.2f}-{share.high:.2f}"
            f" {fails:>9} {pairs['fail', 'fail'] / failed if failed else 0:.2f}  {wrong}"
        )
    if clean:
        print(f"false alarms: {alarmed} of {clean} contacts without a fault have a false miss that costs points")
    for rule, tally in sorted(found.items()):
        right, wrong, missed = tally["right"], tally["wrong"], tally["missed"]
        print(f"{rule:28} places: {right} right, {wrong} wrong, {missed} missed")


if __name__ == "__main__":
    main()

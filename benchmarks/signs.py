"""The points of a rule's signs, fitted to contacts that people judged by hand.

    python benchmarks/signs.py RULE LABELS CONVERSATIONS...

LABELS and CONVERSATIONS are as for benchmarks/verdicts.py. The acts are those that RULE names under `signs:`; a contact
gave an occasion where its label is not `na`. Prints the points by ridge-penalised logistic regression, to be written
into the rule, and how often the rule's whole verdicts are right with the points fitted on nine tenths of the contacts
and tried on the tenth, next to the same without any signs.
"""

import argparse
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
from verdicts import SHORT, labels

from audit.facts import Facts
from audit.model import Conversation
from audit.pipeline import conversations
from audit.rule import Rule
from audit.rulepack import load
from audit.signs import Signs

# How strongly points are drawn to nought, in contacts; chosen once, on talks that were then left alone.
RIDGE = 2.0
STEPS = 50
PARTS = 10


def fitted(seen: np.ndarray, occasion: np.ndarray) -> np.ndarray:
    """The base and a number of points for each column of SEEN (contacts by signs, 0 or 1), by Newton's method."""
    rows = np.hstack([np.ones((len(seen), 1)), seen])
    penalty = np.diag([0.0, *[RIDGE] * seen.shape[1]])
    points = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-rows @ points))
        slope = rows.T @ (chance - occasion) + penalty @ points
        curve = (rows.T * (chance * (1 - chance))) @ rows + penalty
        points -= np.linalg.solve(curve, slope)
    return points


def with_points(signs: Signs, points: np.ndarray) -> Signs:
    """SIGNS with these points, to one decimal as they are written."""
    base, *each = (round(float(value), 1) for value in points)
    told = zip(signs.signs, each, strict=True)
    return signs._replace(base=base, signs=tuple(sign._replace(points=value) for sign, value in told))


def right(rule: Rule, held: list[tuple[Facts, str]]) -> int:
    """In how many of the contacts HELD the verdict of RULE is the label."""
    verdicts = [(str(rule.run(facts).verdict), label) for facts, label in held]
    return sum(SHORT.get(verdict, verdict) == label for verdict, label in verdicts)


def main() -> None:
    """Fit, try and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rule")
    parser.add_argument("labels", type=Path)
    parser.add_argument("conversations", type=Path, nargs="+")
    told = parser.parse_args()
    pack, wanted = load(), labels(told.labels)
    rule = pack.rules[told.rule]
    if rule.signs is None:
        parser.error(f"{told.rule} names no signs")
    read = {each.id: each for each in conversations(told.conversations) if isinstance(each, Conversation)}
    ids = [each for each in sorted(read) if rule.id in wanted.get(each, ())]
    held = [(pack.facts(read[each]), wanted[each][rule.id]) for each in ids]
    seen = np.array([[bool(facts.done((sign.act,), sign.by)) for sign in rule.signs.signs] for facts, _ in held], float)
    occasion = np.array([label != "na" for _, label in held], float)
    part = np.array([zlib.crc32(each.encode()) % PARTS for each in ids])
    tried = 0
    for number in range(PARTS):
        signs = with_points(rule.signs, fitted(seen[part != number], occasion[part != number]))
        tried += right(replace(rule, signs=signs), [each for each, p in zip(held, part, strict=True) if p == number])
    found = with_points(rule.signs, fitted(seen, occasion))
    print(
        f"{len(held)} contacts; verdicts right: {tried} with signs, tenth by tenth, {right(rule, held)} with those of"
    )
    print(f"the rule as it is, {right(replace(rule, signs=None), held)} without signs\n\nbase: {found.base}")
    for sign in found.signs:
        print(f"{sign.by}: {sign.act}: {sign.points}")


if __name__ == "__main__":
    main()

"""How often the acts are right on labelled talk of other people: precision, recall and F1 at natural prevalence.

    python benchmarks/accuracy.py --gold GOLD_DIR [--predictions OUT_DIR]

GOLD_DIR holds files in the form of the development gold: `<behaviour>.<anything>.jsonl`, one labelled utterance, talk or
stretch of timed turns a line. Files of behaviours that are not known are skipped by name. `w` says for how many
utterances of its source a line stands; precision, recall and F1 are weighted by it, counts are plain, and intervals are
Wilson's 95 % on the effective number, (sum of w)^2 / (sum of w^2). A label is scored in those sources that use it.
With OUT_DIR the predictions are written to `<behaviour>.jsonl` there.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from audit.measures.overlaps import interruptions
from audit.model import Participant, Role, Turn
from audit.rulepack import Rulepack, load
from audit.scorecards import wilson

Record = Mapping[str, Any]

# For each behaviour, its labels, and the acts that stand for each. An act after "-" takes the label away again, where
# the sources give each utterance one label and the other one goes first.
ACTS: dict[str, dict[str, tuple[str, ...]]] = {
    "abuse": {"abuse": ("abuse",)},
    "anything_else": {"anything_else": ("anything-else",)},
    "apology": {"apology": ("apology", "hollow-apology")},
    "closing": {"closing": ("closing",)},
    "commitment": {"commitment": ("commitment",)},
    "dissatisfaction": {"dissatisfaction": ("dissatisfaction", "profanity")},
    "empathy": {"empathy": ("reassurance",)},
    "greeting": {"greeting": ("greeting",)},
    "hold": {"hold": ("hold", "hold-permission")},
    "negative_notice": {"negative_notice": ("negative-notice",)},
    "offensive": {"offensive": ("profanity",)},
    "offer_options": {"offer_options": ("offer",)},
    "open_question": {"open_question": ("open-question", "anything-else")},
    "paraphrase": {"paraphrase": ("paraphrase", "read-back", "-open-question", "-closed-question")},
    "thanks": {"thanks": ("thanks",)},
}


def by_acts(pack: Rulepack, labels: Mapping[str, tuple[str, ...]]) -> Callable[[Record], dict[str, Any]]:
    """What the acts for LABELS find in one utterance."""

    def predict(record: Record) -> dict[str, Any]:
        said = pack.vocabulary.said(record["text"])
        done = {act for act, number in pack.vocabulary.numbers.items() if number in said.acts and said.places(number)}
        found = [
            label
            for label, acts in labels.items()
            if not done.isdisjoint(acts) and done.isdisjoint(act[1:] for act in acts if act.startswith("-"))
        ]
        return {"labels": found}

    return predict


def backchannel(record: Record) -> dict[str, Any]:
    """Whether an utterance only shows that one listens."""
    from audit.language.backchannel import is_listening

    return {"labels": ["backchannel"] if is_listening(record["text"]) else []}


def overlapping(record: Record) -> dict[str, Any]:
    """Which turns cut the other speaker off, whichever of the two it is."""
    names = list(dict.fromkeys(turn["speaker"] for turn in record["turns"]))
    people = {name: Participant(name, (Role.AGENT, Role.CUSTOMER)[min(place, 1)]) for place, name in enumerate(names)}
    turns = [
        Turn(index, people[told["speaker"]], told["text"], told["start"], told["end"])
        for index, told in enumerate(record["turns"])
    ]
    found = [*interruptions(turns, Role.AGENT, Role.CUSTOMER), *interruptions(turns, Role.CUSTOMER, Role.AGENT)]
    return {"interruptions": sorted({overlap.later.index for overlap in found})}


def predictor(behaviour: str, pack: Rulepack) -> Callable[[Record], dict[str, Any]] | None:
    """What predicts BEHAVIOUR in one record, None where nothing does."""
    if behaviour == "backchannel":
        return backchannel
    if behaviour == "interruption":
        return overlapping
    if behaviour in ACTS:
        return by_acts(pack, ACTS[behaviour])
    return None


def wanted(record: Record) -> tuple[Iterable[Any], str]:
    """The labels of RECORD and the name under which they stand in a prediction."""
    return (record["interruptions"], "interruptions") if "interruptions" in record else (record["labels"], "labels")


class Cell:
    """Counts of one label in one source: right, wrong and missed, plain, weighted, and squared weights."""

    def __init__(self) -> None:
        self.plain = dict.fromkeys(("right", "wrong", "missed"), 0)
        self.weight = dict.fromkeys(self.plain, 0.0)
        self.squares = dict.fromkeys(self.plain, 0.0)

    def add(self, kind: str, weight: float) -> None:
        """Count one utterance that stands for WEIGHT of its source."""
        self.plain[kind] += 1
        self.weight[kind] += weight
        self.squares[kind] += weight * weight

    def share(self, other: str) -> tuple[float, tuple[float, float]]:
        """The share of right ones among those and OTHER, with its interval."""
        total = self.weight["right"] + self.weight[other]
        if not total:
            return 0.0, (0.0, 1.0)
        effective = total**2 / (self.squares["right"] + self.squares[other])
        share = self.weight["right"] / total
        return share, wilson(share * effective, effective)


def score(records: list[Record], predictions: list[dict[str, Any]]) -> dict[tuple[str, str], Cell]:
    """For each label and source, what was right."""
    cells: dict[tuple[str, str], Cell] = defaultdict(Cell)
    timed = bool(records) and "interruptions" in records[0]
    used = {(label, record["source"]) for record in records if not timed for label in record["labels"]}
    for record, prediction in zip(records, predictions, strict=True):
        labels, name = wanted(record)
        told, said = set(labels), set(prediction[name])
        if timed:
            said -= set(record.get("ignore", ()))
            events = [("interruption", item, item in told, item in said) for item in told | said]
        else:
            events = [(label, None, label in told, label in said) for label, at in used if at == record["source"]]
        for label, _, is_so, is_said in events:
            if is_so or is_said:
                kind = "right" if is_so and is_said else "wrong" if is_said else "missed"
                cells[label, record["source"]].add(kind, float(record.get("w", 1)))
    return cells


def rows(cells: Mapping[tuple[str, str], Cell]) -> Iterator[str]:
    """The lines of the table."""
    for (label, source), cell in sorted(cells.items()):
        precision, (low, high) = cell.share("wrong")
        recall, (least, most) = cell.share("missed")
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        counts = "".join(f"{cell.plain[kind]:7}" for kind in ("right", "wrong", "missed"))
        yield (
            f"{label:16} {source:12}{counts}   {precision:.3f} {low:.2f}-{high:.2f}"
            f"   {recall:.3f} {least:.2f}-{most:.2f}   {f1:.3f}"
        )


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--predictions", type=Path)
    told = parser.parse_args()
    pack = load()
    print(f"{'label':16} {'source':12}{'right':>7}{'wrong':>7}{'missed':>7}   P     95 %        R     95 %        F1")
    for path in sorted(told.gold.glob("*.jsonl")):
        behaviour = path.name.partition(".")[0]
        predict = predictor(behaviour, pack)
        if predict is None:
            print(f"{path.name}: nothing here predicts it", file=sys.stderr)
            continue
        records = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        predictions = [{"id": record["id"], **predict(record)} for record in records]
        print("\n".join(rows(score(records, predictions))))
        if told.predictions:
            told.predictions.mkdir(parents=True, exist_ok=True)
            text = "".join(json.dumps(prediction) + "\n" for prediction in predictions)
            (told.predictions / f"{behaviour}.jsonl").write_text(text, "utf-8")


if __name__ == "__main__":
    main()

"""How often the acts are right on labelled talk of other people: precision, recall and F1 at natural prevalence.

    python benchmarks/accuracy.py --gold GOLD_DIR [--predictions OUT_DIR]
    python benchmarks/accuracy.py --labels tests/labels/hits.jsonl --gold GOLD_DIR --conversations CORPUS... --write

GOLD_DIR holds files in the form of the development gold: `<behaviour>.<anything>.jsonl`, one labelled utterance, talk or
stretch of timed turns a line. Files of behaviours that are not known are skipped by name. `w` says for how many
utterances of its source a line stands; precision, recall and F1 are weighted by it, counts are plain, and intervals are
Wilson's 95 % on the effective number, (sum of w)^2 / (sum of w^2). A label is scored in those sources that use it.
With OUT_DIR the predictions are written to `<behaviour>.jsonl` there.

--labels holds hits and near misses of rules, read by two people (tests/labels/CODEBOOK.md), by the id of a conversation
in CORPUS or GOLD_DIR, or of an utterance in GOLD_DIR. Each rule is run on them as it is now: what it calls a miss is
right where both readers did, what both call one and it does not is missed. --write puts the figures into
rules/measured.yaml.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from audit.folders import folder
from audit.intervals import wilson
from audit.measures.overlaps import interruptions
from audit.model import Channel, Conversation, Outcome, Participant, Role, Turn
from audit.observations import STRAINED, strain
from audit.pipeline import conversations
from audit.rulepack import Rulepack, load
from audit.trust import MEASURED

Record = Mapping[str, Any]

# For each behaviour, its labels, and the acts that stand for each. An act after "-" takes the label away again, where
# the sources give each utterance one label and the other one goes first.
ACTS: dict[str, dict[str, tuple[str, ...]]] = {
    "abuse": {"abuse": ("abuse",), "abuse_strong": ("profanity",)},
    "anything_else": {"anything_else": ("anything-else",)},
    "apology": {"apology": ("apology", "hollow-apology")},
    "closing": {"closing": ("closing",)},
    "commitment": {"commitment": ("commitment",)},
    "dissatisfaction": {"dissatisfaction": ("dissatisfaction", "profanity")},
    "empathy": {"empathy": ("reassurance",)},
    "greeting": {"greeting": ("greeting",)},
    "hold": {"hold": ("hold", "hold-permission", "moment")},
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
        done = pack.vocabulary.said(record["text"]).keys()
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


def chat(record: Record) -> Conversation:
    """The talk of one record of difficult conversations."""
    people = {side: Participant(side, Role(side)) for side in ("agent", "customer")}
    turns = [
        Turn(index, people[told["speaker"]], told["text"], told["t"], None)
        for index, told in enumerate(record["turns"])
    ]
    return Conversation(record["id"], Channel.CHAT, tuple(people.values()), tuple(turns))


def annoyed(pack: Rulepack, record: Record) -> dict[str, Any]:
    """Whether the customer of one talk was annoyed."""
    return {"labels": ["customer_annoyed"] if strain(pack.facts(chat(record))) >= STRAINED else []}


def predictor(behaviour: str, pack: Rulepack) -> Callable[[Record], dict[str, Any]] | None:
    """What predicts BEHAVIOUR in one record, None where nothing does."""
    if behaviour == "backchannel":
        return backchannel
    if behaviour == "interruption":
        return overlapping
    if behaviour == "difficult_conversation":
        return partial(annoyed, pack)
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


class Counts:
    """What was right of one rule on the items labelled for it."""

    def __init__(self) -> None:
        self.right = self.wrong = self.near = self.missed = self.equal = self.items = 0
        self.said: dict[str, int] = defaultdict(int)
        self.when = ""

    def add(self, item: Mapping[str, Any], fires: bool) -> None:
        """Count ITEM, which the rule calls a miss if it FIRES."""
        is_miss = item["a"] == item["b"] == "M"
        self.right += fires and is_miss
        self.wrong += fires and not is_miss
        self.near += not fires
        self.missed += not fires and is_miss
        self.items += 1
        self.equal += item["a"] == item["b"]
        for letter in (item["a"], item["b"]):
            self.said[letter] += 1
        self.when = max(self.when, item["when"])

    def agreement(self) -> tuple[float, float]:
        """The share of items on which the readers agree, and Gwet's AC1."""
        equal = self.equal / self.items
        shares = [number / (2 * self.items) for number in self.said.values()]
        chance = sum(share * (1 - share) for share in shares) / max(1, len(shares) - 1)
        return equal, (equal - chance) / (1 - chance) if chance < 1 else 1.0


def measure(labels: Path, gold: Path, corpus: list[Path], pack: Rulepack) -> dict[str, Counts]:
    """The figures of each rule in LABELS, as it is now."""
    items: dict[str, list[Any]] = defaultdict(list)
    for line in labels.read_text("utf-8").splitlines():
        item = json.loads(line)
        items[item["id"]].append(item)
    counts: dict[str, Counts] = defaultdict(Counts)
    for conversation in conversations(corpus):
        if not isinstance(conversation, Conversation):
            continue
        _talk(items.pop(conversation.id, ()), conversation, pack, counts)
        for turn in conversation.turns:
            _text(items.pop(f"{conversation.id}:{turn.index}", ()), turn.text, pack, counts)
    for path in sorted(gold.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            record = json.loads(line)
            if told := items.pop(record["id"], ()):
                if "turns" in record:
                    _talk(told, chat(record), pack, counts)
                else:
                    _text(told, record["text"], pack, counts)
    if items:
        print(f"{len(items)} labelled items were not found", file=sys.stderr)
    return counts


def _talk(items: Iterable[Any], talk: Conversation, pack: Rulepack, counts: Mapping[str, Counts]) -> None:
    """Count labelled contacts: there a rule is run as a whole."""
    for item in items:
        findings = pack.rules[item["rule"]].run(pack.facts(talk)).findings
        counts[item["rule"]].add(item, any(each.outcome is Outcome.MISSED for each in findings))


def _text(items: Iterable[Any], text: str, pack: Rulepack, counts: Mapping[str, Counts]) -> None:
    """Count labelled utterances: there a rule stands for the act that it looks for."""
    for item in items:
        acts = pack.rules[item["rule"]].values["act"]
        counts[item["rule"]].add(item, not pack.vocabulary.said(text).keys().isdisjoint(acts))


def written(counts: Mapping[str, Counts], data: str) -> str:
    """The text of rules/measured.yaml."""
    lines = ["# Written by benchmarks/accuracy.py from tests/labels/hits.jsonl; changes by hand are lost."]
    for rule, each in sorted(counts.items()):
        equal, ac1 = each.agreement()
        lines += [
            f"{rule}:",
            f"  {{right: {each.right}, wrong: {each.wrong}, near: {each.near}, missed: {each.missed},"
            f' agreement: {equal:.2f}, ac1: {ac1:.2f}, data: "{data}", when: "{each.when}"}}',
        ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--predictions", type=Path)
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--conversations", type=Path, nargs="+", default=[])
    parser.add_argument("--write", action="store_true")
    told = parser.parse_args()
    pack = load()
    if told.labels:
        counts = measure(told.labels, told.gold, told.conversations, pack)
        for rule, each in sorted(counts.items()):
            low, high = wilson(each.right, each.right + each.wrong)
            print(
                f"{rule:30} {each.right:3} of {each.right + each.wrong:3} right ({low:.2f}-{high:.2f}),"
                f" {each.missed:2} of {each.near:3} near misses missed, readers {each.agreement()[0]:.2f}, AC1 {each.agreement()[1]:.2f}"
            )
        if told.write:
            (folder("rules") / MEASURED).write_text(written(counts, "star, sgd, abcd and gold texts"), "utf-8")
        return
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

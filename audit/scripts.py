"""Call scripts and canned replies: judged like a talk in which only the agent speaks, with findings on their lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from audit.errors import AuditError
from audit.form import Evaluation, shown
from audit.gate import Gate
from audit.ingest import script
from audit.ingest.places import find, pieces
from audit.ingest.source import Options, Rejected, Source
from audit.judging import Judge, Suggestion
from audit.model import Outcome, Verdict
from audit.report import Intake, Refusal
from audit.rule import Rule

# What a folder of scripts is searched for; any file may be named itself.
ENDINGS = frozenset({".md", ".markdown", ".txt", ".text"})


class Remark(NamedTuple):
    """One finding in a script: the place of the words, counted from 1, the words, the rule that minds them, and what to
    say instead."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    rule: Rule
    quote: str
    instead: Suggestion | None


@dataclass(frozen=True, slots=True)
class Review:
    """What came of checking scripts, in the order of their names."""

    intake: Intake
    evaluations: Sequence[Evaluation]
    remarks: Sequence[Remark]
    gates: Sequence[Gate]


def review(
    judge: Judge,
    inputs: Sequence[str | Path],
    options: Options,
    each_heading: bool,
    fail_under: float | None,
    max_findings: int | None = None,
) -> Review:
    """Judge the scripts at INPUTS. Raises AuditError where there are none."""
    files, passed_over, unreadable = find(inputs, lambda path: path.suffix.lower() in ENDINGS)
    if not files and not unreadable:
        raise AuditError("no scripts were given: no .md or .txt file in the folder")
    intake = Intake(files=len(files), passed_over=passed_over)
    intake.rejected = [Refusal(name, None, "unreadable", reason) for name, reason in unreadable]
    evaluations: list[Evaluation] = []
    for cut in (each for piece in pieces(files) for each in piece):
        name = cut.name
        try:
            source = Source(name, cut.read(), options)
            texts = list(script.read(source, each_heading))
        except Rejected as fault:
            intake.rejected.append(Refusal(name, fault.line, fault.code, fault.reason))
            continue
        except OSError as error:
            reason = f"the file cannot be opened ({error.strerror or type(error).__name__})"
            intake.rejected.append(Refusal(name, None, "unreadable", reason))
            continue
        intake.read += len(texts)
        for warning in source.warnings:
            intake.warnings[f"{name}: {warning}"] += 1
        evaluations += [judge.evaluate(text)[0] for text in texts]
    for evaluation in evaluations:
        intake.rule_errors.update(
            f"{answer.rule}: {answer.reason}" for answer in evaluation.answers if answer.verdict is Verdict.ERROR
        )
    remarks = sorted(
        (remark for evaluation in evaluations for remark in _remarks(judge, evaluation)),
        key=lambda each: (each.file, each.line, each.column, each.rule.id),
    )
    return Review(intake, evaluations, remarks, _gates(evaluations, fail_under, len(remarks), max_findings))


def _remarks(judge: Judge, evaluation: Evaluation) -> Iterator[Remark]:
    for answer in evaluation.answers:
        for finding in answer.findings:
            if finding.outcome is Outcome.MISSED and finding.evidence and not finding.under:
                at = finding.evidence[0]
                first, last = script.place(at.turn, at.first), script.place(at.turn, at.last)
                instead = judge.suggestion(answer.rule, finding)
                rule = judge.pack.rules[answer.rule]
                yield Remark(evaluation.conversation.source, *first, *last, rule, at.quote, instead)


def _gates(
    evaluations: Sequence[Evaluation], fail_under: float | None, findings: int, max_findings: int | None
) -> list[Gate]:
    gates = [
        Gate(f"gate:{rule}", False, f"{evaluation.conversation.id}: failed {rule}")
        for evaluation in evaluations
        for rule in evaluation.failed_gates
    ]
    if max_findings is not None:
        wanted = f"{findings} findings, at most {max_findings} wanted"
        gates.append(Gate("findings", findings <= max_findings, wanted))
    if fail_under is None:
        return gates
    scored = [(each.conversation.id, shown(each.score)) for each in evaluations if each.score is not None]
    for name, score in scored:
        gates.append(Gate(f"score:{name}", score >= fail_under, f"{name}: {score}, at least {fail_under:g} wanted"))
    if not scored:
        gates.append(Gate("score:all", None, "no script gave enough evidence for a score"))
    return gates

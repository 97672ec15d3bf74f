"""A run from files to a report: ingest, measure, check, score, aggregate, emit."""

import functools
import gc
import hashlib
import operator
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from audit.capabilities import GUESSED
from audit.errors import AuditError
from audit.form import Evaluation, Form, load_form
from audit.gate import gates
from audit.ingest import readers
from audit.ingest.guess import guess
from audit.ingest.places import ROSTER, Piece, Slice, find, pieces
from audit.ingest.roles import Roster, RosterEntry, read_roster, settle
from audit.ingest.source import Options, Rejected, Source
from audit.judging import Judge, NotJudged, judge
from audit.model import Conversation, Outcome, RuleResult, Verdict
from audit.moments import moment
from audit.pseudonyms import Pseudonyms, names_of
from audit.report import Contact, Intake, Look, Refusal, Report, Sums, page_name
from audit.reports import evaluations
from audit.rulepack import Rulepack, load
from audit.scorecards import MOMENTS, Answers, Person, Tally, order, scorecard
from audit.twins import Known, seen_before, words_of
from audit.workers import spread

EVALUATIONS = "evaluations.jsonl"
CONTACTS = "contacts"
# Up to this many contacts each gets a page, unless it is said otherwise.
MOST_PAGES = 2000


@dataclass(frozen=True)
class Plan:
    """All that one process needs to know to do its share of a run.

    `pages` says which contacts get a page: auto, all, evidence or none; None where no pages are wanted at all. `salt` hides
    who the agents are.
    """

    folder: Path
    rules: tuple[Path, ...] = ()
    form: str = "standard"
    rosters: tuple[Path, ...] = ()
    options: Options = field(default_factory=Options)
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    pages: str | None = None
    look: Look = field(default_factory=Look)
    salt: str = ""

    def __getstate__(self) -> dict[str, Any]:
        """What another process is told: it loads the rules itself."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @cached_property
    def judge(self) -> Judge:
        """The rules and the form, loaded when first needed."""
        pack = load(self.rules)
        return judge(pack, load_form(self.form, pack), self.select, self.ignore)

    @cached_property
    def pseudonyms(self) -> Pseudonyms:
        """The names under which agents are hidden, and whose they are."""
        listed = [f"{entry.agent_id} {entry.name or ''}" for entry in self.entries.entries.values()]
        return Pseudonyms(self.salt, frozenset().union(*map(names_of, listed)))

    @cached_property
    def entries(self) -> Roster:
        """What all rosters say together, nothing where there are none. Raises AuditError where they contradict."""
        return functools.reduce(operator.or_, map(read_roster, self.rosters), Roster())


@dataclass
class Part:
    """What came of one piece: sums, and the lines of its evaluations in the order they were read."""

    intake: Intake
    sums: Sums
    ids: list[Known]
    contacts: dict[str, list[Contact]]
    evaluations: bytearray = field(default_factory=bytearray)
    roster: frozenset[RosterEntry] = frozenset()
    hidden: dict[str, str] = field(default_factory=dict)

    def pages(self) -> set[str]:
        """The pages of its contacts."""
        return {row.page for rows in self.contacts.values() for row in rows}


def run(
    plan: Plan,
    inputs: Sequence[str | Path],
    jobs: int = 1,
    fail_under: float | None = None,
    fail_on: str = "worst",
    prefer: str = "redacted",
    tell: Callable[[str, int, int, int], None] | None = None,
) -> Report:
    """Audit INPUTS and write `evaluations.jsonl` (and contact pages) into the folder of PLAN.

    Raises AuditError where nothing can be judged at all.
    """
    files, passed_over, unreadable = find(inputs, prefer=prefer)
    if not files and not unreadable:
        raise AuditError("no files were given: the folder is empty")
    plan.judge, plan.entries  # noqa: B018  a mistake in rules or roster must stop the run before it starts
    # What is loaded stays, and judging leaves no cycles behind: the collector need not look through it all the time.
    gc.freeze()
    gc.set_threshold(100_000)
    intake, sums, contacts = Intake(files=len(files), passed_over=passed_over), Sums(), dict[str, list[Contact]]()
    intake.rejected = [Refusal(name, None, "unreadable", reason) for name, reason in unreadable]
    todo = list(enumerate(pieces(files)))
    # Forking shares the compiled rules; cloud stores keep threads, and then it is not safe.
    fork = not any("://" in cut.path for _, piece in todo for cut in piece)
    done, size = 0, sum(cut.end - cut.start for _, piece in todo for cut in piece)
    (plan.folder / CONTACTS).mkdir()
    seen: dict[int, tuple[str, bytes]] = {}
    used: set[RosterEntry] = set()
    with (plan.folder / EVALUATIONS).open("wb") as out:
        for (number, piece), part in zip(todo, spread(work, plan, todo, jobs, fork), strict=True):
            if again := seen_before(part.ids, seen):
                drawn, part = part.pages(), work(plan, number, piece, again)
                for page in drawn - part.pages():
                    (plan.folder / page).unlink(missing_ok=True)
            intake += part.intake
            sums += part.sums
            for agent, rows in part.contacts.items():
                contacts.setdefault(agent, []).extend(rows)
            out.write(part.evaluations)
            used |= part.roster
            if part.hidden:
                plan.pseudonyms.met.update(part.hidden)
            if tell is not None:
                done += sum(cut.end - cut.start for cut in piece)
                tell(f"{intake.files} files", done, size, intake.read)
    if idle := set(plan.entries.entries.values()) - used:
        intake.warnings[f"roster: {len(idle)} of its agents fit no conversation and nobody who speaks"] += 1
    report = _report(plan, intake, sums, contacts, fail_under, fail_on)
    if plan.pages is None:
        (plan.folder / CONTACTS).rmdir()
        return report
    wanted = _wanted(report, plan.pages)
    tasks = [(piece, wanted[number]) for number, piece in todo if number in wanted and plan.pages != "all"]
    for number, _ in enumerate(spread(draw, plan, tasks, jobs, fork), 1):
        if tell is not None:
            tell("pages of contacts", number, len(tasks), intake.judged)
    if not wanted:
        (plan.folder / CONTACTS).rmdir()
    return replace(report, pages=wanted)


def _wanted(report: Report, pages: str) -> dict[int, set[int]]:
    """The contacts that get a page, as places by piece: ALL, those with EVIDENCE on an agent's page, or NONE; for
    "auto" all of them up to MOST_PAGES contacts."""
    if pages == "auto":
        pages = "all" if report.intake.judged <= MOST_PAGES else "evidence"
    orders: Iterator[tuple[int, int]] = iter(())
    if pages == "all":
        orders = (each.order for rows in report.contacts.values() for each in rows)
    elif pages == "evidence":
        orders = (moment.order for card in report.cards for moment in card.moments())
    wanted: dict[int, set[int]] = {}
    for number, place in orders:
        wanted.setdefault(number, set()).add(place)
    return wanted


def work(plan: Plan, number: int, piece: Piece, skip: Mapping[int, str] = MappingProxyType({})) -> Part:
    """Audit PIECE, the one with this NUMBER. SKIP says why the conversations at some places are not to be judged."""
    part = Part(Intake(), Sums(), [], {})
    place = -1
    for cut in piece:
        for read in _read(plan, cut):
            if isinstance(read, Rejected) and read.code == "companion":
                part.intake.passed_over.append(cut.name)
                continue
            if isinstance(read, Rejected):
                part.intake.rejected.append(Refusal(cut.name, read.line, read.code, read.reason))
                continue
            place += 1
            part.intake.read += 1
            line = read.source_ref if isinstance(read.source_ref, int) else None
            if place in skip:
                part.intake.set_aside.append(Refusal(cut.name, line, "duplicate", skip[place], read.id))
                continue
            part.ids.append(Known(read.id, read.has_own_id, words_of(read), cut.name))
            for warning in read.warnings:
                part.intake.warnings[f"{cut.name}: {warning}"] += 1
            try:
                read, filled_in = _evaluate(plan, read)
            except NotJudged as why:
                part.intake.set_aside.append(Refusal(cut.name, line, why.code, str(why), read.id))
                continue
            _count(plan, part, read, filled_in, (number, place))
            if plan.pages == "all":
                _draw(plan, read, filled_in)
            part.evaluations += b"".join(map(evaluations.line, filled_in))
    for tally in part.sums.tallies.values():
        tally.settle()
    part.roster = frozenset(plan.entries.used)
    if plan.salt:
        part.hidden = dict(plan.pseudonyms.met)
    return part


def draw(plan: Plan, piece: Piece, places: Collection[int]) -> None:
    """Write the pages of the conversations at PLACES of PIECE."""
    place = -1
    for cut in piece:
        for read in _read(plan, cut):
            if isinstance(read, Rejected):
                continue
            place += 1
            if place in places:
                _draw(plan, *_evaluate(plan, read))


def _evaluate(plan: Plan, conversation: Conversation) -> tuple[Conversation, list[Evaluation]]:
    """CONVERSATION as it is shown, with the names of agents hidden where PLAN hides them, and its forms filled in.

    Raises NotJudged where it cannot be.
    """
    filled_in = plan.judge.evaluate(conversation)
    if not plan.salt:
        return conversation, filled_in
    hidden = plan.pseudonyms.hide(conversation)
    return hidden, [each._replace(conversation=hidden) for each in filled_in]


def _draw(plan: Plan, conversation: Conversation, filled_in: list[Evaluation]) -> None:
    from audit.reports import contact

    contact.draw(plan.look, plan.folder, _page(conversation), plan.judge, conversation, filled_in)


def _page(conversation: Conversation) -> str:
    return page_name(CONTACTS, conversation.id, conversation.source, conversation.source_ref)


def _read(plan: Plan, cut: Slice) -> Iterator[Conversation | Rejected]:
    try:
        options = replace(plan.options, format=plan.options.format or cut.format)
        source = Source(cut.name, cut.read(), options, cut.line, beside=cut.beside)
    except OSError as error:
        yield Rejected("unreadable", f"the file cannot be opened ({error.strerror or type(error).__name__})")
        return
    for read in readers.read(source):
        if isinstance(read, Conversation):
            read = settle(read, plan.options, plan.entries)
            if plan.options.guess_roles:
                read = guess(read)
            if plan.salt:
                read = plan.pseudonyms.rename(read)
        yield read


def conversations(inputs: Sequence[str | Path]) -> Iterator[Conversation | Rejected]:
    """What the files at INPUTS hold, read as in a run without options. Raises AuditError where an input is missing."""
    plan = Plan(Path())
    for piece in pieces(find(inputs).files):
        for cut in piece:
            yield from _read(plan, cut)


def _count(
    plan: Plan, part: Part, conversation: Conversation, filled_in: list[Evaluation], position: tuple[int, int]
) -> None:
    """Add the evaluations of CONVERSATION to the sums of PART, with what its pages will show where they are wanted."""
    page = _page(conversation) if plan.pages else ""
    for evaluation in filled_in:
        agent = evaluation.agent
        tally = part.sums.of(agent.agent_id, agent.name, agent.team)
        tally.add(evaluation)
        for answer in evaluation.answers:
            if answer.verdict is Verdict.ERROR:
                part.intake.rule_errors[f"{answer.rule}: {answer.reason}"] += 1
        if plan.pages is None:
            continue
        for answer in evaluation.answers:
            if answer.rule in evaluation.weights:
                _keep(plan.judge, tally.questions[answer.rule], evaluation, answer, position, page)
        failed = [answer.rule for answer in evaluation.answers if answer.verdict is Verdict.FAIL]
        missed = tuple(rule for rule in failed if rule in evaluation.weights)
        day = conversation.start.date().isoformat() if conversation.start else ""
        part.contacts.setdefault(agent.agent_id or "", []).append(
            Contact(position, conversation.id, page, conversation.channel, day, evaluation.score,
                    evaluation.coverage, missed, len(failed) - len(missed), evaluation.failed_gates, GUESSED in evaluation.limits)
        )  # fmt: skip


def _keep(
    judge: Judge, answers: Answers, evaluation: Evaluation, answer: RuleResult, position: tuple[int, int], page: str
) -> None:
    """Keep a few findings of ANSWER to show on the agent's page: the first ones missed, and one met, unless it was met
    by leaving something undone, which no words show."""
    best = 0 if answer.zero_at else 1
    for kept, most, outcome in ((answers.missed, MOMENTS, Outcome.MISSED), (answers.met, best, Outcome.MET)):
        if len(kept) < most:
            of_kind = (each for each in answer.findings if each.outcome is outcome and each.evidence and not each.under)
            found = next(of_kind, None)
            if found is not None:
                told = judge.suggestion(answer.rule, found) if outcome is Outcome.MISSED else None
                better = told.text if told is not None and told.own else ""
                kept.append(moment(evaluation, found, position, page, better))


def _report(
    plan: Plan, intake: Intake, sums: Sums, contacts: dict[str, list[Contact]], fail_under: float | None, fail_on: str
) -> Report:
    form, pack = plan.judge.form, plan.judge.pack
    whole = Tally()
    for key in sorted(sums.tallies):
        whole += sums.tallies[key]
    team = scorecard(Person("", "All agents", ""), whole, whole, form)
    cards = [scorecard(sums.people[key], tally, whole, form) for key, tally in sums.tallies.items()]
    cards = order(cards, whole)
    return Report(
        intake,
        form,
        {rule.id: rule for rule in plan.judge.rules},
        pack.name,
        pack.version,
        _digests(pack, form),
        cards,
        team,
        gates(cards, fail_under, fail_on, team.shown),
        contacts,
        {rule: trust.said() for rule, trust in pack.trust.items()},
    )


def _digests(pack: Rulepack, form: Form) -> dict[str, str]:
    """SHA-256 of all acts and rules as they were understood, and of the form."""
    rules = [
        (rule.id, rule.check.kind, sorted(rule.values.items()), rule.zero_at, sorted(rule.applies_to), rule.signs)
        for rule in pack.rules.values()
    ]
    acts = [(act.id, act.phrases.finds, act.phrases.cancels) for act in pack.acts.values()]
    return {
        "rules": hashlib.sha256(repr((rules, acts)).encode()).hexdigest(),
        "form": hashlib.sha256(
            repr((form.sections, form.gates, form.fewest_questions, form.least_weight)).encode()
        ).hexdigest(),
    }


def rosters_of(inputs: Sequence[str | Path]) -> tuple[Path, ...]:
    """The rosters that lie in folders given as inputs."""
    return tuple(Path(path) / ROSTER for path in inputs if (Path(path) / ROSTER).is_file())

"""What a user says about transcripts, and the commands that only read them: `audit formats` and `audit convert`."""

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audit import console
from audit.errors import AuditError
from audit.language.words import plural

if TYPE_CHECKING:
    from audit.capabilities import Capabilities
    from audit.ingest.places import Slice
    from audit.ingest.source import Options, Rejected
    from audit.model import Conversation

PATH = click.Path(path_type=Path)
INPUTS = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
ENCODING = click.option(
    "--encoding", metavar="NAME", help="How the text is encoded, if not UTF-8 or UTF-16 with a mark."
)
# Conversations of one file that are shown one by one.
MOST_SHOWN = 5


def _columns(_context: click.Context, _parameter: click.Parameter, value: Sequence[str]) -> tuple[tuple[str, str], ...]:
    from audit.ingest.columns import ALIASES

    found = []
    for pair in value:
        key, equals, column = pair.partition("=")
        if not equals or key not in ALIASES or not column:
            raise click.BadParameter(f"write {'|'.join(ALIASES)}=COLUMN")
        found.append((key, column))
    return tuple(found)


_READING = (
    click.option("--from", "reader", metavar="FORMAT", help="Read every file as this format (see `audit formats`)."),
    click.option(
        "--roster",
        type=PATH,
        metavar="FILE",
        help="CSV that tells who the agents are: agent_id, and conversation, participant, name, team as known. A roster.csv at the top of an input folder is used by itself.",
    ),
    click.option("--agent-name", "agent_names", multiple=True, metavar="NAME",
                 help="A speaker of this name is the agent (may be repeated)."),
    click.option("--agent-speaker", "agent_speakers", multiple=True, metavar="LABEL",
                 help="A speaker with this label is the agent (may be repeated)."),
    click.option("--agent-channel", metavar="N", help="The speaker on this audio channel is the agent."),
    click.option("--guess-roles", is_flag=True,
                 help="Where nothing tells who the agent is, guess it from the words. Every page says so; no gate may use it."),
    click.option("--channel", type=click.Choice(["voice", "chat", "email"]),
                 help="How the contacts were held, where files do not say."),
    click.option("--column", "columns", multiple=True, callback=_columns, metavar="KEY=NAME",
                 help="The column of your tables that holds text, speaker, role, conversation, start, end, duration, agent, name, team, channel, language or visibility."),
    click.option("--time-unit", type=click.Choice(["s", "ms", "h:mm", "m:ss"]), help="The unit of plain numbers in time columns, or what `10:02` counts."),
    click.option("--date-order", type=click.Choice(["dmy", "mdy", "ymd"]),
                 help="Whether day or month comes first, where dates could be read both ways."),
    ENCODING,
)  # fmt: skip


def reading(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give COMMAND the options that say what files do not say themselves."""
    for option in reversed(_READING):
        command = option(command)
    return command


def options_of(told: dict[str, Any]) -> "Options":
    """What the user TOLD about the inputs."""
    from audit.ingest.source import Options

    names = ("encoding", "channel", "time_unit", "date_order", "columns", "agent_names", "agent_speakers",
             "agent_channel", "guess_roles")  # fmt: skip
    return Options(format=told["reader"], **{name: told[name] for name in names})


def _slices(inputs: Sequence[str]) -> "Iterator[Slice]":
    from audit.ingest.places import find, pieces

    found = find(inputs)
    for name, reason in found.unreadable:
        console.say(f"rejected: {name}: {reason}")
    if not found.files:
        raise AuditError("no files were given: the folder is empty")
    for piece in pieces(found.files):
        yield from piece


def _read(cut: "Slice", told: dict[str, Any]) -> "tuple[str, Iterator[Conversation | Rejected]]":
    """The reader that takes CUT, and what it reads, with roles settled as in a run."""
    from dataclasses import replace

    from audit.ingest import readers
    from audit.ingest.guess import guess
    from audit.ingest.roles import Roster, read_roster, settle
    from audit.ingest.source import Rejected, Source

    options = options_of(told)
    roster = read_roster(told["roster"]) if told["roster"] else Roster()
    try:
        source = Source(cut.name, cut.read(), replace(options, format=options.format or cut.format), cut.line,
                        beside=cut.beside)  # fmt: skip
        name = readers.reader_for(source).NAME
    except Rejected as fault:
        return "", iter([fault])
    except OSError as error:
        return "", iter([Rejected("unreadable", f"the file cannot be opened ({error.strerror or error})")])

    def settled() -> "Iterator[Conversation | Rejected]":
        for each in readers.read(source):
            if isinstance(each, Rejected):
                yield each
            else:
                made = settle(each, options, roster)
                yield guess(made) if options.guess_roles else made

    return name, settled()


@click.command()
@click.option(
    "--inspect",
    "inputs",
    multiple=True,
    metavar="FILE",
    help="Tell what this file is and what it can tell (may be repeated).",
)
@click.argument("more", nargs=-1, metavar="[FILE...]")
@reading
def formats(inputs: tuple[str, ...], more: tuple[str, ...], **told: Any) -> int:
    """List the transcript formats that are read, or tell what a file is.

    \b
    audit formats
    audit formats --inspect call.json chat.csv
    """
    from audit.ingest.readers import all_readers

    if not inputs and not more:
        for reader in all_readers().values():
            endings = " ".join(reader.EXTENSIONS)
            click.echo(f"{reader.NAME:15} {reader.TITLE}")
            click.echo(f"{'':15} {endings}; evidence: {reader.EVIDENCE}; tells: {', '.join(reader.CARRIES)}")
        return 0
    failed = False
    for cut in _slices([*inputs, *more]):
        name, found = _read(cut, told)
        failed |= _inspect(cut.name, f"{name}, {all_readers()[name].TITLE}" if name else "not read", found)
    return 2 if failed else 0


def _inspect(file: str, what: str, found: "Iterator[Conversation | Rejected]") -> bool:
    """Print what was FOUND in FILE. True where something could not be read."""
    from audit.capabilities import capabilities
    from audit.ingest.source import Rejected

    click.echo(console.safe(f"{file}: {what}"))
    limits: Counter[str] = Counter()
    failed, read = False, 0
    for each in found:
        if isinstance(each, Rejected):
            failed |= each.code != "companion"
            line = f"line {each.line}: " if each.line else ""
            click.echo(console.safe(f"  not read: {line}{each.reason}"))
            continue
        read += 1
        told = capabilities(each)
        limits.update(told.limits())
        if read <= MOST_SHOWN:
            _show(each, told)
    if read > MOST_SHOWN:
        click.echo(f"  and {plural(read - MOST_SHOWN, 'conversation')} more; of all {read}:")
        for words, times in sorted(limits.items(), key=lambda item: (-item[1], item[0])):
            click.echo(f"    {times:,} × {words}")
    return failed


def _show(conversation: "Conversation", told: "Capabilities") -> None:
    turns = conversation.turns
    times = [at for turn in turns for at in (turn.start, turn.end) if at is not None]
    span = f", {console.clock(min(times))} to {console.clock(max(times))}" if times else ""
    start = ""
    if conversation.start:
        start = f", {conversation.start:%Y-%m-%d %H:%M} {conversation.start.tzname() or 'local time'}"
    language = f", {conversation.language}" if conversation.language else ""
    head = f"  {conversation.id}: {conversation.channel}, {plural(len(turns), 'turn')}{span}{start}{language}"
    click.echo(console.safe(head))
    for person in conversation.participants:
        said = sum(turn.participant is person for turn in turns)
        known = ", ".join(filter(None, (person.name, person.agent_id and f"agent id {person.agent_id}", person.team)))
        source = f" (by {person.role_source})" if person.role_source != "file" else ""
        click.echo(
            console.safe(f"    {person.role:10} {said:4} turns  {person.id}{f': {known}' if known else ''}{source}")
        )
    tells = [name for name, there in told.flags().items() if there]
    click.echo(f"    tells: {' '.join(tells) or 'nothing but words'}")
    if limits := told.limits():
        click.echo(f"    limits: {'; '.join(limits)}")
    for warning in conversation.warnings:
        click.echo(console.safe(f"    warning: {warning}"))


@click.command()
@INPUTS
@click.option("--to", "form", type=click.Choice(["jsonl", "csv", "vcon"]), required=True, help="What to write.")
@click.option("-o", "--out", type=PATH, metavar="FILE|DIR",
              help="Where to: a file; for vcon a folder, with a file for each conversation. Without it, standard output.")  # fmt: skip
@reading
def convert(inputs: tuple[str, ...], form: str, out: Path | None, **told: Any) -> int:
    """Write transcripts in a form of the project's own, which reads back as the same conversations.

    \b
    audit convert exports/ --to jsonl -o all.jsonl
    audit convert call.json --to csv | less
    """
    from audit.ingest import writers
    from audit.ingest.source import Rejected

    written, failed = 0, False
    if out is not None and any(_is_same(out, each) for each in inputs):
        raise AuditError(f"{out.name} is what is to be read; give another place for what is written")
    with _Sheaf(form, out) as sheaf:
        if form == "csv":
            sheaf.write("", writers.csv_head())
        for cut in _slices(inputs):
            for each in _read(cut, told)[1]:
                if isinstance(each, Rejected):
                    if each.code != "companion":
                        failed = True
                        console.say(f"rejected: {cut.name}{f':{each.line}' if each.line else ''}: {each.reason}")
                    continue
                written += 1
                sheaf.write(each.id, writers.render(each, form, written))
                for loss in writers.losses(each) if form == "csv" else ():
                    sheaf.lost[loss] += 1
        for loss, times in sorted(sheaf.lost.items()):
            console.say(f"left out, as csv cannot hold it: {loss} ({plural(times, 'conversation')})")
        if not written:
            raise AuditError("nothing could be read, so nothing was written")
    console.say(f"{plural(written, 'conversation')} written.")
    return 2 if failed else 0


def _is_same(out: Path, given: str) -> bool:
    """Whether OUT is GIVEN, or lies in it where that is a folder."""
    return "://" not in given and given != "-" and out.resolve().is_relative_to(Path(given).resolve())


class _Sheaf:
    """Where conversations are written: one file, a folder of files, or standard output.

    A file takes its place when all is written; where that fails, what was there before stays.
    """

    def __init__(self, form: str, out: Path | None) -> None:
        self.lost: Counter[str] = Counter()
        self._form, self._out = form, out
        self._folder = form == "vcon" and out is not None and not out.suffix
        self._file: Any = None

    def __enter__(self) -> "_Sheaf":
        if self._out is None:
            self._file = sys.stdout.buffer
        elif self._folder:
            self._out.mkdir(parents=True, exist_ok=True)
        else:
            self._out.parent.mkdir(parents=True, exist_ok=True)
            self._file = tempfile.NamedTemporaryFile(prefix=".audit-", dir=self._out.parent, delete=False)
        return self

    def __exit__(self, problem: type[BaseException] | None, *_more: object) -> None:
        if self._out is None or self._file is None:
            return
        self._file.close()
        made = Path(self._file.name)
        if problem is None:
            made.chmod(0o644)
            made.replace(self._out)
        else:
            made.unlink()

    def write(self, known_as: str, data: bytes) -> None:
        """Write DATA, which is the conversation KNOWN_AS."""
        if self._folder and self._out is not None:
            from audit.report import page_name

            name = page_name("", known_as).removeprefix("/").removesuffix(".html")
            (self._out / f"{name}.vcon").write_bytes(data)
        else:
            self._file.write(data)

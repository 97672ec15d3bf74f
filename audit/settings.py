"""The settings file: what would otherwise be typed as options, kept with the transcripts."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from audit.definitions import near
from audit.errors import AuditError

FILE = "audit.toml"

TEMPLATE = """\
# Settings of transcript-audit. Every key is an option of the command line, written without the dashes; what is typed
# on the command line goes before what stands here. `audit run --help` explains each.

[run]
# form = "standard"            # the evaluation form: its name, or the path of a file of your own
# rules = ["my-rules"]         # folders or files with acts, rules and forms of your own
# roster = "roster.csv"        # conversation, agent_id, name, team: who the agent was, where files do not say
# agent-name = ["Ana Duarte"]  # names that are agents
# agent-speaker = ["spk_0"]    # speaker labels that are agents
# channel = "voice"            # voice, chat or email, where files do not say
# time-unit = "ms"             # s, ms, h:mm or m:ss, where times could be read in two ways
# date-order = "dmy"           # dmy, mdy or ymd, where dates could be read in two ways
# prefer = "raw"               # of a raw and a redacted export of one contact, the one to judge
# encoding = "cp1252"          # where files are not UTF-8
# fail-under = 70              # exit 1 when the worst agent's score is under this
# format = "html,json,csv"     # what to write
# jobs = 2                     # processes

# column = ["text=Body", "speaker=Who"]   # columns of your tables that have names of their own

[check]
# form = "script"
# fail-under = 80              # exit 1 when the worst script's score is under this
# each-heading = true          # canned replies: each heading starts a text of its own
"""


def load(path: Path, known: Mapping[str, Mapping[str, click.Option]]) -> dict[str, dict[str, Any]]:
    """The settings at PATH by command and parameter. KNOWN are the options of each command.

    Raises AuditError, naming the line, for what is no TOML, no command, no option or no value for it.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        told = tomllib.loads(text)
    except (OSError, UnicodeError) as error:
        raise AuditError(f"the settings {path.name} cannot be read ({type(error).__name__})") from None
    except (ValueError, RecursionError) as error:
        raise AuditError(f"the settings {path.name} are not valid TOML: {str(error)[:200]}") from None
    settings: dict[str, dict[str, Any]] = {}
    for command, options in told.items():
        if command not in known:
            raise AuditError(f"{path.name}:{_line(text, command)}: no command `{command}`; {near(command, known)}")
        if not isinstance(options, dict):
            raise AuditError(f"{path.name}:{_line(text, command)}: write [{command}], with options on the lines below")
        settings[command] = {}
        for name, value in options.items():
            option = known[command].get(name)
            if option is None:
                wrong = near(name, known[command])
                raise AuditError(f"{path.name}:{_line(text, name)}: `{command}` has no `{name}`; {wrong}")
            if wanted := _unlike(option, value):
                raise AuditError(f"{path.name}:{_line(text, name)}: `{name}` must be {wanted}")
            settings[command][str(option.name)] = value
    return settings


def _unlike(option: click.Option, value: Any) -> str:
    """What a value of OPTION must be, where VALUE is none; "" where it is one."""
    if option.is_flag:
        return "" if isinstance(value, bool) else "true or false"
    if option.multiple:
        good = isinstance(value, list) and all(isinstance(each, str) and "\0" not in each for each in value)
        return "" if good else 'a list of texts, ["…", "…"]'
    if isinstance(option.type, click.types.IntParamType):
        return "" if isinstance(value, int) and not isinstance(value, bool) else "a whole number"
    if isinstance(option.type, click.types.FloatParamType):
        return "" if isinstance(value, int | float) and not isinstance(value, bool) else "a number"
    return "" if isinstance(value, str) and value and "\0" not in value else "text"


def _line(text: str, word: str) -> int:
    """The first line of TEXT that begins with the key or table WORD."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip().lstrip("[\"'").startswith(word):
            return number
    return 1

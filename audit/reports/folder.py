"""The output folder: built beside, then swapped in whole, so that nobody ever sees half a report."""

import ctypes
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from audit import __version__
from audit.errors import AuditError
from audit.folders import MAKER, MANIFEST, manifest

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


@contextmanager
def building(out: Path, inputs: Sequence[str | Path] = ()) -> Iterator[Path]:
    """A new folder beside OUT to build in; it takes the place of OUT when the block ends, and is gone if it fails.

    Raises AuditError where OUT holds what this tool did not write, holds one of INPUTS, or cannot be written.
    """
    out = Path(os.path.realpath(out))
    if any(Path(os.path.realpath(path)).is_relative_to(out) for path in inputs):
        raise AuditError(f"{out.name} is or holds what is to be audited; give another folder for the report")
    _check(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        built = Path(tempfile.mkdtemp(prefix=f".{out.name[:100]}.", dir=out.parent))
        built.chmod(0o755)
    except OSError as error:
        raise AuditError(f"cannot write beside {out}: {error.strerror}") from None
    try:
        yield built
        _swap(built, out)
    finally:
        shutil.rmtree(built, ignore_errors=True)


def _check(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise AuditError(f"{out} is a file; give a folder for the report")
    if not any(out.iterdir()):
        return
    told = manifest(out)
    ours = told.get("files") if told else None
    known = {MANIFEST, *ours} if isinstance(ours, dict) else set()
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir()}
    if there - known:
        raise AuditError(f"{out} holds files that are no report of this tool; give a new or empty folder")


def _swap(built: Path, out: Path) -> None:
    """Put BUILT in the place of OUT, in one step where the system can."""
    if not out.exists():
        built.rename(out)
        return
    if _exchange(built, out):
        return
    aside = built.with_name(built.name + ".old")
    out.rename(aside)
    try:
        built.rename(out)
    except OSError:
        aside.rename(out)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    if sys.platform != "linux":
        return False
    with suppress(OSError, AttributeError):
        swap = ctypes.CDLL(None, use_errno=True).renameat2
        return bool(swap(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0)
    return False


def write_manifest(folder: Path, more: dict[str, Any]) -> None:
    """Write the manifest of FOLDER: what MORE says, and the SHA-256 of every file in it."""
    digests = {
        path.relative_to(folder).as_posix(): _digest(path) for path in sorted(folder.rglob("*")) if path.is_file()
    }
    told = {"tool": {"name": MAKER, "version": __version__}, **more, "files": dict(sorted(digests.items()))}
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(told)) + b"\n")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""Where the rules and the templates that ship with the package lie."""

import json
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Return the folder NAME: inside the package once installed, beside it in a checkout."""
    installed = PACKAGE / name
    return installed if installed.is_dir() else PACKAGE.parent / name


MANIFEST = "manifest.json"
MAKER = "transcript-audit"


def manifest(path: Path) -> dict[str, object] | None:
    """The manifest of the report at PATH, None where the folder is no report of this tool."""
    try:
        told = json.loads((path / MANIFEST).read_bytes())
        return told if told["tool"]["name"] == MAKER else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None

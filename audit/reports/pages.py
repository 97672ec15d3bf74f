"""How pages are made: templates, style, brand, and what every page may run and load."""

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from audit import __version__
from audit.capabilities import GUESSED
from audit.console import clock
from audit.definitions import Faults, Fields
from audit.errors import AuditError
from audit.folders import folder
from audit.form import shown
from audit.intervals import Interval
from audit.model import Evidence, Verdict
from audit.report import Look
from audit.rulepack import read_file
from audit.scorecards import FEWEST_FOR_INTERVAL

STYLE = "assets/style.css"
BRAND = "brand.yaml"
# A logo lies inside every page.
LARGEST_LOGO = 64 << 10
# What comes again on page after page is drawn once for the same words, and so many of a kind are remembered.
AGAIN = ("asked", "remark", "speaker", "turn_start")
REMEMBERED = 1 << 12
# Longer evidence is cut in the form's list; it stands whole in the transcript below.
LONGEST_QUOTE = 160
# Findings of one question in the form's list; the transcript has them all.
MOST_FINDINGS = 4
_IMAGES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}

# A verdict in words and a shape, so that it never hangs on a colour.
VERDICTS: dict[Verdict, tuple[str, str]] = {
    Verdict.PASS: ("✓", "Pass"),
    Verdict.FAIL: ("✗", "Fail"),
    Verdict.NOT_APPLICABLE: ("–", "Not applicable"),
    Verdict.CANNOT_TELL: ("?", "Cannot tell"),
    Verdict.ERROR: ("!", "Error"),
}


class Brand(NamedTuple):
    """Whose report it is: a name, and a logo as a data URL, "" where there is none."""

    name: str
    logo: str


def style(look: Look) -> str:
    """The style sheet. Raises AuditError where that of the brand cannot be used."""
    text = (folder("report_templates") / "style.css").read_text("utf-8")
    own = look.brand / "style.css" if look.brand else None
    more = _read(own) if own is not None and own.is_file() else ""
    if "</" in more:
        raise AuditError("style.css holds `</`, which would end it inside a page")
    return text + more


def check(look: Look) -> None:
    """Raise AuditError where the brand of LOOK cannot be used, before anything is judged."""
    style(look)
    _brand(look)


def write(look: Look, path: Path, template: str, **told: Any) -> None:
    """Write the page PATH from TEMPLATE. Raises AuditError where a template of the brand is wrong."""
    try:
        text = _templates(look).get_template(template).render(**told)
    except Exception as error:
        if look.brand is None:
            raise
        raise AuditError(
            f"the template {template} cannot be used: {type(error).__name__}: {str(error)[:200]}"
        ) from None
    path.write_bytes(text.encode("utf-8", "replace"))


@cache
def _templates(look: Look) -> Environment:
    ours = FileSystemLoader(folder("report_templates"))
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(look.brand), ours]) if look.brand else ours,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters.update(
        shown=_shown,
        span=_span,
        clock=_clock,
        percent=lambda share: f"{100 * share:.0f}%",
        clean=clean,
        quotes=_quotes,
    )
    script = (folder("report_templates") / "report.js").read_text("utf-8")
    inside = style(look) if look.standalone else ""
    environment.globals.update(
        VERDICTS=VERDICTS,
        most=MOST_FINDINGS,
        version=__version__,
        few=FEWEST_FOR_INTERVAL,
        guessed=GUESSED,
        brand=_brand(look),
        look=look,
        script=Markup(script),  # noqa: S704  our own file
        style=Markup(inside),  # noqa: S704  our own file, and the brand's
        policy=(
            f"default-src 'none'; style-src {_hash(inside) if inside else chr(39) + 'self' + chr(39)};"
            f" script-src {_hash(script)}; img-src data:; base-uri 'none'; form-action 'none'"
        ),
    )
    parts = environment.get_template("parts.html.j2").module
    environment.filters.update({name: lru_cache(REMEMBERED)(getattr(parts, name)) for name in AGAIN})
    return environment


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _brand(look: Look) -> Brand:
    if look.brand is None:
        return Brand("", "")
    if not look.brand.is_dir():
        raise AuditError(f"{look.brand} is no folder; --template takes one with brand.yaml, style.css or a logo")
    path = look.brand / BRAND
    if not path.is_file():
        return Brand("", "")
    faults = Faults(path.name)
    node = read_file(path, faults)
    fields = Fields(node, faults, ("name", "logo"), "a brand") if node is not None else None
    name, logo = (fields.text("name"), fields.text("logo")) if fields is not None else ("", "")
    if faults.found:
        raise AuditError(str(faults.found[0]))
    return Brand(name, _logo(look.brand / logo) if logo else "")


def _logo(path: Path) -> str:
    kind = _IMAGES.get(path.suffix.lower())
    if kind is None or not path.is_file() or path.stat().st_size > LARGEST_LOGO:
        raise AuditError(f"the logo {path.name} must be an svg, png, jpg or webp file of at most 64 kB")
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise AuditError(f"{path.name} cannot be read as UTF-8 text ({type(error).__name__})") from None


# What HTML does not allow in a text is shown as the replacement character.
_NOT_IN_HTML = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")


def clean(text: str) -> str:
    """TEXT without what HTML does not allow."""
    return _NOT_IN_HTML.sub("\N{REPLACEMENT CHARACTER}", text)


def _quotes(places: Sequence[Evidence], met: bool = False) -> Markup:
    """The words at PLACES, each a link to its turn. What was MET by not being said in a turn quotes none of it."""
    found = ""
    for place in places[:MOST_FINDINGS]:
        index = place.turn.index
        before, words = (
            (" · ", f"turn {index + 1}") if met and place.is_whole else (" ", f"“{escape(clean(_cut(place.quote)))}”")
        )
        found += f'{before}<a class="quote" href="#t{index}">{words}</a>'
    return Markup(found)  # noqa: S704  escaped above


def _cut(quote: str) -> str:
    return quote if len(quote) <= LONGEST_QUOTE else f"{quote[: LONGEST_QUOTE - 1]}…"


def _shown(score: float | None) -> str:
    return "–" if score is None else str(shown(score))


def _span(interval: Interval | None) -> str:
    return "" if interval is None else f"{shown(interval.low)}–{shown(interval.high)}"


def _clock(seconds: float | None) -> str:
    return "" if seconds is None else clock(seconds)

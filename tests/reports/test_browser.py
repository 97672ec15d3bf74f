"""Every page in a real browser: Debian's Chromium, driven by Playwright. Skipped where either is absent."""

import json
import re
import shutil

import pytest
from click.testing import CliRunner

from audit.cli import cli
from tests.conftest import PROJECT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright for Python is not installed")
axe_api = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="there is no chromium here"),
    pytest.mark.loopback,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

SAMPLES = PROJECT / "sample_transcripts"
LONG = "supercalifragilistic" * 12


def made(folder, *inputs, more=()):
    out = folder / "report"
    done = CliRunner().invoke(cli, ["run", *map(str, inputs), "--out", str(out), "--allow-rejected", "-q", *more])
    assert (out / "index.html").is_file(), done.output
    return out


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return made(tmp_path_factory.mktemp("samples"), SAMPLES)


def hostile_values(shared):
    files = [shared / "hostile/third_party/xss-payloadbox.jsonl", shared / "hostile/own/markup.jsonl"]
    for file in files:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        values = [row if isinstance(row, str) else row.get("value") or row.get("text") for row in rows]
        step = max(1, len(values) // 130)
        yield from [value for value in values[::step] if value and value.strip()][:130]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, shared):
    folder = tmp_path_factory.mktemp("hostile")
    talks = []
    for number, value in enumerate(hostile_values(shared)):
        talks.append((f"{number} {value}", f"agent {number % 7} {value[:40] if number % 7 == 3 else ''}", value))
    talks += [("long " + LONG, LONG, LONG), ("rtl", "أحمد", "لم تصل الطرود بعد، وأنا منزعج جداً"), ("emoji", "👩🏽‍💻 Zoë", "🙁" * 50),
              ("lines", "l", "one line\n" * 200)]  # fmt: skip
    lines = [
        {
            "id": name, "agent_id": who, "agent": {"id": who, "name": who}, "channel": "chat",
            "turns": [{"speaker": "agent", "text": "Hello, how can I help you today?"},
                      {"speaker": "customer", "text": f"My kettle arrived broken and I am very upset. {value}"},
                      {"speaker": "agent", "text": f"You have to send the form. {value}"},
                      {"speaker": "customer", "text": "Thank you, goodbye."}],
        }
        for name, who, value in talks
    ]  # fmt: skip
    (folder / "talks.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert len(lines) >= 200
    return made(folder, folder / "talks.jsonl")


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


class Watched:
    """A page, and what it did that it should not: requests, words on the console, dialogues."""

    def __init__(self, context):
        self.page = context.new_page()
        self.faults = []
        self.page.on("console", lambda said: self.faults.append(said.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.faults.append("a dialogue"), dialog.dismiss()))
        self.page.on("request", lambda asked: self._asked(asked.url))

    def _asked(self, url):
        if not url.startswith(("file://", "data:")):
            self.faults.append(url)

    def open(self, path):
        self.page.goto(path.as_uri())


def pages_of(report, most):
    found = sorted(report.rglob("*.html"))
    contacts = [path for path in found if path.parent.name == "contacts"]
    return [path for path in found if path.parent.name != "contacts"] + contacts[:: max(1, len(contacts) // most)]


def each_page(browser, report, scheme="light", width=1200, most=10_000, script=True):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
    )
    watched = Watched(context)
    for path in pages_of(report, most):
        watched.open(path)
        yield path, watched.page
    assert watched.faults == []
    context.close()


def test_nothing_runs_and_nothing_is_asked_for(browser, report, hostile):
    for where in (report, hostile):
        for path, page in each_page(browser, where):
            assert page.evaluate("document.scripts.length") == 1, path
            assert page.evaluate("document.querySelectorAll('[style], iframe, object, form, base').length") == 0, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_barrier(browser, report, hostile, scheme):
    axe = axe_api.Axe()
    for where, most in ((report, 26), (hostile, 25)):
        for path, page in each_page(browser, where, scheme, most=most):
            told = axe.run(
                page,
                options={
                    "preload": False,
                    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
                },
            )
            assert [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in told.response["violations"]] == [], (
                path
            )


def test_no_page_is_wider_than_a_telephone(browser, report, hostile):
    for where in (report, hostile):
        for path, page in each_page(browser, where, width=360, most=60):
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_all_words_are_there_without_script(browser, report):
    with_script = {path: words(page) for path, page in each_page(browser, report, most=8)}
    for path, page in each_page(browser, report, most=8, script=False):
        assert words_of(page.content()) <= with_script[path] | words_of(page.content())
        assert page.locator("main").inner_text().strip()
        assert page.locator("[hidden]:not(.keys)").count() == 0


def words(page):
    return words_of(page.content())


def words_of(html):
    return set(re.findall(r"\w+", re.sub(r"<script>.*?</script>|<[^>]+>", " ", html, flags=re.DOTALL)))


def test_filter_and_sort(browser, report):
    context = browser.new_context()
    watched = Watched(context)
    watched.open(report / "index.html")
    page = watched.page
    page.get_by_label("Filter").fill("ben")
    assert page.locator("table[data-rows] tbody tr:visible").count() == 1
    page.get_by_label("Filter").fill("")
    page.get_by_role("button", name="Score", exact=True).click()
    up = page.locator("table[data-rows] tbody tr td:nth-child(2)").all_inner_texts()
    assert up == sorted(up, key=float)
    page.get_by_role("button", name="Score", exact=True).click()
    assert page.locator("table[data-rows] tbody tr td:nth-child(2)").all_inner_texts() == up[::-1]
    assert page.locator("th[aria-sort=descending]").count() == 1
    assert watched.faults == []
    context.close()


def test_keys_go_to_the_next_finding(browser, report):
    context = browser.new_context()
    watched = Watched(context)
    watched.open(
        next(path for path in sorted((report / "contacts").iterdir()) if "has-finding" in path.read_text("utf-8"))
    )
    page = watched.page
    found = page.locator("li.has-finding").evaluate_all("items => items.map(item => item.id)")
    for wanted in (*found[:3], found[1]):
        page.keyboard.press(
            "n" if wanted != found[1] or page.evaluate("document.activeElement.id") == found[0] else "p"
        )
        assert page.evaluate("document.activeElement.id") == wanted
    context.close()


def test_an_agent_prints_on_two_pages(browser, report):
    context = browser.new_context()
    for path in sorted((report / "agents").iterdir()):
        page = context.new_page()
        page.goto(path.as_uri())
        printed = page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "12mm"))
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2, path.name
    context.close()


def test_a_standalone_page_needs_nothing_beside_it(browser, tmp_path):
    out = made(tmp_path, SAMPLES, more=("--standalone",))
    assert not (out / "assets").exists()
    assert not (out / "contacts").exists()
    alone = tmp_path / "mail.html"
    shutil.copy(next((out / "agents").iterdir()), alone)
    context = browser.new_context()
    watched = Watched(context)
    watched.open(alone)
    assert watched.page.evaluate("getComputedStyle(document.querySelector('section')).borderRadius") == "8px"
    assert watched.page.locator("main a:not([href^='#'])").count() == 0
    assert watched.faults == []
    context.close()

"""What lies beside the pages: workbook, Markdown, schemas, pseudonyms, brand, and which contacts get a page."""

import json
import re
import zipfile

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from python_calamine import CalamineWorkbook

from audit.cli import cli
from audit.coaching import coaching_plan
from audit.console import progress
from audit.errors import AuditError, BadDefinitions
from audit.form import Evaluation
from audit.model import Evidence, Finding, Outcome, Role
from audit.moments import moment
from audit.pipeline import Plan, run
from audit.pseudonyms import Pseudonyms
from audit.reports.markdown import plain
from audit.scorecards import Tally
from audit.trends import periods
from tests.conftest import PROJECT

SAMPLES = PROJECT / "sample_transcripts"


def audit(*words, code=0):
    done = CliRunner().invoke(cli, [str(word) for word in words])
    is_told = isinstance(done.exception, AuditError | BadDefinitions)
    assert (2 if is_told else done.exit_code) == code, done.output
    return f"{done.output}{done.exception if is_told else ''}"


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    out = tmp_path_factory.mktemp("formats") / "out"
    audit("run", SAMPLES, "--out", out, "--format", "html,json,csv,markdown,xlsx", "-q")
    return out


@pytest.mark.parametrize("output", ["report", "evaluations"])
def test_outputs_follow_their_published_schema(report, output):
    told = json.loads(audit("schema", output))
    Draft202012Validator.check_schema(told)
    name = {"report": "report.json", "evaluations": "evaluations.jsonl"}[output]
    text = (report / name).read_text("utf-8")
    for each in [text] if output == "report" else text.splitlines():
        assert [error.message for error in Draft202012Validator(told).iter_errors(json.loads(each))] == []


def test_the_schema_can_fail(report):
    told = json.loads(audit("schema"))
    wrong = json.loads((report / "report.json").read_text("utf-8")) | {"unknown": 1}
    assert list(Draft202012Validator(told).iter_errors(wrong))


class TestWorkbook:
    @pytest.fixture
    def book(self, report):
        return CalamineWorkbook.from_path(report / "report.xlsx")

    def test_has_a_sheet_for_each_view(self, book):
        assert book.sheet_names == ["Agents", "Questions", "Contacts", "Findings"]

    def test_tells_what_the_report_tells(self, book, report):
        told = json.loads((report / "report.json").read_text("utf-8"))
        rows = book.get_sheet_by_name("Agents").to_python()
        assert [(row[0], row[2]) for row in rows[1:]] == [
            (card["agent"]["name"], card["score"]) for card in told["scorecards"]
        ]
        lines = (report / "evaluations.jsonl").read_text("utf-8").splitlines()
        assert len(book.get_sheet_by_name("Contacts").to_python()) == 1 + len(lines)
        found = sum(len(answer.get("findings", ())) for line in lines for answer in json.loads(line)["answers"])
        assert len(book.get_sheet_by_name("Findings").to_python()) == 1 + found

    def test_nothing_in_it_can_run_and_heads_stay_in_sight(self, tmp_path):
        talk = {"id": "=1+1", "agent_id": "@SUM(A1)", "channel": "chat", "turns": [
            {"speaker": "customer", "text": "My parcel never arrived, I am very upset."},
            {"speaker": "agent", "text": "=HYPERLINK(\"http://x\") You have to wait for it. " + "x" * 40_000}]}  # fmt: skip
        (tmp_path / "t.jsonl").write_text(json.dumps(talk) + "\n")
        audit("run", tmp_path / "t.jsonl", "--out", tmp_path / "out", "--format", "xlsx", "-q")
        with zipfile.ZipFile(tmp_path / "out/report.xlsx") as book:
            sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
            assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
            assert all('state="frozen"' in sheet and "<autoFilter" in sheet for sheet in sheets)

    def test_is_the_same_bytes_again(self, report, tmp_path):
        audit("run", SAMPLES, "--out", tmp_path / "out", "--format", "xlsx", "-q")
        assert (tmp_path / "out/report.xlsx").read_bytes() == (report / "report.xlsx").read_bytes()


class TestMarkdown:
    def test_the_summary_names_every_agent_and_what_to_train(self, report):
        text = (report / "summary.md").read_text("utf-8")
        told = json.loads((report / "report.json").read_text("utf-8"))
        assert all(card["agent"]["name"] in text for card in told["scorecards"])
        assert "## What the team should train next" in text
        assert "26 given = 26 read + 0 rejected" in text

    def test_each_agent_with_something_to_coach_has_a_plan(self, report):
        told = json.loads((report / "report.json").read_text("utf-8"))
        plans = {path.stem: path.read_text("utf-8") for path in (report / "plans").iterdir()}
        wanted = {
            card["page"].removeprefix("agents/").removesuffix(".html")
            for card in told["scorecards"]
            if card["coaching"]
        }
        assert set(plans) == wanted
        for text in plans.values():
            assert "**One focus:**" in text
            assert "**Why it matters:**" in text
            assert re.search(r"\*\*Measured next time:\*\* met in at least \d+ of the next 10", text)
            assert text.count("\n> **") >= 2

    def test_words_of_a_transcript_are_no_marks(self):
        assert plain("# a *b* <script> [x](y)\n| c `d`") == r"\# a \*b\* \<script\> \[x\](y) \| c \`d\`"


class TestPlan:
    @pytest.fixture
    def told(self, tmp_path):
        return run(Plan(tmp_path, pages="none"), [SAMPLES])

    def test_the_aim_is_more_than_luck_and_within_reach(self, told):
        plans = [coaching_plan(card, told.rules) for card in told.cards if card.coaching]
        assert len(plans) >= 3
        for plan in plans:
            assert plan.met < plan.applied
            assert plan.met / plan.applied * 10 < plan.aim <= 10
            assert plan.examples
            assert len(plan.exercises) == len(plan.examples)
            assert all(each.said and each.one_way for each in plan.exercises)

    def test_an_exercise_is_made_of_words_of_the_contact(self, told):
        plan = coaching_plan(told.cards[0], told.rules)
        for each, shown in zip(plan.exercises, plan.examples, strict=True):
            assert each.said in {line.text for line in shown.lines}


class TestPseudonyms:
    def test_nothing_of_an_agent_is_left_but_in_the_key(self, tmp_path):
        key = tmp_path / "key.json"
        audit(
            "run",
            SAMPLES,
            "--out",
            tmp_path / "out",
            "--format",
            "html,json,csv,markdown,xlsx",
            "--anonymise",
            key,
            "-q",
        )
        names = re.compile(r"okafor|duarte|chloe|\bdev\b patel|dev\.patel", re.IGNORECASE)
        for path in (tmp_path / "out").rglob("*"):
            if path.is_file() and path.suffix in (".html", ".json", ".jsonl", ".csv", ".md"):
                left = names.search(path.read_text("utf-8"))
                assert left is None or "transcripts" in path.name, (path.name, left)
            assert not names.search(path.name)
        told = json.loads(key.read_text())
        assert any("Ben Okafor" in whose for whose in told["agents"].values())
        cards = json.loads((tmp_path / "out/report.json").read_text())["scorecards"]
        assert {card["agent"]["name"] for card in cards} == set(told["agents"])

    def test_the_same_key_gives_the_same_names_in_any_number_of_processes(self, tmp_path):
        key = tmp_path / "key.json"
        for name, jobs in (("one", 1), ("two", 2)):
            audit(
                "run", SAMPLES, "--out", tmp_path / name, "--format", "json", "--anonymise", key, "--jobs", jobs, "-q"
            )
        assert (tmp_path / "one/report.json").read_bytes() == (tmp_path / "two/report.json").read_bytes()
        assert Pseudonyms("00ff").name("ana") == Pseudonyms("00ff").name("ana") != Pseudonyms("01ff").name("ana")

    def test_scores_are_those_without_it(self, report, tmp_path):
        audit("run", SAMPLES, "--out", tmp_path / "out", "--format", "json", "--anonymise", tmp_path / "key.json", "-q")
        plainly, hidden = (
            sorted(
                (card["score"], card["contacts"])
                for card in json.loads((out / "report.json").read_text())["scorecards"]
            )
            for out in (report, tmp_path / "out")
        )
        assert plainly == hidden

    def test_the_key_is_kept_apart(self, tmp_path):
        audit("run", SAMPLES, "--out", tmp_path / "out", "--anonymise", tmp_path / "out/key.json", "-q", code=2)
        (tmp_path / "no-key.json").write_text("{}")
        done = audit("run", SAMPLES, "--out", tmp_path / "out", "--anonymise", tmp_path / "no-key.json", "-q", code=2)
        assert "is no key" in done


class TestLook:
    def test_a_brand_needs_no_template(self, tmp_path):
        brand = tmp_path / "brand"
        brand.mkdir()
        (brand / "brand.yaml").write_text("name: Northway <b>\nlogo: logo.svg\n")
        (brand / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
        (brand / "style.css").write_text(":root { --agent: #123456; }\n")
        audit("run", SAMPLES, "--out", tmp_path / "out", "--format", "html", "--template", brand, "-q")
        page = (tmp_path / "out/index.html").read_text("utf-8")
        assert "Northway &lt;b&gt;" in page
        assert 'src="data:image/svg+xml;base64,' in page
        assert (tmp_path / "out/assets/style.css").read_text("utf-8").endswith("--agent: #123456; }\n")

    @pytest.mark.parametrize(
        ("files", "words"),
        [
            ({"brand.yaml": "nam: x\n"}, "brand.yaml:1"),
            ({"brand.yaml": "logo: logo.exe\n"}, "must be an svg, png"),
            ({"index.html.j2": "{{ nothing.here }}"}, "index.html.j2 cannot be used"),
        ],
    )
    def test_a_wrong_brand_is_named(self, tmp_path, files, words):
        brand = tmp_path / "brand"
        brand.mkdir()
        for name, text in files.items():
            (brand / name).write_text(text)
        done = audit("run", SAMPLES, "--out", tmp_path / "out", "--format", "html", "--template", brand, "-q", code=2)
        assert words in done
        assert not (tmp_path / "out").exists()

    def test_the_agents_own_view_has_strengths_first_and_no_peers(self, tmp_path):
        audit("run", SAMPLES, "--out", tmp_path / "out", "--format", "html", "--agent-view", "-q")
        for path in (tmp_path / "out/agents").iterdir():
            text = path.read_text("utf-8")
            assert text.index("What you do well") < text.index("Overall")
            assert "team median" not in text.lower()
            assert "the team" not in re.sub(
                r"<style>.*?</style>|<script>.*?</script>", "", text, flags=re.DOTALL
            ).replace("name or the team", "")
            assert "index.html" not in text


class TestContactPages:
    def pages(self, tmp_path, *more):
        audit("run", SAMPLES, "--out", tmp_path / "out", "--format", "html", "-q", *more)
        return {path.name for path in (tmp_path / "out").glob("contacts/*")}

    def test_all_evidence_or_none(self, tmp_path):
        every = self.pages(tmp_path, "--contacts", "all")
        shown = self.pages(tmp_path, "--contacts", "evidence")
        assert len(every) == 26
        assert set() < shown < every
        linked = {
            name
            for path in (tmp_path / "out").rglob("*.html")
            for name in re.findall(r'href="\.\./contacts/([^"#]+)', path.read_text("utf-8"))
        }
        assert linked == shown
        assert self.pages(tmp_path, "--contacts", "none") == set()

    def test_beyond_the_limit_only_evidence_has_a_page(self, tmp_path, monkeypatch):
        monkeypatch.setattr("audit.pipeline.MOST_PAGES", 25)
        assert 0 < len(self.pages(tmp_path)) < 26

    def test_long_lists_of_contacts_have_pages_of_their_own(self, tmp_path, monkeypatch):
        monkeypatch.setattr("audit.reports.html.WORST", 3)
        monkeypatch.setattr("audit.reports.html.A_LIST", 4)
        self.pages(tmp_path)
        pages = sorted(path.name for path in (tmp_path / "out/agents").glob("ben-okafor*"))
        assert [name.count(".") for name in pages] == [2, 2, 1]
        rows = [(tmp_path / "out/agents" / name).read_text("utf-8").count('<th scope="row"><a') for name in pages]
        assert rows == [4, 3, 3]

    def test_pages_are_the_same_from_any_number_of_processes(self, tmp_path, monkeypatch):
        monkeypatch.setattr("audit.ingest.places.MOST_FILES", 2)
        content = []
        for jobs in (1, 3):
            self.pages(tmp_path, "--jobs", jobs)
            content.append({path.name: path.read_bytes() for path in (tmp_path / "out").rglob("*.html")})
        assert content[0] == content[1]


def test_a_trend_needs_three_periods_of_five():
    tally = Tally()
    for week, score in enumerate((60, 70, 80)):
        day = f"2026-01-{5 + 7 * week:02d}"
        tally.scored_on[day] = 5
        tally.points_on[day] = 5 * score * 1_000_000
    assert [(each.first, each.mean, each.contacts) for each in periods(tally)] == [
        ("2026-01-05", 60, 5), ("2026-01-12", 70, 5), ("2026-01-19", 80, 5)
    ]  # fmt: skip
    tally.scored_on["2026-01-12"] = 4
    assert periods(tally) == ()
    assert periods(Tally()) == ()


def test_a_long_run_tells_how_far_it_is(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr("audit.ingest.places.MOST_FILES", 1)
    with progress(quiet=False) as tell:
        told = []
        run(Plan(tmp_path, pages="evidence"), [SAMPLES], tell=lambda *each: told.append(each) or tell(*each))
        tell("12 files", 5, 10, 26)
    whole = [each for each in told if each[0].endswith("files")]
    assert [each[3] for each in whole] == sorted(each[3] for each in whole)
    assert whole[-1][1] == whole[-1][2]
    assert whole[-1][3] == 26
    assert told[-1][0] == "pages of contacts"
    assert capsys.readouterr().out == ""


def test_nobody_is_told_where_nobody_looks():
    with progress(quiet=True) as tell:
        assert tell is None
    with progress(quiet=False) as tell:
        assert tell is None


def test_what_is_to_be_coached_is_no_strength(tmp_path):
    told = run(Plan(tmp_path, pages="none"), [SAMPLES])
    for card in told.cards:
        assert not {each.rule for each in card.coaching} & set(card.strengths)


def test_excerpts_skip_what_systems_say(facts):
    talk = facts("""
        customer: My parcel never arrived.
        system: lookup parcel
        agent: You have to wait for it.
        bot: An agent has joined.
        customer: Why?
    """)
    evaluation = Evaluation(None, talk.conversation, talk.agents[0], (), (), None, None, {}, ())
    finding = Finding(Outcome.MISSED, (Evidence.whole(talk.agents and talk.turns(Role.AGENT)[0]),))
    shown = moment(evaluation, finding, (0, 0), "page")
    assert [line.role for line in shown.lines] == [Role.CUSTOMER, Role.AGENT, Role.BOT]


def talk_of(name, identity, said, customer="Ann"):
    return {
        "id": f"{name} 7", "channel": "chat",
        "participants": [{"id": "a", "role": "agent", "agent_id": identity, "name": name}, {"id": "c", "role": "customer", "name": customer}],
        "turns": [{"participant": "c", "text": "Hello, my parcel never arrived and I am upset about it."},
                  {"participant": "a", "text": said}, {"participant": "c", "text": f"Thank you, goodbye {name}."}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "identity", "said", "gone"),
    [
        ("José García", "jg", "Hello, this is Jose Garcia, how can I help you?", ("Jose", "Garcia", "García")),
        ("Jo Li", "jl", "Hello, this is Jo Li, how can I help you?", ("Jo Li",)),
        ("Hans Weiß", "hw", "Hello, this is Weiß or Weiss, how can I help?", ("Weiß", "Hans")),
        ("", "ana_duarte", "Hello, Ana here, what is it that I can do?", ("Ana ", "ana_duarte")),
        ("Mia", "48213", "Hello, I am Mia and my number is 48213 here.", ("Mia", "48213")),
    ],
)  # fmt: skip
def test_names_are_hidden_however_they_are_written(tmp_path, name, identity, said, gone):
    (tmp_path / "t.jsonl").write_text(json.dumps(talk_of(name, identity, said)) + "\n")
    audit("run", tmp_path / "t.jsonl", "--out", tmp_path / "out", "--anonymise", tmp_path / "key.json", "-q")
    text = "".join(path.read_text("utf-8") for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert [word for word in gone if word in text] == []


def test_common_words_stay_what_they_are(tmp_path):
    told = talk_of("Will May", "wm", "This is Will May. I will look, and it may take a day.")
    (tmp_path / "t.jsonl").write_text(json.dumps(told) + "\n")
    audit("run", tmp_path / "t.jsonl", "--out", tmp_path / "out", "--anonymise", tmp_path / "key.json", "-q")
    page = next((tmp_path / "out/contacts").iterdir()).read_text("utf-8")
    assert "I will look, and it may take a day." in re.sub(r"</?mark[^>]*>", "", page)
    assert "Will May" not in page


@pytest.mark.parametrize("salt", ["", "00", "00" * 70, "zz" * 16])
def test_a_salt_that_hides_nothing_is_no_key(tmp_path, salt):
    (tmp_path / "key.json").write_text(json.dumps({"salt": salt, "agents": {}}))
    assert "is no key" in audit("run", SAMPLES, "--out", tmp_path / "out", "--anonymise", tmp_path / "key.json", code=2)


def test_the_key_must_be_writable_and_no_input(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/t.jsonl").write_text(json.dumps(talk_of("Mia", "m", "Hello, how can I help you?")) + "\n")
    audit("run", tmp_path / "in", "--out", tmp_path / "out", "--anonymise", tmp_path / "in/key.json", code=2)
    assert "cannot be written" in audit(
        "run", tmp_path / "in", "--out", tmp_path / "out", "--anonymise", tmp_path, code=2
    )


def test_a_turn_of_blanks_and_one_without_a_stop_are_shown_around_the_words(tmp_path):
    told = talk_of(
        "Mia", "m", "so " + "and then we look at it again " * 20 + "i don't know when it comes " + "x " * 200
    )
    told["turns"].insert(1, {"participant": "c", "text": " " * 400})
    lines = [json.dumps({**told, "id": str(number)}) for number in range(3)]
    (tmp_path / "t.jsonl").write_text("\n".join(lines) + "\n")
    audit("run", tmp_path / "t.jsonl", "--out", tmp_path / "out", "--format", "html", "-q")
    page = next((tmp_path / "out/agents").iterdir()).read_text("utf-8")
    assert re.search(r'<mark class="missed">i don&#39;t know</mark>', page)


def test_the_aim_of_a_plan_can_always_be_told_from_luck(tmp_path):
    from audit.intervals import wilson

    lines = [talk_of("Mia", "m", "Hello, this is Mia, how can I help you?") | {"id": f"good {n}"} for n in range(18)]
    lines += [talk_of("Mia", "m", "Your number, please.") | {"id": f"bad {n}"} for n in range(2)]
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    told = run(Plan(tmp_path, pages="none"), [tmp_path / "t.jsonl"])
    plans = [coaching_plan(card, told.rules) for card in told.cards if card.coaching]
    assert plans
    for plan in plans:
        assert wilson(plan.aim, plan.within).low > plan.met / plan.applied


def test_pages_for_the_agent_name_no_colleague(tmp_path):
    told = talk_of("Mia Stone", "m", "Hello, this is Mia, how can I help you? I put you through to a colleague.")
    told["participants"].append({"id": "b", "role": "agent", "agent_id": "o", "name": "Otto Kern"})
    told["turns"].insert(2, {"participant": "b", "text": "Hello, how can I help you?"})
    (tmp_path / "t.jsonl").write_text(json.dumps(told) + "\n")
    audit(
        "run",
        tmp_path / "t.jsonl",
        "--out",
        tmp_path / "out",
        "--format",
        "html",
        "--agent-view",
        "--contacts",
        "all",
        "-q",
    )
    assert not (tmp_path / "out/index.html").exists()
    page = next((tmp_path / "out/contacts").iterdir()).read_text("utf-8")
    assert "index.html" not in page
    assert "Filled-in form" not in page


def test_a_page_for_mail_has_no_lists_beside_it(tmp_path, monkeypatch):
    monkeypatch.setattr("audit.reports.html.WORST", 3)
    audit("run", SAMPLES, "--out", tmp_path / "out", "--format", "html", "--standalone", "-q")
    assert len(list((tmp_path / "out/agents").iterdir())) == 4
    assert all("These are 3 of" in path.read_text("utf-8") for path in (tmp_path / "out/agents").iterdir())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("index.html.j2", b"{{ 1 / 0 }}"),
        ("index.html.j2", b"\xff\xfe"),
        ("agent.html.j2", b'{% extends "agent.html.j2" %}'),
        ("style.css", b"</style><script>alert(1)</script>"),
    ],
)
def test_a_brand_that_cannot_be_used_is_named_and_not_used(tmp_path, name, data):
    (tmp_path / "brand").mkdir()
    (tmp_path / "brand" / name).write_bytes(data)
    told = audit("run", SAMPLES, "--out", tmp_path / "out", "--template", tmp_path / "brand", "-q", code=2)
    assert name in told
    assert "nodir" in audit(
        "run", SAMPLES, "--out", tmp_path / "out", "--format", "csv", "--template", tmp_path / "nodir", code=2
    )


def test_what_was_left_undone_is_no_moment_to_show(tmp_path):
    told = run(Plan(tmp_path, pages="none"), [SAMPLES])
    questions = told.team.tally.questions
    assert questions["missing-greeting"].met
    assert questions["secret-asked-for"].verdicts["pass"] and not questions["secret-asked-for"].met

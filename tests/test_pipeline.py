import json
import shutil
from html.parser import HTMLParser

import click
import msgspec
import pytest
from click.testing import CliRunner

from audit.cli import cli
from audit.errors import AuditError
from tests.conftest import PROJECT

TALK = {
    "channel": "chat",
    "turns": [
        {"speaker": "agent", "text": "Hello, how can I help?"},
        {"speaker": "customer", "text": "My kettle arrived broken."},
        {"speaker": "agent", "text": "I'm so sorry about that. I'll send you a new one by Friday noon."},
        {"speaker": "customer", "text": "Thanks, bye."},
        {"speaker": "agent", "text": "Is there anything else I can do? Goodbye."},
    ],
}


def run(*arguments):
    """The exit code of `audit run` with ARGUMENTS; the report goes where --out says."""
    result = CliRunner().invoke(cli, ["run", *map(str, arguments)], standalone_mode=False, catch_exceptions=False)
    return result.return_value, result.stderr


def write(path, *talks):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(talk)}\n" for talk in talks), encoding="utf-8")
    return path


def report(out):
    return msgspec.json.decode((out / "report.json").read_bytes())


def evaluations(out):
    return [msgspec.json.decode(line) for line in (out / "evaluations.jsonl").read_bytes().splitlines()]


def content(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def sample_report(tmp_path_factory, samples):
    out = tmp_path_factory.mktemp("report") / "out"
    assert run(samples, "--out", out)[0] == 0
    return out


def test_the_samples_give_a_scorecard_for_each_agent(sample_report):
    told = report(sample_report)
    assert {card["agent"]["name"] for card in told["scorecards"]} == {
        "Ana Duarte",
        "Ben Okafor",
        "Chloe Martin",
        "Dev Patel",
    }
    scores = {card["agent"]["name"]: card["score"] for card in told["scorecards"]}
    assert scores["Ben Okafor"] < scores["Dev Patel"] < scores["Chloe Martin"]
    assert told["inputs"]["given"] == told["inputs"]["read"] + told["inputs"]["rejected"]
    assert told["schema"] == 1


def test_every_rule_that_ran_has_an_answer(sample_report, pack):
    for told in evaluations(sample_report):
        assert [answer["rule"] for answer in told["answers"]] == sorted(pack.rules)
        for answer in told["answers"]:
            assert answer.get("reason") or answer["findings"]
            for finding in answer.get("findings", ()):
                assert finding["evidence"]
                assert all(0 <= at["first"] < at["last"] and at["quote"] for at in finding["evidence"])


def test_the_transfer_gives_each_agent_a_form(sample_report):
    told = [each for each in evaluations(sample_report) if each["conversation"] == "chat-missed-engineer-transfer"]
    assert [each["agent"] for each in told] == ["dev.patel", "chloe.martin"]


def test_what_is_cut_off_or_has_nothing_to_judge_gets_no_wrong_fail(sample_report):
    told = {each["conversation"]: each for each in evaluations(sample_report)}
    cut = {answer["rule"]: answer["verdict"] for answer in told["chat-licence-seat-cut-off"]["answers"]}
    assert cut["missing-anything-else"] == "cannot-tell"
    nothing = told["chat-wrong-window"]
    assert nothing["score"] is None
    assert "fail" not in {answer["verdict"] for answer in nothing["answers"]}


def test_the_same_bytes_whatever_the_number_of_processes(tmp_path, samples):
    many = [dict(TALK, id=f"c{n}", agent_id=f"a{n % 3}") for n in range(40)]
    folder = tmp_path / "in"
    for number in range(5):
        write(folder / f"{number}.jsonl", *many[number::5])
    shutil.copytree(samples / "text", folder / "text")
    shutil.copy(samples / "roster.csv", folder)
    outs = [tmp_path / name for name in ("one", "two", "three")]
    from audit.ingest import places

    before = places.MOST_FILES
    try:
        places.MOST_FILES = 1
        assert run(folder, "--out", outs[0], "--jobs", 1)[0] == 0
        assert run(folder, "--out", outs[1], "--jobs", 3)[0] == 0
    finally:
        places.MOST_FILES = before
    assert content(outs[0]) == content(outs[1])
    assert (
        run(
            *sorted(folder.glob("*.jsonl"), reverse=True),
            folder / "text",
            "--roster",
            folder / "roster.csv",
            "--out",
            outs[2],
        )[0]
        == 0
    )
    assert report(outs[2])["team"] == report(outs[0])["team"]


def test_the_same_conversation_twice_counts_once_and_is_named(tmp_path):
    first = dict(TALK, id="same", agent_id="a")
    write(tmp_path / "in/1.jsonl", first, dict(first, id="other"))
    write(tmp_path / "in/2.jsonl", dict(first, id="third"), first)
    code, stderr = run(tmp_path / "in", "--out", tmp_path / "out")
    told = report(tmp_path / "out")
    assert code == 0
    assert (told["inputs"]["read"], told["inputs"]["judged"]) == (4, 3)
    assert [(each["file"], each["line"], each["code"], each["conversation"]) for each in told["set_aside"]] == [
        ("2.jsonl", 2, "duplicate", "same")
    ]
    assert "2.jsonl:2: a conversation with this id was judged already, from 1.jsonl" in stderr
    assert len(list((tmp_path / "out/contacts").iterdir())) == 3


def test_it_is_told_of_how_many_evaluations_the_team_score_is_made(tmp_path):
    short = {"agent_id": "a", "turns": [{"speaker": "customer", "text": "Hi"}, {"speaker": "agent", "text": "Hello"}]}
    _, stderr = run(write(tmp_path / "x.jsonl", dict(TALK, id="1", agent_id="a"), short), "--out", tmp_path / "out")
    assert "2 contacts of 1 agent judged, team score " in stderr
    assert " from 1 of 2 evaluations.\n" in stderr


def test_of_raw_and_redacted_twins_one_is_judged_and_the_other_named(tmp_path):
    raw = dict(TALK, id="k", agent_id="a")
    write(tmp_path / "in/k_analysis_2026.jsonl", raw)
    write(tmp_path / "in/k_analysis_redacted_2026.jsonl", raw)
    for prefer, other in (("redacted", "k_analysis_2026.jsonl"), ("raw", "k_analysis_redacted_2026.jsonl")):
        run(tmp_path / "in", "--out", tmp_path / prefer, "--prefer", prefer)
        (left,) = report(tmp_path / prefer)["set_aside"]
        assert (left["file"], left["code"]) == (other, "duplicate")


def test_the_same_call_in_two_formats_is_judged_once(tmp_path):
    lines = [
        ("Agent", "Hello, thank you for calling us. How can I help you today?"),
        ("Customer", "My order is late, and I need it by Friday at the latest, or I will send it back to you."),
    ]
    (tmp_path / "in").mkdir()
    (tmp_path / "in/call.txt").write_text("".join(f"{who}: {text}\n" for who, text in lines))
    (tmp_path / "in/call.csv").write_text("speaker,text\n" + "".join(f'{who},"{text}"\n' for who, text in lines))
    run(tmp_path / "in", "--out", tmp_path / "out")
    (left,) = report(tmp_path / "out")["set_aside"]
    assert (left["file"], left["reason"]) == ("call.txt", "the same words were judged already, from call.csv")


def test_talks_alike_that_have_ids_of_their_own_are_two(tmp_path):
    write(tmp_path / "in/x.jsonl", dict(TALK, id="1", agent_id="a"), dict(TALK, id="2", agent_id="a"))
    run(tmp_path / "in", "--out", tmp_path / "out")
    assert report(tmp_path / "out")["inputs"]["judged"] == 2


def test_what_is_not_judged_says_why(tmp_path):
    german = [
        {"speaker": "agent", "text": "Guten Tag, wie kann ich Ihnen heute mit Ihrer Bestellung helfen?"},
        {"speaker": "customer", "text": "Sie ist nicht da."},
    ]
    alone = [
        {"speaker": "agent", "text": "Hello, how can I help you today? My order is late and I want it now, please."}
    ]
    write(
        tmp_path / "in/x.jsonl",
        dict(TALK, id="1", agent_id="a"), dict(TALK, id="2", agent_id="a", turns=german), dict(TALK, id="3", agent_id="a", turns=alone),
    )  # fmt: skip
    run(tmp_path / "in", "--out", tmp_path / "out")
    assert [(each["conversation"], each["code"]) for each in report(tmp_path / "out")["set_aside"]] == [
        ("2", "language"), ("3", "one-speaker"),
    ]  # fmt: skip


def test_guesses_are_marked_on_every_page_and_hold_no_gate(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/call.txt").write_text(
        "spk_0: Thank you for calling, my name is Ana. How can I help you?\nspk_1: Hi, I'm calling about my order. It is late.\n"
        "spk_0: Let me check that for you. May I have your number?\nspk_1: It is my order from Monday.\n"
    )
    with pytest.raises(AuditError, match="nothing could be judged"):
        run(tmp_path / "in", "--out", tmp_path / "none")
    code, _ = run(tmp_path / "in", "--out", tmp_path / "out", "--guess-roles")
    assert code == 0
    for page in (tmp_path / "out").rglob("*.html"):
        assert "guessed" in page.read_text(encoding="utf-8"), page
    with pytest.raises(click.UsageError, match="--fail-under cannot rest on guesses"):
        run(tmp_path / "in", "--out", tmp_path / "gate", "--guess-roles", "--fail-under", "1")


def test_files_that_tell_about_others_are_used_and_not_rejected(tmp_path):
    import zipfile

    messages = [
        {"type": "message", "user": "U1", "text": "Hello, how can I help you today?", "ts": "1638784588.0"},
        {"type": "message", "user": "U2", "text": "My order is late and I am not happy.", "ts": "1638784590.0"},
    ]
    users = [{"id": "U1", "name": "ana", "is_bot": False, "profile": {"real_name": "Ana Duarte"}}]
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as packed:
        packed.writestr("users.json", json.dumps(users))
        packed.writestr("support/2021-12-06.json", json.dumps(messages))
    roster = tmp_path / "staff.csv"
    roster.write_text("agent_id,name,team\nad,Ana Duarte,North\n")
    code, _ = run(tmp_path / "export.zip", "--out", tmp_path / "out", "--roster", roster)
    told = report(tmp_path / "out")
    assert code == 0
    assert told["inputs"]["passed_over"] == ["export.zip/users.json"]
    assert told["scorecards"][0]["agent"] == {"id": "ad", "name": "Ana Duarte", "team": "North"}


def test_one_bad_file_never_stops_the_batch(tmp_path):
    write(tmp_path / "in/good.jsonl", dict(TALK, id="1", agent_id="a"))
    (tmp_path / "in/bad.json").write_text('{"turns": [')
    (tmp_path / "in/page.txt").write_text("<html>Sign in</html>")
    code, stderr = run(tmp_path / "in", "--out", tmp_path / "out")
    told = report(tmp_path / "out")
    assert code == 2
    assert told["inputs"] | {"passed_over": []} == {
        "files": 3, "given": 3, "read": 1, "rejected": 2, "set_aside": 0, "judged": 1, "passed_over": [],
    }  # fmt: skip
    assert [(each["file"], each["code"]) for each in told["rejected"]] == [
        ("bad.json", "json"),
        ("page.txt", "web-page"),
    ]
    assert "rejected: bad.json:1" in stderr
    assert run(tmp_path / "in", "--out", tmp_path / "out", "--allow-rejected")[0] == 0


def test_agents_whom_no_file_names_are_counted_under_a_visible_name(tmp_path):
    write(tmp_path / "a.jsonl", dict(TALK, id="1"))
    assert run(tmp_path / "a.jsonl", "--out", tmp_path / "out")[0] == 0
    (card,) = report(tmp_path / "out")["scorecards"]
    assert (card["agent"]["id"], card["agent"]["name"]) == (None, "Agent not named")
    assert (tmp_path / "out" / card["page"]).is_file()


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.targets, self.anchors, self.tags, self.scripts = [], set(), set(), []
        self.is_script = False

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.add(tag)
        self.targets += [attrs[key] for key in ("href", "src") if key in attrs]
        if "id" in attrs:
            self.anchors.add(attrs["id"])
        self.is_script = tag == "script"
        assert not any(key.startswith("on") or key == "style" for key in attrs)

    def handle_data(self, data):
        if self.is_script:
            self.scripts.append(data)

    def handle_endtag(self, tag):
        self.is_script = False


SCRIPT = (PROJECT / "report_templates" / "report.js").read_text(encoding="utf-8")


def read_page(path):
    links = Links()
    links.feed(path.read_text(encoding="utf-8"))
    assert links.scripts == [SCRIPT]
    return links


def test_every_link_leads_somewhere_inside_the_report(sample_report):
    pages = {path: read_page(path) for path in sample_report.rglob("*.html")}
    assert len(pages) == 1 + 4 + 26
    for path, links in pages.items():
        assert not {"iframe", "object", "form", "style"} & links.tags
        for target in links.targets:
            if target == "data:,":
                continue
            name, _, anchor = target.partition("#")
            where = (path.parent / name).resolve() if name else path
            assert where.is_file(), (path, target)
            assert not anchor or anchor in pages[where].anchors, (path, target)


def test_hostile_text_stays_text(tmp_path, shared):
    rows = [
        json.loads(line)
        for line in (shared / "hostile/third_party/xss-payloadbox.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    values = [row if isinstance(row, str) else row["value"] for row in rows][::25]
    values += [
        json.loads(line)["text"]
        for line in (shared / "hostile/own/markup.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    talks = [
        {"id": value, "agent_id": value, "agent": {"id": value, "name": value, "team": value}, "channel": "chat",
         "turns": [{"speaker": "agent", "text": f"You have to tell me what it is that you need, and then we can do it for you. {value}"}, {"speaker": value, "text": value},
                   {"speaker": "customer", "text": f"My kettle arrived broken {value}"}, {"speaker": "agent", "text": value}]}
        for value in values if value.strip()
    ]  # fmt: skip
    folder = write(tmp_path / "in/talks.jsonl", *talks).parent
    run(folder, "--out", tmp_path / "out", "--allow-rejected")
    pages = list((tmp_path / "out").rglob("*.html"))
    assert len(pages) > 300
    for path in pages:
        links = read_page(path)
        assert not {"img", "iframe", "object", "embed", "form", "video", "body2", "base"} & links.tags, path
        assert all(
            target.startswith(("../", "#", "data:,", "assets/", "agents/", "contacts/", "index.html"))
            for target in links.targets
        )


def test_no_time_of_day_and_no_place_of_this_machine(sample_report, samples):
    for name, data in content(sample_report).items():
        assert str(samples).encode() not in data, name
        assert str(sample_report).encode() not in data, name


def test_the_csv_has_a_row_for_each_form(sample_report):
    lines = (sample_report / "results.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + len(evaluations(sample_report))
    assert lines[0].startswith("conversation,source,agent,channel,form,score,coverage,gates,abrupt-ending")


def test_the_manifest_names_every_file(sample_report):
    import hashlib

    manifest = msgspec.json.decode((sample_report / "manifest.json").read_bytes())
    files = {name: data for name, data in content(sample_report).items() if name != "manifest.json"}
    assert manifest["files"] == {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}


def test_a_lost_process_loses_no_conversation(tmp_path, monkeypatch):
    """The first process that meets the poison dies; the pieces are done again, alone."""
    import os
    from pathlib import Path

    from audit import pipeline

    for number in range(6):
        write(tmp_path / f"in/{number}.jsonl", dict(TALK, id=str(number), agent_id="a"))
    parent, mark, read = os.getpid(), tmp_path / "died", pipeline._read

    def dying(plan, cut):
        if os.getpid() != parent and not Path(mark).exists():
            Path(mark).touch()
            os._exit(9)
        yield from read(plan, cut)

    monkeypatch.setattr(pipeline, "_read", dying)
    monkeypatch.setattr("audit.ingest.places.MOST_FILES", 1)
    assert run(tmp_path / "in", "--out", tmp_path / "out", "--jobs", 2)[0] == 0
    assert mark.exists()
    assert report(tmp_path / "out")["inputs"]["judged"] == 6


def test_roster_lines_of_no_use_are_told(tmp_path):
    write(tmp_path / "in/x.jsonl", dict(TALK, id="1", agent_id="a"))
    (tmp_path / "in/roster.csv").write_text("conversation,agent_id\n1,ana\n2,ben\n")
    code, stderr = run(tmp_path / "in", "--out", tmp_path / "out")
    assert code == 0
    assert "warning: roster: 1 of its agents fit no conversation and nobody who speaks" in stderr

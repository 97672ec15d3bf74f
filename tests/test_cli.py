"""The command line as its users meet it: in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.test_pipeline import TALK, write


def audit(*arguments, cwd=None, **more):
    command = [sys.executable, "-m", "audit", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONWARNINGS": "error"}
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, encoding="utf-8", **more)


from tests.conftest import PROJECT  # noqa: E402

CLEAN = (
    "Hello, you're through to Ana, how can I help you today? I will look at your order with you and we will find it.\n"
)
POOR = "You have to send the form first, and you must sign it and you need to post it to us before we can look at it.\n"


@pytest.fixture
def good(tmp_path):
    return write(tmp_path / "in/good.jsonl", dict(TALK, id="1", agent_id="a"))


class TestExitCodes:
    def test_0_when_all_gates_are_met(self, good, tmp_path):
        done = audit("run", good, "--out", tmp_path / "out", "--fail-under", 10)
        assert (done.returncode, done.stdout) == (0, "")
        assert "1 contact of 1 agent judged" in done.stderr

    def test_1_when_a_gate_failed(self, good, tmp_path):
        poor = dict(
            TALK,
            id="2",
            agent_id="b",
            turns=[
                *TALK["turns"][1:2],
                {"speaker": "agent", "text": "I don't know what to do about that."},
                {"speaker": "customer", "text": "Thanks."},
                {"speaker": "agent", "text": "Bye."},
            ],
        )
        done = audit(
            "run", write(good, dict(TALK, id="1", agent_id="a"), poor), "--out", tmp_path / "out", "--fail-under", 90
        )
        assert done.returncode == 1
        assert "gate failed: b: " in done.stderr

    def test_2_for_usage(self, good, tmp_path):
        out = tmp_path / "out"
        for arguments in (
            ["run"],
            ["run", good],
            ["run", good, "--out", out, "--fail-under", "nan"],
            ["run", good, "--out", out, "--fail-under", "-1"],
            ["run", good, "--out", out, "--fail-under", "101"],
            ["run", good, "--out", out, "--format", "pdf"],
            ["run", good, "--out", out, "--jobs", "0"],
            ["run", good, "--out", out, "--form", "nosuch"],
            ["run", good, "--out", out, "--select", "nosuch"],
            ["run", good, "--out", out, "--from", "nosuch"],
            ["run", good, "--out", out, "--encoding", "nosuch"],
            ["run", good, "--out", out, "--column", "text"],
            ["run", good, "--out", out, "--roster", tmp_path / "nosuch.csv"],
            ["run", tmp_path / "nosuch", "--out", out],
            ["check", good, "--fail-under", "x"],
            ["rules", "explain", "nosuch"],
            ["rules", "test", tmp_path / "nosuch"],
            ["nosuch"],
            ["--settings", tmp_path / "nosuch.toml", "formats"],
        ):
            done = audit(*arguments)
            assert done.returncode == 2, (arguments, done.stderr)
            assert done.stderr.strip()
            assert "Traceback" not in done.stderr
            assert "an error of our own" not in done.stderr, done.stderr
            assert not out.exists()

    def test_2_for_an_empty_folder_and_for_nothing_readable(self, tmp_path):
        (tmp_path / "in").mkdir()
        done = audit("run", tmp_path / "in", "--out", tmp_path / "out")
        assert (done.returncode, done.stderr) == (2, "audit: no files were given: the folder is empty\n")
        (tmp_path / "in/x.txt").write_text("no speakers here")
        done = audit("run", tmp_path / "in", "--out", tmp_path / "out", "--allow-rejected")
        assert done.returncode == 2
        assert "nothing could be judged, so no report was written" in done.stderr
        assert not (tmp_path / "out").exists()

    def test_2_when_nobody_is_known_to_be_the_agent(self, tmp_path):
        (tmp_path / "x.txt").write_text("Rosa: Hello\nSam: Hi\nRosa: Bye\nSam: Bye\n")
        done = audit("run", tmp_path / "x.txt", "--out", tmp_path / "out")
        assert done.returncode == 2
        assert "nobody is known to be the agent; see" in done.stderr
        assert audit("run", tmp_path / "x.txt", "--out", tmp_path / "out", "--agent-name", "Rosa").returncode == 0

    def test_2_for_a_rejected_input_unless_allowed(self, good, tmp_path):
        (good.parent / "bad.json").write_text("{")
        assert audit("run", good.parent, "--out", tmp_path / "out").returncode == 2
        assert audit("run", good.parent, "--out", tmp_path / "out", "--allow-rejected").returncode == 0

    def test_2_for_a_broken_rule_file_with_all_its_faults(self, good, tmp_path):
        (tmp_path / "rules").mkdir()
        (tmp_path / "rules/mine.yaml").write_text("id: mine\nquestio: x\ncheck: avoids\nwith: {act: nosuch}\n")
        done = audit("run", good, "--out", tmp_path / "out", "--rules", tmp_path / "rules")
        assert done.returncode == 2
        assert "mine.yaml:2: a rule has no `questio`; did you mean `question`?" in done.stderr
        assert "mine.yaml:4: there is no act `nosuch`" in done.stderr

    def test_2_when_a_gate_cannot_be_judged(self, tmp_path):
        talk = {
            "id": "1",
            "agent_id": "a",
            "turns": [{"speaker": "customer", "text": "Hi"}, {"speaker": "agent", "text": "Hello"}],
        }
        done = audit("run", write(tmp_path / "x.jsonl", talk), "--out", tmp_path / "out", "--fail-under", 50)
        assert done.returncode == 2
        assert "gate not judged" in done.stderr

    def test_143_and_130_when_interrupted(self, tmp_path):
        talks = [dict(TALK, id=str(number), agent_id="a") for number in range(30_000)]
        write(tmp_path / "in/x.jsonl", *talks)
        # A job in a shell's background ignores SIGINT, and hands that on to what it starts.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for number, code in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            process = subprocess.Popen(
                [sys.executable, "-m", "audit", "run", str(tmp_path / "in"), "--out", str(tmp_path / "out")],
                env={**os.environ, "PYTHONPATH": str(PROJECT)}, stderr=subprocess.PIPE,
            )  # fmt: skip
            for _ in range(200):
                time.sleep(0.05)
                if any(path.name.startswith(".out.") for path in tmp_path.iterdir()):
                    break
            time.sleep(0.3)
            process.send_signal(number)
            _, stderr = process.communicate(timeout=30)
            assert process.returncode == code
            assert b"Traceback" not in stderr
            assert not (tmp_path / "out").exists()
            assert [path.name for path in tmp_path.iterdir()] == ["in"]

    def test_2_when_nobody_reads_the_output(self, tmp_path):
        (tmp_path / "s.md").write_text(POOR)
        for command in ("check s.md", "check s.md --format json", "formats", "rules list"):
            done = subprocess.run(
                ["bash", "-c", f"{sys.executable} -m audit {command} | true; exit ${{PIPESTATUS[0]}}"],
                cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(PROJECT)}, capture_output=True, text=True,
            )  # fmt: skip
            assert done.returncode in (0, 2), command
            assert "Traceback" not in done.stderr
        full = subprocess.run(
            ["bash", "-c", f"{sys.executable} -m audit formats > /dev/full"],
            env={**os.environ, "PYTHONPATH": str(PROJECT)}, capture_output=True, text=True,
        )  # fmt: skip
        assert (full.returncode, full.stderr) == (2, "audit: the output: No space left on device\n")

    def test_2_when_the_report_would_lie_on_what_is_to_be_audited(self, good, tmp_path):
        for out in (good.parent, tmp_path):
            done = audit("run", good, "--out", out)
            assert done.returncode == 2
            assert "give another folder" in done.stderr
        assert good.exists()

    def test_2_rather_than_delete_what_somebody_put_into_a_report(self, good, tmp_path):
        out = tmp_path / "out"
        assert audit("run", good, "--out", out).returncode == 0
        (out / "notes.txt").write_text("mine")
        assert audit("run", good, "--out", out).returncode == 2
        assert (out / "notes.txt").read_text() == "mine"

    def test_a_report_inside_the_inputs_is_not_read_again(self, good):
        for _ in range(2):
            assert audit("run", good.parent, "--out", good.parent / "report").returncode == 0

    def test_a_linked_report_folder_stays_linked(self, good, tmp_path):
        (tmp_path / "real").mkdir()
        (tmp_path / "link").symlink_to(tmp_path / "real")
        assert audit("run", good, "--out", tmp_path / "link").returncode == 0
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "real/index.html").is_file()

    def test_control_characters_in_a_wrong_option_are_written_out(self, good, tmp_path):
        done = audit("run", good, "--out", tmp_path / "out", "--format", "a\x1b[31m")
        assert "\x1b" not in done.stderr
        assert "\\u001b" in done.stderr


class TestCheck:
    def test_findings_are_file_line_column(self, tmp_path):
        (tmp_path / "s.md").write_text(f"# Script\n\n## One\n{CLEAN}\n- {POOR}")
        done = audit("check", "s.md", cwd=tmp_path)
        assert done.returncode == 0
        first = done.stdout.splitlines()[0]
        assert first.startswith(
            's.md:6:3: directive-phrasing: The agent told the customer what they have to do. "You have to"'
        )

    def test_the_worst_script_decides(self, tmp_path):
        (tmp_path / "good.md").write_text(CLEAN)
        (tmp_path / "poor.md").write_text(POOR)
        (tmp_path / "poor.md").write_text(POOR + " What is your password? " * 4)
        assert audit("check", "good.md", "--fail-under", 80, cwd=tmp_path).returncode == 0
        done = audit("check", ".", "--fail-under", 80, cwd=tmp_path)
        assert done.returncode == 1
        assert "at least 80 wanted" in done.stderr

    def test_findings_without_points_can_fail_a_build_too(self, tmp_path):
        (tmp_path / "poor.md").write_text(POOR)
        assert audit("check", ".", "--max-findings", 9, cwd=tmp_path).returncode == 0
        done = audit("check", ".", "--max-findings", 0, cwd=tmp_path)
        assert done.returncode == 1
        assert "at most 0 wanted" in done.stderr

    def test_what_needs_a_customer_or_a_clock_is_not_asked(self, tmp_path):
        (tmp_path / "s.txt").write_text(CLEAN)
        done = audit("check", "s.txt", "--format", "json", cwd=tmp_path)
        verdicts = {answer["rule"]: answer["verdict"] for answer in json.loads(done.stdout)["scripts"][0]["answers"]}
        for rule in ("interruption", "missing-apology", "unacknowledged-distress"):
            assert verdicts[rule] == "not-applicable"

    def test_nothing_to_judge_is_no_pass(self, tmp_path):
        (tmp_path / "s.txt").write_text("Hm.\n")
        assert audit("check", "s.txt", cwd=tmp_path).returncode == 2
        (tmp_path / "empty.txt").write_text("")
        done = audit("check", "empty.txt", cwd=tmp_path)
        assert done.returncode == 2
        assert "empty.txt: the file is empty" in done.stderr

    def test_text_from_a_script_cannot_steer_a_terminal_or_ci(self, tmp_path, shared):
        payloads = [
            json.loads(line)
            for line in (shared / "hostile/own/terminal.jsonl").read_text(encoding="utf-8").splitlines()
        ]
        for number, payload in enumerate(payloads):
            (tmp_path / f"{number}.md").write_text(
                f"You have to {payload} and you must read it, please do it now.\n", encoding="utf-8"
            )
        done = audit("check", ".", cwd=tmp_path)
        for line in (done.stdout + done.stderr).splitlines():
            assert not line.lstrip().startswith(("::", "##"))
            assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in line)

    def test_the_reading_grade_is_told_when_asked_for(self, tmp_path):
        (tmp_path / "s.txt").write_text(CLEAN * 6)
        done = audit("check", "s.txt", "--reading-grade", "--format", "json", cwd=tmp_path)
        assert 0 < json.loads(done.stdout)["scripts"][0]["reading_grade"] < 12

    def test_our_own_sample_scripts(self, samples):
        done = audit("check", samples / "scripts/good-call-script.md", "--fail-under", 95)
        assert (done.returncode, done.stdout) == (0, "")
        assert audit("check", samples / "scripts/poor-call-script.md", "--max-findings", 0).returncode == 1
        assert "missing-greeting" not in audit("check", samples / "scripts/poor-call-script.md").stdout
        assert (
            audit("check", samples / "scripts/canned-replies-good.md", "--each-heading", "--fail-under", 95).returncode
            == 0
        )
        assert (
            audit("check", samples / "scripts/canned-replies-poor.md", "--each-heading", "--max-findings", 0).returncode
            == 1
        )


class TestOthers:
    def test_every_command_has_help_to_work_from(self):
        for command in (
            [],
            ["run"],
            ["check"],
            ["rules"],
            ["rules", "list"],
            ["rules", "explain"],
            ["rules", "test"],
            ["rules", "new"],
            ["rules", "diff"],
            ["rules", "catalogue"],
            ["formats"],
            ["init"],
        ):
            done = audit(*command, "--help")
            assert done.returncode == 0
            assert len(done.stdout) > 150

    def test_the_options_of_the_readme_exist(self):
        import re

        text = (PROJECT / "README.md").read_text(encoding="utf-8")
        commands = (("run",), ("check",), ("rules", "new"), ("rules", "list"), ("convert",), ("formats",), ())
        known = "".join(audit(*each, "--help").stdout for each in commands)
        for option in set(re.findall(r"(?<![-\w])--[a-z][a-z-]+", text)):
            assert option in known, option

    def test_rules_are_listed_explained_and_tested(self, pack):
        listed = audit("rules", "list").stdout
        assert all(rule in listed for rule in pack.rules)
        explained = audit("rules", "explain", "missing-apology").stdout
        assert "Say instead" in explained
        assert "asking somebody to repeat is not an apology" in explained
        done = audit("rules", "test")
        assert done.returncode == 0
        assert done.stderr.endswith(" 0 failed\n")

    def test_a_failing_example_of_a_users_pack_is_1(self, tmp_path):
        from tests.test_rulepack import RULE, own

        assert audit("rules", "test", own(tmp_path / "good")).returncode == 0
        done = audit("rules", "test", own(tmp_path / "bad", RULE.replace("The workshop", "The shop")))
        assert done.returncode == 1
        assert "style/shop-word.yaml:12: expected pass, came out fail" in done.stdout

    def test_a_new_rule_is_written_once_under_a_fitting_name(self, tmp_path):
        out = tmp_path / "mine"
        assert audit("rules", "new", "late-reply", "--out", out).returncode == 0
        written = (out / "late-reply.yaml").read_text(encoding="utf-8")
        assert written.startswith("id: late-reply\n") or "\nid: late-reply\n" in written
        again = audit("rules", "new", "late-reply", "--out", out)
        assert again.returncode == 2
        assert "is there already" in again.stderr
        assert audit("rules", "new", "Late Reply", "--out", out).returncode == 2

    def test_diff_names_what_a_users_rules_change(self, tmp_path):
        from tests.test_rulepack import own

        chat = tmp_path / "chat.txt"
        chat.write_text("Customer: When do you open?\nAgent: Our shop opens at ten, \x1b[31msir.\n", encoding="utf-8")
        done = audit("rules", "diff", "-", own(tmp_path / "own"), chat)
        assert done.returncode == 0, done.stderr
        assert "shop-word: not asked -> fail in 1 contact" in done.stdout
        assert '"shop"' in done.stdout
        assert "1 verdict differ" in done.stderr
        assert audit("rules", "diff", "-", "-", chat).stdout == ""

    def test_the_catalogue_is_printed_for_a_users_rules_too(self, tmp_path):
        from tests.test_rulepack import own

        assert "shop-word" in audit("rules", "catalogue", "--rules", own(tmp_path)).stdout

    def test_formats_are_listed(self):
        assert "contact-lens" in audit("formats").stdout

    def test_init_writes_settings_that_are_read(self, good, tmp_path):
        assert audit("init", cwd=tmp_path).returncode == 0
        assert audit("init", cwd=tmp_path).returncode == 2
        assert audit("run", good, "--out", "out", cwd=tmp_path).returncode == 0
        (tmp_path / "audit.toml").write_text("[run]\nfail-under = 100.5\n")
        assert audit("run", good, "--out", "out", cwd=tmp_path).returncode == 2
        (tmp_path / "audit.toml").write_text("\n[run]\nfail-undr = 10\n")
        done = audit("run", good, "--out", "out", cwd=tmp_path)
        assert done.returncode == 2
        assert "audit.toml:3: `run` has no `fail-undr`; did you mean `fail-under`?" in done.stderr

    @pytest.mark.parametrize(
        ("line", "part"),
        [
            ("jobs = [1]", "`jobs` must be a whole number"),
            ("jobs = true", "`jobs` must be a whole number"),
            ('fail-under = "x"', "`fail-under` must be a number"),
            ("rules = [3]", "`rules` must be a list of texts"),
            ('quiet = "no"', "`quiet` must be true or false"),
            ('roster = ""', "`roster` must be text"),
            ("jobs = [[[[", "not valid TOML"),
        ],
    )
    def test_settings_of_the_wrong_kind(self, good, tmp_path, line, part):
        (tmp_path / "audit.toml").write_text(f"[run]\n{line}\n")
        done = audit("run", good, "--out", "out", cwd=tmp_path)
        assert done.returncode == 2
        assert part in done.stderr

    def test_settings_stand_for_options(self, tmp_path):
        (tmp_path / "t.csv").write_text("Who,Said\nAgent,Hello there\nCustomer,Hi\nAgent,Bye now\n")
        (tmp_path / "audit.toml").write_text(
            '[run]\ncolumn = ["text=Said", "speaker=Who"]\nform = "chat"\nchannel = "chat"\n'
        )
        done = audit("run", "t.csv", "--out", "out", cwd=tmp_path)
        assert done.returncode == 0, done.stderr

    def test_help_imports_nothing_heavy(self):
        code = "import sys, audit.cli; sys.argv=['audit','--help']\ntry: audit.cli.main()\nexcept SystemExit: pass\nprint(*sys.modules, file=sys.stderr)"
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(PROJECT)}
        )
        loaded = set(done.stderr.split())
        assert not loaded & {"pandas", "numpy", "nltk", "textstat", "jinja2", "re2", "yaml", "msgspec"}

    def test_checking_a_script_imports_nothing_it_does_not_need(self, tmp_path):
        (tmp_path / "s.txt").write_text(CLEAN)
        code = "import sys, audit.cli; sys.argv=['audit','check','s.txt']\ntry: audit.cli.main()\nexcept SystemExit: pass\nprint(*sys.modules, file=sys.stderr)"
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
        )
        assert not set(done.stderr.split()) & {"pandas", "numpy", "nltk", "textstat", "jinja2", "multiprocessing"}

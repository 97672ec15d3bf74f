"""The shape of the project: layers, sizes, packages, names."""

import ast
import configparser
import re

import pytest

from audit.catalogue import BEHAVIOURS, ELSEWHERE, catalogue
from audit.folders import folder
from audit.form import load_form
from audit.observations import ASKED as OBSERVED
from audit.trust import FOR_GATES
from tests.conftest import PROJECT

MODULES = {
    ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((PROJECT / "audit").rglob("*.py"))
}
# Each may import itself and what stands in a later line, never an earlier one.
LAYERS = [
    ("audit.__main__",),
    ("audit.cli",),
    ("audit.rule_commands", "audit.transcript_commands"),
    ("audit.comparison", "audit.catalogue"),
    ("audit.pipeline",),
    ("audit.reports", "audit.settings"),
    ("audit.coaching", "audit.trends"),
    ("audit.scripts",),
    ("audit.console",),
    ("audit.report",),
    ("audit.gate",),
    ("audit.scorecards",),
    ("audit.moments",),
    ("audit.judging",),
    ("audit.form", "audit.examples"),
    ("audit.penalties",),
    ("audit.rulepack",),
    ("audit.rule",),
    ("audit.trust", "audit.observations", "audit.rewriting", "audit.signs"),
    ("audit.checks",),
    ("audit.facts",),
    ("audit.acts",),
    ("audit.matching", "audit.measures", "audit.capabilities"),
    ("audit.pseudonyms", "audit.twins"),
    ("audit.ingest",),
    ("audit.language",),
    ("audit.definitions", "audit.intervals"),
    ("audit.model",),
    ("audit.workers",),
    ("audit.errors", "audit.folders", "audit"),
]
# Ingest knows nothing of how talks are judged, and judging nothing of how they were read.
JUDGING = {
    "audit.checks",
    "audit.facts",
    "audit.acts",
    "audit.rule",
    "audit.rulepack",
    "audit.form",
    "audit.matching",
    "audit.measures",
}


def layer(module):
    for depth, names in enumerate(LAYERS):
        if any(module == name or (name != "audit" and module.startswith(f"{name}.")) for name in names):
            return depth, next(name for name in names if module == name or module.startswith(f"{name}."))
    raise AssertionError(f"{module} stands in no layer")


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "audit":
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "audit")


@pytest.mark.parametrize("module", MODULES)
def test_imports_run_one_way(module):
    depth, home = layer(module)
    for used in imports(MODULES[module]):
        other, name = layer(used)
        assert name == home or other > depth, f"{module} imports {used}"
        assert not (home == "audit.ingest" and name in JUDGING), f"{module} imports {used}"
        assert not (home in JUDGING and name == "audit.ingest"), f"{module} imports {used}"


def test_only_language_knows_nltk_and_textstat():
    for module, path in MODULES.items():
        names = set(re.findall(r"^\s*(?:import|from) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
        assert not names & {"nltk", "textstat"} or module.startswith("audit.language")


def test_modules_and_functions_stay_readable():
    for path in MODULES.values():
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 400, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno - node.lineno <= 60, f"{path.name}: {node.name}"


def test_the_catalogue_is_fresh_and_no_row_of_it_is_homeless(pack):
    page = catalogue(pack)
    assert (folder("rules") / "README.md").read_text(encoding="utf-8") == page
    rows = [row for rule in pack.rules.values() for row in rule.serves]
    assert all(rule.serves for rule in pack.rules.values())
    assert {f"seed {n}" for n in range(1, len(BEHAVIOURS) + 1)} == {
        row for row in [*rows, *ELSEWHERE] if row.startswith("seed")
    }
    assert len({row for row in [*rows, *ELSEWHERE] if not row.startswith("seed")}) == 61


def test_every_public_name_is_documented():
    for module, path in MODULES.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), module
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                inner = any(
                    node in ast.walk(outer)
                    for outer in ast.walk(tree)
                    if isinstance(outer, ast.FunctionDef) and outer is not node
                )
                assert ast.get_docstring(node) or inner, f"{module}.{node.name}"


def test_the_package_list_equals_the_folders():
    config = configparser.ConfigParser()
    config.read(PROJECT / "setup.cfg", encoding="utf-8")
    listed = set(config["options"]["packages"].split())
    folders = {".".join(path.parent.relative_to(PROJECT).parts) for path in MODULES.values()}
    assert listed == folders | {"audit.rules", "audit.report_templates"}
    assert not list((PROJECT / "rules").rglob("*.py")) + list((PROJECT / "report_templates").rglob("*.py"))


def test_every_rule_has_a_home_in_a_form_and_a_folder_of_its_topic(pack):
    forms = [{q.rule for section in load_form(name, pack).sections for q in section.questions} for name in pack.forms]
    for rule in pack.rules.values():
        assert any(rule.id in asked for asked in forms)
        assert (folder("rules") / rule.topic / f"{rule.id}.yaml").is_file()
        assert not rule.id.startswith("no-")


def test_every_act_is_asked_for_by_a_rule(pack):
    asked = {
        act
        for rule in pack.rules.values()
        for value in rule.values.values()
        if isinstance(value, tuple)
        for act in value
    }
    seen = {act for acts in OBSERVED.values() for act in acts}
    signs = {sign.act for rule in pack.rules.values() if rule.signs for sign in rule.signs.signs}
    assert set(pack.acts) == asked | seen | signs


def test_weight_is_given_only_where_misses_are_certainly_right(pack):
    for name in pack.forms:
        form = load_form(name, pack)
        for rule in form.weights():
            assert pack.trust[rule].carries_points, f"{rule} in {name}"
        for rule in form.gates:
            assert pack.trust[rule].precision.low >= FOR_GATES, f"{rule} in {name}"

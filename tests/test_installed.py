"""What is installed is what lies here: a `build/` left over from an older state would ship rules that are gone."""

from importlib.metadata import distributions

import pytest

from tests.conftest import PROJECT


@pytest.mark.parametrize(
    ("inside", "here"), [("audit/rules/", "rules"), ("audit/report_templates/", "report_templates")]
)
def test_the_installed_data_equals_the_checkout(inside, here):
    installed = {
        str(path).removeprefix(inside): path
        for found in distributions(name="transcript-audit")
        for path in found.files or ()
        if str(path).startswith(inside)
    }
    if not installed:
        pytest.skip("transcript-audit is not installed, or runs from this checkout")
    folder = PROJECT / here
    assert set(installed) == {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}, (
        "the installed files are not those of this checkout; delete build/ and install again"
    )
    for name, path in installed.items():
        assert path.locate().read_bytes() == (folder / name).read_bytes(), f"{name}: install again"

import pytest

from audit.ingest.source import Rejected
from audit.ingest.times import seconds, unit_by_evidence, unit_of


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        (1.5, 1.5),
        ("12", 12),
        ("0:12", 12),
        ("00:12", 12),
        ("1:02:03.5", 3723.5),
        ("00:00:07,410", 7.41),
        ("2026-10-05T09:00:00+00:00", 1791190800),
        ("2026-10-05T11:00:00+02:00", 1791190800),
        ("2026-10-05T09:00:00Z", 1791190800),
        ("2026-10-05 09:00:00", 1791190800),
        (1589473482, 1589473482),
        (1589473482000, 1589473482),
        (1675813229000000, 1675813229),
    ],
)
def test_times_in_all_their_shapes(value, expected):
    assert seconds(value) == expected


@pytest.mark.parametrize("value", [True, False, "soon", "12:99:00", float("nan"), float("inf"), "1:2:3:4", [1]])
def test_what_is_no_time(value):
    with pytest.raises(ValueError):
        seconds(value)


@pytest.mark.parametrize(
    ("column", "unit"),
    [
        ("start_ms", 1e-3),
        ("BeginOffsetMillis", 1e-3),
        ("start", None),
        ("end time (sec)", 1.0),
        ("start_timestamp_usec", 1e-6),
        ("items", None),
    ],
)
def test_a_column_may_name_its_unit(column, unit):
    assert unit_of(column) == unit


def test_the_unit_that_people_could_have_talked_in():
    assert unit_by_evidence(60, 150, "start") == 1
    assert unit_by_evidence(60_000, 150, "start") == 1e-3
    with pytest.raises(Rejected, match="--time-unit"):
        unit_by_evidence(9_000_000, 20, "start")

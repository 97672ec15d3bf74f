"""How far a rule can be trusted, and what is known of intervals."""

import pytest

from audit.intervals import wilson
from audit.trust import NOT_MEASURED, Trust


def trust(right, wrong):
    return Trust(right, wrong, 60, 2, 0.95, 0.92, "chats", "2026-11-22")


def test_wilson_as_in_the_textbook():
    # Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)


def test_points_need_certainty_not_only_a_high_share():
    assert trust(60, 0).carries_points
    assert not trust(5, 0).carries_points
    assert not trust(50, 10).carries_points


def test_precision_is_told_with_its_interval():
    assert trust(55, 5).said() == "92% of 60 (82%-96%)"
    assert trust(0, 0).said() == NOT_MEASURED

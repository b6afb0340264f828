"""Which answers are right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.learning.grading import is_right, plain, says, score_of, slips

OPTIONS = [{"text": "а", "right": True}, {"text": "б", "right": False}, {"text": "в", "right": True}]
PAIRS = [{"text": "Вода", "pair": "Стакан"}, {"text": "Сок", "pair": "стакан"}, {"text": "Виски", "pair": "Тумблер"}]


@pytest.mark.parametrize(
    ("kind", "options", "answer", "right"),
    [
        ("single", OPTIONS[:2], [0], True),
        ("single", OPTIONS[:2], [1], False),
        ("multiple", OPTIONS, [0, 2], True),
        ("multiple", OPTIONS, [2, 0], True),
        ("multiple", OPTIONS, [0], False),
        ("multiple", OPTIONS, [0, 1, 2], False),
        ("multiple", OPTIONS, [], False),
        ("order", OPTIONS, [0, 1, 2], True),
        ("order", OPTIONS, [1, 0, 2], False),
        ("match", PAIRS, [0, 1, 2], True),
        # Two pairs say the same: either will do.
        ("match", PAIRS, [1, 0, 2], True),
        ("match", PAIRS, [2, 0, 1], False),
        ("match", PAIRS, [0, 1], False),
        ("short", [{"text": "флейта"}, {"text": "флюте"}], " ФЛЮТЕ. ", True),
        ("short", [{"text": "флейта"}], "флэйта", False),
    ],
)
def test_kinds(kind, options, answer, right):
    assert is_right(kind, options, answer) is right


@pytest.mark.parametrize(
    ("typed", "wanted", "said"),
    [
        ("клён", "клен", True),
        ("Оксид  свинца", "оксид свинца", True),
        ("оксид свнца", "оксид свинца", True),
        ("оксди свинца", "оксид свинца", True),
        ("оксид", "оксид свинца", False),
        ("кот", "код", False),  # too short for a slip: another word
        ("1146", "1147", False),  # a number is right or wrong
        ("", "", False),
        ("«Богемия»", "богемия", True),
    ],
)
def test_a_short_answer_may_have_a_slip_where_that_is_allowed(typed, wanted, said):
    assert says(typed, wanted, forgiving=True) is said


def test_no_slip_where_it_is_not_allowed():
    assert not says("оксид свнца", "оксид свинца")


@given(st.text(max_size=12), st.text(max_size=12))
def test_slips_measure_a_distance(first, second):
    assert slips(first, second) == slips(second, first)
    assert (slips(first, second) == 0) == (first == second)
    assert slips(first, second) <= max(len(first), len(second))


@given(st.text(max_size=40))
def test_a_text_says_what_it_says(text):
    assert says(text, text) == bool(plain(text))


def test_the_score_is_rounded_down():
    assert (score_of(3, 4), score_of(2, 3), score_of(0, 0)) == (75, 66, 0)

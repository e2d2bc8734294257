"""Case numbers: 43 characters, and pure helpers for typed ones."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_hub.cases.codes import new_follow_code, same_code, shown_code
from service_hub.cases.numbers import (
    case_number,
    grouped,
    implementing_code,
    looks_like_number,
    plain_number,
)
from service_hub.cases.people import surname

# A real number that was published: item code, day, serial.
REAL = "12441500196720244T3442199806003202206230068"


def test_a_published_number_is_made_from_its_parts():
    code = implementing_code("12441500196720244T", "3", "442199806003")
    assert case_number(code, date(2022, 6, 23), 68) == REAL
    assert len(REAL) == 43
    assert looks_like_number(REAL)


def test_a_typed_number_may_have_blanks_and_dashes():
    assert plain_number(grouped(REAL).lower()) == REAL
    assert looks_like_number(" ".join(REAL))


@given(st.text(max_size=60))
def test_words_are_no_numbers(text):
    assert not looks_like_number(text) or len(plain_number(text)) == 43


@pytest.mark.parametrize("serial", [0, 10_000])
def test_a_serial_has_four_digits(serial):
    with pytest.raises(ValueError, match="four digits"):
        case_number("x" * 31, date(2026, 1, 1), serial)


def test_an_organ_without_code_gives_no_number():
    with pytest.raises(ValueError, match="31"):
        implementing_code("", "3", "442199806003")


def test_follow_codes_are_forgiving_to_type_and_hard_to_guess():
    codes = {new_follow_code() for _ in range(200)}
    assert len(codes) == 200
    code = codes.pop()
    assert same_code(shown_code(code).lower() + " ", code)
    assert not same_code("", code)
    assert not same_code("", "")


@pytest.mark.parametrize(
    ("name", "family"),
    [("沈佳", "沈"), ("欧阳静", "欧阳"), ("欧阳", "欧"), ("Ann Lee", "Lee"), ("", "")],
)
def test_officials_are_named_by_surname(name, family):
    assert surname(name) == family

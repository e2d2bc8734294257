"""Citizen numbers, credit codes, mobile numbers, certificate identifiers: published examples and
properties.
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from security import identifiers as ids

DIGITS = "0123456789"


def citizen_numbers():
    return st.builds(
        lambda area, born, serial: (
            (first17 := f"{area}{born:%Y%m%d}{serial:03d}") + ids.citizen_check_char(first17)
        ),
        st.sampled_from(["330106", "110105", "440524", "830000"]),
        st.dates(date(1900, 1, 1), date(2026, 1, 1)),
        st.integers(0, 999),
    )


def credit_codes():
    return st.builds(
        ids.made_up_credit_code,
        st.sampled_from(["91330106", "11330100", "52330000", "92110101"]),
        st.text(ids.CREDIT_ALPHABET, min_size=8, max_size=8),
    )


@pytest.mark.parametrize(
    "number",
    ["11010519491231002X", "440524188001010014", "11010519491231002x", " 1101 0519491231002X "],
)
def test_published_citizen_numbers_are_right(number):
    assert ids.is_citizen_number(number, today=date(2026, 11, 23))
    assert ids.citizen_check_char(ids.normalise(number)[:17]) == ids.normalise(number)[17]


def test_nobody_is_146_years_old_but_the_check_character_still_holds():
    assert ids.is_citizen_number("440524188001010014", today=date(2020, 1, 1))
    assert not ids.is_citizen_number("440524188001010014", today=date(2050, 1, 1))


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("", "Enter"),
        ("1101051949123100", "18 characters"),
        ("11010519491231002Y", "18 characters"),
        ("990105194912310024", "division"),
        ("110105194913310024", "date"),
        ("110105194902300026", "date"),
        ("110105299901010017", "future"),
        ("110105194912310021", "last character"),
        ("𠮷10105194912310021", "18 characters"),
        ("１１０１０５１９４９１２３１００２１", "last character"),
    ],
)
def test_every_fault_has_its_own_words(number, word):
    assert word in ids.citizen_number_problem(number, today=date(2026, 11, 23))


def test_the_area_can_be_checked_against_the_divisions_in_force():
    number = "330113199001010018"[:17]
    number += ids.citizen_check_char(number)
    assert ids.citizen_number_problem(number) is None
    assert "division" in ids.citizen_number_problem(number, region_exists=lambda code: False)


@given(citizen_numbers())
def test_any_number_with_its_check_character_is_right(number):
    assert ids.is_citizen_number(number, today=date(2026, 11, 23))
    assert ids.birth_on(number).strftime("%Y%m%d") == number[6:14]
    assert ids.sex(number) == ("male" if int(number[16]) % 2 else "female")


@given(citizen_numbers(), st.integers(0, 16), st.sampled_from(DIGITS))
def test_one_wrong_digit_is_always_found(number, place, digit):
    if number[place] != digit:
        assert not ids.is_citizen_number(
            number[:place] + digit + number[place + 1 :], date(2200, 1, 1)
        )


@given(citizen_numbers(), st.integers(0, 15))
def test_swapped_neighbours_are_always_found(number, place):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        assert not ids.is_citizen_number(swapped, date(2200, 1, 1))


@given(st.text(max_size=40))
def test_no_text_breaks_the_checks(text):
    for problem in (ids.citizen_number_problem, ids.credit_code_problem, ids.mobile_problem):
        assert problem(text) is None or str(problem(text))
    for mask in (ids.mask_citizen_number, ids.mask_mobile, ids.mask_name, ids.mask_credit_code):
        assert isinstance(mask(text), str)


@pytest.mark.parametrize(
    "code",
    ["91350100M000100Y43", "11330105002500287C", "12441500196720244T", "11100000000013338W"],
)
def test_published_credit_codes_are_right(code):
    assert ids.is_credit_code(code)
    assert ids.is_credit_code(code.lower())


def test_the_inner_organisation_code_has_its_own_check():
    assert ids.organ_check_char("00250028") == "7"
    assert ids.organ_check_char("00001333") == "8"


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("", "Enter"),
        ("91350100M000100Y4", "18 characters"),
        ("91350100I000100Y43", "I, O, S, V, Z"),
        ("9199AB00M000100Y43", "division"),
        ("91350100M000100Y44", "last character"),
    ],
)
def test_every_fault_of_a_credit_code_has_its_own_words(code, word):
    assert word in ids.credit_code_problem(code)


@given(credit_codes(), st.integers(0, 17), st.sampled_from(ids.CREDIT_ALPHABET))
def test_one_wrong_character_of_a_credit_code_is_always_found(code, place, char):
    assert ids.is_credit_code(code)
    if code[place] != char:
        assert not ids.is_credit_code(code[:place] + char + code[place + 1 :])


@pytest.mark.parametrize(
    "number", ["13800000000", "138 0000 0000", "+86 138-0000-0000", "008613800000000"]
)
def test_mobile_numbers_as_people_write_them(number):
    assert ids.mobile_problem(number) is None
    assert ids.plain_mobile(number) == "13800000000"


@pytest.mark.parametrize(
    "number", ["12800000000", "1380000000", "138000000000", "abc", "+1 212 555 0100"]
)
def test_other_numbers_are_refused(number):
    assert "11 digits" in ids.mobile_problem(number)


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("11100000000013338W01111430000006122244L20230000403001", "U"),
        ("11100000MB03271699022340100000000016001", "9"),
    ],
)
def test_certificate_identifiers(text, check):
    assert ids.certificate_check_char(text) == check


@pytest.mark.parametrize(
    ("masked", "shown"),
    [
        (ids.mask_citizen_number("330106199001011234"), "3301**********1234"),
        (ids.mask_mobile("13812345678"), "138****5678"),
        (ids.mask_credit_code("91350100M000100Y43"), "9135**********0Y43"),
        (ids.mask_name("陈宁"), "陈*"),
        (ids.mask_name("陈小宁"), "陈*宁"),
        (ids.mask_name("欧阳小宁"), "欧**宁"),
        (ids.mask_name("𠮷田"), "𠮷*"),
        (ids.mask_name("Ann Lee"), "A** L**"),
        (ids.mask_name(""), ""),
        (ids.mask_mobile("123"), "***"),
    ],
)
def test_masks(masked, shown):
    assert masked == shown

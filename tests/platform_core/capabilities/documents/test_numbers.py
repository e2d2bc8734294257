"""Numbers: published vectors of the certificate identifier, official-document numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_core.capabilities.documents import numbers

PUBLISHED = (
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
    "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
)


@pytest.mark.parametrize("number", PUBLISHED)
def test_published_numbers_pass_and_any_other_check_character_fails(number):
    assert numbers.is_certificate_number(number)
    for char in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        if char != number[-1]:
            assert not numbers.is_certificate_number(number[:-1] + char)


@given(serial=st.integers(1, 999_999_999), version=st.integers(1, 999))
def test_every_number_we_make_passes(serial, version):
    number = numbers.certificate_number(
        type_owner="11100000000013338W",
        type_code="011",
        issuer="11430000006122244L",
        serial=serial,
        version=version,
    )
    assert numbers.is_certificate_number(number)


@pytest.mark.parametrize("text", ["", "x", "1.2.156.3005.2", "1.2.3.4.5.6.7.8.9.0", "🦖" * 30])
def test_what_is_no_number_is_said_to_be_none(text):
    assert not numbers.is_certificate_number(text)


def test_an_official_number_has_turtle_shell_brackets_and_no_leading_zero():
    assert numbers.official_number(word="杭政办", year=2026, serial=7) == "杭政办〔2026〕7号"
    for word, year, serial in (("A", 2026, 1), ("杭政办", 2026, 0), ("杭", 2026, 1)):
        with pytest.raises(ValueError):
            numbers.official_number(word=word, year=year, serial=serial)


@pytest.mark.parametrize(
    ("region", "word"),
    [("西湖区", "西湖受字"), ("杭州市", "杭州受字"), ("浙江省", "浙江受字"), ("宁海", "宁海受字")],
)
def test_the_division_stands_in_the_word_by_its_short_name(region, word):
    assert numbers.word_for("{region}受字", region) == word


@given(st.text(max_size=80))
def test_a_typed_code_never_breaks(text):
    assert len(numbers.plain_code(text)) <= 40

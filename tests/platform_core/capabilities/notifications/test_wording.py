from hypothesis import given
from hypothesis import strategies as st

from platform_core.capabilities.notifications.wording import blanks, filled, has_stray_braces
from platform_core.common.i18n import Text


def test_blanks_are_filled_in_both_languages():
    text = Text(zh="办件{number}已办结：{item}", en="Case {number} is done: {item}")
    assert filled(text, {"number": 7, "item": {"zh": "线索", "en": "Clue"}}) == {
        "zh": "办件7已办结：线索",
        "en": "Case 7 is done: Clue",
    }


def test_only_plain_names_are_blanks():
    for text in ("{a.b}", "{0}", "{a!r}", "{a:>9}", "{a[0]}", "{__class__}", "{", "}", "{{a}}"):
        assert has_stray_braces(text)
        assert "{" in filled(text, {"a": "x"})["zh"] or text == "}"
    assert not has_stray_braces("{number} and {item_2}")
    assert blanks("{number} and {item_2}") == {"number", "item_2"}


def test_a_missing_value_is_nothing():
    assert filled("a{b}c", {})["en"] == "ac"


@given(st.text())
def test_a_value_is_never_read_as_a_blank(value):
    assert filled("{a}", {"a": value, "b": "secret"})["en"] == value
    assert filled("{a}", {"a": "{b}", "b": "secret"})["en"] == "{b}"

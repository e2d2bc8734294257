"""Personal data is found however it is typed, and nothing of it stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab_hub.papers.redaction import HIDDEN, find, hide, must_go
from tests.factories import citizen_number

NUMBER = citizen_number(7)


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        (f"身份证号{NUMBER}，", "citizen_number"),
        ("手机１３８００００７７６６", "mobile"),
        ("手机 138-0000-7766。", "mobile"),
        ("电话0571-88880000转", "phone"),
        ("住文二路 100 号 3 幢 502 室", "address"),
        ("账号6222 0212 3456 7890 123", "account"),
        ("邮箱 wang@example.org", "email"),
    ],
)
def test_what_is_found(text, sort):
    found = find(text)
    assert [one.sort for one in found] == [sort]
    left = hide(text, [one.text for one in found])
    assert HIDDEN in left
    assert not find(left)


@given(st.lists(st.sampled_from([NUMBER, "13800007766", "王秀英", "通知", "2026", "\n"])))
def test_hidden_words_never_stay(parts):
    text = "，".join(parts)
    hidden = [NUMBER, "13800007766", "王秀英"]
    left = hide(text, hidden)
    assert not any(word in left for word in hidden)
    assert left.count("通知") == text.count("通知")
    assert not must_go(left)


def test_plain_numbers_stay():
    assert not find("2026年12月10日前完成200件，文号西政办〔2026〕12号，共 1234567 元")


def test_blanks_of_any_width_hide_nothing_from_it():
    text = "张\u3000三，李  四，住文二路\u3000100\u3000号，手机 138\u30000000\u30007766"
    hidden = ["张\u3000三", "李 四", *(one.text for one in find(text))]
    assert hide(text, hidden) == f"{HIDDEN}，{HIDDEN}，{HIDDEN}，手机 {HIDDEN}"


def test_what_is_found_stands_in_one_paragraph():
    assert not find("住文二路\n100 号")

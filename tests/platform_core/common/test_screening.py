"""What is published names nobody by a number."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_core.common.screening import publishable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话 13800002046 找我", "电话 138****2046 找我"),
        ("座机 0571-87654321", "座机 ***"),
        ("卡号 6222 0212 0000 6217", "卡号 ***"),
        ("写信到 chen.ning@example.org 吧", "写信到 *** 吧"),
        ("等了 45 分钟，第 1203 号，2026 年 11 月", "等了 45 分钟，第 1203 号，2026 年 11 月"),
    ],
)
def test_numbers_and_addresses_go(text, shown):
    assert publishable(text) == shown


@given(st.text(alphabet="0123456789 -甲乙@.aX*", max_size=60))
def test_no_long_number_is_left(text):
    assert not re.search(r"(?<![0-9*])[0-9]{7,}(?![0-9*])", publishable(text))

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_core.capabilities.files.names import clean_name, ending_of


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("照片 1.JPG", "照片 1.jpg"),
        ("𠮷野家.pdf", "𠮷野家.pdf"),
        ("报告1.2.pdf", "报告1.2.pdf"),
        ("photo.exe.jpg", "photo_exe.jpg"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\a.png", "a.png"),
        ("evil\u202egpj.exe", "evilgpj.exe"),
        ("a\x00b\r\n.png", "ab.png"),
        (".htaccess", "htaccess"),
        ("", "file"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_names_are_harmless_and_still_the_persons_own(sent, kept):
    assert clean_name(sent) == kept


@given(st.text(max_size=300))
def test_no_name_holds_control_or_path_characters(name):
    cleaned = clean_name(name)
    assert cleaned and len(cleaned) <= 131
    assert not any(unicodedata.category(char)[0] == "C" or char in '/\\"' for char in cleaned)
    assert clean_name(cleaned) == cleaned or "." in cleaned


def test_a_name_that_is_only_an_ending_has_none():
    assert ending_of(clean_name(".pdf")) == ""

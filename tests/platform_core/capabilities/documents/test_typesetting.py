"""What comes out of the press: right, complete, embedded, and deaf to whatever the text says."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platform_core.capabilities.documents import glyphs, typesetting
from platform_core.capabilities.documents.freezing import frozen
from platform_core.capabilities.documents.placeholders import filled, names_in, sample_facts
from platform_core.capabilities.documents.standard import standard_templates
from platform_core.common.errors import Conflict

from .makers import read, template, text_of

HOSTILE = [
    '#read("/etc/passwd")',
    '#import "@preview/x:1.0.0": y',
    '#include "/etc/hostname"',
    "#sys.inputs",
    "#panic()",
    "#{ while true {} }",
    "$ sum_(k=1)^n k $",
    "*bold* _em_ `raw` = title",
    "<label> @label",
    "\\ \\u{1F600} \\#",
    "// comment",
    "/* comment */",
    "- list\n+ list\n/ term: x",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }} {% debug %} ${7*7} {number}",
    "]#[)(}{",
    '"); sys.inputs; ("',
]


def printed(*, stamp=None, **changes) -> bytes:
    content = made(**changes)
    job = typesetting.print_job(
        content, number="西政办〔2026〕1号", address="https://gov.example/verify/X/", code="X" * 16,
        stamp=stamp,
    )  # fmt: skip
    return typesetting.typeset(job, moment=1_780_000_000)


def made(note="请查收。", **changes) -> dict:
    facts = sample_facts() | {"note": note}
    chosen = changes.pop("template", None) or template(**changes)
    return frozen(chosen, facts, None, issued_on=date(2026, 5, 6), valid_until=None)


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_a_text_is_printed_as_it_is(text):
    assert squeezed(text) in text_of(printed(note=text)).replace(glyphs.BREAK, "")


def test_fonts_are_embedded_and_the_file_says_its_title_and_language():
    pdf = printed()
    reader = read(pdf)
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & set(font) for font in fonts)
    assert reader.metadata.title == "关于开展检查的通知"
    assert str(reader.trailer["/Root"]["/Lang"]).lower() == "zh-cn"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"pdfaid:part" in reader.trailer["/Root"]["/Metadata"].get_object().get_data()
    assert len(reader.pages) == 1


def test_the_same_job_gives_the_same_bytes():
    assert printed() == printed()


@pytest.mark.parametrize("key", sorted(standard_templates()))
@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_every_standard_template_prints_in_every_language(key, language):
    chosen = standard_templates()[key].model_copy(update={"language": language})
    text = text_of(printed(template=chosen))
    sample = "陈宁" if language != "en" else "ChenNing"
    assert sample in text


def test_rare_characters_are_drawn_and_missing_ones_stand_there_by_their_number():
    text = text_of(printed(note="䶮𠮷🦖"))
    assert "䶮[U+20BB7][U+1F996]" in text
    assert glyphs.missing("䶮𠮷🦖") == ["🦖", "𠮷"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", "ab"),
        ("a\x00b\x1b", "ab"),
        ("a\u2066b\u2069", "ab"),
        ("a\u2028b", "a\nb"),
        ("e\u0301", "é"),
        ("x" * 100, ("x" * 24 + "\u200b") * 4 + "xxxx"),
        ("\ue000\ufdd0", "[U+E000][U+FDD0]"),
    ],
)
def test_texts_are_made_fit_for_print(text, shown):
    assert glyphs.printable(text) == shown


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_whatever_is_printable_is_drawn(text):
    for char in glyphs.printable(text):
        assert char in glyphs.UNDRAWN or glyphs.is_drawn(char)


@given(st.text(min_size=1, max_size=200))
@settings(max_examples=12, deadline=None)
def test_any_text_can_be_printed(text):
    assert printed(note=text).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "text",
    ["x" * 10_000, "王" * 10_000, "a b" * 5_000, "\u00a0x" * 4_000, "，" * 9_000, "W" * 9_000],
)
def test_ten_thousand_characters_stay_on_the_page(text):
    pages = read(printed(note=text)).pages
    assert 2 < len(pages) < 60


def test_a_page_bomb_is_refused_before_it_is_issued():
    for note in ("\n" * 10_000, "王" * 70_000):
        with pytest.raises(Conflict):
            made(note=note)


def test_the_press_refuses_what_has_too_many_pages(monkeypatch):
    monkeypatch.setattr(typesetting, "MOST_PAGES", 1)
    with pytest.raises(typesetting.Unprintable, match="too many pages"):
        printed(note="王" * 5_000)


def test_the_press_ends_after_its_time(monkeypatch):
    monkeypatch.setattr(typesetting, "SECONDS", 0.001)
    with pytest.raises(typesetting.Unprintable):
        printed()


def test_a_copy_is_stamped_on_every_page():
    stamp = {"line": {"zh": "仅供某公寓租房使用", "en": "Only for renting"}, "mark": "租房·某公寓"}
    reader = read(printed(note="王" * 2_000, stamp=stamp))
    assert len(reader.pages) > 2
    for page in reader.pages:
        text = squeezed(page.extract_text())
        assert "仅供某公寓租房使用" in text
        assert "租房·某公寓" in text


@given(st.text(max_size=40))
def test_what_a_value_contains_is_never_read_as_a_name(value):
    both = filled({"zh": "{note}", "en": "<{note}>"}, {"note": value, "number": "SECRET"})
    assert both == {"zh": value, "en": f"<{value}>"}
    assert "SECRET" not in filled("{note}", {"note": "{number}", "number": "SECRET"})["zh"]


def test_names_have_up_to_three_parts():
    assert names_in("{a} {answers.b} {decisions.c.d} {A} {a.b.c.d} {1}") == {
        "a", "answers.b", "decisions.c.d",
    }  # fmt: skip

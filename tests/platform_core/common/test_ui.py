"""Template tags and partials: one way to draw a question, a deadline, a date, a page turner."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from platform_core.common import fields
from platform_core.common.templatetags import ui


def draw(markup: str, **context) -> str:
    return Template(markup).render(Context(context))


class RentForm(forms.Form):
    rent = forms.IntegerField(label="Rent", help_text="Without utilities")
    kind = forms.ChoiceField(
        label="Kind", choices=[("a", "Alone"), ("b", "Family")], widget=forms.RadioSelect
    )
    notes = forms.CharField(label="Notes", widget=forms.Textarea, required=False)

    def clean(self):
        if self.cleaned_data.get("notes") == "no":
            raise forms.ValidationError("Not like this")
        return self.cleaned_data


def test_a_wrong_answer_is_kept_and_tied_to_its_message():
    form = RentForm({"rent": "12<b>", "kind": "a"})
    html = draw('{% field form.rent inputmode="numeric" width="s" %}', form=form)
    assert 'value="12&lt;b&gt;"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_rent-hint id_rent-error"' in html
    assert 'id="id_rent-hint"' in html and 'id="id_rent-error"' in html
    assert 'inputmode="numeric"' in html and "w-s" in html


def test_a_question_without_hint_and_mistake_describes_nothing():
    html = draw("{% field form.notes %}", form=RentForm())
    assert "aria-describedby" not in html and "aria-invalid" not in html
    assert '<label for="id_notes">' in html


def test_a_choice_is_a_fieldset_with_its_question_as_legend():
    html = draw("{% field form.kind %}", form=RentForm({"kind": "b"}))
    assert "<fieldset" in html and "<legend" in html
    assert 'value="b" checked' in html
    assert 'value="a" checked' not in html


def test_the_summary_links_every_mistake_to_its_question():
    form = RentForm({"rent": "", "notes": "no"})
    assert fields.summary(form) == [
        {"id": "", "message": "Not like this"},
        {"id": "id_rent", "message": "Rent: This field is required."},
        {"id": "id_kind_0", "message": "Kind: This field is required."},
    ]
    html = draw("{% error_summary form %}", form=form)
    assert 'href="#id_kind_0"' in html and "There are 3 things to fix" in html
    assert 'role="alert"' in html


@pytest.mark.parametrize("source", [None, [], RentForm(), RentForm({"rent": 1, "kind": "a"})])
def test_no_mistakes_no_summary(source):
    assert draw("{% error_summary source %}", source=source).strip() == ""


@pytest.mark.parametrize("kind", sorted(fields.KINDS))
def test_every_kind_of_question_is_drawn_with_what_was_typed(kind):
    typed = '"><script>𠮷'
    question = {
        "name": "q",
        "label": "Question",
        "kind": kind,
        "value": typed,
        "error": "Wrong",
        "options": [{"value": typed, "label": "One", "hint": "why"}, ("2", "Two")],
    }
    html = draw("{% field question %}", question=question)
    assert "<script>" not in html
    assert "Question" in html or kind == "hidden"
    if kind not in {"file", "password"}:
        assert "𠮷" in html or kind == "checkbox"
    if kind in {"radio", "checkboxes", "select"}:
        assert html.count("checked") + html.count("selected") == 1


def test_what_a_dict_adds_reaches_the_control():
    question = {
        "name": "sum",
        "label": "Sum",
        "value": 0,
        "suffix": "yuan",
        "maxlength": 9,
        "required": True,
        "source": "From the register",
        "attrs": {"data-when": "x"},
        "action": {"url": "/x", "label": "Why"},
    }
    html = draw("{% field question %}", question=question)
    for part in ('value="0"', "yuan", 'maxlength="9"', " required", "From the register",
                 'data-when="x"', 'href="/x"'):  # fmt: skip
        assert part in html


def test_an_unknown_kind_is_the_callers_mistake():
    with pytest.raises(ValueError, match="carousel"):
        fields.from_dict({"name": "q", "label": "Q", "kind": "carousel"})


def test_icons_say_nothing_to_screen_readers():
    html = draw('{% icon "bell" %}{% icon name "lg" %}', name='"><script>')
    assert 'aria-hidden="true"' in html and "sprite.svg#bell" in html
    assert "<script>" not in html and 'class="i lg"' in html


@pytest.mark.parametrize(
    "level, css", [("green", "g"), ("y", "y"), ("red", "r"), ("none", "none"), ("odd", "none")]
)
def test_a_deadline_light_always_has_words(level, css):
    html = draw("{% due_light due %}", due={"level": level, "words": "1 day late"})
    assert f'class="due {css}"' in html and "1 day late" in html


def test_no_deadline_no_light():
    assert draw("{% due_light due %}", due=None).strip() == ""


@time_machine.travel(datetime(2026, 11, 23, 4, 0, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(
    "value, english, chinese",
    [
        (date(2026, 11, 25), "Wed 25 November", "11月25日（周三）"),
        (date(2027, 1, 3), "Sun 3 January 2027", "2027年1月3日（周日）"),
        (datetime(2026, 11, 24, 17, 0, tzinfo=UTC), "Wed 25 November", "11月25日（周三）"),
        (None, "", ""),
    ],
)
def test_days_in_words(value, english, chinese):
    assert ui.day(value) == english
    with translation.override("zh-hans"):
        assert ui.day(value) == chinese


@time_machine.travel(datetime(2026, 11, 23, 4, 0, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(
    "value, english, chinese",
    [
        (datetime(2026, 11, 23, 6, 5, tzinfo=UTC), "Today 14:05", "今天 14:05"),
        (datetime(2026, 11, 23, 16, 5, tzinfo=UTC), "24 November 00:05", "11月24日 00:05"),
        (datetime(2020, 2, 9, 1, 2, tzinfo=UTC), "9 February 2020 09:02", "2020年2月9日 09:02"),
        ("", "", ""),
    ],
)
def test_moments_in_words(value, english, chinese):
    assert ui.moment(value) == english
    with translation.override("zh-hans"):
        assert ui.moment(value) == chinese


def test_turning_pages_keeps_the_search():
    request = RequestFactory().get("/list/?q=rent&page=2")
    html = draw("{% pages page %}", page=Paginator(range(45), 20).page(2), request=request)
    assert "q=rent&amp;page=3" in html and "q=rent&amp;page=1" in html
    assert "21–40 of 45" in html


def test_texts_of_manifests_follow_the_reader():
    title = {"zh": "复工", "en": "Return to work"}
    assert draw("{{ title|text }}", title=title) == "Return to work"
    with translation.override("zh-hans"):
        assert draw("{{ title|text }}", title=title) == "复工"


def test_small_words():
    assert ui.yuan(1800) == "¥1,800.00" and ui.yuan(None) == "" and ui.yuan(0) == "¥0.00"
    assert ui.initial("陈思宁") == "陈" and ui.initial("") == "·" and ui.initial("bob") == "B"

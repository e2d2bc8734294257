"""Conditions of a form may ask the calendar and the data sets of the platform."""

from datetime import date

import pytest

from platform_core.capabilities.forms.capability import check_form
from platform_core.capabilities.forms.cleaning import Facts
from platform_core.capabilities.forms.engine import examine
from platform_core.capabilities.forms.schema import Form
from platform_core.capabilities.rules.reference import reference_now
from tests.factories import make_region

TODAY = date(2020, 2, 9)


def form(rule):
    title = {"zh": "题", "en": "Question"}
    why = {"key": "why", "type": "text", "label": title, "show_if": rule}
    fields = [{"key": "on", "type": "date", "label": title}]
    fields += [{"key": "where", "type": "text", "label": title}, why]
    return Form.model_validate(
        {
            "key": "demo",
            "title": title,
            "pages": [{"key": "one", "title": title, "fields": fields}],
        }
    )


def is_asked(rule, **values):
    one = form(rule)
    assert list(check_form(one)) == []
    outcome = examine(one, values, Facts(TODAY, reference=reference_now(TODAY)))
    return "why" in outcome.visible


@pytest.mark.django_db
def test_a_condition_counts_working_days():
    soon = {"<": [{"working_days_between": [{"today": []}, {"var": "on"}]}, 3]}
    assert is_asked(soon, on="2020-02-11")
    assert not is_asked(soon, on="2020-02-12")


@pytest.mark.django_db
def test_a_condition_looks_up_a_division():
    region = make_region("330106")
    county = {"==": [{"lookup": ["regions", {"var": "where"}, "level"]}, 3]}
    assert is_asked(county, where=region.code)
    assert not is_asked(county, where="990000")

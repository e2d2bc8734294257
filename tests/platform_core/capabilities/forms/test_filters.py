"""Records narrowed by a rule: the same ones for which the rule holds over their answers."""

import uuid
from datetime import date

import pytest
from django.db.models.functions import TruncDate

from platform_core.capabilities.forms import storage
from platform_core.capabilities.forms.capability import forms_of
from platform_core.capabilities.forms.cleaning import Facts
from platform_core.capabilities.forms.engine import examine
from platform_core.capabilities.forms.filters import records_where
from platform_core.capabilities.forms.models import Record
from platform_core.capabilities.rules import is_true
from platform_core.capabilities.rules.sql import NotInSQL, stored

from .makers import TWO, publish

pytestmark = pytest.mark.django_db
TODAY = date(2020, 2, 9)
LABEL = {"label": TWO("问题", "Question")}
FORM = {
    "key": "loan",
    "title": TWO("贷款", "Loan"),
    "pages": [
        {
            "key": "one",
            "title": TWO("一", "One"),
            "fields": [
                {"key": "amount", "type": "money", **LABEL},
                {"key": "people", "type": "number", **LABEL},
                {"key": "on", "type": "date", **LABEL},
                {"key": "urgent", "type": "yes_no", **LABEL},
                {"key": "town", "type": "text", **LABEL},
                {"key": "mobile", "type": "mobile", **LABEL},
                {
                    "key": "staff",
                    "type": "repeat",
                    "cells": [{"key": "temp", "type": "number", "decimals": 1, **LABEL}],
                    **LABEL,
                },
            ],
        }
    ],
}
TYPED = [
    {"amount": "1234.50", "people": "3", "on": "2020-02-01", "urgent": "yes", "town": "杭州"},
    {"amount": "99999999.99", "town": "宁波", "staff": [{"temp": "37.4"}, {"temp": "36.6"}]},
    {"people": "12", "on": "2020-03-01", "urgent": "no", "staff": [{"temp": "36.5"}]},
    {},
]
RULES = [
    {">": [{"var": "amount"}, 1234.49]},
    {"not": [{">": [{"var": "amount"}, 1234.49]}]},
    {"==": [{"*": [{"var": "amount"}, 2]}, 2469]},
    {"<": [{"/": [{"var": "people"}, 5]}, 2.4]},
    {"between": [{"days_between": [{"today": []}, {"var": "on"}]}, 0, 30]},
    {"any": [{"var": "staff"}, {">": [{"row": "temp"}, 37.3]}]},
    {">=": [{"avg": [{"var": "staff"}, {"row": "temp"}]}, 37]},
    {"or": [{"var": "urgent"}, {"starts_with": [{"var": "town"}, "宁"]}]},
]


@pytest.fixture
def records():
    version = publish(FORM)
    form = forms_of(version)["loan"]
    kept = []
    for typed in TYPED:
        outcome = examine(form, typed, Facts(TODAY))
        assert not outcome.errors
        key = uuid.uuid4()
        data = storage.pack(form, outcome.cleaned, "record", key)
        shared = {"napp": version.napp, "napp_version": version, "form_key": "loan"}
        kept.append((Record.objects.create(id=key, data=data, **shared), outcome.facts))
    return form, kept


@pytest.mark.parametrize("rule", RULES)
def test_the_filter_finds_the_records_for_which_the_rule_holds(records, rule):
    form, kept = records
    wanted = {record.pk for record, facts in kept if is_true(rule, facts, today=TODAY)}
    found = records_where(Record.objects.all(), form, rule, today=TODAY)
    assert {record.pk for record in found} == wanted
    assert 0 < len(wanted) < len(kept)


def test_a_sealed_answer_cannot_be_asked_and_other_columns_can(records):
    form, kept = records
    with pytest.raises(NotInSQL, match="sealed"):
        records_where(Record.objects, form, {"filled": [{"var": "mobile"}]}, today=TODAY)
    more = {"sent_on": stored("date", TruncDate("created_at"))}
    rule = {"filled": [{"var": "sent_on"}]}
    assert records_where(Record.objects, form, rule, today=TODAY, more=more).count() == len(kept)

"""Data sets that rules look things up in: who may name them, and what they answer."""

from datetime import date
from types import SimpleNamespace

import pytest

from platform_core.capabilities.rules import (
    Column,
    Known,
    LookupSource,
    check,
    evaluate,
    lookups,
    register_lookup_provider,
    register_lookup_source,
    sentence,
    sources_for,
)
from platform_core.capabilities.rules.reference import reference_now
from tests.factories import make_department, make_region

TODAY = date(2020, 2, 9)
FIELDS = {"where": Known("text"), "score": Known("number")}
HEALTH = SimpleNamespace(department="health")
TAX = SimpleNamespace(department="tax")


@pytest.fixture
def own_sources(monkeypatch):
    monkeypatch.setattr(lookups, "_sources", dict(lookups._sources))
    monkeypatch.setattr(lookups, "_providers", dict(lookups._providers))
    columns = {"risk": Column("number", {"zh": "风险", "en": "risk"})}
    label = {"zh": "疫点", "en": "outbreaks"}
    register_lookup_source(
        "health_outbreaks",
        label=label,
        columns=columns,
        find=lambda key, today: {"risk": 3} if key == "330106" else None,
        may_use=lambda manifest: manifest is not None and manifest.department == "health",
    )

    def provide(name):
        found = LookupSource(name, label, columns, lambda key, today: {"risk": len(key)})
        return found if name == "records.demo" else None

    register_lookup_provider("records", provide)


def ask(name, column="risk"):
    return {"lookup": [name, {"var": "where"}, column]}


def messages(tree, manifest=None):
    return [problem.message for problem in check(tree, FIELDS, manifest=manifest)]


def test_a_definition_may_not_name_the_data_of_another_department(own_sources):
    assert messages(ask("health_outbreaks"), HEALTH) == []
    refused = messages(ask("health_outbreaks"), TAX)
    assert len(refused) == 1 and "that this definition may use" in refused[0]
    assert messages(ask("health_outbreaks")) == refused
    assert messages(ask("no_such_outbreaks"), TAX)[0] == refused[0].replace("health_", "no_such_")
    assert "health_outbreaks" in [source.name for source in sources_for(HEALTH)]
    assert "health_outbreaks" not in [source.name for source in sources_for(TAX)]


def test_names_and_columns_are_checked(own_sources):
    assert "no column" in messages(ask("records.demo", "colour"))[0]
    assert "that this definition" in messages(ask("records.other"))[0]
    assert "named outright" in messages({"lookup": [{"var": "where"}, "a", "risk"]})[0]
    assert "text is needed" in messages({"lookup": ["records.demo", {"var": "score"}, "risk"]})[0]
    assert messages({">": [ask("records.demo"), 2]}) == []
    assert messages({"contains": [ask("records.demo"), "x"]}) == ["A text is needed here."]
    for name in ("records.demo", "regions", "records", "Bad Name"):
        with pytest.raises(ValueError):
            register_lookup_source(name, label={}, columns={}, find=None)
            register_lookup_provider(name, None)


def test_too_many_lookups_are_refused():
    rows = {"rows": Known("rows", cells={"where": Known("text")})}
    cell = {"filled": {"lookup": ["regions", {"row": "where"}, "name"]}}
    twice = {"any": [{"var": "rows"}, {"and": [cell, cell]}]}
    assert check(twice, rows) == []
    thrice = {"any": [{"var": "rows"}, {"and": [cell, cell, cell]}]}
    assert "too often" in check(thrice, rows)[0].message


def test_a_registered_data_set_answers_and_reads_as_a_sentence(own_sources):
    rule = {">=": [ask("health_outbreaks"), 3]}
    here = reference_now(TODAY)
    assert evaluate(rule, {"where": "330106"}, today=TODAY, reference=here) is True
    assert evaluate(rule, {"where": "330199"}, today=TODAY, reference=here) is False
    labels = {"where": {"zh": "区县", "en": "County"}}
    assert sentence(rule, labels, "zh") == "疫点中「区县」的风险不小于 3"
    assert sentence(rule, labels, "en") == "the risk of “County” in outbreaks is at least 3"


@pytest.mark.django_db
def test_regions_and_departments_can_be_looked_up(django_assert_num_queries):
    region = make_region()
    department = make_department(region=region)
    here = reference_now(date.today())

    def found(source, key, column):
        tree = {"lookup": [source, key, column]}
        assert check(tree, {}) == []
        return evaluate(tree, {}, today=date.today(), reference=here)

    with django_assert_num_queries(1):
        assert found("regions", region.code, "name") == region.name
        assert found("regions", region.code, "level") == region.level
    assert found("regions", "999999", "name") is None
    with django_assert_num_queries(1):
        assert found("departments", department.code, "name") == department.name
        assert found("departments", department.code, "region") == region.code
        assert found("departments", department.code, "is_active") is True
    assert found("departments", "nobody", "name") is None

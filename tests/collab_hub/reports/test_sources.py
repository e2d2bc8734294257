"""Values that the platform has itself, and the fields that an N-app brings."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from collab_hub.reports import selectors
from collab_hub.reports.dictionary_models import ReportField, ReportTemplate
from platform_core.capabilities.forms.models import Record
from platform_core.common.errors import Conflict, NotAllowed
from platform_core.napps import services as napps
from platform_core.napps.manifest import ManifestInvalid, validate_manifest
from tests.collab_hub.makers import make_napp
from tests.factories import MAKER

from .makers import World

THIS_MONTH = f"{timezone.localdate():%Y-%m}"
BEFORE = timezone.now().replace(day=1) - timedelta(days=3)


def two(en: str) -> dict:
    return {"zh": en, "en": en}


def section(**more) -> dict:
    base = {"key": "stalls", "title": two("Stalls"), "meaning": two("Stalls"), "kind": "number",
            "validity_days": 30, "aggregation": "sum",
            "source": {"kind": "records", "form": "stall", "what": "count"}}  # fmt: skip
    return {
        "fields": [base | more, {**base, "key": "asked", "source": {"kind": "manual"}}],
        "templates": [{
            "key": "month", "title": two("Month"), "fields": ["stalls", "asked"],
            "checks": [{"formula": "[asked] <= [stalls]", "says": two("Too many")}],
        }],
    }  # fmt: skip


@pytest.fixture
def version(db):
    return make_napp()


def test_records_are_counted_and_summed_for_each_organ_in_the_period(version):
    world = World()
    for region, number in ((world.organs[0].region, "3"), (world.organs[0].region, "x"),
                           (world.organs[1].region, "4.5")):  # fmt: skip
        Record.objects.create(napp_version=version, napp=version.napp, form_key="stall",
                              region=region, data={"size": number})  # fmt: skip
    Record.objects.update(created_at=BEFORE)
    base = {"kind": "records", "napp": version.napp.slug, "form": "stall"}
    world.field("stalls", source={**base, "what": "count", "question": None})
    world.field("size", source={**base, "what": "sum", "question": "size"})
    world.field("place", kind="text", aggregation="none", unit="",
                source={"kind": "dataset", "name": "regions", "column": "name",
                        "by": "region"})  # fmt: skip
    world.field("level", source={"kind": "dataset", "name": "regions", "column": "level",
                                 "by": "region"})  # fmt: skip
    template = world.template("one", ["stalls", "size", "place", "level"])
    campaign = world.start(template, f"{BEFORE:%Y-%m}")
    said = {
        (one.filling.department_id, one.column.version.field.code): one.value
        for one in selectors.campaign_answers(campaign, "")
    }
    a, b, c = (organ.pk for organ in world.organs)
    assert said[a, "stalls"].amount == 2 and said[b, "stalls"].amount == 1
    assert said[a, "size"].amount == 3 and said[b, "size"].amount == Decimal("4.5")
    assert said[a, "stalls"].origin == "records" and said[a, "stalls"].source["title"]
    assert said[c, "place"].text == world.organs[2].region.name
    # No record is not the same as none: the organ is asked.
    assert (c, "stalls") not in said
    assert world.filling(campaign).state == "submitted"
    assert world.filling(campaign, 2).state == "open"
    assert said[a, "level"].amount == 3
    # Records of a period that is not over are not the figure of the period.
    running = selectors.campaign_answers(world.start(template, THIS_MONTH), "")
    assert not {"stalls", "size"} & {one.column.version.field.code for one in running}


@pytest.mark.parametrize("is_template", [True, False])
def test_an_napp_takes_nothing_from_a_department(db, is_template):
    world = World()
    world.field("own")
    owned = (
        world.template("market_stall_month", ["own"])
        if is_template
        else world.field("market_stall_stalls")
    )
    with pytest.raises(Conflict):
        make_napp(reports=section())
    owned.refresh_from_db()
    assert (owned if is_template else owned.field).owner == world.city


def test_whoever_works_in_the_department_does_not_change_the_field_of_an_napp(db):
    version = make_napp(reports=section())
    world = World()
    code = f"{version.napp.slug}_stalls"
    ReportField.objects.filter(code=code).update(owner=world.city)
    with pytest.raises(NotAllowed):
        world.field(code)


def test_an_napp_brings_fields_and_templates_into_the_dictionary(db):
    version = make_napp(reports=section())
    slug = version.napp.slug
    assert set(selectors.current_versions()) == {f"{slug}_stalls", f"{slug}_asked"}
    found = selectors.current_versions()[f"{slug}_stalls"]
    assert found.state == "declared" and found.source["napp"] == slug
    template = ReportTemplate.objects.get(code=f"{slug}_month")
    assert template.checks[0]["formula"] == f"[{slug}_asked] <= [{slug}_stalls]"
    assert template.places.count() == 2
    raw = dict(version.manifest) | {"version": "2.0.0", "reports": section(unit="each")}
    second = napps.register_napp(actor=MAKER, manifest=raw)
    napps.switch_version(actor=MAKER, napp=version.napp, version=second, approved=second)
    changed = ReportField.objects.get(code=f"{slug}_stalls").versions.get(number=2)
    assert changed.sense == 2 and changed.state == "declared"
    assert ReportField.objects.get(code=f"{slug}_asked").versions.count() == 1


def test_a_field_or_a_template_given_twice_is_refused_with_its_place(version):
    reports = section()
    reports["templates"] = [reports["templates"][0] | {"fields": ["stalls", "asked", "stalls"]}] * 2
    with pytest.raises(ManifestInvalid) as refused:
        validate_manifest(dict(version.manifest) | {"version": "2.0.0", "reports": reports})
    said = [str(problem) for problem in refused.value.problems]
    assert any("fields" in one and "stalls" in one for one in said)
    assert any("key" in one and "month" in one for one in said)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"source": {"kind": "records", "form": "nothing", "what": "count"}}, "source"),
        ({"kind": "text"}, "aggregation"),
        ({"key": "asked"}, "key"),
    ],
)
def test_a_section_that_leads_nowhere_is_refused_with_its_place(version, change, place):
    raw = dict(version.manifest) | {"version": "2.0.0", "reports": section(**change)}
    with pytest.raises(ManifestInvalid) as refused:
        validate_manifest(raw)
    assert any(place in str(problem) for problem in refused.value.problems)

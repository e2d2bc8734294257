"""What an organ has published counts for its cases and its guide; a newer version touches no
running case.
"""

from datetime import date, timedelta

import jsonschema
import pytest
import time_machine
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from platform_core.capabilities.forms.services import start_draft
from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, Unusable
from platform_core.common.workcalendar import due_at
from security.organs.selectors import region_by_code
from service_hub.cases import services as cases
from service_hub.cases.models import Case
from service_hub.cases.terms import working_days_within
from service_hub.catalogue import selectors
from service_hub.catalogue.guides import here
from service_hub.catalogue.suspending import is_suspended, resume_implementing, suspend_implementing
from service_hub.items.selectors import search_items, suspended_items, takes_new_cases
from service_hub.items.services import suspend_item
from tests.factories import MAKER, actor_of, make_region
from tests.service_hub.makers import do, item_of, make_office, manifest_of, rent_values

from .makers import keepers, make_organ_item, organ_elements, publish

pytestmark = pytest.mark.django_db
NOTICE = {"zh": "窗口搬迁。", "en": "The office is moving."}


def organ_item(**changes):
    """The item of Xihu's housing fund as the shipped service has it, with people to handle it."""
    make_office("housing_fund")
    service = manifest_of("housing_fund")["services"][0]
    words = {
        "task_name": service["title"]["zh"],
        "by_law": "\n".join(one["zh"] for one in service["guide"]["legal_basis"]),
    }
    return make_organ_item(basic=words, **changes)


def filed(user, at=None) -> Case:
    item = item_of("housing_fund", "rent")
    values = rent_values(user)
    return cases.file_values(actor=actor_of(user), item=item, values=values, at=at).case


def test_a_case_keeps_the_version_it_was_filed_under(alice):
    item = organ_item(promise_day="4")
    case = filed(alice)
    first = item.current
    assert case.implementing_version == first
    assert case.number.startswith(item.code)
    publish(item, organ_elements(promise_day="7"))
    case = do(case)
    assert case.implementing_version == first
    assert case.promise_due_at == due_at(case.accepted_at, 4)
    assert case.legal_due_at == due_at(case.accepted_at, 10)
    assert filed(alice).implementing_version.promise_days == 7


def test_without_the_organ_in_the_catalogue_the_manifest_counts(alice):
    make_office("housing_fund")
    case = do(filed(alice))
    assert case.implementing_version is None
    days = item_of("housing_fund", "rent").promise_days
    assert case.promise_due_at == due_at(case.accepted_at, days)


def test_calendar_days_never_end_later_than_they_do():
    monday = timezone.make_aware(timezone.datetime(2026, 11, 23, 10))
    assert working_days_within(monday, 7) == 5
    assert working_days_within(monday, 0) == 0
    far = timezone.make_aware(timezone.datetime(2035, 1, 5, 10))
    assert working_days_within(far, 7) == 5


def test_a_version_counts_from_its_day_on_and_until_its_last():
    item = organ_item()
    publish(item, organ_elements(promise_day="1", plan_effective_date="2027-01-01"))
    for on, promised in ((date(2026, 12, 31), 2), (date(2027, 1, 1), 1)):
        found = selectors.version_in_force(item.basic.code, item.department, on)
        assert found.promise_days == promised
    publish(item, organ_elements(plan_cancel_date="2027-06-01"))
    assert selectors.version_in_force(item.basic.code, item.department, date(2027, 6, 1)) is None
    assert selectors.version_in_force(item.basic.code, item.department, date(2019, 1, 1)) is None


def test_an_organ_that_is_closed_takes_no_cases_and_the_others_do(alice):
    item = organ_item()
    today = timezone.localdate()
    keeper = keepers()[0]
    suspend_implementing(actor=keeper, item=item, notice=NOTICE, end_on=today + timedelta(days=2))
    with pytest.raises(Conflict):
        filed(alice)
    assert not Case.objects.exists()
    item.refresh_from_db()
    assert is_suspended(item, today + timedelta(days=2))
    assert not is_suspended(item, today + timedelta(days=3))
    with pytest.raises(Conflict):
        suspend_implementing(actor=keeper, item=item, notice=NOTICE)
    resume_implementing(actor=keeper, item=item)
    assert filed(alice)


def test_a_service_comes_back_by_itself_on_the_day(alice):
    item = item_of("housing_fund", "rent")
    today = timezone.localdate()
    start_draft(
        actor=actor_of(alice), napp_version=item.napp_version, form_key=item.form_key,
        purpose=f"item:{item.pk}",
    )  # fmt: skip
    ends = {"start_on": today + timedelta(days=1), "end_on": today + timedelta(days=3)}
    item = suspend_item(actor=MAKER, item=item, notice=NOTICE, **ends)
    assert takes_new_cases(item)
    told = Message.objects.get(recipient=alice)
    assert NOTICE["zh"] in str(told.body)
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        assert not takes_new_cases(item)
        assert suspended_items("public").get() == item
        assert item in search_items("", end="public", listed=True).items
        assert item not in search_items("", end="public").items
    with time_machine.travel(timezone.now() + timedelta(days=4), tick=False):
        assert takes_new_cases(item) and not suspended_items().exists()
        again = suspend_item(actor=MAKER, item=item, notice=NOTICE)
    assert again.suspended_until is None


def test_a_suspension_ends_after_it_begins():
    item, today = item_of("housing_fund", "rent"), timezone.localdate()
    for start, end in ((today, today - timedelta(days=1)), (None, today - timedelta(days=1))):
        with pytest.raises(Unusable) as found:
            suspend_item(actor=MAKER, item=item, notice=NOTICE, start_on=start, end_on=end)
        assert set(found.value.errors) == {"until"}


def test_the_guide_is_that_of_the_organ_at_the_place():
    organ_item(promise_day="5")
    item = item_of("housing_fund", "rent")
    make_region("330302")
    assert here(item, region_by_code("330106")).promise_days == 5
    assert here(item, region_by_code("330302")) is None
    assert here(item, None) is None


def test_the_guide_as_json_fits_its_description(client):
    organ_item()
    item_of("housing_fund", "rent")
    described = SchemaGenerator().get_schema(request=None, public=True)
    operation = described["paths"]["/api/v1/items/{napp}/{key}/guide/"]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    for region, is_known in (("330106", True), ("999999", False), ("x", False)):
        answer = client.get(f"/api/v1/items/housing_fund/rent/guide/?region={region}")
        found = answer.json()
        assert (found["elements"] is not None) == is_known
        resolver = {**schema, "components": described["components"]}
        nullable = _as_json_schema(resolver)
        jsonschema.validate(found, nullable)
    assert client.get("/api/v1/items/housing_fund/nothing/guide/").status_code == 404


def _as_json_schema(schema):
    """OpenAPI 3.0 says "nullable" where JSON Schema names a second type."""
    if isinstance(schema, list):
        return [_as_json_schema(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _as_json_schema(value) for key, value in schema.items() if key != "nullable"}
    if schema.get("nullable") is True:
        return {"anyOf": [found, {"type": "null"}]}
    return found

"""Cases of a database from before keep what they stand at, in the words of today, and back."""

import pytest

from service_hub.cases.models import Case
from service_hub.handling.models import Delivery
from tests.factories import make_citizen
from tests.migrating import back_to_today, go_to  # noqa: F401
from tests.service_hub.makers import file_elsewhere, file_rent

BEFORE, AFTER = "0024_firm_claims_and_duties", "0025_states_of_cases"


@pytest.mark.usefixtures("back_to_today")
def test_granted_and_joined_cases_are_told_apart_and_back():
    alice = make_citizen("alice")
    first, way, there = file_rent(alice), file_elsewhere(alice), file_rent(alice)
    old = go_to("service_hub", BEFORE)
    cases, day = old.get_model("service_hub", "Case").objects, first.submitted_at
    cases.filter(pk__in=[way.pk, there.pk]).update(state="approved", decided_at=day, closed_at=day)
    cases.filter(pk=first.pk).update(state="withdrawn", merged_into=way.pk, closed_at=day)
    deliveries = old.get_model("service_hub", "Delivery").objects
    deliveries.create(case_id=way.pk, state="sent")
    arrived = there.submitted_at.replace(year=there.submitted_at.year + 1)
    deliveries.create(case_id=there.pk, state="delivered", delivered_at=arrived)

    go_to("service_hub", AFTER)
    states = {case.pk: (case.state, case.closed_at) for case in Case.objects.all()}
    assert states[way.pk] == ("delivering", None)
    assert states[there.pk] == ("approved", arrived)
    assert states[first.pk] == ("merged", day)
    assert Delivery.objects.get(case=way).state == "sent"

    Case.objects.filter(pk=first.pk).update(state="returned")
    old = go_to("service_hub", BEFORE)
    found = old.get_model("service_hub", "Case").objects
    assert found.get(pk=first.pk).state == "withdrawn"
    for one in (way, there):
        case = found.get(pk=one.pk)
        assert (case.state, case.closed_at) == ("approved", day)

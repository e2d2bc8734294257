"""Cases of a database from before keep what they stand at, in the words of today, and back."""

from importlib import import_module

import pytest
from django.apps import apps

from service_hub.cases.models import Case
from service_hub.handling.models import Delivery
from tests.factories import make_citizen
from tests.service_hub.makers import file_elsewhere, file_rent

STATES = import_module("service_hub.migrations.0025_states_of_cases")


@pytest.mark.django_db
def test_granted_and_joined_cases_are_told_apart_and_back():
    alice = make_citizen("alice")
    first, way, there = file_rent(alice), file_elsewhere(alice), file_rent(alice)
    cases, day = Case.objects, first.submitted_at
    cases.filter(pk__in=[way.pk, there.pk]).update(state="approved", decided_at=day, closed_at=day)
    cases.filter(pk=first.pk).update(state="withdrawn", merged_into=way.pk, closed_at=day)
    Delivery.objects.create(case=way, state="sent")
    arrived = there.submitted_at.replace(year=there.submitted_at.year + 1)
    Delivery.objects.create(case=there, state="delivered", delivered_at=arrived)

    STATES.tell_apart(apps, None)
    states = {case.pk: (case.state, case.closed_at) for case in cases.all()}
    assert states[way.pk] == ("delivering", None)
    assert states[there.pk] == ("approved", arrived)
    assert states[first.pk] == ("merged", day)
    assert Delivery.objects.get(case=way).state == "sent"

    cases.filter(pk=first.pk).update(state="returned")
    STATES.say_it_as_before(apps, None)
    assert cases.get(pk=first.pk).state == "withdrawn"
    for one in (way, there):
        case = cases.get(pk=one.pk)
        assert (case.state, case.closed_at) == ("approved", day)

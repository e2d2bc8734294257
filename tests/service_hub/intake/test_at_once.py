"""Two officials at one application at the same moment."""

import pytest

from platform_core.capabilities.process.locking import lock_instance
from service_hub.cases.models import Case
from tests.factories import make_citizen
from tests.service_hub.booking.test_at_once import when_somebody_waits
from tests.service_hub.makers import do, make_office

from .test_merging import file_after, merge

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_merge_and_a_decision_do_not_wait_for_one_another():
    office, person = make_office("medical_insurance"), make_citizen("twice")
    first, again = file_after(person), file_after(person, 1)

    when_somebody_waits(
        # As every step begins; the merge waits for it and holds nothing that the step needs next.
        lambda: lock_instance(id=again.process_id),
        lambda: merge(office["clerk"], again, first),
        lambda: Case.objects.select_for_update(nowait=True).get(pk=again.pk),
    )
    again.refresh_from_db()
    assert again.merged_into == first
    do(first)

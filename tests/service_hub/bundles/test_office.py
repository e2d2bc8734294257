"""What an official who handles a part sees of the whole."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from service_hub.bundles import panels
from service_hub.cases.models import Case
from tests.service_hub.handling.makers import sign_in
from tests.service_hub.makers import do, file_elsewhere, make_office, open_tasks
from tests.service_hub.portal.test_views import text_of

from .makers import open_birth, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed(db, alice):
    birth = open_birth()
    offices = {kind: make_office(kind) for kind in ("police", "medical_insurance")}
    parent = sent(alice, birth)
    return parent, {case.item.key: case for case in parent.cases.select_related("item")}, offices


def test_it_stands_beside_the_task_with_state_and_organ_of_the_others(filed):
    parent, cases, offices = filed
    task = open_tasks(cases["newborn"])[0]
    clerk = offices["police"]["clerk"]
    shown = text_of(sign_in(clerk).get(f"/office/tasks/{task.pk}/"))
    assert parent.number in shown and "Part of a life event" in shown
    assert cases["newborn_cover"].department.name_en in shown
    assert f"/office/cases/{cases['newborn_cover'].pk}/" not in shown  # another organ's case
    assert "Papers of several parts, had once" in shown and "Household book" in shown
    do(cases["newborn_cover"])
    found = panels.beside(clerk, cases["newborn"])
    states = {one["case"].item.key: one["case"].state for one in found["parts"]}
    assert states["newborn_cover"] == Case.State.APPROVED


def test_who_may_read_no_part_sees_nothing_of_it(filed):
    _parent, cases, _offices = filed
    stranger = make_office("housing_fund")["clerk"]
    assert panels.beside(stranger, cases["newborn"]) is None


def test_a_case_filed_alone_has_no_such_panel(alice):
    make_office("medical_insurance")
    assert panels.panel(alice, str(file_elsewhere(alice).pk)) == []


def test_the_list_and_the_page_of_a_case_name_it_at_a_constant_cost(filed, alice):
    parent, cases, offices = filed
    clerk = offices["medical_insurance"]["clerk"]
    client = sign_in(clerk)
    assert "A baby is born" in text_of(client.get(f"/office/cases/{cases['newborn_cover'].pk}/"))

    page = "/office/cases/?view=all"

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert "A baby is born" in text_of(client.get(page))
        return len(caught)

    cost()
    once = cost()
    sent(alice, parent.bundle), sent(alice, parent.bundle)
    assert cost() == once

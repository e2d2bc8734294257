"""Several press at the same moment: one rating for each visit, one act for each state."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from platform_core.common.errors import Conflict
from security.actors import Actor
from service_hub.evaluations import rectification_services as orders
from service_hub.evaluations.models import Evaluation, RectificationEvent
from service_hub.evaluations.services import rate_visit, record_visit
from tests.factories import actor_of
from tests.service_hub.makers import make_office


def together(deed, times: int = 6) -> int:
    """How many of `times` calls at once were not refused."""

    def one(_number) -> bool:
        try:
            deed()
            return True
        except Conflict:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return sum(pool.map(one, range(times)))


@pytest.mark.django_db(transaction=True)
def test_one_of_many_counts():
    office = make_office("housing_fund")
    visit = record_visit(actor=actor_of(office["clerk"]))
    nobody, head = Actor.anonymous(channel="qr"), actor_of(office["head"])
    assert together(lambda: rate_visit(actor=nobody, visit=visit, grade=1)) == 1
    order = Evaluation.objects.get().rectification
    assert together(lambda: orders.sign_rectification(actor=head, order=order)) == 1
    assert RectificationEvent.objects.filter(order=order, kind="sign").count() == 1
